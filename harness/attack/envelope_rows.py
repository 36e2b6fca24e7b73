"""Rows 1 to 8 and 51: whose measurement, made when and for whom; one verdict for one text."""
import json

import tpm
from cases import b64url
from measured import NONCE, Machine, address, sign

OTHER_NONCE = bytes(range(32, 64))


def fresh(m):
    m.policy.update(purpose="fresh", nonce=b64url(m.nonce))


def policy(**values):
    values = {k.replace("_", "-"): v for k, v in values.items()}
    return lambda m: m.policy.update({k: v(m) if callable(v) else v for k, v in values.items()})


def both(*edits):
    def edit(m):
        for one in edits:
            one(m)
    return edit


def envelope(**values):
    """Members of the envelope, before the node signs it."""
    values = {k.replace("_", "-"): v for k, v in values.items()}
    return lambda m: m.envelope.update({k: v(m) if callable(v) else v for k, v in values.items()})


def without(key):
    return lambda m: m.envelope.pop(key)


def again(m):
    """The node signs once more what was edited after its signature."""
    bare = {k: v for k, v in m.envelope.items() if k != "commitments"}
    m.envelope = sign(bare, m.wallet)


def machine(m):
    """As the asker's list names it: by the Name of its EK."""
    return b64url(tpm.name(m.ek))


def earlier(change=None):
    """The boot measurement of the same machine, or of what it was before."""
    def edit(m):
        before = Machine(m.ring, m.name, changes=change)
        m.more["earlier"] = before.measurement()
    return edit


def after_restart(m):
    m.restarts, m.state["tpm-restart-count"] = 3, 3


def after_reset(m):
    m.resets, m.state["tpm-reset-count"] = 8, 8
    m.restarts, m.state["tpm-restart-count"] = 0, 0


def other_body(m):
    m.body["system"]["kernel"] = "6.12.1"


def other_wallet_signs(m):
    bare = {k: v for k, v in m.envelope.items() if k != "commitments"}
    m.envelope = sign(bare, m.ring.get("wallet-b", "rsa4096"))


def recipient_of_other(m):
    m.recipient = Machine(m.ring, "b").recipient


def swap_key(path, value):
    """One member of the recipient is another TPM's; the node signs it."""
    def edit(m):
        other, target = Machine(m.ring, "b").recipient, m.envelope["secret-recipient"]
        *folders, last = path.split("/")
        for folder in folders:
            other, target = other[folder], target[folder]
        target[last] = other[last] if value is None else value
    return edit


# name: (plan, {step: change}); the rows below add to the changes
CONTROLS = {
    "boot": ({}, {}),
    "fresh": ({"purpose": "fresh"}, {"signed": fresh}),
    "fresh-16": ({"purpose": "fresh", "nonce": bytes(range(16))}, {"signed": fresh}),
    "expected-node": ({}, {"signed": policy(node=lambda m: address(m.wallet))}),
    "allow-list": ({}, {"signed": policy(machines=lambda m: [machine(m), machine(Machine(m.ring, "b"))])}),
    "not-self": ({}, {"signed": policy(self=lambda m: address(m.ring.get("wallet-b", "rsa4096")))}),
    "channel": ({}, {"signed": policy(channel_key=lambda m: address(m.wallet))}),
    "unused": ({"purpose": "fresh"}, {"signed": both(fresh, policy(used_nonces=[b64url(OTHER_NONCE)]))}),
    "same-boot": ({"purpose": "fresh"}, {"signed": both(fresh, earlier())}),
}

# row, name, control, reason, {step: change}, why, more of the plan
ROWS = [
    (1, "replayed", "fresh", "fresh.nonce-mismatch", {"signed": policy(purpose="fresh", nonce=b64url(OTHER_NONCE))},
     "an old fresh measurement with its old nonce"),
    (1, "replayed-nonce-edited", "fresh", "commitment.signature", {"signed": both(envelope(nonce=b64url(OTHER_NONCE)), policy(
        purpose="fresh", nonce=b64url(OTHER_NONCE)))}, "an old one with the new nonce written in"),
    (1, "replayed-nonce-signed", "fresh", "tpm.quote.nonce", {"told": envelope(nonce=b64url(OTHER_NONCE)), "signed": policy(
        purpose="fresh", nonce=b64url(OTHER_NONCE))}, "the new nonce signed by the node over an old quote"),
    *[(2, f"nonce-{n}", "fresh", "fresh.nonce-weak", {"signed": policy(purpose="fresh")}, f"a nonce of {n} bytes", {"nonce": bytes(range(n))})
      for n in (0, 1, 8, 15, 65)],
    (2, "nonce-missing", "fresh", "fresh.nonce-weak", {"told": without("nonce")}, "no nonce at all"),
    (2, "nonce-used", "unused", "fresh.nonce-reused", {"signed": both(fresh, policy(used_nonces=[b64url(OTHER_NONCE), b64url(NONCE)]))},
     "a nonce that the asker has used before"),
    (3, "boot-as-fresh", "boot", "bind.purpose", {"signed": policy(purpose="fresh")}, "a boot measurement where a fresh one was asked for"),
    (3, "fresh-as-boot", "fresh", "bind.purpose", {"signed": policy(purpose="boot")}, "a fresh measurement where boot's was asked for"),
    (3, "boot-called-fresh", "boot", "bind.purpose", {"told": envelope(purpose="fresh", nonce=b64url(NONCE)), "signed": policy(
        purpose="fresh", nonce=b64url(NONCE))}, "boot's evidence under purpose fresh, signed by the node"),
    (3, "fresh-called-boot", "fresh", "bind.purpose", {"told": envelope(purpose="boot", nonce=b64url(b"permawebos-boot-nonce-v2")),
     "signed": policy(purpose="boot")}, "fresh evidence under purpose boot, signed by the node"),
    (3, "other-purpose", "boot", "bind.purpose", {"told": envelope(purpose="zone"), "signed": policy(purpose="fresh")}, "a purpose that is none"),
    (4, "relay", "expected-node", "bind.node-key", {"signed": policy(node=lambda m: address(m.ring.get("wallet-b", "rsa4096")))},
     "the measurement of another node than the one asked"),
    (4, "relay-signed", "boot", "bind.node-key", {"signed": other_wallet_signs}, "another node signs this one's evidence as its own"),
    (4, "machine", "allow-list", "policy.machine-unknown", {"signed": policy(machines=lambda m: [machine(Machine(m.ring, "b"))])},
     "a machine that is not on the list"),
    (4, "machine-none", "allow-list", "policy.machine-unknown", {"signed": policy(machines=lambda m: [b64url(bytes(32))])},
     "a list with nobody's key"),
    (5, "reflected", "not-self", "bind.self", {"signed": policy(self=lambda m: address(m.wallet))}, "the verifier's own evidence sent back"),
    (5, "reflected-fresh", "fresh", "bind.self", {"signed": both(fresh, policy(self=lambda m: address(m.wallet)))},
     "the verifier's own fresh evidence sent back"),
    (6, "channel", "channel", "bind.channel-key", {"signed": policy(channel_key=lambda m: address(m.ring.get("wallet-b", "rsa4096")))},
     "the channel's key is not in the subject"),
    (6, "channel-fresh", "fresh", "bind.channel-key", {"signed": both(fresh, policy(channel_key=b64url(bytes(32))))},
     "the channel's key is nobody's"),
    (7, "recipient", "boot", "bind.recipient", {"told": envelope(secret_recipient=lambda m: Machine(m.ring, "b").recipient)},
     "the recipient is another TPM's key"),
    (7, "recipient-quoted", "boot", "bind.recipient", {"keyed": recipient_of_other}, "the same, and the quote is bound to it"),
    (7, "recipient-ek", "boot", "bind.recipient", {"told": swap_key("public-material/ek-public", None)}, "its EK is another's"),
    (7, "recipient-ak", "boot", "bind.recipient", {"told": swap_key("public-material/ak-public", None)}, "its AK is another's"),
    (7, "recipient-name", "boot", "bind.recipient", {"told": swap_key("key-id", None)}, "its key-id is another's"),
    (7, "recipient-method", "boot", "bind.recipient", {"told": swap_key("method", "rsa-oaep")}, "another method"),
    (7, "recipient-fresh", "fresh", "bind.recipient", {"told": swap_key("public-material/ak-name", None), "signed": fresh}, "its AK's name is another's, fresh"),
    (8, "restarted", "same-boot", "fresh.boot-changed", {"booted": after_restart, "signed": both(fresh, earlier())}, "the TPM was restarted since"),
    (8, "reset", "same-boot", "fresh.boot-changed", {"booted": after_reset, "signed": both(fresh, earlier())}, "the TPM was reset since"),
    (8, "body", "same-boot", "fresh.boot-changed", {"signed": both(fresh, earlier({"booted": other_body}))}, "another body since"),
]


def text_of(edit):
    """The measurement's text as the attack wants it."""
    return {"signed": lambda m: m.__dict__.update(text=edit(json.dumps(m.envelope)).encode())}


def double(key, value):
    return text_of(lambda t: t.replace(f'"{key}": ', f'"{key}": {json.dumps(value)}, "{key}": ', 1))


# Row 51: one text, one verdict; refused by every decoder alike.
TEXTS = [
    ("duplicate-first", double("purpose", "fresh"), "json.syntax", "purpose twice, the right one last"),
    ("duplicate-type", text_of(lambda t: t.replace('"type": "lapee-measurement"', '"type": "lapee-measurement", "type": "lapee-measurement"', 1)),
     "json.syntax", "the same member twice"),
    ("duplicate-nested", double("kernel", "6.1.0"), "json.syntax", "a member of a nested message twice"),
    ("duplicate-escaped", text_of(lambda t: t.replace('"purpose": ', '"purp\\u006fse": "fresh", "purpose": ', 1)), "json.syntax",
     "purpose twice, once escaped"),
    ("trailing", text_of(lambda t: t + "{}"), "json.syntax", "another text behind it"),
    ("trailing-nul", text_of(lambda t: t + "\0"), "json.syntax", "a NUL behind it"),
    ("trailing-comma", text_of(lambda t: t[:-1] + ",}"), "json.syntax", "a comma before the end"),
    ("comment", text_of(lambda t: "/* */" + t), "json.syntax", "a comment"),
    ("bom", text_of(lambda t: "\ufeff" + t), "json.syntax", "a byte order mark"),
]


def make(case_set, ring):
    def add(name, row, plan, changes, why, **more):
        m = Machine(ring, changes=changes, **plan)
        case_set.add(name, row, "measurement", m.files(), why=why, policy=m.policy, **more)

    for name, (plan, changes) in CONTROLS.items():
        add(f"envelope-{name}", "good", plan, changes, "good: " + name)
    for row, name, control, reason, changes, why, *more in ROWS:
        plan, base = CONTROLS[control]
        add(f"envelope-{row:02}-{name}", row, dict(plan, **(more[0] if more else {})), {**base, **changes}, why, reason=reason,
            control=f"envelope-{control}")
    for name, changes, reason, why in TEXTS:
        add(f"envelope-51-{name}", 51, {}, changes, why, reason=reason, control="envelope-boot", unreadable=True)

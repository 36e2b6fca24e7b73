"""Rows 1 to 8 again, of SEV-SNP guests: one binding for every engine."""
import hashlib

import eventlog
import snp
from cases import AT, b64url
from measured import Machine, address, sign

DEVICE = "snp@1.0"
METHOD = "snp-report-data-x25519-hkdf-sha256-aes-256-gcm"
OTHER_NONCE = bytes(range(32, 64))


class Guest(Machine):
    """A guest whose report carries the binding."""

    device = DEVICE

    def __init__(self, ring, lines, name="a", **plan):
        self.lines, self.secret = lines, hashlib.sha256(name.encode()).digest()
        super().__init__(ring, name, **plan)

    def boot(self):
        super().boot()
        self.body["node"]["measurement-device"] = DEVICE
        if self.state:
            self.state = {k: v for k, v in self.state.items() if not k.startswith("tpm-")}
        self.e = snp.Evidence(self.lines)
        self.e.fields["report_id"] = hashlib.sha256(b"report of " + self.name.encode()).digest()

    def log(self):
        self.firmware_log = eventlog.encode(self.events)

    def extend(self):
        self.shown = {}

    def key(self):
        self.make_recipient()

    def make_recipient(self):
        self.recipient = {"type": "lapee-secret-recipient", "version": "1.0", "measurement-device": DEVICE, "method": METHOD,
                          "public-material": {"x25519-public-key": b64url(self.secret)}, "key-id": b64url(hashlib.sha256(self.secret).digest())}

    def quote(self):
        self.e.fields["report_data"] = self.binding()

    def attest(self):
        self.report = self.e.report()

    def tell(self):
        self.evidence = {"type": "permawebos-snp-evidence", "version": "1.0", "report": b64url(self.report),
                         "certificates": {k: b64url(getattr(self.e, k)) for k in ("vek", "ask", "ark")}}
        self.envelope = {"type": "lapee-measurement", "version": "2.0", "issued-at-unix": AT, "purpose": self.purpose, "nonce": b64url(self.nonce),
                         "measurement-device": DEVICE, "body": self.body, "evidence": self.evidence, "secret-recipient": self.recipient}
        if self.state:
            self.envelope["state"] = self.state

    def parts(self):
        return dict({"measurement": self.measurement(), "report": self.report, "vek": self.e.vek, "ask": self.e.ask, "ark": self.e.ark}, **self.more)


def put(**values):
    return lambda m: m.__dict__.update({k: v(m) if callable(v) else v for k, v in values.items()})


def policy(**values):
    return lambda m: m.policy.update({k.replace("_", "-"): v(m) if callable(v) else v for k, v in values.items()})


def other(m):
    return Guest(m.ring, m.lines, "b")


def told(**values):
    return lambda m: m.envelope.update({k.replace("_", "-"): v(m) if callable(v) else v for k, v in values.items()})


def other_wallet(m):
    m.envelope = sign({k: v for k, v in m.envelope.items() if k != "commitments"}, m.ring.get("wallet-b", "rsa4096"))


def earlier(m):
    m.more["earlier"] = Guest(m.ring, m.lines, m.name).measurement()
    m.policy.update(purpose="fresh", nonce=b64url(m.nonce))


def launched_again(m):
    m.e.fields["report_id"] = bytes(32)


# row, name, control, reason, {step: change}, why
ROWS = [
    (1, "replayed", "fresh", "fresh.nonce-mismatch", {"signed": policy(purpose="fresh", nonce=b64url(OTHER_NONCE))}, "an old one with its old nonce"),
    (1, "nonce-signed", "fresh", "snp.report-data", {"told": told(nonce=b64url(OTHER_NONCE)), "signed": policy(purpose="fresh", nonce=b64url(OTHER_NONCE))},
     "the new nonce signed over an old report"),
    (2, "nonce-weak", "fresh", "fresh.nonce-weak", {"booted": put(nonce=bytes(15)), "signed": policy(purpose="fresh")}, "a nonce of 15 bytes"),
    (3, "boot-as-fresh", "boot", "bind.purpose", {"signed": policy(purpose="fresh")}, "boot's where a fresh one was asked for"),
    (3, "fresh-as-boot", "fresh", "bind.purpose", {"signed": policy(purpose="boot")}, "a fresh one where boot's was asked for"),
    (4, "relay", "boot", "bind.node-key", {"signed": policy(node=lambda m: address(m.ring.get("wallet-b", "rsa4096")))}, "another node than the one asked"),
    (4, "relay-signed", "boot", "bind.node-key", {"signed": other_wallet}, "another node signs this one's evidence"),
    (4, "machine", "listed", "policy.machine-unknown", {"signed": policy(machines=lambda m: [b64url(m.lines["Milan"].chip(2))])}, "a chip that is not on the list"),
    (5, "reflected", "boot", "bind.self", {"signed": policy(self=lambda m: address(m.wallet))}, "the asker's own, sent back"),
    (6, "channel", "boot", "bind.channel-key", {"signed": policy(channel_key=b64url(bytes(32)))}, "the channel's key is nobody's"),
    (7, "recipient-key", "boot", "bind.recipient", {"told": told(secret_recipient=lambda m: dict(m.recipient, **{"public-material": other(m).recipient[
        "public-material"]}))}, "the key of another guest under this one's id"),
    (7, "recipient-tpm", "boot", "bind.recipient", {"told": told(secret_recipient=lambda m: Machine(m.ring).recipient)}, "a TPM's key"),
    ("beyond", "recipient", "boot", "snp.report-data", {"told": told(secret_recipient=lambda m: other(m).recipient)}, "another guest's whole recipient"),
    (8, "launched-again", "same-boot", "fresh.boot-changed", {"booted": launched_again, "signed": earlier}, "the report ID has moved since"),
    (8, "recipient-new", "same-boot", "fresh.boot-changed", {"booted": put(secret=bytes(32)), "signed": earlier}, "another secret key since"),
]
CONTROLS = {
    "boot": ({}, {}), "fresh": ({"purpose": "fresh"}, {"signed": policy(purpose="fresh", nonce=lambda m: b64url(m.nonce))}),
    "same-boot": ({"purpose": "fresh"}, {"signed": earlier}),
    "listed": ({}, {"signed": policy(machines=lambda m: [b64url(m.lines["Milan"].chip())])}),
}


def make(case_set, ring):
    lines = {line: snp.Line(ring, line) for line in snp.LINES}
    anchor = case_set.anchor("ark-Milan.der", lines["Milan"].ark)

    def add(name, row, plan, changes, why, **more):
        m = Guest(ring, lines, changes=changes, **plan)
        case_set.add("guest-" + name, row, "measurement", m.files(), trust=anchor, why=why, policy=m.policy, **more)

    for name, (plan, changes) in CONTROLS.items():
        add(name, "good", plan, changes, "good: " + name)
    for row, name, control, reason, changes, why in ROWS:
        plan, base = CONTROLS[control]
        add(f"{row}-{name}" if isinstance(row, str) else f"{row:02}-{name}", row, plan, {**base, **changes}, why, reason=reason, control="guest-" + control)

"""The same attacks with quotes of real (software) TPMs: two chips of two vendors, switched off and on, reset, asked for other things."""
import os
import time

import eventlog
import tpm
from cases import b64url
from measured import Machine, Vendor, address
from swtpm import EK_CERTIFICATE, Swtpm

OTHER_NONCE = bytes(range(32, 64))


class Real(Machine):
    """A machine whose TPM is one: what it quotes is what was extended."""

    def __init__(self, ring, chip, name, extended=False, **plan):
        self.chip, self.extended, self.asked, self.what = chip, extended, list(tpm.QUOTED), "quote"
        super().__init__(ring, name, **plan)

    def boot(self):
        self.resets, self.restarts = self.chip.counts()
        super().boot()

    def extend(self):
        if not self.extended:
            for e in self.extends:
                if e.type != eventlog.NO_ACTION:
                    self.chip.extend(e.pcr, e.digest)
            for _, pcr, digest in self.runtime_extends or self.runtime:
                self.chip.extend(pcr, digest)
        self.read()

    def read(self):
        self.pcrs = [self.chip.pcr(p) for p in range(24)]
        self.ak_policy, self.branches = tpm.pcr_policy(self.pcrs)
        self.ak_attributes = tpm.AK_ATTRIBUTES
        self.shown = {p: self.pcrs[p] for p in tpm.QUOTED}

    def key(self):
        self.ek, self.certificate = self.chip.endorsement(), self.chip.nv(EK_CERTIFICATE)
        self.handle, self.ak = self.chip.attestation(self.ak_policy, self.ak_attributes)
        self.chain, self.roots, self.crls = [self.chip.issuer], [self.chip.root], []
        self.make_recipient()

    def attest(self):
        act = self.chip.time if self.what == "time" else lambda *a: self.chip.quote(*a[:2], self.asked, a[2])
        self.attest_raw, self.signature = act(self.handle, self.qualifying, self.branches)
        self.chip.flush(self.handle)


def put(**values):
    return lambda m: m.__dict__.update({k: v(m) if callable(v) else v for k, v in values.items()})


def attributes(off):
    return put(ak_attributes=tpm.AK_ATTRIBUTES & ~off)


def extend_more(m):
    m.chip.extend(15, bytes(range(32)))
    m.read()


def reset(pcr):
    """Extended, reset, and quoted beside the others."""
    def change(m):
        m.chip.extend(pcr, bytes(32))
        m.chip.reset(pcr)
        m.asked = [*tpm.QUOTED, pcr]
        m.shown = {p: m.chip.pcr(p) for p in m.asked}
    return change


# row, name, reason, {step: change}, why: each from power-on
BOOTS = [
    (26, "not-restricted", "tpm.ak.attributes", {"extended": attributes(tpm.RESTRICTED)}, "the TPM's AK is not restricted"),
    (26, "not-fixed", "tpm.ak.attributes", {"extended": attributes(tpm.FIXED_TPM | tpm.FIXED_PARENT)}, "the TPM's AK is not fixed to it"),
    (27, "time", "tpm.attest.type", {"quoted": put(what="time")}, "the TPM's GetTime as quote"),
    (29, "unknown-root", "tpm.ek.chain", {"keyed": put(roots=lambda m: [Vendor(m.ring).root])}, "another vendor's root is trusted"),
    (30, "fewer", "tpm.pcr.selection", {"quoted": put(asked=tpm.QUOTED[1:])}, "the TPM quotes all but PCR 0"),
    (34, "extended-after", "log.runtime.order", {"extended": extend_more}, "PCR 15 was extended after the node's events"),
    (35, "reset-16", "tpm.pcr.resettable", {"extended": reset(16)}, "PCR 16 was reset, and is quoted"),
    (35, "reset-23", "tpm.pcr.resettable", {"extended": reset(23)}, "PCR 23 was reset, and is quoted"),
]


def make(case_set, ring):
    folder = os.path.dirname(ring.folder)
    chips = [Swtpm(f"{folder}/chip-{n}") for n in "ab"]
    now = int(time.time())  # the chips' vendors may have certified them just now

    def add(name, row, m, why, **more):
        case_set.add("swtpm-" + name, row, "measurement", m.files(), why=why, policy=m.policy, at=now, **more)

    def fresh(m, nonce=None):
        m.policy = {"purpose": "fresh", "nonce": b64url(nonce or m.nonce)}
        return m

    with chips[0] as chip:
        boot = Real(ring, chip, "a")
        add("boot", "good", boot, "good: boot")
        for row, name, reason, policy, why in (
                (3, "boot-as-fresh", "bind.purpose", {"purpose": "fresh"}, "boot's measurement where a fresh one was asked for"),
                (4, "relay", "bind.node-key", {"node": address(ring.get("wallet-b", "rsa4096"))}, "the answer of another node than the one asked"),
                (4, "machine", "policy.machine-unknown", {"machines": [b64url(bytes(34))]}, "a TPM that is not on the list"),
                (5, "reflected", "bind.self", {"self": address(boot.wallet)}, "the asker's own measurement")):
            boot.policy = policy
            add(f"{row:02}-{name}", row, boot, why, reason=reason, control="swtpm-boot")
        again = fresh(Real(ring, chip, "a", True, purpose="fresh"))
        again.more["earlier"] = boot.measurement()
        add("fresh", "good", again, "good: fresh, of the same boot")
        fresh(again, OTHER_NONCE)
        add("01-replayed", 1, again, "an old one with its old nonce", reason="fresh.nonce-mismatch", control="swtpm-fresh")
    with chips[0] as chip:
        later = fresh(Real(ring, chip, "a", purpose="fresh"))
        later.more["earlier"] = boot.measurement()
        add("08-reset", 8, later, "the TPM was switched off and on since", reason="fresh.boot-changed", control="swtpm-fresh")
    with chips[1] as chip:
        other = Real(ring, chip, "b")
        add("other", "good", other, "good: another machine")
        swapped = Real(ring, chip, "b", True, changes={"keyed": put(certificate=boot.certificate, chain=boot.chain, roots=boot.roots)})
        add("28-certificate", 28, swapped, "the certificate of the other chip", reason="tpm.ek.binding", control="swtpm-other")
        borrowed = Real(ring, chip, "b", True, changes={"told": put(envelope=lambda m: dict(m.envelope, **{"secret-recipient": boot.recipient}))})
        add("07-recipient", 7, borrowed, "secrets would go to the other chip", reason="bind.recipient", control="swtpm-other")
    for row, name, reason, changes, why in BOOTS:
        with chips[0] as chip:
            add(f"{row}-{name}", row, Real(ring, chip, "a", changes=changes), why, reason=reason, control="swtpm-boot")

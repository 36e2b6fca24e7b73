"""A machine that measures itself as spec/measurement.md says, and that can be made to lie at every step."""
import hashlib
import json
import os
import sys

import bundle
import der
import eventlog
import tpm
from cases import AT, YEAR, b64url

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "client"))
import aocore_client as ao  # noqa: E402

NONCE = bytes(range(32))
BOOT_NONCE = b"permawebos-boot-nonce-v2"
STEPS = ("booted", "logged", "extended", "keyed", "quoted", "attested", "told", "signed")
PERIOD = (AT - YEAR, AT + 5 * YEAR)
TCG = "2.23.133."


def level(data):
    out = ao.raw_level(json.loads(json.dumps(data)))
    ao.finish(out)
    return out


def message_id(data):
    return ao.un64(ao.unsigned_id(level(data)))


def address(wallet):
    return b64url(hashlib.sha256(wallet.modulus()).digest())


def commitment(one):
    out = {k: v.decode() if isinstance(v, bytes) else v for k, v in one.items() if k not in ("signature", "committed")}
    return dict(out, signature=b64url(one["signature"]), committed=[k.decode() for k in one["committed"]])


def sign(data, wallet):
    """The message with the wallet's commitment and the unsigned one."""
    bare = level({k: v for k, v in data.items() if k != "commitments"})
    commitments = {k.decode(): commitment(v) for k, v in ao.unsigned(bare).items()}
    headers, _, content, is_multipart = ao.http_form(ao.link_fields(bare))
    one = {"commitment-device": b"httpsig@1.0", "type": b"rsa-pss-sha512",
           "keyid": b"publickey:" + ao.b64url(wallet.modulus()), "committer": address(wallet).encode()}
    base = ao.base_of(headers, one, [])
    one["signature"] = wallet.sign_pss512(base)
    one["committed"] = ao.committed_of(headers, content, is_multipart)
    commitments[b64url(hashlib.sha256(one["signature"]).digest())] = commitment(one)
    return dict(data, commitments=commitments)


def ek_certificate(key, by, issuer, period=PERIOD, serial=42, is_ca=False, wrap=der.seq):
    """As a TPM's vendor makes it: no subject, a critical alternative name, the endorsement purpose."""
    names = der.tlv(0xA4, der.name((TCG + "2.1", "id:46414B45"), (TCG + "2.2", "fake"), (TCG + "2.3", "id:00010002")))
    rsa = key.kind.startswith("rsa")
    return der.certificate(der.seq(), issuer, key, by, serial, period, [
        der.authority_key_id(by), der.basic_constraints(is_ca), der.key_usage(der.KEY_ENCIPHERMENT if rsa else der.KEY_AGREEMENT),
        der.extension("2.5.29.37", der.seq(der.oid(TCG + "8.1"))), der.extension("2.5.29.17", der.seq(names), True)], wrap)


def ca_certificate(subject, issuer, key, by, serial=1, period=(AT - 3 * YEAR, AT + 15 * YEAR), is_ca=True, depth=None):
    return der.certificate(der.common_name(subject), der.common_name(issuer), key, by, serial, period, [
        der.subject_key_id(key), der.authority_key_id(by), der.basic_constraints(is_ca, depth), der.key_usage(der.KEY_CERT_SIGN, der.CRL_SIGN)])


class Vendor:
    """A fake TPM vendor: root and intermediate."""

    def __init__(self, ring, name="fake"):
        self.root_name, self.ca_name = f"{name} TPM root", f"{name} TPM EK CA"
        self.root_key, self.ca_key = ring.get(f"ek-root-{name}", "rsa2048"), ring.get(f"ek-ca-{name}", "p256")
        self.root = ca_certificate(self.root_name, self.root_name, self.root_key, self.root_key)
        self.ca = ca_certificate(self.ca_name, self.root_name, self.ca_key, self.root_key, 2, depth=0)


class Machine:
    """Made step by step; after each step the change of that name may edit what was made so far."""

    device = "tpm@2.0a"

    def __init__(self, ring, name="a", purpose="boot", nonce=None, vendor=None, changes=None, ak="p256", ek="p256"):
        self.ring, self.name, self.purpose, self.changes = ring, name, purpose, changes or {}
        self.nonce = nonce if nonce is not None else BOOT_NONCE if purpose == "boot" else NONCE
        self.wallet = ring.get(f"wallet-{name}", "rsa4096")
        self.vendor = vendor or Vendor(ring)
        self.ak_key, self.ek_key = ring.get(f"ak-{name}", ak), ring.get(f"ek-{name}", ek)
        self.resets, self.restarts, self.policy, self.startup, self.more = 7, 2, {}, 0, {}
        self.boot()
        self.after("booted")
        self.make()

    def after(self, step):
        change = self.changes.get(step)
        if change:
            change(self)

    def make(self):
        for step, act in zip(STEPS[1:], (self.log, self.extend, self.key, self.quote, self.attest, self.tell, self.seal)):
            act()
            self.after(step)

    def boot(self):
        self.body = {"system": {"kernel": "6.12.0", "machine": self.name}, "node": {
            "address": address(self.wallet), "port": 8734, "initialized": "permanent", "software": "permawebos-c", "version": "0.1.0",
            "measurement-device": "tpm@2.0a"}}
        self.state = None
        if self.purpose == "fresh":
            self.state = {"uptime": 60, "restarts": {"tpm": 0}, "zones": [], "tpm-reset-count": self.resets,
                          "tpm-restart-count": self.restarts}
        self.events = eventlog.good()
        self.extends = None
        self.firmware_log = None

    def log(self):
        if self.extends is None:
            self.extends = list(self.events)
        if self.firmware_log is None:
            self.firmware_log = eventlog.encode(self.events)
        self.runtime = [("subject", 15, message_id(self.body)), ("confinement", 15, hashlib.sha256(b"the tables").digest()),
                        ("firmware-log", 15, hashlib.sha256(self.firmware_log).digest())]
        self.runtime_extends = None

    def extend(self):
        self.pcrs = eventlog.replay(self.extends, self.startup)
        for _, pcr, digest in self.runtime_extends or self.runtime:
            self.pcrs[pcr] = tpm.extend(self.pcrs[pcr], digest)
        self.ak_policy = tpm.pcr_policy(self.pcrs)[0]
        self.ak_attributes, self.ek_attributes = tpm.AK_ATTRIBUTES, tpm.EK_ATTRIBUTES
        self.shown = {p: self.pcrs[p] for p in tpm.QUOTED}

    def key(self):
        self.ak = tpm.public(self.ak_key, self.ak_attributes, self.ak_policy)
        self.ek = tpm.public(self.ek_key, self.ek_attributes, tpm.EK_POLICY, False)
        self.certificate = ek_certificate(self.ek_key, self.vendor.ca_key, der.common_name(self.vendor.ca_name))
        self.chain, self.roots, self.crls = [self.vendor.ca], [self.vendor.root], []
        self.make_recipient()

    def make_recipient(self):
        name = b64url(tpm.name(self.ak))
        self.recipient = {
            "type": "lapee-tpm-credential-subject", "version": "1.0", "measurement-device": "tpm@2.0a",
            "method": "tpm2-activate-credential", "key-id": name,
            "public-material": {"ek-public": b64url(tpm.sized(self.ek)), "ak-public": b64url(tpm.sized(self.ak)), "ak-name": name},
            "binding": {"kind": "ak-policy-pcr", "pcr": 15, "policy-pcrs": list(tpm.QUOTED)}}

    def binding(self):
        parts = [b"permawebos-measurement-v2\0", message_id(self.body)]
        parts += [hashlib.sha256(p).digest() for p in (self.purpose.encode(), self.nonce, self.device.encode())]
        parts += [message_id(self.recipient), message_id(self.state) if self.state else bytes(32)]
        return hashlib.sha512(b"".join(parts)).digest()

    def quote(self):
        self.qualifying, self.signer = self.binding()[:32], tpm.qualified_name(self.ak)
        self.magic, self.kind = tpm.MAGIC, tpm.QUOTE
        self.selections = tpm.selections(tpm.selection(tpm.SHA256, tpm.QUOTED))
        self.pcr_digest = hashlib.sha256(b"".join(self.shown[p] for p in sorted(self.shown))).digest()
        self.attested = None

    def attest(self):
        body = self.attested if self.attested is not None else self.selections + tpm.sized(self.pcr_digest)
        self.attest_raw = tpm.attest(self.signer, self.qualifying, body, self.magic, self.kind, self.resets, self.restarts)
        self.signature = tpm.signature(self.ak_key, self.attest_raw)

    def tell(self):
        self.evidence = {
            "type": "permawebos-tpm-evidence", "version": "1.0", "ek-public": b64url(tpm.sized(self.ek)),
            "ak-public": b64url(tpm.sized(self.ak)), "ek-certificate-source": "tpm-nv:0x01c00002",
            "ek-certificate": b64url(self.certificate), "ek-chain": [b64url(c) for c in self.chain],
            "quote": {"attest": b64url(self.attest_raw), "tpmt-signature": b64url(self.signature),
                      "pcrs": {str(p): b64url(v) for p, v in self.shown.items()}},
            "firmware-log": b64url(self.firmware_log),
            "runtime-log": [{"event-type": t, "pcr": p, "digest": b64url(d)} for t, p, d in self.runtime],
            "tpm-properties": {"manufacturer": "FAKE", "spec-revision": 138}}
        self.envelope = {
            "type": "lapee-measurement", "version": "2.0", "issued-at-unix": AT, "purpose": self.purpose, "nonce": b64url(self.nonce),
            "measurement-device": "tpm@2.0a", "body": self.body, "evidence": self.evidence, "secret-recipient": self.recipient}
        if self.state:
            self.envelope["state"] = self.state

    def seal(self):
        self.envelope = sign(self.envelope, self.wallet)
        self.text = None

    def measurement(self):
        return self.text if self.text is not None else json.dumps(self.envelope).encode()

    def files(self, bare=False):
        """What a verifier gets: a bundle of the measurement, or of the same evidence without its envelope."""
        out = self.parts()
        if bare:
            out.pop("measurement")
            out["att"] = bundle.tpm(out, self.shown, self.qualifying)
        else:
            out["att"] = bundle.measurement(out, self.policy, self.purpose)
        return out

    def parts(self):
        """The measurement, and the same evidence in the formats of bare verifiers."""
        out = {"measurement": self.measurement(), "attest": self.attest_raw, "sig": self.signature, "ak_tpmt": self.ak,
               "ek_tpmt": self.ek, "pcrs": json.dumps({"sha256": {str(p): v.hex() for p, v in self.shown.items()}}).encode(),
               "log": self.firmware_log, "leaf": self.certificate}
        out.update({f"intermediate{i}": c for i, c in enumerate(self.chain)})
        out.update({f"root{i or ''}": c for i, c in enumerate(self.roots)})
        out.update({f"crl{i or ''}": c for i, c in enumerate(self.crls)})
        return dict(out, **self.more)

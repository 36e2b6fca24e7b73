"""Rows 26 to 31: attestation keys, structures, endorsement, selections, values; made with keys that no TPM holds."""
import hashlib
import struct

from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import algorithms, modes

import der
import tpm
from cases import AT, DAY, YEAR, b64url
from measured import Machine, Vendor, ca_certificate, ek_certificate

CREDENTIAL = b"0123456789abcdef0123456789abcdef"


def kdfe(z, label, party_u, party_v):
    return hashlib.sha256(struct.pack(">I", 1) + z + label + b"\0" + party_u + party_v).digest()


def make_credential(ek_key, ek, ak_name):
    """TPM2_MakeCredential for an ECC EK: (credentialBlob, secret)."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    own, point = ephemeral.public_key().public_numbers(), ek_key.point()
    x, y = own.x.to_bytes(32, "big"), own.y.to_bytes(32, "big")
    z = ephemeral.exchange(ec.ECDH(), ek_key.private.public_key())
    seed = kdfe(z, b"IDENTITY", x, point[0])
    key = tpm.kdfa(seed, b"STORAGE", ak_name, b"", 128)
    cipher = ciphers.Cipher(algorithms.AES(key), modes.CFB(bytes(16))).encryptor()
    identity = cipher.update(tpm.sized(CREDENTIAL)) + cipher.finalize()
    outer = tpm.hmac.digest(tpm.kdfa(seed, b"INTEGRITY"), identity + ak_name, "sha256")
    return tpm.sized(outer) + identity, tpm.sized(x) + tpm.sized(y)


def challenge(m, ek=None):
    """The asker's challenge for an EK, and the answer of a node that could open it."""
    key, area = ek or (m.ek_key, m.ek)
    name = tpm.name(m.ak)
    blob, secret = make_credential(key, area, name)
    proof = tpm.hmac.digest(CREDENTIAL, b"permawebos-activation-v1\0" + blob + secret, "sha256")
    m.policy["activation"] = {
        "credential": b64url(CREDENTIAL), "ek-name": b64url(tpm.name(area)), "credential-blob": b64url(blob), "secret": b64url(secret),
        "answer": {"type": "lapee-tpm-credential-activation", "version": "1.0", "ak-name": b64url(name),
                   "credential-sha256": b64url(hashlib.sha256(CREDENTIAL).digest()), "credential-proof": b64url(proof)}}


def other_ek(m):
    key = m.ring.get("ek-b", "p256")
    return key, tpm.public(key, m.ek_attributes, tpm.EK_POLICY, False)


def put(**values):
    return lambda m: m.__dict__.update({k: v(m) if callable(v) else v for k, v in values.items()})


def attributes(off=0, on=0):
    return {"extended": put(ak_attributes=lambda m: m.ak_attributes & ~off | on)}


def attested(make):
    """Another selection, digest as the TPM would make it, and what is shown."""
    return {"quoted": lambda m: m.__dict__.update(attested=make(m))}


def kind(name):
    """An attestation of another type, with the body that this type has."""
    bodies = {"certify": lambda m: tpm.sized(tpm.name(m.ak)) + tpm.sized(tpm.qualified_name(m.ak)),
              "creation": lambda m: tpm.sized(tpm.name(m.ak)) + tpm.sized(bytes(32)),
              "time": lambda m: struct.pack(">QQIIBQ", 1, 123456, 7, 2, 1, 1),
              "nv": lambda m: tpm.sized(tpm.name(m.ak)) + struct.pack(">H", 0) + tpm.sized(m.pcr_digest),
              "session-audit": lambda m: b"\1" + tpm.sized(m.pcr_digest),
              "command-audit": lambda m: struct.pack(">QH", 1, tpm.SHA256) + tpm.sized(m.pcr_digest) + tpm.sized(m.pcr_digest)}
    return {"quoted": put(kind=tpm.TYPES[name], attested=bodies[name])}


def shown(make):
    """Values shown as the attack wants; the TPM's quote stays as it is."""
    return {"attested": lambda m: m.shown.update(make(m.shown))}


def resplit(cut):
    """The bytes of PCRs 0 and 1 parted elsewhere: the digest over all stays the same."""
    def make(values):
        both = values[0] + values[1]
        return {0: both[:cut], 1: both[cut:]}
    return shown(make)


def digest_of(m, pcrs, bank=tpm.SHA256):
    return tpm.sized(hashlib.sha256(b"".join(m.pcrs[p] for p in pcrs)).digest())


def many(count, size=3):
    def make(m):
        one = tpm.selection(tpm.SHA256, tpm.QUOTED, size)
        return struct.pack(">I", count) + one * count + digest_of(m, tpm.QUOTED * count)
    return attested(make)


def select(*parts, digest=tpm.QUOTED, count=None):
    return attested(lambda m: struct.pack(">I", len(parts) if count is None else count)
                    + b"".join(tpm.selection(*p) for p in parts) + digest_of(m, digest))


def certified(**how):
    """Another EK certificate or chain, from what `how` names."""
    def edit(m):
        for name, make in how.items():
            setattr(m, name, make(m))
    return {"keyed": edit}


def leaf(**how):
    return lambda m: ek_certificate(how.pop("key", m.ek_key), how.pop("by", m.vendor.ca_key),
                                    der.common_name(how.pop("issuer", m.vendor.ca_name)), **how)


def loose(m):
    """Signed by the vendor as it is, in BER."""
    return der.certificate(der.seq(), der.common_name(m.vendor.ca_name), m.ek_key, m.vendor.ca_key, 42, (AT - YEAR, AT + YEAR), [
        der.basic_constraints(False).replace(b"\1\1\xff", b"\1\1\1"), der.key_usage(der.KEY_AGREEMENT)])


def unknown_vendor(m):
    other = Vendor(m.ring, "other")
    m.certificate = ek_certificate(m.ek_key, other.ca_key, der.common_name(other.ca_name))
    m.chain = [other.ca]


def same_names(m):
    """A vendor who calls itself as the trusted one does."""
    other = Vendor(m.ring, "other")
    root = ca_certificate(m.vendor.root_name, m.vendor.root_name, other.root_key, other.root_key)
    m.chain = [ca_certificate(m.vendor.ca_name, m.vendor.root_name, other.ca_key, other.root_key, 2, depth=0), root]
    m.certificate = ek_certificate(m.ek_key, other.ca_key, der.common_name(m.vendor.ca_name))


def crl_of(m, period, serials=()):
    ca = der.crl(der.common_name(m.vendor.ca_name), m.vendor.ca_key, period, serials)
    return [ca]


FRESH_CRL, OLD_CRL, NEXT_CRL = (AT - DAY, AT + DAY), (AT - 60 * DAY, AT - DAY), (AT + DAY, AT + 30 * DAY)

CONTROLS = {
    "plain": {}, "fresh": {"purpose": "fresh"}, "rsa-ek": {"ek": "rsa2048", "name": "r"}, "rsa-ak": {"ak": "rsa2048", "name": "s"},
    "challenged": {"changes": {"signed": challenge}},
    "crl": {"changes": certified(crls=lambda m: crl_of(m, FRESH_CRL))},
}

# row, name, control, reason, changes, why
ROWS = [
    (26, "not-restricted", "plain", "tpm.ak.attributes", attributes(off=tpm.RESTRICTED), "the AK would sign any digest it is given"),
    (26, "not-restricted-rsa", "rsa-ak", "tpm.ak.attributes", attributes(off=tpm.RESTRICTED), "the same, RSA"),
    (26, "not-fixed-tpm", "plain", "tpm.ak.attributes", attributes(off=tpm.FIXED_TPM), "the AK can be duplicated"),
    (26, "not-fixed-parent", "plain", "tpm.ak.attributes", attributes(off=tpm.FIXED_TPM | tpm.FIXED_PARENT), "the AK can move to another parent"),
    (26, "imported", "plain", "tpm.ak.attributes", attributes(off=tpm.ORIGIN | tpm.FIXED_TPM | tpm.FIXED_PARENT), "the AK was made outside and imported"),
    (26, "external", "plain", "tpm.ak.attributes", attributes(off=tpm.ORIGIN), "its sensitive part does not come from the TPM"),
    (26, "decrypt", "plain", "tpm.ak.attributes", attributes(on=tpm.DECRYPT), "the AK also decrypts"),
    (26, "no-sign", "plain", "tpm.ak.attributes", attributes(off=tpm.SIGN, on=tpm.DECRYPT), "a storage key as AK"),
    (26, "with-auth", "plain", "tpm.ak.attributes", attributes(on=tpm.USER), "the AK signs without its policy"),
    *[(27, name, "plain", "tpm.attest.type", kind(name), f"an attestation of type {name} as quote") for name in tpm.TYPES],
    (27, "certify-fresh", "fresh", "tpm.attest.type", kind("certify"), "the same in a fresh measurement"),
    (27, "magic", "plain", "tpm.attest.type", {"quoted": put(magic=0xFF544346)}, "magic that an unrestricted key may sign"),
    (27, "magic-zero", "rsa-ak", "tpm.attest.type", {"quoted": put(magic=0)}, "no magic"),
    (27, "type-unknown", "plain", "tpm.attest.type", {"quoted": put(kind=0x8020)}, "a type that does not exist"),
    (28, "certificate", "plain", "tpm.ek.binding", certified(certificate=lambda m: leaf(key=m.ring.get("ek-b", "p256"))(m)),
     "the certificate of another EK"),
    (28, "certificate-rsa", "rsa-ek", "tpm.ek.binding", certified(certificate=lambda m: leaf(key=m.ring.get("ek-b", "p256"))(m)),
     "the certificate of an EK of another kind"),
    (28, "credential", "challenged", "tpm.ek.binding", {"signed": lambda m: challenge(m, other_ek(m))},
     "the credential was made for another EK"),
    (28, "ca", "plain", "tpm.ek.ca", certified(certificate=lambda m: m.vendor.ca, chain=lambda m: []), "the CA's certificate instead of the EK's"),
    (29, "unknown-root", "plain", "tpm.ek.chain", {"keyed": unknown_vendor}, "a vendor that nobody trusts"),
    (29, "same-names", "plain", "tpm.ek.chain", {"keyed": same_names}, "a self-made vendor with the trusted one's names, root included"),
    (29, "self-signed", "plain", "tpm.ek.chain", certified(certificate=lambda m: leaf(by=m.ek_key, issuer="nobody")(m), chain=lambda m: []),
     "the EK signs its own certificate"),
    (29, "no-intermediate", "plain", "tpm.ek.chain", certified(chain=lambda m: []), "the path has a hole"),
    (29, "intermediate-as-root", "plain", "tpm.ek.chain", certified(roots=lambda m: [Vendor(m.ring, "other").root], chain=lambda m: [m.vendor.ca]),
     "the path ends at an intermediate that is no root"),
    (29, "expired", "plain", "tpm.ek.chain", certified(certificate=lambda m: leaf(period=(AT - 5 * YEAR, AT - DAY))(m)), "the certificate has expired"),
    (29, "future", "plain", "tpm.ek.chain", certified(certificate=lambda m: leaf(period=(AT + DAY, AT + YEAR))(m)), "the certificate is to come"),
    (29, "not-ca", "plain", "tpm.ek.chain", certified(chain=lambda m: [ca_certificate(
        m.vendor.ca_name, m.vendor.root_name, m.vendor.ca_key, m.vendor.root_key, 2, is_ca=False)]), "the intermediate is no CA"),
    (29, "ek-as-ca", "plain", "tpm.ek.chain", certified(certificate=lambda m: leaf(by=m.ring.get("ek-b", "p256"), issuer="b")(m), chain=lambda m: [
        m.vendor.ca, ca_certificate("b", m.vendor.ca_name, m.ring.get("ek-b", "p256"), m.vendor.ca_key, 3, is_ca=False)]),
     "another EK's key signs"),
    (29, "path-length", "plain", "tpm.ek.chain", certified(certificate=lambda m: leaf(by=m.ring.get("ek-b", "p256"), issuer="b")(m), chain=lambda m: [
        m.vendor.ca, ca_certificate("b", m.vendor.ca_name, m.ring.get("ek-b", "p256"), m.vendor.ca_key, 3)]), "a CA below a CA that may have none"),
    (29, "signature", "plain", "tpm.ek.chain", certified(certificate=lambda m: m.certificate[:-1] + bytes([m.certificate[-1] ^ 1])), "a bit of its signature"),
    (29, "crl-expired", "crl", "tpm.ek.crl.expired", certified(crls=lambda m: crl_of(m, OLD_CRL)), "the vendor's CRL has expired"),
    (29, "crl-future", "crl", "tpm.ek.crl.future", certified(crls=lambda m: crl_of(m, NEXT_CRL)), "the vendor's CRL is to come"),
    (29, "crl-revoked", "crl", "tpm.ek.crl.revoked", certified(crls=lambda m: crl_of(m, FRESH_CRL, (42,))), "the certificate is revoked"),
    (51, "ek-length", "plain", "x509.der", {"keyed": put(certificate=lambda m: der.long_form(m.certificate))},
     "the EK certificate's outermost length in one byte more than it needs"),
    (51, "ek-tail", "plain", "tpm.ek.padding", {"keyed": put(certificate=lambda m: m.certificate + b"\1")}, "a byte behind it that no flash has"),
    (51, "attest-tail", "plain", "tpm.attest.syntax", attested(lambda m: m.selections + tpm.sized(m.pcr_digest) + b"\0"), "a byte behind the quote"),
    (51, "signature-tail", "plain", "tpm.signature.syntax", {"attested": put(signature=lambda m: m.signature + b"\0")}, "a byte behind its signature"),
    (51, "ak-tail", "plain", "tpm.public.syntax", {"keyed": put(ak=lambda m: m.ak + b"\0")}, "a byte behind the AK's public area"),
    (51, "version-missing", "plain", "envelope.shape", {"told": lambda m: m.envelope.pop("version")}, "an envelope without a version"),
    (51, "evidence-version", "plain", "tpm.evidence", {"told": lambda m: m.evidence.pop("version")}, "evidence without a version"),
    (30, "sha1", "plain", "tpm.pcr.selection", select((tpm.SHA1, tpm.QUOTED)), "the SHA-1 bank"),
    (30, "sha384", "plain", "tpm.pcr.selection", select((tpm.SHA384, tpm.QUOTED)), "a bank that is not shown"),
    (30, "empty-bank", "plain", "tpm.pcr.selection", select((tpm.SHA256, [])), "a bank without PCRs"),
    (30, "no-bank", "plain", "tpm.pcr.selection", select(), "no bank at all"),
    (30, "fewer", "plain", "tpm.pcr.selection", select((tpm.SHA256, tpm.QUOTED[1:]), digest=tpm.QUOTED[1:]), "PCR 0 is not quoted"),
    (30, "no-15", "fresh", "tpm.pcr.selection", select((tpm.SHA256, tpm.QUOTED[:-1]), digest=tpm.QUOTED[:-1]), "PCR 15 is not quoted"),
    (30, "more", "plain", "tpm.pcr.selection", select((tpm.SHA256, list(range(16))), digest=range(16)), "PCR 10 is quoted too"),
    (30, "unknown-bank", "plain", "tpm.pcr.selection", select((0x7FFF, tpm.QUOTED)), "a bank that is no algorithm"),
    (30, "second-bank", "plain", "tpm.pcr.selection", select((tpm.SHA256, tpm.QUOTED), (tpm.SHA1, tpm.QUOTED)), "a second bank that is not shown"),
    (30, "twice", "plain", "tpm.pcr.selection", many(2), "the bank twice"),
    (30, "5000", "plain", "tpm.pcr.selection", many(5000), "5,000 selections of the same bank"),
    (30, "count", "plain", "tpm.pcr.selection", select((tpm.SHA256, tpm.QUOTED), count=0xFFFFFFFF), "a count of 2^32-1"),
    (30, "wide", "plain", "tpm.pcr.selection", select((tpm.SHA256, tpm.QUOTED, 255)), "a bitmap of 255 bytes"),
    (30, "above-23", "plain", "tpm.pcr.selection", select((tpm.SHA256, [*tpm.QUOTED, 24], 4)), "a PCR that does not exist"),
    (30, "shown-fewer", "plain", "tpm.pcr.selection", {"attested": lambda m: m.shown.pop(8)}, "a value that is not shown"),
    (30, "shown-more", "plain", "tpm.pcr.selection", {"attested": lambda m: m.shown.update({10: bytes(32)})}, "a value that is not quoted"),
    (31, "resplit-16", "plain", "tpm.pcr.length", resplit(16), "PCRs 0 and 1 parted after 16 bytes"),
    (31, "resplit-0", "plain", "tpm.pcr.length", resplit(0), "PCR 0 is empty, PCR 1 holds both"),
    (31, "resplit-64", "fresh", "tpm.pcr.length", resplit(64), "PCR 0 holds both, PCR 1 is empty"),
    (31, "resplit-33", "rsa-ak", "tpm.pcr.length", resplit(33), "one byte moved"),
    (31, "short", "plain", "tpm.pcr.length", shown(lambda v: {8: v[8][:31]}), "a value of 31 bytes"),
    (31, "sha1-size", "plain", "tpm.pcr.length", shown(lambda v: {8: v[8][:20]}), "a value as long as SHA-1's"),
    (31, "long-value", "plain", "tpm.pcr.length", shown(lambda v: {8: v[8] + b"\0"}), "a value of 33 bytes"),
]

# What only a measurement demands, or only an asker who challenges.
ENVELOPED = ("challenged", "with-auth", "second-bank", "shown-more", "version-missing", "evidence-version")

# What vendors do otherwise: recorded as a fact, and no reason to refuse.
QUIRKS = [
    ("padded", ["padded"], {"keyed": put(certificate=lambda m: m.certificate + bytes(64))}, "zeros behind the certificate, as NV indices have them"),
    ("erased", ["padded"], {"keyed": put(certificate=lambda m: m.certificate + b"\xff" * 64)}, "erased flash behind it"),
    ("serial", ["odd-serial"], certified(certificate=lambda m: leaf(serial=0)(m)), "a serial number of zero"),
    ("loose-der", ["loose-der"], certified(certificate=lambda m: loose(m)), "an extension that is critical by another TRUE than DER's"),
    ("no-crl-point", ["no-crl-point"], {}, "no CRL distribution point"),
]


def make(case_set, ring):
    def build(control, changes=None):
        plan = dict(CONTROLS[control])
        plan["changes"] = dict(plan.get("changes", {}), **(changes or {}))
        return Machine(ring, **plan)

    def add(name, row, m, why, **more):
        if m.purpose == "fresh":
            m.policy.update(purpose="fresh", nonce=b64url(m.nonce))
        case_set.add("tpm-" + name, row, "measurement", m.files(), why=why, policy=m.policy, **more)

    def add_bare(name, row, m, why, **more):
        case_set.add("quote-" + name, row, "tpm", m.files(True), why=why, nonce=m.qualifying.hex(), policy={"pcrs": tpm.QUOTED}, **more)

    for control in CONTROLS:
        if control != "crl":
            add(control, "good", build(control), "good: " + control)
        if control not in ENVELOPED:
            add_bare(control, "good", build(control), "good: " + control)
    for row, name, control, reason, changes, why in ROWS:
        if control != "crl":
            add(f"{row}-{name}", row, build(control, changes), why, reason=reason, control="tpm-" + control)
        if control not in ENVELOPED and name not in ENVELOPED:
            add_bare(f"{row}-{name}", row, build(control, changes), why, reason=reason, control="quote-" + control)
    for name, quirks, changes, why in QUIRKS:
        add(f"29-{name}", 29, build("plain", changes), why, quirks=quirks)
        add_bare(f"29-{name}", 29, build("plain", changes), why, quirks=quirks)

"""Android Keystore, beyond the list: a fake KeyMint root and chains, with what attackers do to them."""
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

import bundle
import der
from cases import AT, DAY, YEAR

OID = "1.3.6.1.4.1.11129.2.1.17"
CHALLENGE = bytes(range(32))
SOFTWARE, TEE, STRONGBOX = range(3)
VERIFIED, SELF_SIGNED, UNVERIFIED, FAILED = range(4)
STATEMENT = b"a statement of the node"
PERIOD = (AT - YEAR, AT + 5 * YEAR)


def tagged(number, value):
    return der.explicit(number, value)


def numbers(*values):
    return der.set_of(*(der.integer(v) for v in values))


class Phone:
    """What a phone says of a key; an edit changes any of it before it is certified."""

    def __init__(self, ring):
        self.ring = ring
        self.root_key, self.ca_key, self.key = ring.get("android-root", "p384"), ring.get("android-ca", "p256"), ring.get("android-key", "p256")
        self.version, self.level, self.mint_level, self.challenge = 300, TEE, TEE, CHALLENGE
        self.boot_key, self.locked, self.state, self.hash = b"\x11" * 32, True, VERIFIED, b"\x22" * 32
        self.patch, self.package, self.signer, self.package_version = 20260501, "org.example.app", b"\x33" * 32, 7
        self.purposes, self.origin, self.software_root = (2,), 0, False
        self.by, self.root_by = None, None
        self.ca_is_ca, self.period, self.root_period = True, PERIOD, (AT - 5 * YEAR, AT + 15 * YEAR)
        self.ca_extensions, self.leaf_extensions, self.swap, self.chain_edit = (), None, False, None
        self.status, self.serial = b'{"entries": {}}', 0x0A0B
        self.signature_key, self.loose, self.padded, self.tail = self.key, False, False, b""

    def root_of_trust(self):
        flag = b"\1\1\1" if self.loose else der.boolean(self.locked)
        return der.seq(der.octets(self.boot_key), flag, der.enumerated(self.state), der.octets(self.hash))

    def lists(self):
        app = der.seq(der.set_of(der.seq(der.octets(self.package.encode()), der.integer(self.package_version))),
                      der.set_of(der.octets(self.signer)))
        software = [tagged(701, der.integer(AT * 1000)), tagged(709, der.octets(app))]
        hardware = [tagged(1, numbers(*self.purposes)), tagged(2, der.integer(3)), tagged(3, der.integer(256)), tagged(5, numbers(4)),
                    tagged(10, der.integer(1)), tagged(503, der.null()), tagged(702, der.integer(self.origin)),
                    tagged(704, self.root_of_trust()), tagged(705, der.integer(160000)), tagged(706, der.integer(self.patch // 100)),
                    tagged(718, der.integer(self.patch)), tagged(719, der.integer(self.patch))]
        if self.software_root:
            software.insert(1, hardware.pop(7))
        if self.swap:
            hardware[-1], hardware[-2] = hardware[-2], hardware[-1]
        return der.seq(*software), der.seq(*hardware)

    def description(self):
        version = der.tlv(2, b"\0", self.version.to_bytes(2, "big")) if self.padded else der.integer(self.version)
        out = der.seq(version, der.enumerated(self.level), der.integer(self.version), der.enumerated(self.mint_level),
                      der.octets(self.challenge), der.octets(b""), *self.lists())
        return out + self.tail

    def said(self):
        return der.extension(OID, self.description())

    def certificates(self):
        root, ca = der.common_name("fake KeyMint root"), der.common_name("fake KeyMint CA")
        leaf = der.certificate(der.common_name("Android Keystore Key"), ca, self.key, self.by or self.ca_key, 1, self.period, [
            der.key_usage(der.DIGITAL_SIGNATURE), *(self.leaf_extensions if self.leaf_extensions is not None else (self.said(),))])
        middle = der.certificate(ca, root, self.ca_key, self.root_by or self.root_key, self.serial, PERIOD, [
            der.basic_constraints(self.ca_is_ca), der.key_usage(der.KEY_CERT_SIGN), *self.ca_extensions])
        top_key = self.root_by or self.root_key
        top = der.certificate(root, root, top_key, top_key, 9, self.root_period, [der.basic_constraints(True), der.key_usage(der.KEY_CERT_SIGN)])
        chain = [leaf, middle, top]
        return self.chain_edit(self, chain) if self.chain_edit else chain

    def anchor(self):
        key = self.root_key
        name = der.common_name("fake KeyMint root")
        return der.certificate(name, name, key, key, 9, (AT - 5 * YEAR, AT + 15 * YEAR), [der.basic_constraints(True), der.key_usage(der.KEY_CERT_SIGN)])


def put(**values):
    return lambda p: p.__dict__.update({k: v(p) if callable(v) else v for k, v in values.items()})


def extended(p, chain):
    """The holder of the attested key signs a certificate with a description of his own."""
    other = Phone(p.ring)
    fake = der.certificate(der.common_name("Android Keystore Key"), der.common_name("Android Keystore Key"), p.ring.get("android-fake", "p256"),
                           p.key, 1, PERIOD, [der.key_usage(der.DIGITAL_SIGNATURE), other.said()])
    return [fake, *chain]


def relabelled(p, chain):
    """The same, and the attested certificate is said to be a CA's: it cannot be, its CA signed it otherwise."""
    forged = extended(p, chain)
    other = der.certificate(der.common_name("Android Keystore Key"), der.common_name("fake KeyMint CA"), p.key, p.key, 1, PERIOD, [
        der.basic_constraints(True), der.key_usage(der.KEY_CERT_SIGN)])
    return [forged[0], other, *chain[1:]]


def keep(edit):
    """chain_edit is called with the phone, not stored as what it gives."""
    return lambda p: setattr(p, "chain_edit", edit)


ZERO = bytes(32)
FUTURE, PAST = (AT + DAY, AT + YEAR), (AT - YEAR, AT - DAY)

# control: (edit, policy)
CONTROLS = {
    "tee": (None, {}),
    "strongbox": (put(level=STRONGBOX, mint_level=STRONGBOX), {"strongbox": True}),
    "asked": (None, {"os-patch": 202604, "vendor-patch": 20260401, "boot-patch": 20260401, "package": "org.example.app", "package-version": 7,
                     "signer": (b"\x33" * 32).hex(), "signing-key": True}),
    "v1": (put(version=100), {}), "v400": (put(version=400), {}),
}

# name, control, reason, edit, why
ROWS = [
    ("chain-extended", "tee", "android.chain.ca", keep(extended), "the attested key signs another description"),
    ("chain-extended-ca", "tee", "android.chain.signature", keep(relabelled), "the same, with its own certificate made a CA's by itself"),
    ("described-issuer", "tee", "android.extension.place", put(ca_extensions=lambda p: (p.said(),)), "the issuer has a description, too: an attested key that signs"),
    ("no-description", "tee", "android.extension.present", put(leaf_extensions=()), "no certificate has a description"),
    ("description-above", "tee", "android.extension.place", put(leaf_extensions=(), ca_extensions=lambda p: (p.said(),)), "only the issuer has one"),
    ("zero-boot-key", "tee", "android.boot.key", put(boot_key=ZERO), "a boot key of zeros with VERIFIED"),
    ("empty-boot-key", "tee", "android.boot.key", put(boot_key=b""), "no boot key with VERIFIED"),
    ("unlocked", "tee", "android.boot.locked", put(locked=False), "the boot loader is unlocked"),
    ("unlocked-strongbox", "strongbox", "android.boot.locked", put(locked=False), "the boot loader is unlocked, StrongBox"),
    ("unverified", "tee", "android.boot.state", put(state=UNVERIFIED), "the system is not verified"),
    ("failed", "tee", "android.boot.state", put(state=FAILED), "verification failed"),
    ("self-signed", "tee", "android.boot.state", put(state=SELF_SIGNED), "a system of somebody else's key"),
    ("software-root", "tee", "android.boot.root", put(software_root=True), "only the software says what was booted"),
    ("software", "tee", "android.level", put(level=SOFTWARE, mint_level=SOFTWARE), "a key of software"),
    ("mixed", "tee", "android.level", put(level=TEE, mint_level=SOFTWARE), "described by a TEE, made by software"),
    ("tee-for-strongbox", "strongbox", "android.level", put(level=TEE, mint_level=TEE), "a TEE where a StrongBox was asked for"),
    ("challenge", "tee", "android.challenge", put(challenge=bytes(32)), "made for another challenge"),
    ("challenge-empty", "tee", "android.challenge", put(challenge=b""), "made for no challenge"),
    ("order", "tee", "android.extension.order", put(swap=True), "tags out of order"),
    ("version", "tee", "android.extension.version", put(version=7), "a version that does not exist"),
    ("root", "tee", "android.root.key", put(root_by=lambda p: p.ring.get("android-other", "p384")), "a self-made root with the right name"),
    ("root-google", "tee", "android.root.key", put(root_by=lambda p: p.ring.get("android-rsa", "rsa4096")), "a self-made root of another kind"),
    ("signature", "tee", "android.chain.signature", put(by=lambda p: p.ring.get("android-fake", "p256")), "signed by another key"),
    ("not-ca", "tee", "android.chain.ca", put(ca_is_ca=False), "the issuer is no CA"),
    ("expired", "tee", "android.chain.time", put(period=PAST), "the certificate has expired"),
    ("future", "tee", "android.chain.time", put(period=FUTURE), "the certificate is to come"),
    ("no-root", "tee", "android.root.signature", keep(lambda p, c: c[:2]), "the chain ends before its root"),
    ("reversed", "tee", "android.chain.names", keep(lambda p, c: c[::-1]), "the chain is upside down"),
    ("alone", "tee", "android.chain.length", keep(lambda p, c: c[:1]), "the key's certificate alone"),
    ("revoked", "tee", "android.chain.revoked", put(status=json.dumps({"entries": {"a0b": {"status": "REVOKED", "reason": "KEY_COMPROMISE"}}}).encode()),
     "the issuer is revoked"),
    ("suspended", "tee", "android.chain.revoked", put(status=json.dumps({"entries": {"a0b": {"status": "SUSPENDED"}}}).encode()), "the issuer is suspended"),
    ("list-cut", "tee", "android.revocation.syntax", put(status=b'{"entries": {"a0b"'), "a revocation list that is cut"),
    ("patch", "asked", "android.patch", put(patch=20260301), "patches older than asked for"),
    ("package", "asked", "android.app", put(package="org.example.app2"), "another app"),
    ("signer", "asked", "android.app", put(signer=b"\x34" * 32), "the app of another signer"),
    ("app-old", "asked", "android.app", put(package_version=6), "an older app"),
    ("imported", "asked", "android.key", put(origin=2), "a key that was imported"),
    ("decrypts", "asked", "android.key", put(purposes=(1, 2)), "a key that decrypts, too"),
    ("statement", "tee", "android.key.signature", put(signature_key=lambda p: p.ring.get("android-fake", "p256")), "another key signed the statement"),
]

# Row 51: encodings of which some decoders make something.
LOOSE = [
    ("boolean", "tee", "android.extension.order", put(loose=True), "deviceLocked is a TRUE of another byte"),
    ("integer", "tee", "android.extension.syntax", put(padded=True), "a version with a byte more than it needs"),
    ("tail", "tee", "android.extension.syntax", put(tail=b"\0"), "a byte behind the description"),
]


def make(case_set, ring):
    anchor = case_set.anchor("android-root.der", Phone(ring).anchor())

    def add(name, row, phone, policy, why, **more):
        chain = phone.certificates()
        files = {f"cert{i}": c for i, c in enumerate(chain)}
        files.update(status=phone.status, statement=STATEMENT, signature=phone.signature_key.private.sign(STATEMENT, ec.ECDSA(hashes.SHA256())))
        files["att"] = bundle.android(files, CHALLENGE, policy, len(chain))
        case_set.add("android-" + name, row, "android", files, trust=anchor, why=why, policy=policy, challenge=CHALLENGE.hex(), **more)

    def phone_of(control, edit=None):
        phone = Phone(ring)
        for one in (CONTROLS[control][0], edit):
            if one:
                one(phone)
        return phone

    for control, (_, policy) in CONTROLS.items():
        add(control, "good", phone_of(control), policy, "good: " + control)
    for name, control, reason, edit, why in LOOSE:
        add("51-" + name, 51, phone_of(control, edit), {}, why, reason=reason, control="android-" + control)
    for name, control, reason, edit, why in ROWS:
        add("x-" + name, "android", phone_of(control, edit), CONTROLS[control][1], why, reason=reason, control="android-" + control)

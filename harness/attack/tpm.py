"""What a TPM says, in bytes: public areas, attestations, signatures, names, policies."""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

SHA1, SHA256, SHA384, NULL, RSA, ECC, AES, CFB, RSASSA, RSAPSS, ECDSA = 4, 11, 12, 16, 1, 0x23, 6, 0x43, 0x14, 0x16, 0x18
P256 = 3
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256, SHA384: hashlib.sha384}
MAGIC, QUOTE = 0xFF544347, 0x8018
TYPES = {"certify": 0x8017, "creation": 0x801A, "time": 0x8019, "nv": 0x8014, "session-audit": 0x8016, "command-audit": 0x8015}
FIXED_TPM, FIXED_PARENT, ORIGIN, USER, ADMIN, NO_DA, DUPLICATION, RESTRICTED, DECRYPT, SIGN = (
    1 << 1, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 10, 1 << 11, 1 << 16, 1 << 17, 1 << 18)
AK_ATTRIBUTES = FIXED_TPM | FIXED_PARENT | ORIGIN | ADMIN | NO_DA | RESTRICTED | SIGN
EK_ATTRIBUTES = FIXED_TPM | FIXED_PARENT | ORIGIN | ADMIN | RESTRICTED | DECRYPT
EK_POLICY = bytes.fromhex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa")
POLICY_PCR, POLICY_OR, POLICY_CODE, ACTIVATE = 0x17F, 0x171, 0x16C, 0x147
QUOTED = [*range(10), *range(11, 16)]


def sized(data):
    return struct.pack(">H", len(data)) + data


def selection(bank, pcrs, size=3):
    bits = sum(1 << p for p in pcrs)
    return struct.pack(">HB", bank, size) + bits.to_bytes(max(size, 3), "little")[:size]


def selections(*parts):
    return struct.pack(">I", len(parts)) + b"".join(parts)


def public(key, attributes, policy, scheme=True):
    """TPMT_PUBLIC of an AK (with a scheme) or of an EK."""
    rsa = key.kind.startswith("rsa")
    out = struct.pack(">HHI", RSA if rsa else ECC, SHA256, attributes) + sized(policy)
    if scheme:
        out += struct.pack(">HHH", NULL, RSAPSS if rsa else ECDSA, SHA256)
    else:
        out += struct.pack(">HHHH", AES, 128, CFB, NULL)
    if rsa:
        return out + struct.pack(">HI", 2048, 0) + sized(key.modulus())
    x, y = key.point()
    return out + struct.pack(">HH", P256, NULL) + sized(x) + sized(y)


def name(area):
    return struct.pack(">H", SHA256) + hashlib.sha256(area).digest()


def qualified_name(area):
    return struct.pack(">H", SHA256) + hashlib.sha256(b"\x40\0\0\x0b" + name(area)).digest()


def signature(key, data):
    if key.kind.startswith("rsa"):
        raw = key.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        return struct.pack(">HH", RSAPSS, SHA256) + sized(raw)
    r, s = key.sign_numbers(data, hashes.SHA256())
    return struct.pack(">HH", ECDSA, SHA256) + sized(r.to_bytes(32, "big")) + sized(s.to_bytes(32, "big"))


def attest(signer, nonce, body, magic=MAGIC, kind=QUOTE, resets=7, restarts=2, safe=1):
    clock = struct.pack(">QIIB", 123456, resets, restarts, safe)
    return struct.pack(">IH", magic, kind) + sized(signer) + sized(nonce) + clock + struct.pack(">Q", 0x2026000000000001) + body


def pcr_policy(values, pcrs=None):
    """PolicyOR(P, P + PolicyCommandCode(ActivateCredential)) with P = PolicyPCR: measurement 13."""
    pcrs = QUOTED if pcrs is None else pcrs
    digest = hashlib.sha256(b"".join(values[p] for p in pcrs)).digest()
    first = extend(bytes(32), struct.pack(">I", POLICY_PCR) + selections(selection(SHA256, pcrs)) + digest)
    second = extend(first, struct.pack(">II", POLICY_CODE, ACTIVATE))
    return extend(bytes(32), struct.pack(">I", POLICY_OR) + first + second), [first, second]


def extend(value, data, bank=SHA256):
    return HASHES[bank](value + data).digest()


def kdfa(key, label, context_u=b"", context_v=b"", bits=256):
    data = struct.pack(">I", 1) + label + b"\0" + context_u + context_v + struct.pack(">I", bits)
    return hmac.digest(key, data, "sha256")[:bits // 8]

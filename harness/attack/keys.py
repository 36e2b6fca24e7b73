"""The kit's keys: made once for a work folder, never for anything else, thrown away with it."""
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

import der

__all__ = ["Key", "Ring"]

PSS384 = der.seq(der.oid("1.2.840.113549.1.1.10"), der.seq(
    der.explicit(0, der.seq(der.oid(der.SHA384), der.null())),
    der.explicit(1, der.seq(der.oid("1.2.840.113549.1.1.8"), der.seq(der.oid(der.SHA384), der.null()))),
    der.explicit(2, der.integer(48))))
RSA256 = der.seq(der.oid("1.2.840.113549.1.1.11"), der.null())
ECDSA256 = der.seq(der.oid("1.2.840.10045.4.3.2"))
ECDSA384 = der.seq(der.oid("1.2.840.10045.4.3.3"))
CURVES = {"p256": ec.SECP256R1, "p384": ec.SECP384R1}


class Key:
    """A private key with the one way in which it signs certificates."""

    def __init__(self, private, kind):
        self.private, self.kind = private, kind
        public = private.public_key()
        form = serialization.PublicFormat
        self.spki = public.public_bytes(serialization.Encoding.DER, form.SubjectPublicKeyInfo)
        self.numbers = public.public_numbers()
        self.id = der.digest(self.spki)[:20]
        self.algorithm = {"pss4096": PSS384, "rsa2048": RSA256, "rsa4096": RSA256, "p256": ECDSA256, "p384": ECDSA384}[kind]

    def sign(self, data):
        if self.kind == "pss4096":
            how = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
            return self.private.sign(data, how, hashes.SHA384())
        if self.kind.startswith("rsa"):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data, ec.ECDSA(hashes.SHA384() if self.kind == "p384" else hashes.SHA256()))

    def sign_pss512(self, data):
        """As an AO-Core wallet does."""
        return self.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512())

    def sign_numbers(self, data, hash_algorithm):
        """(r, s) of an ECDSA signature."""
        return utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hash_algorithm)))

    def modulus(self):
        return self.numbers.n.to_bytes(self.private.key_size // 8, "big")

    def point(self):
        size = (self.private.curve.key_size + 7) // 8
        return self.numbers.x.to_bytes(size, "big"), self.numbers.y.to_bytes(size, "big")


class Ring:
    """Keys by name, kept in a folder: an RSA key of 4096 bits takes a second to make."""

    def __init__(self, folder):
        self.folder, self.keys = folder, {}
        os.makedirs(folder, mode=0o700, exist_ok=True)

    def get(self, name, kind):
        if name not in self.keys:
            self.keys[name] = Key(self.load(f"{self.folder}/{name}.{kind}.pem", kind), kind)
        return self.keys[name]

    @staticmethod
    def load(path, kind):
        if os.path.exists(path):
            with open(path, "rb") as file:
                return serialization.load_pem_private_key(file.read(), None)
        if kind in CURVES:
            private = ec.generate_private_key(CURVES[kind]())
        else:
            private = rsa.generate_private_key(65537, int(kind[3:]))
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        with open(path + ".new", "wb") as file:
            file.write(private.private_bytes(encoding, form, serialization.NoEncryption()))
        os.rename(path + ".new", path)
        return private

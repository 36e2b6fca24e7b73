"""A UKI as the firmware and the stub see it: sections, Authenticode digest, predicted PCRs (spec/image.md)."""
import hashlib
import struct

# Sections that the stub measures into PCR 11, in its order (systemd 257).
MEASURED = (".linux", ".osrel", ".cmdline", ".initrd", ".uname", ".sbat")
# Measured too, but not part of our image: their presence is a mistake, not a prediction.
ABSENT = (".ucode", ".splash", ".dtb", ".pcrpkey", ".profile", ".dtbauto", ".hwids")
BOOT_ACTION = b"Calling EFI Application from Boot Option"
SEPARATOR = bytes(4)


def sha256(data):
    return hashlib.sha256(data).digest()


def replay(digests):
    value = bytes(32)
    for digest in digests:
        value = sha256(value + digest)
    return value


class Image:
    """A PE32+ file: its sections and its Authenticode digest."""

    def __init__(self, data):
        self.data = data
        header = struct.unpack_from("<I", data, 0x3C)[0]
        if data[:2] != b"MZ" or data[header : header + 4] != b"PE\0\0":
            raise ValueError("not a PE file")
        count, optional_size = struct.unpack_from("<H12xH", data, header + 6)
        optional = header + 24
        if struct.unpack_from("<H", data, optional)[0] != 0x20B:
            raise ValueError("not a PE32+ file")
        self.checksum = optional + 64
        self.security = optional + 112 + 4 * 8
        self.sections = {}
        for n in range(count):
            row = optional + optional_size + 40 * n
            name, virtual, _, raw, offset = struct.unpack_from("<8s4I", data, row)
            self.sections[name.rstrip(b"\0").decode()] = data[offset : offset + min(virtual, raw)]

        start, size = struct.unpack_from("<II", data, self.security)
        if size and start + size != len(data):
            raise ValueError("signatures are not at the file's end")
        self.end = start if size else len(data)

    def signatures(self):
        return self.data[self.end :]

    def authenticode(self):
        """Everything but the checksum, the table's own entry and the signatures at the end."""
        parts = ((0, self.checksum), (self.checksum + 4, self.security), (self.security + 8, self.end))
        return sha256(b"".join(self.data[a:b] for a, b in parts))

    def pcr4(self):
        return replay((sha256(BOOT_ACTION), sha256(SEPARATOR), self.authenticode()))

    def pcr11(self):
        strange = [s for s in ABSENT if s in self.sections]
        if strange:
            raise ValueError(f"sections without a rule: {' '.join(strange)}")
        digests = []
        for name in MEASURED:
            digests += [sha256(name.encode() + b"\0"), sha256(self.sections[name])]
        return replay(digests)

    def text(self, name):
        return self.sections[name].rstrip(b"\0").decode()

"""A small firmware log with all that a verdict looks at, as a list of events that an attack can edit."""
import dataclasses
import hashlib
import struct

import tpm

NO_ACTION, SEPARATOR, ACTION, EVENT_TAG, CRTM_VERSION, COMPACT_HASH, IPL, POST_CODE = 3, 4, 5, 6, 8, 12, 13, 1
VARIABLE, APPLICATION, EFI_ACTION, BLOB, HCRTM = 0x80000001, 0x80000003, 0x80000007, 0x80000008, 0x80000010
GLOBAL = bytes.fromhex("61dfe48bca93d211aa0d00e098032b8c")
SECURITY = bytes.fromhex("cbb219d73a3d9645a3bcdad00e67656f")


@dataclasses.dataclass
class Event:
    pcr: int
    type: int
    data: bytes
    digest: bytes

    def encode(self, banks):
        digests = b"".join(struct.pack("<H", b) + (self.digest if b == tpm.SHA256 else tpm.HASHES[b](self.digest).digest()) for b in banks)
        return struct.pack("<III", self.pcr, self.type, len(banks)) + digests + struct.pack("<I", len(self.data)) + self.data


def event(pcr, kind, data, measured=None):
    return Event(pcr, kind, data, hashlib.sha256(data if measured is None else measured).digest())


def no_action(pcr, data):
    return Event(pcr, NO_ACTION, data, bytes(32))


def locality(number, pcr=0):
    return no_action(pcr, b"StartupLocality\0" + bytes([number]))


def variable(guid, name, data):
    text = name.encode("utf-16le")
    return event(7, VARIABLE, guid + struct.pack("<QQ", len(name), len(data)) + text + data)


def header(banks=(tpm.SHA256,), signature=b"Spec ID Event03\0"):
    sizes = {tpm.SHA1: 20, tpm.SHA256: 32, tpm.SHA384: 48}
    data = signature + bytes([0, 0, 0, 0, 0, 2, 0, 2]) + struct.pack("<I", len(banks))
    data += b"".join(struct.pack("<HH", b, sizes[b]) for b in banks) + b"\0"
    return struct.pack("<II", 0, NO_ACTION) + bytes(20) + struct.pack("<I", len(data)) + data


def good():
    out = [
        event(0, CRTM_VERSION, "1.0\0".encode("utf-16le")), event(0, BLOB, b"0123456789abcdef", b"firmware volume"),
        variable(GLOBAL, "SecureBoot", b"\1"), variable(GLOBAL, "PK", b""), variable(GLOBAL, "KEK", b""),
        variable(SECURITY, "db", b""), variable(SECURITY, "dbx", b""),
        event(4, EFI_ACTION, b"Calling EFI Application from Boot Option"),
    ]
    out += [event(pcr, SEPARATOR, bytes(4)) for pcr in range(8)]
    out.append(event(4, APPLICATION, b"device path", b"a unified kernel image"))
    for section in (".linux", ".osrel", ".cmdline", ".initrd"):
        named = (section + "\0").encode("utf-16le")
        out += [event(11, IPL, named, section.encode() + b"\0"), event(11, IPL, named, b"content")]
    return out


def encode(events, banks=(tpm.SHA256,), first=None):
    return (header(banks) if first is None else first) + b"".join(e.encode(banks) for e in events)


def find(events, pcr, kind, nth=0):
    return [e for e in events if e.pcr == pcr and e.type == kind][nth]


def replay(events, start=0):
    """All 24 PCRs after these events, EV_NO_ACTION left out."""
    values = [bytes(32)] * 24
    values[0] = bytes(31) + bytes([start])
    for e in events:
        if e.type != NO_ACTION and e.pcr < 24:
            values[e.pcr] = tpm.extend(values[e.pcr], e.digest)
    return values

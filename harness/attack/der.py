"""DER and X.509 by hand: libraries refuse to write what the kit needs."""
import datetime
import hashlib

SHA384 = "2.16.840.1.101.3.4.2.2"
SHA256 = "2.16.840.1.101.3.4.2.1"


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def long_form(encoded):
    """The same value with its length in one byte more than it needs: BER, not DER."""
    tag, first = encoded[0], encoded[1]
    if first < 128:
        return bytes([tag, 0x81, first]) + encoded[2:]
    size = first & 0x7F
    return bytes([tag, 0x80 | size + 1, 0]) + encoded[2:]


def seq(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *parts)


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def enumerated(value):
    return tlv(10, bytes([value]))


def boolean(value):
    return tlv(1, b"\xff" if value else b"\0")


def octets(value):
    return tlv(4, value)


def bits(value, unused=0):
    return tlv(3, bytes([unused]), value)


def null():
    return tlv(5)


def utf8(text):
    return tlv(12, text.encode())


def ia5(text):
    return tlv(0x16, text.encode())


def explicit(number, *parts):
    return tlv(0xA0 | number, *parts) if number < 31 else high_tag(number, *parts)


def high_tag(number, *parts):
    """[number] EXPLICIT with a tag of several bytes, as KeyMint's tags are."""
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    body = b"".join(parts)
    return bytes([0xBF, *reversed(digits)]) + tlv(0, body)[1:]


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = b""
    for number in [first * 40 + second, *rest]:
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(0x80 | number & 0x7F)
        out += bytes(reversed(digits))
    return tlv(6, out)


def time(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    if 1950 <= moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def name(*attributes):
    """A distinguished name of (oid, text) pairs."""
    return seq(*(set_of(seq(oid(kind), utf8(text))) for kind, text in attributes))


def common_name(text):
    return name(("2.5.4.3", text))


def extension(dotted, value, critical=False):
    return seq(oid(dotted), boolean(True) if critical else b"", octets(value))


def basic_constraints(is_ca, depth=None):
    inside = (boolean(True) if is_ca else b"") + (integer(depth) if depth is not None else b"")
    return extension("2.5.29.19", seq(inside), True)


KEY_CERT_SIGN, CRL_SIGN, KEY_AGREEMENT, KEY_ENCIPHERMENT, DIGITAL_SIGNATURE = 5, 6, 4, 2, 0


def key_usage(*uses):
    value = 0
    for use in uses:
        value |= 0x80 >> use
    unused = 7 - max(uses)
    return extension("2.5.29.15", bits(bytes([value]), unused), True)


def subject_key_id(key):
    return extension("2.5.29.14", octets(key.id))


def authority_key_id(key):
    return extension("2.5.29.35", seq(tlv(0x80, key.id)))


def tbs_certificate(subject, issuer, spki, algorithm, serial, period, extensions):
    return seq(explicit(0, integer(2)), integer(serial), algorithm, issuer, seq(time(period[0]), time(period[1])), subject, spki,
               explicit(3, seq(*extensions)) if extensions else b"")


def certificate(subject, issuer, key, by, serial, period, extensions, wrap=seq):
    tbs = tbs_certificate(subject, issuer, key.spki, by.algorithm, serial, period, extensions)
    return wrap(tbs, by.algorithm, bits(by.sign(tbs)))


def crl(issuer, by, period, serials=(), signature=None, number=1):
    revoked = [seq(integer(serial), time(period[0])) for serial in serials]
    tbs = seq(integer(1), by.algorithm, issuer, time(period[0]), time(period[1]), seq(*revoked) if revoked else b"",
              explicit(0, seq(extension("2.5.29.20", integer(number)))))
    return seq(tbs, by.algorithm, bits(by.sign(tbs) if signature is None else signature))


def digest(data):
    return hashlib.sha256(data).digest()

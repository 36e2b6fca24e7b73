#!/usr/bin/env python3
"""An AO-Core client of its own: spec/message.md in Python, sharing no code with the node that it judges.

usage: aocore_client.py verify URL [-H 'NAME: VALUE']...   fetch, verify; exit 0 only if an RSA commitment and all else hold
       aocore_client.py id JSONTEXT                        print a message's unsigned id

Needs python3-cryptography.
"""
import base64
import hashlib
import hmac
import http.client
import json
import math
import re
import sys
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA512

KEYS_SIGNED, KEYS_READ, LEVELS, INLINE = 32, 256, 16, 4096
CONSTANT = b"constant:ao"
DERIVED = {b"authority", b"method", b"path", b"query", b"query-param", b"request-target", b"scheme", b"target-uri"}
PLAIN = set(b"abcdefghijklmnopqrstuvwxyz0123456789.-_/?&")
MULTIPART = b'multipart/form-data; boundary="'
TEXTS = ("commitment-device", "committer", "keyid", "nonce", "tag", "type")


class Refused(Exception):
    """What is wrong with a message; the text says it."""


def need(condition, text):
    if not condition:
        raise Refused(text)


def b64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def un64(text, alphabet=b"-_"):
    """Decodes with or without padding, one text per value."""
    bare = text.rstrip(b"=")
    try:
        raw = base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=alphabet, validate=True)
    except ValueError as error:
        raise Refused("bad base64") from error
    need(base64.b64encode(raw, alphabet).rstrip(b"=") == bare, "base64 with stray bits")
    return raw


class Level:
    """One level: leaves as bytes with their types, nested levels, commitments."""

    def __init__(self, is_list=False):
        self.values, self.types, self.is_list, self.commitments = {}, {}, is_list, {}

    def fields(self):
        """The level as the wire has it: ao-types among its keys."""
        out = dict(self.values)
        parts = ['.="list"'] if self.is_list else []
        parts += [f'{escape(k).decode()}="{t}"' for k, t in sorted(self.types.items())]
        if parts:
            out[b"ao-types"] = ", ".join(parts).encode()
        return out


def escape(key):
    return b"".join(bytes([c]) if c in PLAIN else b"%%%02x" % c for c in key)


def unescape(text):
    return re.sub(rb"%([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), text)


# Structured fields


class Fields:
    """A scanner of dictionaries (RFC 9651)."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def take(self, pattern):
        match = re.compile(pattern, re.S).match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def must(self, pattern):
        match = self.take(pattern)
        need(match, f"structured field: expected {pattern!r} at {self.at}")
        return match

    def item(self):
        if match := self.take(rb'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"'):
            return re.sub(rb"\\(.)", rb"\1", match[1])
        if match := self.take(rb":([A-Za-z0-9+/=]*):"):
            need(len(match[1]) % 4 == 0, "unpadded byte sequence")
            return ("bytes", un64(match[1], b"+/"))
        if match := self.take(rb"-?\d{1,15}(?![\d.])"):
            return int(match[0])
        return ("token", self.must(rb"[*A-Za-z][-!#$%&'*+.^_`|~:/0-9A-Za-z]*")[0])

    def members(self):
        out = {}
        while self.take(rb" *") and self.at < len(self.text):
            key = self.must(rb"[-a-z0-9_.*/?&%]+")[0]
            need(key not in out, "a member twice")
            value, params = True, {}
            if self.take(rb"="):
                value = self.inner_list() if self.take(rb"\(") else self.item()
            while self.take(rb"; *"):
                name = self.must(rb"[-a-z0-9_.*]+")[0].decode()
                need(name not in params, "a parameter twice")
                params[name] = self.item() if self.take(rb"=") else True
            out[key] = (value, params)
            if self.take(rb"[ \t]*,[ \t]*"):
                need(self.at < len(self.text), "a comma at the end")
            else:
                need(self.take(rb"[ \t]*\Z"), "no comma")
        return out

    def inner_list(self):
        out = []
        while not self.take(rb" *\)"):
            need(not out or self.take(rb" +"), "no space in a list")
            value = self.item()
            need(isinstance(value, bytes), "a list of no strings")
            out.append(value)
        return out


# Typed values


def float_text(number):
    return b"%.20e" % number


def check_type(kind, text):
    if kind == "integer":
        return re.fullmatch(rb"0|-?[1-9]\d{0,14}", text)
    if kind == "float":
        try:
            return math.isfinite(float(text)) and float_text(float(text)) == text
        except ValueError:
            return False
    return kind == "atom" and re.fullmatch(rb"[\x21-\x7e]{1,255}", text)


def apply_types(level, text):
    if text == b"empty-message":
        need(not level.values, "an empty message with keys")
        return
    for name, (kind, params) in Fields(text).members().items():
        need(isinstance(kind, bytes) and not params, "a type that is no string")
        if name == b"." and kind == b"list":
            level.is_list = True
            continue
        key, kind = unescape(name), kind.decode()
        value = level.values.get(key)
        need(isinstance(value, bytes), "a type of no leaf")
        need(level.types.get(key, kind) == kind and check_type(kind, value), f"not of type {kind}")
        level.types[key] = kind


def finish(level, depth=1):
    """Takes ao-types and commitments out of a raw level and of those below it."""
    need(depth <= LEVELS + 3 and len(level.values) <= KEYS_READ, "too deep or too many keys")
    for key, value in level.values.items():
        if isinstance(value, Level):
            finish(value, depth + 1)
        elif key.endswith(b"+link"):
            need(len(un64(value)) == 32 and key[:-5] not in level.values, "a bad link")
    apply_types(level, level.values.pop(b"ao-types", b""))
    if level.is_list:
        need(set(level.values) == {b"%d" % (i + 1) for i in range(len(level.values))}, "a list with a hole")
    commitments = level.values.pop(b"commitments", Level())
    need(isinstance(commitments, Level), "commitments are a leaf")
    for name, fields in commitments.values.items():
        need(isinstance(fields, Level) and len(un64(name)) == 32, "a commitment is no message")
        level.commitments[name] = read_commitment(fields)


def read_commitment(fields):
    out = {}
    for key, value in fields.values.items():
        name = key.decode()
        if name == "committed":
            need(isinstance(value, Level) and value.is_list, "committed is no list")
            out[name] = [value.values[b"%d" % (i + 1)] for i in range(len(value.values))]
        elif name in ("created", "expires"):
            need(fields.types.get(key) == "integer", "a time is no integer")
            out[name] = int(value)
        elif name == "signature":
            out[name] = un64(value)
        else:
            need(name in TEXTS or (name == "bundle" and value == b"true"), f"unknown member {name}")
            need(isinstance(value, bytes), f"{name} is no text")
            out[name] = value
    need("signature" in out and "type" in out, "a commitment without signature or type")
    return out


def write_commitment(commitment):
    out = Level()
    for name, value in commitment.items():
        key = name.encode()
        if name == "committed":
            out.values[key] = Level(is_list=True)
            out.values[key].values = {b"%d" % (i + 1): k for i, k in enumerate(value)}
        elif isinstance(value, int):
            out.values[key], out.types[key] = b"%d" % value, "integer"
        else:
            out.values[key] = b64url(value) if name == "signature" else value
    return out


# JSON


def from_json(text):
    def pairs(items):
        need(len({k for k, _ in items}) == len(items), "a key twice")
        return dict(items)

    def never(token):
        raise Refused(f"{token} is no number")

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=never)
    except (ValueError, RecursionError) as error:
        raise Refused("no JSON") from error
    need(isinstance(data, dict), "no JSON object")
    level = raw_level(data)
    finish(level)
    need(not level.is_list, "a list on the outside")
    return level


def raw_level(data, depth=1):
    need(depth <= LEVELS + 3, "too deep")
    level = Level(is_list=isinstance(data, list))
    for key, value in enumerate(data, 1) if level.is_list else data.items():
        key = str(key).encode()
        if isinstance(value, (dict, list)):
            level.values[key] = raw_level(value, depth + 1)
        elif isinstance(value, str):
            level.values[key] = value.encode()
        elif value is None or isinstance(value, bool):
            level.values[key], level.types[key] = {None: b"null", True: b"true", False: b"false"}[value], "atom"
        elif isinstance(value, int):
            need(abs(value) < 10**15, "over 15 digits")
            level.values[key], level.types[key] = b"%d" % value, "integer"
        else:
            level.values[key], level.types[key] = float_text(value), "float"
    return level


# HTTP form, bases, ids


def digest(body):
    return b"sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()) + b":"


def http_form(fields):
    """(headers, body, keys that went to the body, is multipart) of a level's fields."""
    inline = b"data" if b"data" in fields and b"body" not in fields else b"body"
    headers = {b"ao-body-key": b"data"} if inline == b"data" else {}
    content = {}
    for key, value in fields.items():
        if isinstance(value, Level) or len(value) > INLINE or key == inline:
            content[key] = value
        else:
            headers[escape(key) if len(key) in (32, 42, 43) else key] = value
    if not content:
        return headers, b"", [], False
    plain = list(content) == [inline] and isinstance(content[inline], bytes)
    if plain:
        body = content[inline]
        need(body, "an empty body")
    else:
        need(b"content-type" not in headers, "a content-type beside nested messages")
        boundary, body = multipart(content, inline)
        headers[b"content-type"] = MULTIPART + boundary + b'"'
    headers[b"content-digest"] = digest(body)
    return headers, body, sorted(content), not plain


def parts_of(path, value):
    """{name: bytes or {line: value}} of what is at a path."""
    if isinstance(value, bytes):
        return {path: value}
    out, lines = {}, {}
    fields = value.fields()
    for key, inner in fields.items():
        if isinstance(inner, Level) or len(inner) > INLINE:
            out.update(parts_of(path + b"/" + key, inner))
        else:
            lines[key] = inner
    if not fields:
        out[path] = {b"ao-types": b"empty-message"}
    elif list(lines) == [b"body"]:
        out[path + b"/body"] = lines[b"body"]
    elif lines:
        out[path] = lines
    return out


def multipart(content, inline):
    parts = {}
    for key, value in content.items():
        parts.update(parts_of(key, value))
    texts = []
    for name, part in sorted(parts.items()):
        where = b"inline" if name == inline else b'form-data;name="%s"' % name
        lines, body = ({}, part) if isinstance(part, bytes) else (dict(part), part.get(b"body"))
        lines.pop(b"body", None)
        lines[b"content-disposition"] = where
        need(not any(set(b"\r\n") & set(v) for v in lines.values()), "a line break in a part's line")
        text = b"\r\n".join(k + b": " + v for k, v in sorted(lines.items()))
        texts.append(text if body is None else text + b"\r\n\r\n" + body)
    boundary = b64url(hashlib.sha256(b"\r\n".join(texts)).digest())
    body = b"".join(b"--" + boundary + b"\r\n" + t + b"\r\n" for t in texts)
    return boundary, body + b"--" + boundary + b"--"


def link_fields(level):
    out = {}
    for key, value in level.fields().items():
        if isinstance(value, Level):
            out[key + b"+link"] = b64url(link_id(value))
        else:
            out[key] = value
    return out


def bundled(level):
    """A copy whose nested messages carry their commitments as levels."""
    copy = Level(level.is_list)
    copy.types = dict(level.types)
    for key, value in level.values.items():
        if isinstance(value, Level):
            inner = bundled(value)
            if not value.is_list and value.values:
                inner.values[b"commitments"] = Level()
                for name, one in (value.commitments or unsigned(value)).items():
                    inner.values[b"commitments"].values[name] = write_commitment(one)
            value = inner
        copy.values[key] = value
    return copy


def base_of(headers, commitment, order):
    names = sorted(headers)
    if len(names) > KEYS_SIGNED:
        names = [k if k in headers else k + b"+link" for k in order]
        need(sorted(names) == sorted(headers), "cannot tell the order of so many keys")
    need(not any(set(b"\r\n") & set(v) for v in headers.values()), "a line break in a value")
    params = {"alg": "type", "keyid": "keyid", "nonce": "nonce", "tag": "tag", "bundle": "bundle", "created": "created", "expires": "expires"}
    tail = b""
    for param in sorted(params):
        value = commitment.get(params[param])
        if isinstance(value, int):
            tail += b";%s=%d" % (param.encode(), value)
        elif value:
            tail += b';%s="%s"' % (param.encode(), re.sub(rb'(["\\])', rb"\\\1", value))
    lines = b"\n".join(b'"%s": %s' % (n, headers[n]) for n in names)
    listed = b" ".join(b'"%s%s"' % (b"@" if n in DERIVED else b"", n) for n in names)
    return lines + b'\n"@signature-params": (' + listed + b")" + tail


def committed_of(headers, content, is_multipart):
    out = []
    for name in sorted(headers):
        if name == b"content-digest" and content:
            out += content
        elif name != b"ao-body-key" and not (is_multipart and name == b"content-type"):
            key = unescape(name) if b"%" in name else name
            out.append(key[:-5] if key.endswith(b"+link") else key)
    return out


def unsigned(level):
    """{id: commitment} of the hmac-sha256 commitment."""
    need(len(level.fields()) <= KEYS_SIGNED, "more than 32 keys have no id")
    headers, _, content, is_multipart = http_form(link_fields(level))
    out = {"commitment-device": b"httpsig@1.0", "type": b"hmac-sha256", "keyid": CONSTANT}
    out["signature"] = hmac.digest(CONSTANT, base_of(headers, out, []), "sha256")
    out["committed"] = committed_of(headers, content, is_multipart)
    return {b64url(out["signature"]): out}


def unsigned_id(level):
    return next(iter(unsigned(level)))


def link_id(level):
    total = [int.from_bytes(un64(name), "big") for name, c in level.commitments.items() if c.get("committer")]
    return (sum(total) % 2**256).to_bytes(32, "big") if total else un64(unsigned_id(level))


# Verifying


def modulus_of(keyid):
    need(keyid.startswith(b"publickey:"), "keyid is no public key")
    text = keyid[len(b"publickey:") :].replace(b"+", b"-").replace(b"/", b"_")
    raw = un64(text)
    need(len(raw) == 512, "not a 4096-bit key")
    return raw


def verify_rsa(commitment, base):
    modulus = modulus_of(commitment.get("keyid", b""))
    address = b64url(hashlib.sha256(modulus).digest())
    need(commitment.get("committer") == address, "the committer is not the key's address")
    key = rsa.RSAPublicNumbers(65537, int.from_bytes(modulus, "big")).public_key()
    scheme = padding.PSS(padding.MGF1(SHA512()), padding.PSS.AUTO)
    try:
        key.verify(commitment["signature"], base, scheme, SHA512())
    except InvalidSignature as error:
        raise Refused("an RSA signature does not verify") from error


def verify_one(level, name, commitment):
    signature, kind = commitment["signature"], commitment["type"]
    own = signature if len(signature) == 32 else hashlib.sha256(signature).digest()
    need(un64(name) == own, "an id is not its signature's")
    need(commitment.get("commitment-device") == b"httpsig@1.0", "an unknown device")
    committed = commitment.get("committed", [])
    keys = {k[:-5] if k.endswith(b"+link") else k for k in level.fields()}
    need(len(set(committed)) == len(committed), "a key is committed twice")
    need(keys <= set(committed), "keys that are not committed: " + b" ".join(sorted(keys - set(committed))).decode(errors="replace"))
    need(set(committed) <= keys, "committed keys that are not there")
    fields = bundled(level).fields() if "bundle" in commitment else link_fields(level)
    base = base_of(http_form(fields)[0], commitment, committed)
    if kind == b"rsa-pss-sha512":
        verify_rsa(commitment, base)
    else:
        need(kind == b"hmac-sha256" and commitment.get("keyid") == CONSTANT, "an unknown type or key")
        need(not commitment.get("committer"), "nobody signs with a constant")
        need(hmac.digest(CONSTANT, base, "sha256") == signature, "a MAC does not verify")


def verify_level(level, nested=False):
    """Verifies every commitment of a level and below; returns the signers of this one."""
    for value in level.values.values():
        if isinstance(value, Level):
            verify_level(value, nested=True)
    for name, commitment in level.commitments.items():
        need(not (nested and "bundle" in commitment), "a bundle inside another")
        verify_one(level, name, commitment)
    return sorted(c["committer"].decode() for c in level.commitments.values() if c["type"] == b"rsa-pss-sha512")


def reduce(level):
    """Drops what not every commitment covers, as HTTP adds keys of its own."""
    sets = [set(c.get("committed", [])) for c in level.commitments.values()]
    kept = set.intersection(*sets) if sets else set()
    level.values = {k: v for k, v in level.values.items() if (k[:-5] if k.endswith(b"+link") else k) in kept}
    level.types = {k: t for k, t in level.types.items() if k in level.values and b"ao-types" in kept}


def read_parts(body, boundary, inline):
    mark = b"\r\n--" + boundary
    need(boundary and body.startswith(mark[2:] + b"\r\n") and body.endswith(mark + b"--"), "a malformed multipart body")
    top = Level()
    for part in body[len(mark) : -len(mark) - 2].split(mark + b"\r\n"):
        head, gap, content = part.partition(b"\r\n\r\n")
        lines = {}
        for line in head.split(b"\r\n"):
            key, colon, value = line.partition(b": ")
            need(colon and key not in lines, "a bad line in a part")
            lines[key] = value
        where = lines.pop(b"content-disposition", b"")
        name = inline if where == b"inline" else (re.fullmatch(rb'form-data;name="([^"]+)"', where) or [b"", b""])[1]
        need(name and (lines or gap), "a part without name or content")
        *path, last = name.split(b"/")
        level = top
        for step in path:
            level = level.values.setdefault(step, Level())
            need(isinstance(level, Level), "a path through a leaf")
        if not lines:
            need(last not in level.values, "a part twice")
            level.values[last] = content
            continue
        if gap:
            lines[b"body"] = content
        level = level.values.setdefault(last, Level())
        need(isinstance(level, Level) and not set(lines) & set(level.values), "a part twice")
        level.values.update(lines)
    return top.values


def read_signatures(level, signature, given, content, is_multipart):
    signatures, inputs = Fields(signature).members(), Fields(given).members()
    need(signatures.keys() == inputs.keys(), "signature and signature-input differ")
    for label, (value, _) in signatures.items():
        need(label.startswith(b"comm-") and value[0] == "bytes", "no comm- signature")
        names, params = inputs[label]
        need(isinstance(names, list), "signature-input is no list")
        need(set(params) <= {"alg", "keyid", "tag", "nonce", "created", "expires", "bundle"}, "an unknown parameter")
        one = {"commitment-device": b"httpsig@1.0", "signature": value[1], "committed": []}
        one.update(("type" if k == "alg" else k, v) for k, v in params.items())
        need("type" in one and one.get("bundle", b"true") == b"true", "no alg, or an odd bundle")
        if one["type"] == b"rsa-pss-sha512":
            one["committer"] = b64url(hashlib.sha256(modulus_of(one.get("keyid", b""))).digest())
        bare = [re.sub(rb"\+link\Z", b"", n.removeprefix(b"@")) for n in names]
        for name in bare:
            if name == b"content-digest":
                one["committed"] += [k for k in sorted(content) if k not in bare and ("bundle" in one or isinstance(content[k], bytes))]
            elif name != b"ao-body-key" and not (is_multipart and name == b"content-type"):
                one["committed"].append(unescape(name) if b"%" in name else name)
        raw = value[1] if len(value[1]) == 32 else hashlib.sha256(value[1]).digest()
        level.commitments[b64url(raw)] = one


def from_http(headers, body):
    """A level with its commitments from {name: value} and a body."""
    rest = {k.lower(): v for k, v in headers.items()}
    need(len(rest) == len(headers), "a header twice")
    signature, given = rest.pop(b"signature", b""), rest.pop(b"signature-input", b"")
    if (told := rest.pop(b"content-digest", None)) is not None:
        need(told == digest(body), "content-digest is not the body's")
    inline = rest.pop(b"ao-body-key", b"body")
    need(inline in (b"body", b"data"), "an unknown body key")
    is_multipart = rest.get(b"content-type", b"").startswith(MULTIPART)
    if is_multipart:
        content = read_parts(body, rest.pop(b"content-type")[len(MULTIPART) : -1], inline)
    else:
        content = {inline: body} if body else {}
    level = Level()
    level.values = {unescape(k) if b"%" in k else k: v for k, v in rest.items()}
    need(not set(level.values) & (set(content) | {b"body", b"commitments"}), "a key in headers and body")
    level.values.update(content)
    finish(level)
    read_signatures(level, signature, given, content, is_multipart)
    return level


def judge(headers, body):
    """Reads and verifies a response; returns (form, level, signers)."""
    kind = headers.get(b"content-type", b"").split(b";")[0]
    form = "json" if kind == b"application/json" and b"signature" not in headers else "httpsig"
    level = from_json(body) if form == "json" else from_http(headers, body)
    if form == "httpsig":
        reduce(level)
    signers = verify_level(level)
    need(signers, "nobody signed the message")
    return form, level, signers


def fetch(url, extra):
    parts = urllib.parse.urlsplit(url)
    make = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[parts.scheme]
    connection = make(parts.hostname, parts.port, timeout=60)
    path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    connection.request("GET", path, headers=extra)
    response = connection.getresponse()
    headers = {}
    for name, value in response.getheaders():
        name, value = name.lower().encode("latin-1"), value.encode("latin-1")
        headers[name] = headers[name] + b", " + value if name in headers else value
    return response.status, headers, response.read()


def command_verify(url, extra):
    status, headers, body = fetch(url, extra)
    out = {"status": status, "valid": False}
    try:
        form, level, signers = judge(headers, body)
        out.update(form=form, signers=signers, ids=sorted(n.decode() for n in level.commitments), keys=sorted(k.decode(errors="replace") for k in level.values), valid=True)
    except Refused as refused:
        out["why"] = str(refused)
    print(json.dumps(out, indent=1))
    return 0 if out["valid"] else 1


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "id":
        try:
            print(unsigned_id(from_json(arguments[1].encode())).decode())
        except Refused as refused:
            print(f"aocore_client: {refused}", file=sys.stderr)
            return 1
        return 0
    if len(arguments) >= 2 and arguments[0] == "verify" and arguments[2::2] == ["-H"] * len(arguments[3::2]) and len(arguments) % 2 == 0:
        return command_verify(arguments[1], dict(re.split(r":\s*", h, maxsplit=1) for h in arguments[3::2]))
    print(__doc__, file=sys.stderr)
    return 100


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

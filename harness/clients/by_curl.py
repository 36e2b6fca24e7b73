"""curl: every documented endpoint in every format, and what is refused."""
import base64
import json
import os
import re
import subprocess
import tempfile

NONCE = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
JSON, BUNDLE, HTML = ["-H", "accept: application/json"], ["-H", "accept-bundle: true"], ["-H", "accept: text/html"]
FLAT = ["-H", "accept: application/flat@1.0"]
FORMS = [
    # name      headers  content type
    ("default", [],      None),
    ("bundle",  BUNDLE,  None),
    ("json",    JSON,    "application/json"),
    ("flat",    FLAT,    "application/flat"),
    ("html",    HTML,    "text/html; charset=utf-8"),
]
# How each documented endpoint is asked: query, and content types that do not follow the format.
ENDPOINTS = {
    "/~measurement@1.0/boot": "",
    "/~measurement@1.0/fresh": "?nonce=" + NONCE,
    "/~measurement@1.0/info": "",
    "/~meta@1.0/info": "",
    "/~system@1.0/all": "",
}
UNSIGNED = {
    "/": "text/html; charset=utf-8",
    "/~hyperbuddy@1.0/index": "text/html; charset=utf-8",
    "/metrics": "text/plain; version=0.0.4; charset=utf-8",
    "/~hyperbuddy@1.0/metrics": "text/plain; version=0.0.4; charset=utf-8",
}
POSTED = {
    # target                           body made from the boot measurement               status  key of the answer
    "/~measurement@1.0/verify":        (lambda boot: boot,                                200, "verdict"),
    "/~measurement@1.0/unwrap-secret": (lambda boot: b'{"credential":{"credential-blob":"AAAAAAAA","secret":"AAAAAAAA"}}',
                                        None, "error"),
}
# Paths of devices (rule 23) and what their answers say; {id} is the boot measurement's.
KEYS = [
    ("/~meta@1.0/build",                          {"node": "permawebos-c"}),
    ("/~meta@1.0/info/address",                   {"body": "{address}"}),
    ("/~meta@1.0/is-operator",                    {"body": "false"}),
    ("/~system@1.0/all/schema",                   {"body": "lapee-system-report@1"}),
    ("/~measurement@1.0/boot/body/node/address",  {"body": "{address}"}),
    ("/{id}",                                     {"type": "lapee-measurement"}),
    ("/{id}/body/node/address",                   {"body": "{address}"}),
    ("/~message@1.0&a=b/a",                       {"body": "b"}),
    ("/~message@1.0/get?key=a&a=b",               {"body": "b"}),
    ("/~message@1.0/id?a=b&committers=none",      {"ao-result": "body"}),
    ("/~message@1.0/keys?a=b",                    {"1": "a"}),
    ("/~message@1.0/committers?a=b",              {"status": 200}),
    ("/~message@1.0/committed?a=b",               {"status": 200}),
    ("/~message@1.0/verify?a=b",                  {"body": "false"}),
    ("/~message@1.0&a=b/set?c=d",                 {"a": "b", "c": "d"}),
    ("/~message@1.0&a=b&c=d/remove?item=a",       {"c": "d"}),
    ("/~json@1.0&a+integer=1/serialize",          {"content-type": "application/json"}),
    ("/~structured@1.0&a+integer=1/serialize",    {"content-type": "application/json"}),
    ("/~flat@1.0&a=b/serialize",                  {"content-type": "application/flat"}),
    ("/~httpsig@1.0&a=b/serialize",               {"content-type": "message/http"}),
]
REFUSED = [
    # arguments                                                                            status  reason
    (["{url}/~nosuch@1.0/x"],                                                              404, "gateway.unknown-device"),
    (["{url}/~meta@1.0/nosuch/x"],                                                         404, None),
    (["{url}/~measurement@1.0/verify"],                                                    405, "gateway.method"),
    (["-X", "DELETE", "{url}/~measurement@1.0/boot"],                                      405, "gateway.method"),
    (["-X", "BREW", "{url}/"],                                                             405, "gateway.method"),
    (["{url}/~measurement@1.0/fresh"],                                                     400, "fresh.nonce-weak"),
    (["{url}/~measurement@1.0/fresh?nonce=AAAA"],                                          400, "fresh.nonce-weak"),
    (["{url}/~message@1.0/commit"],                                                        403, "gateway.commit"),
    (["{url}/~message@1.0/nosuch"],                                                        404, "gateway.not-found"),
    (["{url}/" + "A" * 43],                                                                404, "gateway.not-found"),
    (["{url}/~message@1.0&a+nosuch=1/a"],                                                  400, "gateway.type"),
    (["-H", "signature: a=:AAAA:", "-H", 'signature-input: a=("x")', "{url}/~meta@1.0/info"], 400, None),
    (["-d", "x=y", "{url}/~meta@1.0/info"],                                                401, "request.unsigned"),
    (["{url}/%zz"],                                                                        400, "gateway.path"),
    (["{url}/%00"],                                                                        400, "gateway.path"),
    (["-H", "transfer-encoding: chunked", "-d", "x", "{url}/~measurement@1.0/verify"],     411, "gateway.length-required"),
    (["-H", "expect: tea", "-d", "x", "{url}/~measurement@1.0/verify"],                    417, "gateway.expect"),
    (["{url}/" + "x" * 5000],                                                              414, "gateway.target-size"),
    (["-H", "x: " + "y" * 20000, "{url}/"],                                                431, "gateway.head-size"),
    (["--data-binary", "@{large}", "{url}/~measurement@1.0/verify"],                       413, "gateway.body-size"),
    (["-H", "content-type: application/json", "-d", "{{", "{url}/~measurement@1.0/verify"], 400, "json.syntax"),
    (["-H", "host;", "{url}/"],                                                            400, "gateway.framing"),
    (["--http1.0", "{url}/"],                                                              505, "gateway.version"),
]


def curl(*arguments):
    """(status, headers by name, body): curl's own words when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        seen = subprocess.run(["curl", "-sS", "--max-time", "30", "-o", folder + "/body", "-D", folder + "/head",
                               "-w", "%{http_code}", *arguments], capture_output=True, text=True)
        head, body = "", b""
        if os.path.exists(folder + "/head"):
            with open(folder + "/head", newline="") as file:
                head = file.read()
        if os.path.exists(folder + "/body"):
            with open(folder + "/body", "rb") as file:
                body = file.read()
    lines = [line.partition(": ") for line in head.split("\r\n") if ": " in line]
    return int(seen.stdout[-3:] or 0), {name.lower(): value for name, _, value in lines}, body or seen.stderr.encode()


def test_formats(t, node):
    for path, query in ENDPOINTS.items():
        for name, headers, wanted in FORMS:
            status, seen, body = curl(*headers, node.url + path + query)
            content = seen.get("content-type")
            t.ok(status == 200 and (wanted is None or (content or "").startswith(wanted)),
                 f"curl: GET {path} as {name}", f"status {status}, {content}", body[:300])
        status, seen, _ = curl("--head", *JSON, node.url + path + query)
        t.ok(status == 200 and int(seen.get("content-length", 0)) > 0, f"curl: HEAD {path}", status, seen)
    for path, wanted in UNSIGNED.items():
        for name, headers, _ in FORMS:
            status, seen, body = curl(*headers, node.url + path)
            t.ok(status == 200 and seen.get("content-type") == wanted and "signature" not in seen,
                 f"curl: GET {path} as {name} is one thing", status, seen)


def paths(node):
    """KEYS with this node's address and the id of its boot measurement, which the page of it shows."""
    _, _, page = curl(*HTML, node.url + "/~measurement@1.0/boot")
    _, _, text = curl(*JSON, node.url + "/~meta@1.0/info")
    names = {"id": re.search(r"<i>id</i> <code>([^<]{43})<", page.decode()).group(1), "address": json.loads(text)["address"]}

    def fill(value):
        return value.format(**names) if isinstance(value, str) else value

    return [(fill(path), {key: fill(value) for key, value in wanted.items()}) for path, wanted in KEYS]


def test_keys(t, node):
    for path, wanted in paths(node):
        status, _, body = curl(*JSON, node.url + path)
        seen = json.loads(body) if body[:1] == b"{" else {}
        t.ok(status == 200 and wanted.items() <= seen.items(), f"curl: {path}", status, wanted, body[:300])


def test_posts(t, node):
    _, _, boot = curl(*JSON, node.url + "/~measurement@1.0/boot")
    for path, (make, wanted, key) in POSTED.items():
        status, _, body = curl(*JSON, "-H", "content-type: application/json", "--data-binary", make(boot).decode(),
                               node.url + path)
        t.ok(wanted in (status, None) and key in json.loads(body), f"curl: POST {path}", status, body[:300])


def test_refusals(t, node):
    with tempfile.NamedTemporaryFile() as large:
        large.write(b"x" * 1600000)
        large.flush()
        for arguments, wanted, reason in REFUSED:
            filled = [a.format(url=node.url, large=large.name) for a in arguments]
            status, seen, body = curl(*filled)
            error = seen.get("error", "")
            t.ok(status == wanted and error and reason in (error, None),
                 f"curl: {' '.join(a[:60] for a in arguments)} gives {wanted} {reason or ''}",
                 f"status {status}, {error}", seen, body[:300])
        for name, headers, _ in FORMS:
            status, _, body = curl(*headers, node.url + "/~nosuch@1.0/x")
            t.ok(status == 404 and (name in ("default", "bundle") or b"gateway.unknown-device" in body),
                 f"curl: a refusal as {name}", status, body[:300])


def test_connection(t, node):
    seen = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects} %{http_version} ",
                           node.url + "/metrics", node.url + "/metrics"], capture_output=True, text=True)
    t.equal("curl: one connection for two requests", seen.stdout.split(), ["1", "1.1", "0", "1.1"])
    status, seen, _ = curl("--http2", node.url + "/")
    t.ok(status == 200 and "upgrade" not in seen, "curl: an offer of HTTP/2 is answered in HTTP/1.1", status, seen)
    status, seen, body = curl("-X", "OPTIONS", "-H", "origin: https://example.org", node.url + "/~meta@1.0/info")
    t.ok(status == 204 and seen.get("access-control-allow-origin") == "*" and
         seen.get("access-control-allow-headers") == "*" and not body, "curl: OPTIONS says who may ask", status, seen)
    status, seen, _ = curl("-H", "origin: https://example.org", node.url + "/~meta@1.0/info")
    t.equal("curl: any origin may read", seen.get("access-control-allow-origin"), "*")


def test(t, node, endpoints, devices):
    known = {**ENDPOINTS, **UNSIGNED, **POSTED}
    t.equal("every documented endpoint is asked below", [path for path, _ in endpoints if path not in known], [])
    t.equal("and all that is asked is documented", [path for path in known if path not in dict(endpoints)], [])
    rows = [path for path, _ in KEYS] + list(known)
    t.equal("every documented device is asked below",
            [device for device in devices if not any(path.startswith("/" + device) for path in rows)], [])
    test_formats(t, node)
    test_keys(t, node)
    test_posts(t, node)
    test_refusals(t, node)
    test_connection(t, node)

"""The independent client of the wire on every signed answer, and a metrics parser of its own on /metrics."""
import base64
import hmac
import os
import re
import subprocess

from by_curl import BUNDLE, ENDPOINTS, JSON, curl, paths
from prometheus_client.parser import text_string_to_metric_families

CLIENT = os.path.dirname(os.path.abspath(__file__)) + "/../client/aocore_client.py"
SPEC = os.path.dirname(os.path.abspath(__file__)) + "/../../spec/http.md"
REFUSED = ["/~nosuch@1.0/x", "/~measurement@1.0/fresh", "/%zz", "/~measurement@1.0/verify"]


def verify(url, form):
    return subprocess.run([CLIENT, "verify", url, *form], capture_output=True, text=True, timeout=60)


def test_signed(t, node):
    for path, query in ENDPOINTS.items():
        for form in ([], BUNDLE, JSON):
            seen = verify(node.url + path + query, form)
            t.ok(seen.returncode == 0, f"independent client: {path} {' '.join(form[1:])}", seen.stdout, seen.stderr)
    for path, _ in paths(node):
        seen = verify(node.url + path, JSON)
        t.ok(seen.returncode == 0, f"independent client: {path} is signed", seen.stdout, seen.stderr)
    for path in REFUSED:
        seen = verify(node.url + path, JSON)
        t.ok(seen.returncode == 0, f"independent client: the refusal of {path[:40]} is signed", seen.stdout, seen.stderr)
    for path in ("/", "/metrics"):
        seen = verify(node.url + path, [])
        t.ok(seen.returncode != 0, f"independent client: {path} is not signed", seen.stdout)


def named(headers):
    """The id of what came without a signature: the MAC over its own headers, as spec/message.md 5 and 11 have it."""
    names = re.match(r'[^=]+=\(([^)]*)\);alg="hmac-sha256";keyid="constant:ao"$', headers["signature-input"]).group(1)
    base = "".join(f"{name}: {headers[name.strip(chr(34))]}\n" for name in names.split())
    names = re.sub(r'"(method|path|query|scheme|authority)"', r'"@\1"', names)
    base = (base or "\n") + f'"@signature-params": ({names});alg="hmac-sha256";keyid="constant:ao"'
    mac = hmac.new(b"constant:ao", base.encode("latin-1"), "sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def test_links(t, node):
    """Every link that the node gives leads to the message, or the list, that its id names."""
    waiting, seen, lists, wrong = ["/~measurement@1.0/boot", "/~meta@1.0/info", "/~system@1.0/all"], set(), 0, []
    while waiting:
        target = waiting.pop()
        status, headers, _ = curl(node.url + target)
        if not target.startswith("/~") and (status != 200 or named(headers) != target[1:]):
            wrong.append((target, status, headers))
        lists += headers.get("ao-types", "").startswith('.="list"')
        links = {"/" + value for key, value in headers.items() if key.endswith("+link")}
        waiting += links - seen
        seen |= links
    t.ok(len(seen) > 20 and not wrong, "independent client: every link leads to what its id names", len(seen), wrong[:2])
    t.ok(lists > 0, "independent client: lists are among them", lists)


def families(node):
    _, _, body = curl(node.url + "/metrics")
    return {f.name: f for f in text_string_to_metric_families(body.decode())}


def test_metrics(t, node):
    before = families(node)
    for _ in range(3):
        curl(node.url + "/~meta@1.0/info")
    after = families(node)
    with open(SPEC) as file:
        spec = file.read()
    for name, family in after.items():
        shown = name + ("_total" if family.type == "counter" else "")
        t.ok(f"`{shown}" in spec and family.documentation, f"metrics: {shown} is documented", spec[-300:])

    def total(found, name, **labels):
        return sum(s.value for f in found.values() for s in f.samples
                   if s.name == name and labels.items() <= s.labels.items())

    for name, labels, more in [
        ("pwos_http_requests_total", {"class": "2xx"}, 4),
        ("pwos_http_request_duration_seconds_count", {}, 4),
        ("pwos_http_connections_total", {}, 4),
        ("pwos_page_hits_total", {}, 3),
        ("pwos_page_misses_total", {}, 0),
        ("pwos_flights_total", {"service": "keyring"}, 0),
    ]:
        t.equal(f"metrics: {name} {labels or ''} counts", total(after, name, **labels) - total(before, name, **labels), more)
    buckets = [s.value for s in after["pwos_http_request_duration_seconds"].samples if s.name.endswith("_bucket")]
    t.ok(buckets == sorted(buckets) and buckets[-1] == total(after, "pwos_http_request_duration_seconds_count"),
         "metrics: the histogram adds up", buckets)
    with open(f"/proc/{node.pids()['gateway']}/status") as file:
        peak = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))
    seen = total(after, "pwos_resident_memory_peak_bytes")
    t.ok(abs(seen - peak) < 8 << 20, "metrics: the most memory in use is the gateway's", seen, peak)
    _, _, body = curl("-H", "accept: application/json", "-d", "", node.url + '/~x"\\y@1.0/z')
    t.ok(families(node), "metrics: odd requests leave them readable", body[:200])


def test(t, node):
    test_signed(t, node)
    test_links(t, node)
    test_metrics(t, node)

"""A headless browser: reads the pages, runs nothing that is in them. Screenshots stay in the node's state folder."""
import http.server
import os
import shutil
import subprocess
import threading
import urllib.parse
import urllib.request

PROGRAM = "chromium-headless-shell"
# As root there is no sandbox of its own; without the rest it looks for its maker's hosts.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--window-size=1200,1400"]
HTML = "text/html,application/xhtml+xml"
INJECTED = b'<script>document.body.id="ran"</script><img src="/x" onerror="document.body.id=\'ran\'">' \
           b'<p style="color:red">x</p>'
STRAY = ["Refused to", "Content Security Policy", "violates the following", "Uncaught"]


def browse(folder, url, *action):
    """What the browser prints and what it complains of."""
    profile = folder + "/profile"
    shutil.rmtree(profile, ignore_errors=True)
    seen = subprocess.run([PROGRAM, *FLAGS, "--user-data-dir=" + profile, *action, url], capture_output=True, text=True,
                          timeout=60)
    shutil.rmtree(profile, ignore_errors=True)
    return seen.stdout, [line for line in seen.stderr.splitlines() if any(word in line for word in STRAY)]


def fetch(url):
    request = urllib.request.Request(url, headers={"accept": HTML})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), answer.headers.items()


class Changed(http.server.BaseHTTPRequestHandler):
    """The node's page with markup that it must never have; at /guarded with its policy, elsewhere without."""
    page, kept = b"", []

    def do_GET(self):
        self.send_response(200)
        for name, value in self.kept:
            if self.path == "/guarded" or name.lower() != "content-security-policy":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.page.replace(b"</body>", INJECTED + b"</body>"))

    def log_message(self, *_):
        pass


def test_policy(t, node, folder):
    """The policy that the pages come with stops what escaping would have let through."""
    page, headers = fetch(node.url + "/")
    kept = [h for h in headers if h[0].lower() in ("content-type", "content-security-policy", "x-content-type-options")]
    handler = type("Handler", (Changed,), {"page": page, "kept": kept})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    bare, _ = browse(folder, url + "/bare", "--dump-dom")
    guarded, said = browse(folder, url + "/guarded", "--dump-dom")
    server.shutdown()
    t.ok('<body id="ran">' in bare, "browser: without the policy, a script in the page would run", bare[-300:])
    t.ok('id="ran"' not in guarded.split("<script>")[0] and said, "browser: with it, none does", guarded[-300:], said)


def test_hostile(t, node, folder):
    """Markup that a stranger puts into a message by a link: shown as text, or in a sandbox."""
    script = urllib.parse.quote('<script>document.documentElement.id="ran"</script>', safe="")
    for name, shown, path in [
        ("as a value", "&lt;script&gt;", f"/~message@1.0/set?a={script}"),
        ("as a key", "&lt;script&gt;", f"/~message@1.0/set?{script}=a"),
        ("in a path that is refused", "gateway.not-found", f"/~message@1.0/{script}"),
        ("as a body that says it is HTML", "<script>",
         f"/~message@1.0/set?body={script}&content-type=text/html&require-codec=httpsig@1.0"),
    ]:
        dom, _ = browse(folder, node.url + path, "--dump-dom")
        t.ok(shown in dom and '<html id="ran"' not in dom and '<html lang="en" id="ran"' not in dom,
             f"browser: a script {name} is not run", dom[-600:])


def test_pages(t, node, folder):
    info = node.json("/~meta@1.0/info")
    address, operator = info["address"], info["operator"]
    pages = [
        # path                        name    texts
        ("/",                         "index", ["<h1>PermawebOS node</h1>", address, operator, "pwos verify"]),
        ("/~measurement@1.0/boot",    "boot",  ["<h1>A signed message</h1>", "Signed by <code>" + address, "lapee-measurement"]),
        ("/~system@1.0/all",          "system", ["<h1>A signed message</h1>", "lapee-system-report"]),
        ("/~nosuch@1.0/x",            "refusal", ["gateway.unknown-device", "<code>404</code>"]),
    ]
    for path, name, texts in pages:
        dom, said = browse(folder, node.url + path, "--dump-dom")
        missing = [text for text in texts if text not in dom]
        t.ok(not missing and not said, f"browser: {path} shows what it should and complains of nothing", missing, said,
             dom[-500:])
        picture = f"{folder}/{name}.png"
        if os.path.exists(picture):
            os.unlink(picture)
        browse(folder, node.url + path, "--screenshot=" + picture)
        size = os.path.getsize(picture) if os.path.exists(picture) else 0
        t.ok(size > 20000, f"browser: a picture of {path}", f"{size} bytes")
        t.note(f"picture: {picture}")


def test(t, node):
    folder = node.state + "/browser"
    os.makedirs(folder, exist_ok=True)
    test_pages(t, node, folder)
    test_hostile(t, node, folder)
    test_policy(t, node, folder)

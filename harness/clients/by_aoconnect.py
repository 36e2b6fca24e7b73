"""@permaweb/aoconnect in ANS-104 mode: the operator is known, a stranger is refused.

The library and all below it are those of aoconnect/package-lock.json, installed once into the work folder by the npm
that package.json names by its hash.
"""
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__)) + "/aoconnect"
STORE = "/build/clients/npm"
LIBRARIES = ("package.json", "package-lock.json")
INFO, IS_OPERATOR = "/~meta@1.0/info", "/~meta@1.0/is-operator"


class Missing(Exception):
    """The client cannot be installed or run."""


def run(folder, *command):
    environment = {"PATH": os.environ["PATH"], "HOME": "/tmp", "COREPACK_HOME": STORE + "/corepack",
                   "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "npm_config_cache": STORE + "/cache",
                   "npm_config_update_notifier": "false", "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt"}
    seen = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    if seen.returncode:
        raise Missing(f"{' '.join(command)[:200]}: exit {seen.returncode}\n{seen.stdout[-2000:]}{seen.stderr[-2000:]}")
    return seen.stdout


def installed():
    """The folder with the client and its libraries, made when the lock has changed."""
    key = hashlib.sha256()
    for name in LIBRARIES:
        with open(f"{HERE}/{name}", "rb") as file:
            key.update(file.read())
    folder = f"{STORE}/{key.hexdigest()[:16]}"
    if not os.path.exists(folder + "/.made"):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name in LIBRARIES:
            shutil.copy(f"{HERE}/{name}", folder)
        run(folder, "corepack", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        open(folder + "/.made", "w").close()
    # A module finds its libraries beside itself only.
    shutil.copy(HERE + "/client.mjs", folder)
    return folder


def make_wallet(name):
    """(file, address) of a new wallet."""
    file = f"/tmp/{name}.json"
    return file, run(installed(), "node", "client.mjs", "wallet", file).strip()


def ask(node, wallet, *requests):
    out = run(installed(), "node", "client.mjs", "ask", node.url, wallet, *map(json.dumps, requests))
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def data_item(node, wallet):
    """A request as the library signs it."""
    file = "/tmp/item"
    ask(node, wallet, {"path": IS_OPERATOR, "save": file})
    with open(file, "rb") as data:
        return data.read()


# What is asked, and what each of the two is to get: status, and what the answer says.
ROWS = [
    # request                                         operator                     stranger
    ({"path": IS_OPERATOR},                           (200, "true"),               (200, "false")),
    ({"path": IS_OPERATOR, "data": "some data"},      (200, "true"),               (200, "false")),
    ({"path": IS_OPERATOR, "data": "x", "broken": True}, (400, "commitment.signature"), (400, "commitment.signature")),
    ({"path": "/~message@1.0/verify"},                (200, "true"),               (200, "true")),
    # The library signs no path of its own; see changes().
    ({"path": INFO, "note": "x"},                     (403, "request.path"),       (403, "request.operator")),
    ({"path": "/~message@1.0/commit"},                (403, "gateway."),           (403, "gateway.")),
]


def changes(node):
    """Requests that change the node's notes. The library keeps `path` for itself and signs it under no name, so the
    item's data is the path, and a tag says so."""
    now, address = int(time.time()), node.json("/~meta@1.0/info")["address"]
    good = {"path": INFO, "ao-data-key": "path", "data": INFO, "node": address, "created": now, "expires": now + 120,
            "nonce": secrets.token_urlsafe(24), "said-by": "aoconnect"}

    def changed(nonce=True, **fields):
        new = {**good, **fields, **({"nonce": secrets.token_urlsafe(24)} if nonce else {})}
        return {key: value for key, value in new.items() if value is not None}

    stranger = (403, "request.operator")
    return [
        (good,                                        (200, ""),                   stranger),
        (changed(nonce=False),                        (409, "request.replay"),     stranger),
        (changed(),                                   (200, ""),                   stranger),
        (changed(broken=True),                        (400, "commitment.signature"), (400, "commitment.signature")),
        (changed(data="/~meta@1.0//info"),            (403, "request.path"),       stranger),
        (changed(node=address[::-1]),                 (403, "request.node"),       stranger),
        (changed(created=now - 600, expires=now - 1), (403, "request.expired"),    stranger),
        (changed(expires=now + 3600),                 (403, "request.life"),       stranger),
        (changed(expires=None),                       (403, "request.time"),       stranger),
        (changed(nonce=False) | {"nonce": "short"},   (403, "request.nonce"),      stranger),
    ]


def test(t, node, operator, stranger):
    rows = ROWS + changes(node)
    # The stranger comes first: what he sends must leave the operator's nonces alone.
    for who, wallet, place in (("a stranger", stranger, 2), ("the operator", operator, 1)):
        answers = ask(node, wallet, *(request for request, *_ in rows))
        t.equal(f"aoconnect: every request of {who} is answered", len(answers), len(rows))
        for row, answer in zip(rows, answers):
            status, text = row[place]
            said = answer["headers"].get("error") or answer["body"]
            shown = " ".join([row[0]["path"]] + sorted(row[0].keys() - {"path"}))
            t.ok(answer["status"] == status and said.startswith(text), f"aoconnect: {who}, {shown}: {status} {text}",
                 answer["status"], said[:300], answer["headers"].get("reason"))
    t.equal("aoconnect: the operator's note, and nothing else, is kept", node.json(INFO).get("notes"),
            {"said-by": "aoconnect"})

"""The same cases judged by a node: POST verify of spec/http.md, rule 11, against what the program says of them."""
import base64
import json
import urllib.error
import urllib.request

PATH = "/~measurement@1.0/verify"
ADDED = ("commitments", "status")


def pem(der):
    text = base64.b64encode(der).decode()
    return "-----BEGIN CERTIFICATE-----\n" + "".join(text[i:i + 64] + "\n" for i in range(0, len(text), 64)) + "-----END CERTIFICATE-----\n"


def body(folder, entry, at):
    """The bundle's text as it is: what is wrong with it stays."""
    def read(path):
        with open(f"{folder}/{path}", "rb") as file:
            return file.read()

    files = entry["files"]
    roots = [entry["trust"]] if "trust" in entry else [files[f] for f in sorted(files) if f.startswith("root")]
    beside = {"envelope": "BUNDLE", "trusted-ca": "".join(pem(read(r)) for r in roots), "at-unix": at}
    if entry["evidence"] in ("measurement", "tpm"):
        beside["without-activation"] = True
    elif entry["evidence"] == "android":
        beside["without-revocation"] = True
    return json.dumps(beside).encode().replace(b'"BUNDLE"', read(files["att"]))


def ask(url, text):
    """(status, answer) of the node."""
    request = urllib.request.Request(url + PATH, text, {"content-type": "application/json", "accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def canonical(tree):
    """The verdict's bytes without what carries it."""
    return json.dumps({k: v for k, v in tree.items() if k not in ADDED}, sort_keys=True)


def same(url, folder, entry, at, program):
    """What differs between the node's verdict and the program's; empty if nothing does. program: (word, reason, text)."""
    status, answer = ask(url, body(folder, entry, at))
    word, reason, said = program
    if word == "unreadable":
        seen = answer.get("error", "")
        return "" if 400 <= status < 500 and seen == reason else f"the node says {status} {seen}, the program {reason}"
    if status != 200:
        return f"the node says {status} {answer.get('error', '')}"
    one, two = canonical(answer), canonical(json.loads(said))
    return "" if one == two else f"node    {one[:1500]}\nprogram {two[:1500]}"

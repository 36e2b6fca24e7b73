#!/usr/bin/env python3
"""Makes the seeds of core/message's fuzzers from spec/vectors/aocore and ans104; packed ones come from pack_test's rows.

usage: seeds.py VECTORS
"""
import base64
import json
import os
import sys

LARGEST = 16384


def write(folder, name, data):
    if len(data) <= LARGEST:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)


def http_seed(http):
    body = http["body_b64"]
    if not isinstance(body, str) or any(not isinstance(v, str) for v in http["headers"].values()):
        return b"x" * (LARGEST + 1)
    lines = b"".join(f"{k}: {v}\n".encode() for k, v in http["headers"].items())
    return lines + b"\n" + base64.b64decode(body)


def packed(message):
    """The packed form of a message of texts and messages."""
    out = len(message).to_bytes(2, "big")
    for key, value in sorted((k.encode(), v) for k, v in message.items()):
        out += bytes([len(key)]) + key
        if isinstance(value, dict):
            out += b"\5" + packed(value)
        else:
            out += b"\0" + len(value.encode()).to_bytes(4, "big") + value.encode()
    return out + b"\0"


def plain(tabm):
    return all(plain(v) if isinstance(v, dict) else isinstance(v, str) for v in tabm.values()) and "$b64" not in str(tabm)


def items(vectors, name):
    """Data items; the larger ones say nothing more."""
    with open(os.path.join(vectors, name), encoding="utf-8") as f:
        for case in json.load(f)["cases"]:
            write(os.path.join(vectors, "fuzz", "ans104"), case["name"], base64.b64decode(case["signed"]["item_b64"]))


def main():
    vectors = sys.argv[1]
    fuzz = os.path.join(vectors, "fuzz")
    items(vectors, "aocore/ans104.json")
    items(vectors, "ans104/items.json")
    for name in sorted(os.listdir(os.path.join(vectors, "aocore"))):
        if not name.endswith(".json"):
            continue
        with open(os.path.join(vectors, "aocore", name), encoding="utf-8") as f:
            vector = json.load(f)
        if "tabm" not in vector:
            continue
        stem = name[:-5]
        if "flat" in vector["flat"] and plain(vector["flat"]["flat"]):
            lines = sorted(f"{k}: {v}\n".encode() for k, v in vector["flat"]["flat"].items())
            write(f"{fuzz}/flat", stem, b"".join(lines))
        write(f"{fuzz}/httpsig", stem + "-bundle", http_seed(vector["http_bundle"]))
        for form in ("signed_link", "signed_link_sent_bundled"):
            if stem in ("nested-deep", "list-mixed", "data-and-header", "status-key"):
                write(f"{fuzz}/httpsig", f"{stem}-{form}", http_seed(vector[form]["http"]))
        if "json" in vector["json"]:
            write(f"{fuzz}/json", stem, vector["json"]["json"].encode())
        if plain(vector["tabm"]):
            write(f"{fuzz}/pack", stem, b"\1" + packed(vector["tabm"]))
        for header in ("ao-types",):
            if header in vector["http_link"]["headers"]:
                write(f"{fuzz}/sf", f"{stem}-{header}", vector["http_link"]["headers"][header].encode())
        if stem in ("nested-one", "id-key"):
            for header in ("signature", "signature-input"):
                write(f"{fuzz}/sf", f"{stem}-{header}", vector["signed_link"]["http"]["headers"][header].encode())
            commitments = {**vector["message"], "commitments": vector["signed_link"]["commitments"]}
            write(f"{fuzz}/json", f"{stem}-signed", json.dumps(commitments).encode())


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The client against spec/vectors/aocore: ids, bases, verification, and damage. Prints TAP; exit 1 if a row fails.

usage: aocore_client_test.py [VECTORS]
"""
import base64
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import aocore_client as client

FORMS = ("signed_link", "signed_bundle", "signed_link_sent_bundled")
NO_ID = {"keys-33-hamt-order"}
NEGATIVE_VALID = {"valid-flat", "valid-body", "missing-digest-header", "component-order-swapped", "extra-unsigned-header"}

rows = failures = 0


def row(good, name):
    global rows, failures
    rows += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {rows} - {name}")


def plain(value):
    """A value of the neutral JSON as bytes."""
    if isinstance(value, str):
        return value.encode()
    if "$b64" in value:
        return base64.b64decode(value["$b64"])
    text, times = value["$repeat"]
    return text.encode() * times


def neutral(value):
    """A level from neutral JSON."""
    level = client.Level(is_list=isinstance(value, list))
    for key, inner in enumerate(value, 1) if level.is_list else value.items():
        key = str(key).encode()
        if isinstance(inner, (str, dict)) and (isinstance(inner, str) or "$b64" in inner or "$repeat" in inner):
            level.values[key] = plain(inner)
        elif isinstance(inner, dict) and "$float" in inner:
            level.values[key], level.types[key] = client.float_text(float(inner["$float"])), "float"
        elif isinstance(inner, dict) and "$atom" in inner:
            level.values[key], level.types[key] = inner["$atom"].encode(), "atom"
        elif isinstance(inner, (dict, list)):
            level.values[key] = neutral(inner)
        else:
            one = client.raw_level({"x": inner})
            level.values[key], level.types[key] = one.values[b"x"], one.types[b"x"]
    return level


def http(form):
    body = form["body_b64"]
    body = base64.b64decode(body) if isinstance(body, str) else plain(body)
    return {k.encode(): plain(v) for k, v in form["headers"].items()}, body


def accepted(headers, body):
    try:
        return client.judge(headers, body)
    except client.Refused:
        return None


def expect_base(level, form, name):
    for one, commitment in level.commitments.items():
        fields = client.bundled(level).fields() if "bundle" in commitment else client.link_fields(level)
        base = client.base_of(client.http_form(fields)[0], commitment, commitment["committed"])
        row(base == base64.b64decode(form["signature_bases"][one.decode()]), f"{name}: base of {one.decode()[:8]}")


def vector(name, data):
    level = neutral(data["message"])
    if name not in NO_ID:
        row(client.unsigned_id(level).decode() == data["unsigned_id"], f"{name}: unsigned id")
        for form, fields in (("http_link", client.link_fields(level)), ("http_bundle", client.bundled(level).fields())):
            headers, body, *_ = client.http_form(fields)
            row((headers, body) == http(data[form]), f"{name}: {form}")
    for form in FORMS:
        headers, body = http(data[form]["http"])
        result = accepted(headers, body)
        row(result is not None and result[2] == [data["signer_address"]], f"{name}: {form} verifies")
        if result:
            expect_base(result[1], data[form], f"{name}: {form}")
            row(client.b64url(client.link_id(result[1])).decode() == data[form]["signed_id"], f"{name}: {form} signed id")
        damaged = [h for h in headers if headers[h] and accepted({**headers, h: bytes([headers[h][0] ^ 1]) + headers[h][1:]}, body)]
        row(not damaged, f"{name}: {form} damaged")
        unchecked = {k: v for k, v in headers.items() if k != b"content-digest"}
        places = range(0, len(body), 1 + len(body) // 16)
        row(not any(accepted(unchecked, body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :]) for i in places), f"{name}: {form} body damaged")


def json_rows(name, data):
    """Signed messages as JSON: verify, and do not when a text changes."""
    if "json" not in data["json"]:
        return
    document = {**json.loads(data["json"]["json"]), "commitments": data["signed_link"]["commitments"]}
    headers = {b"content-type": b"application/json"}
    row(accepted(headers, json.dumps(document).encode()) is not None, f"{name}: JSON verifies")
    row(accepted(headers, json.dumps({**document, "more": "x"}).encode()) is None, f"{name}: JSON with a key more")
    bare = {k: v for k, v in document.items() if k != "commitments"}
    row(accepted(headers, json.dumps(bare).encode()) is None, f"{name}: JSON without commitments")
    if name not in NO_ID:
        row(client.unsigned_id(client.from_json(json.dumps(bare).encode())).decode() == data["unsigned_id"], f"{name}: id of JSON")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    folder = os.path.join(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../spec/vectors"), "aocore")
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".json"):
            continue
        with open(os.path.join(folder, file), encoding="utf-8") as f:
            data = json.load(f)
        if file == "negative.json":
            for case in data["cases"]:
                row((accepted(*http(case)) is not None) == (case["name"] in NEGATIVE_VALID), f"negative: {case['name']}")
            continue
        # Data items, hashpaths, paths and transcripts are not this client's.
        if "message" not in data:
            continue
        vector(file[:-5], data)
        json_rows(file[:-5], data)
    print(f"1..{rows}")
    return 1 if failures or not rows else 0


if __name__ == "__main__":
    sys.exit(main())

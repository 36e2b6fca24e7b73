"""An image that names its operator: what he signs changes the node's notes, what a stranger signs does not."""
import base64
import hashlib
import http.client
import json
import os
import secrets
import time

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA512
from lab import BOOT, run

INFO = "/~meta@1.0/info"


class Signer:
    """A wallet, and POSTs that it signs as spec/message.md 11 and 13 have it."""

    def __init__(self):
        self.key = rsa.generate_private_key(65537, 4096)
        modulus = self.key.public_key().public_numbers().n.to_bytes(512)
        self.keyid = "publickey:" + base64.b64encode(modulus).decode()
        self.address = base64.urlsafe_b64encode(hashlib.sha256(modulus).digest()).rstrip(b"=").decode()

    def headers(self, fields, created):
        times = f";created={created};expires={created + 120}"
        nonce = f';nonce="{secrets.token_urlsafe(24)}"'
        alg, keyid = ';alg="rsa-pss-sha512"', f';keyid="{self.keyid}"'
        names = " ".join(f'"{"@" * (name == "path")}{name}"' for name in sorted(fields))
        base = "".join(f'"{name}": {value}\n' for name, value in sorted(fields.items()))
        base += f'"@signature-params": ({names}){alg}{times}{keyid}{nonce}'
        signature = self.key.sign(base.encode(), padding.PSS(padding.MGF1(SHA512()), 64), SHA512())
        label = "comm-" + base64.urlsafe_b64encode(hashlib.sha256(signature).digest()).rstrip(b"=").decode().lower()
        return fields | {"signature": f"{label}=:{base64.b64encode(signature).decode()}:",
                         "signature-input": f"{label}=({names.replace('@', '')}){alg}{keyid}{times}{nonce}"}


def post(machine, headers):
    """(status, reason code, number of changes that the answer tells)"""
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=60)
    connection.request("POST", INFO, headers=headers | {"accept": "application/json"})
    answer = connection.getresponse()
    message = json.loads(answer.read())
    connection.close()
    return answer.status, message.get("error"), message.get("changes")


def image_of(lab, operator):
    """A disk with the production image and /etc/pwos/operator over it."""
    overlay, out = lab.scratch + "/overlay", lab.scratch + "/operator"
    os.makedirs(overlay + "/etc/pwos")
    with open(overlay + "/etc/pwos/operator", "w") as file:
        file.write(operator + "\n")
    run("/src/initramfs/build", "--tree", "/build/install", "--keys", lab.keys, "--overlay", overlay, out)
    return out + "/pwos.img"


def test_operator(t, lab):
    operator, stranger = Signer(), Signer()
    with lab.machine("operator", image_of(lab, operator.address)) as machine:
        body = json.loads(machine.wait_answer(BOOT))["body"]["node"]
        t.equal("operator: the measured node names him", body.get("operator"), operator.address)
        now = int(time.time())
        fields = {"path": INFO, "node": body["address"], "said-by": "its operator"}
        good = operator.headers(fields, now)
        t.equal("operator: a stranger is refused", post(machine, stranger.headers(fields, now))[:2],
                (403, "request.operator"))
        t.equal("operator: a POST that nobody signed is refused", post(machine, fields)[:2], (401, "request.unsigned"))
        t.equal("operator: his POST changes the notes", post(machine, good), (200, None, 1))
        t.equal("operator: the same POST again is refused", post(machine, good)[:2], (409, "request.replay"))
        t.equal("operator: his POST to another node is refused",
                post(machine, operator.headers(fields | {"node": stranger.address}, now))[:2], (403, "request.node"))
        t.equal("operator: everybody reads the note", json.loads(machine.get(INFO)).get("notes"),
                {"said-by": "its operator"})


def test_nobody(t, lab):
    """The production image names no operator, so nobody is one."""
    body = json.loads(lab.node().get(BOOT))["body"]["node"]
    fields = {"path": INFO, "node": body["address"], "said-by": "nobody"}
    t.equal("operator: without one, nobody changes the node",
            post(lab.node(), Signer().headers(fields, int(time.time())))[:2], (403, "request.operator"))

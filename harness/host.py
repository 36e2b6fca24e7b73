"""The node's services on this machine under init with a software TPM, as a `with` block."""
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

from machine import PORT, Tpm, Trouble, claim, end, start, wait_for

__all__ = ["HostTpm", "Node", "Trouble"]

PROGRAMS = "/build/install/usr/lib/pwos"
STATE = "/build/node"
LIMIT = 60


class HostTpm(Tpm):
    """swtpm with its commands on a plain socket, as init's --tpm wants it."""

    def start(self):
        self.make()
        data = self.state + "/tpm.sock"
        for path in (data, self.socket):
            if os.path.exists(path):
                os.unlink(path)
        with open(self.log, "wb") as log:
            self.child = start(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.state}/nv", "--server",
                                f"type=unixio,path={data}", "--ctrl", f"type=unixio,path={self.socket}", "--flags",
                                "not-need-init,startup-clear"], log, stdout=log)
        wait_for(data, self.child)
        return data


class Node:
    """init and what it keeps, as a `with` block; everything ends with the block."""

    def __init__(self, state=STATE, port=PORT, operator=None):
        self.state, self.port = state, port
        self.options = ["--operator", operator] if operator else []
        self.url = f"http://127.0.0.1:{port}"
        self.tpm = HostTpm(state + "/tpm")
        self.log = state + "/init.log"
        self.init = self.lock = None

    def __enter__(self):
        try:
            self.lock = claim(self.state)
            socket = self.tpm.start()
            with open(self.log, "wb") as log:
                self.init = start([PROGRAMS + "/pwos-init", "--host", "--programs", PROGRAMS, "--tpm", socket,
                                   "--port", str(self.port), *self.options], log, stdout=log)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.init and self.init.poll() is None:
            self.init.terminate()
            try:
                self.init.wait(10)
            except subprocess.TimeoutExpired:
                pass
        end(self.init)
        self.tpm.stop()
        if self.lock:
            self.lock.close()

    def wait(self, path="/~measurement@1.0/boot"):
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            if self.init.poll() is not None:
                raise Trouble(f"init ended with {self.init.returncode}:\n" + self.said())
            try:
                request = urllib.request.Request(self.url + path, headers={"accept": "application/json"})
                return urllib.request.urlopen(request, timeout=30).read()
            except OSError:
                time.sleep(0.1)
        raise Trouble(f"no answer within {LIMIT} s:\n" + self.said())

    def said(self):
        with open(self.log, errors="replace") as log:
            return "".join("    " + line for line in log.readlines()[-20:])

    def get(self, path, accept="application/json", **headers):
        """(status, body as bytes) of a GET; a refusal is an answer too."""
        request = urllib.request.Request(self.url + path, headers=dict({"accept": accept}, **headers))
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read()

    def json(self, path):
        status, body = self.get(path)
        if status != 200:
            raise Trouble(f"GET {path}: {status} {body[:300]!r}")
        return json.loads(body)

    def pids(self):
        """Process ids of what runs now, by name."""
        found = {}
        with open(f"/proc/{self.init.pid}/task/{self.init.pid}/children") as children:
            for pid in map(int, children.read().split()):
                with open(f"/proc/{pid}/cmdline") as line:
                    found[line.read().split("\0")[0].rpartition("pwos-")[2]] = pid
        return found

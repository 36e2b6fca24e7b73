"""Virtual machines for tests: QEMU with Secure Boot firmware and a software TPM.

    with Machine("/build/state", "pwos.img", "vars.fd", port=18734) as machine:
        machine.wait_line(r"^init: ", "init's first line")
        machine.get("/~measurement@1.0/info")

Leaving the block, an exception or the end of this process in any way ends QEMU and swtpm too.
KVM does not work on every host that has /dev/kvm, so it is never tried: always TCG.
"""
import ctypes
import fcntl
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"
LIMIT = 180  # seconds; a boot takes 15 alone and 80 beside other work
PORT = 8734  # in the guest
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


class Trouble(Exception):
    """The machine did not do what was waited for; the text says what was seen instead."""


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, log, **more):
    # Its own session: Ctrl-C is for us to handle, in our order.
    return subprocess.Popen(command, stdin=more.pop("stdin", subprocess.DEVNULL), stderr=log, start_new_session=True,
                            preexec_fn=die_with_parent, **more)


def end(child):
    if child and child.poll() is None:
        child.kill()
    if child:
        child.wait()


def claim(state):
    """The folder for one run at a time, as long as the file that this gives is open."""
    os.makedirs(state, exist_ok=True)
    lock = open(state + "/lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Trouble(f"another run uses {state}: stop it first") from None
    return lock


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(path, child, limit=10):
    """Until a socket that a child makes is there."""
    until = time.monotonic() + limit
    while not os.path.exists(path):
        if child.poll() is not None or time.monotonic() > until:
            raise Trouble(f"{child.args[0]} made no {path}")
        time.sleep(0.02)


class Tpm:
    """A software TPM with an EK certificate from a CA of its own, both kept in the folder given.

    roots.pem in that folder is what a verifier must trust to believe it.
    """

    def __init__(self, state):
        self.state, self.child = os.path.abspath(state), None
        self.socket, self.roots = self.state + "/swtpm.sock", self.state + "/roots.pem"
        self.log = self.state + "/swtpm.log"

    def make(self):
        if os.path.exists(self.roots):
            return
        shutil.rmtree(self.state, ignore_errors=True)
        os.makedirs(self.state + "/nv")
        environment = dict(os.environ, XDG_CONFIG_HOME=self.state)
        setup = ["swtpm_setup", "--tpm2"]
        for arguments in (
            ["--create-config-files", "overwrite,root"],
            ["--tpmstate", self.state + "/nv", "--create-ek-cert", "--create-platform-cert", "--pcr-banks", "sha256",
             "--overwrite", "--config", self.state + "/swtpm_setup.conf"],
        ):
            done = subprocess.run(setup + arguments, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise Trouble(f"swtpm_setup failed:\n{done.stdout}{done.stderr}")
        authority = self.state + "/var/lib/swtpm-localca/"
        roots = ""
        for name in ("swtpm-localca-rootca-cert.pem", "issuercert.pem"):
            with open(authority + name) as file:
                roots += file.read()
        with open(self.roots, "w") as file:
            file.write(roots)

    def start(self):
        self.make()
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        with open(self.log, "wb") as log:
            self.child = start(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.state}/nv", "--ctrl",
                                f"type=unixio,path={self.socket}", "--terminate"], log, stdout=log)
        wait_for(self.socket, self.child)

    def stop(self):
        end(self.child)


class Machine:
    """One QEMU: disks in boot order, a copy of the firmware variables, serial line read as it comes."""

    def __init__(self, state, disks, variables, port=0, tpm=True, memory=512, more=()):
        self.state = os.path.abspath(state)
        self.disks = [disks] if isinstance(disks, str) else list(disks)
        self.variables, self.memory, self.more = variables, memory, list(more)
        self.port = port or free_port()
        self.tpm = Tpm(self.state + "/tpm") if tpm else None
        self.qemu = self.reader = self.lock = None
        self.answered = None  # seconds since power-on
        self.lines, self.news = [], threading.Condition()
        self.serial = self.state + "/serial.log"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        command = [
            "qemu-system-x86_64", "-machine", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on",
            "-global", "ICH9-LPC.disable_s3=1", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "1",
            "-m", str(self.memory), "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot", "-nodefaults",
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}",
            "-drive", f"if=pflash,format=raw,unit=1,file={self.state}/vars.fd",
            "-qmp", f"unix:{self.state}/qmp.sock,server=on,wait=off",
            "-netdev", f"user,id=n0,hostfwd=tcp:127.0.0.1:{self.port}-:{PORT}",
            "-device", "virtio-net-pci,netdev=n0,romfile=",
        ]
        for n, disk in enumerate(self.disks):
            command += ["-drive", f"if=none,id=d{n},format=raw,readonly=on,file={disk}",
                        "-device", f"virtio-blk-pci,drive=d{n},bootindex={n + 1}"]
        if self.tpm:
            command += ["-chardev", f"socket,id=tpm,path={self.tpm.socket}", "-tpmdev", "emulator,id=tpm0,chardev=tpm",
                        "-device", "tpm-crb,tpmdev=tpm0"]
        return command + self.more

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.lock = claim(self.state)
        shutil.copyfile(self.variables, self.state + "/vars.fd")
        if self.tpm:
            self.tpm.start()
        with open(self.state + "/qemu.log", "wb") as log:
            self.began = time.monotonic()
            self.qemu = start(self.command(), log, stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read_serial, daemon=True)
        self.reader.start()

    def stop(self):
        end(self.qemu)
        if self.reader:
            self.reader.join()
        if self.tpm:
            self.tpm.stop()
        if self.lock:
            self.lock.close()

    def read_serial(self):
        with open(self.serial, "wb") as log:
            for raw in self.qemu.stdout:
                log.write(raw)
                log.flush()
                # The firmware draws with escape sequences.
                text = re.sub(r"\x1b(\[[0-9;=?]*[A-Za-z]|.)", "", raw.decode(errors="replace")).strip("\r\n")
                with self.news:
                    self.lines.append((time.monotonic() - self.began, text))
                    self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def type(self, text):
        """A line on the machine's console."""
        self.qemu.stdin.write(text.encode() + b"\n")
        self.qemu.stdin.flush()

    def trouble(self, text):
        with open(self.state + "/qemu.log", errors="replace") as log:
            said = log.read().strip()
        last = "\n".join(f"    {t:7.2f} {line}" for t, line in self.lines[-12:]) or "    nothing"
        return Trouble(f"{text}; its last lines:\n{last}" + (f"\nqemu: {said}" if said else ""))

    def find(self, pattern, first=0):
        """(seconds since power-on, match) of the first line that matches, or None."""
        with self.news:
            lines = self.lines[first:]
        for t, line in lines:
            if match := re.search(pattern, line):
                return t, match
        return None

    def poll(self, ask, what, limit=LIMIT):
        """Asks until there is an answer; a dot on stderr each second; Trouble when the time is up or QEMU ends."""
        until, dots = time.monotonic() + limit, 0
        began = time.monotonic()
        while True:
            ended = self.qemu.poll() is not None and not self.reader.is_alive()
            answer = ask()
            if answer is not None:
                break
            if ended:
                raise self.trouble(f"the machine ended before {what}")
            if time.monotonic() > until:
                raise self.trouble(f"no {what} within {limit} seconds")
            if time.monotonic() - began > dots + 1:
                dots += 1
                print(".", end="", file=sys.stderr, flush=True)
            with self.news:
                self.news.wait(0.1)
        if dots:
            print(file=sys.stderr)
        return answer

    def wait_line(self, pattern, what=None, limit=LIMIT):
        return self.poll(lambda: self.find(pattern), what or f"line like {pattern!r}", limit)

    def wait_answer(self, path, limit=LIMIT):
        """The body of the first answer with status 200."""
        # QEMU accepts before the guest listens, and such a connection stays mute: give up early, at first.
        patience = itertools.chain((1, 1, 2, 2, 4), itertools.repeat(8))

        def ask():
            try:
                return self.get(path, timeout=next(patience))
            except (OSError, http.client.HTTPException):
                return None

        body = self.poll(ask, f"answer to GET {path}", limit)
        self.answered = self.answered or time.monotonic() - self.began
        return body

    def get(self, path, timeout=30, accept="application/json"):
        request = urllib.request.Request(self.url + path, headers={"accept": accept})
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.read()

    def qmp(self, command, **arguments):
        """One command of QEMU's control protocol; what it returns."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(10)
            control.connect(self.state + "/qmp.sock")
            stream = control.makefile("rw")
            stream.readline()
            for line in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                stream.write(json.dumps(line) + "\n")
                stream.flush()
                while "event" in (answer := json.loads(stream.readline())):
                    continue
                if "error" in answer:
                    raise Trouble(f"qmp {command}: {answer['error']['desc']}")
        return answer["return"]

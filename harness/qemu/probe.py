"""The test image and the probe inside it: each service tried where it runs (harness/probe)."""
import json
import os
import re
import shutil
import subprocess
import time

from machine import LIMIT, Machine, Trouble

PROGRAMS = "/build/gcc"
OVERLAY = "/build/overlay"
IMAGE = "/build/image-test"
SERVICES = ("system", "tpm", "verifier", "keyring", "measurement", "gateway")
FRESH = "/~measurement@1.0/fresh?nonce=" + "A" * 21 + "Q"
ROW = re.compile(r"^probe: (not )?ok \d+ - (.*)$")
SILENCE = 240  # seconds without a line of the probe's


def make_image():
    """The production image and an extra initrd: an init with one child more, and that child."""
    shutil.rmtree(OVERLAY, ignore_errors=True)
    os.makedirs(OVERLAY + "/usr/lib/pwos")
    for program, path in (("pwos-init-test", "/init"), ("pwos-probe", "/usr/lib/pwos/pwos-probe")):
        subprocess.run(["strip", "--strip-all", "-o", OVERLAY + path, f"{PROGRAMS}/{program}"], check=True)
    subprocess.run(["/src/harness/image", "--overlay", OVERLAY], check=True)


def follow(t, machine):
    """Passes the probe's rows on as they come, until its plan."""
    seen, rows, last, failed = 0, 0, time.monotonic(), None
    while True:
        with machine.news:
            lines = [line for _, line in machine.lines[seen:]]
            if not lines:
                machine.news.wait(0.5)
        for line in lines:
            seen += 1
            if not line.startswith("probe: "):
                continue
            last = time.monotonic()
            if match := ROW.match(line):
                rows += 1
                failed = not t.ok(not match[1], match[2])
            elif match := re.match(r"^probe: 1\.\.(\d+)$", line):
                return t.equal("no row of the probe is lost", rows, int(match[1]))
            elif line.startswith("probe: # "):
                t.note(line[9:])
        if not lines and machine.qemu.poll() is not None and not machine.reader.is_alive():
            raise machine.trouble("the machine ended before the probe")
        if time.monotonic() - last > SILENCE:
            raise machine.trouble(f"the probe said nothing for {SILENCE} s")


def outside(t, machine, names):
    """What the kills look like to somebody who asks over HTTP."""
    restarts = json.loads(machine.get(FRESH))["state"]["restarts"]
    for name in SERVICES:
        wanted = "more than 0" if name in names and name != "keyring" else "0"
        t.ok((int(restarts[name]) > 0) == (wanted != "0"), f"{name}: a fresh measurement says {wanted} restarts", restarts)


def ending(t, machine, names):
    """The keyring's death, or the probe's own end, powers the machine off, and says so."""
    name, how = ("keyring", "killed by signal 9") if "keyring" in names else ("probe", "exited 0")
    machine.type("end")
    line = rf"^init: \[ *[0-9.]+\] {name} {how}: the node cannot go on"
    try:
        code = machine.qemu.wait(60)
    except subprocess.TimeoutExpired:
        code = "still running"
    machine.reader.join(5)
    t.ok(machine.find(line), f"{name} {how}: init says why the node ends", *(text for _, text in machine.lines[-12:]))
    t.ok(machine.find(r"^init: .*power off$"), "and powers off", *(text for _, text in machine.lines[-12:]))
    t.equal("the machine is off", code, 0)


def run(t, state, names):
    """One boot of the test image; every row of every service named goes to t."""
    make_image()
    with open(IMAGE + "/manifest.json") as file:
        t.equal("the image says that it is a test image", json.load(file)["variant"], "test")
    with Machine(state, IMAGE + "/pwos.img", "/build/vars.fd") as machine:
        machine.wait_line(r"^probe: (which\?|not ok)", "the probe", LIMIT)
        machine.type("all" if set(names) == set(SERVICES) else names[0])
        follow(t, machine)
        outside(t, machine, names)
        ending(t, machine, names)


__all__ = ["SERVICES", "Trouble", "run"]

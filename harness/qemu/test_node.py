"""The production image on one machine with Secure Boot and a TPM: what was predicted is what it quotes."""
import base64
import json
import os

from lab import BOOT

ZERO = bytes(32)


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_predictions(t, lab):
    with open(lab.image + "/manifest.json") as file:
        manifest = json.load(file)
    evidence = json.loads(lab.node().get(BOOT))["evidence"]
    pcrs = {int(n): unbase64(value) for n, value in evidence["quote"]["pcrs"].items()}
    for n in (4, 11):
        t.equal(f"PCR {n} is as predicted from the file", pcrs[n].hex(), manifest[f"pcr{n}"])
    for n in (8, 12, 13, 14):
        t.equal(f"PCR {n} is zero", pcrs[n].hex(), ZERO.hex())
    log = {entry["event-type"]: unbase64(entry["digest"]).hex() for entry in evidence["runtime-log"]}
    t.equal("the walls are those of the manifest", log.get("confinement"), manifest["confinement"])
    t.ok(pcrs[15] != ZERO and pcrs[7] != ZERO, "PCR 7 and 15 are not", pcrs[7].hex(), pcrs[15].hex())


def test_quiet(t, lab):
    """Nothing on the console but the lines of the firmware, of init, of services, and dhcpcd missing its user."""
    machine = lab.node()
    ours = ("init", "system", "tpm", "verifier", "keyring", "measurement", "gateway", "eth0", "getpwnam: ", "BdsDxe")
    odd = [line for _, line in machine.lines if line and not line.startswith(ours)]
    t.equal("no complaint of the kernel on the console", odd, [])
    t.ok(not machine.find(r"^init: .*module .*:"), "every module loads", *(line for _, line in machine.lines))


def steps(machine):
    """(seconds since power-on, what was reached)"""
    reached = []
    for pattern, name in (
        (r"BdsDxe: loading", "firmware has found the disk"),
        (r"BdsDxe: starting", "UKI read, checked and measured"),
    ):
        reached.append((machine.find(pattern)[0], name))
    seen, first = machine.find(r"^init: \[ *([0-9.]+)\]")
    reached.append((seen - float(first.group(1)), "kernel starts (stub has measured)"))
    reached.append((seen, "first line of init"))
    for t, line in machine.lines:
        if line.startswith("init: ") and line.endswith("ready"):
            reached.append((t, line.split("] ", 1)[-1]))
    reached.append((machine.answered, "boot measurement served"))
    return sorted(reached)


def test_times(t, lab):
    rows, last = ["seconds  step  reached"], 0.0
    for when, name in steps(lab.node()):
        rows.append(f"{when:7.2f} {when - last:5.2f}  {name}")
        last = when
    t.note("\n".join(rows))
    with open(os.path.join(lab.states, "boot-times"), "w") as file:
        file.write("\n".join(rows) + "\n")
    t.ok(last > 0, "boot times are in boot-times")

"""What the firmware must not start. All altered images in one machine, one after the other, the true one last."""
from pe import Image

REFUSED = r"BdsDxe: failed to load Boot000%d .*: Access Denied"


def replaced(data, old, new):
    assert len(old) == len(new) and data.count(old) == 1, old
    return data.replace(old, new)


def bit_flipped(data):
    """One bit in the middle of the kernel."""
    kernel = Image(data).sections[".linux"]
    at = data.index(kernel) + len(kernel) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_altered(t, lab):
    good = lab.uki()
    altered = (
        ("an unsigned UKI", lab.unsigned()),
        ("a UKI with another command line", replaced(good, b"lockdown=confidentiality", b"lockdown=none           ")),
        ("a UKI with one bit flipped", bit_flipped(good)),
        ("a UKI signed with another key", lab.signed_by_others()),
    )
    disks = [lab.disk_with(f"altered{n}", uki) for n, (_, uki) in enumerate(altered)]
    with lab.machine("refuse", disks + [lab.image + "/pwos.img"], tpm=False) as machine:
        machine.wait_line(r"^init: ", "first line of init from the true image")
        for n, (name, _) in enumerate(altered, 1):
            t.ok(machine.find(REFUSED % n), f"{name} does not boot", *(line for _, line in machine.lines))
        started = [line for _, line in machine.lines if "BdsDxe: starting" in line]
        t.ok(len(started) == 1 and f"Boot000{len(altered) + 1}" in started[0], "the true image does, and only it", started)


def test_nothing_else(t, lab):
    """With nothing that may boot, the machine stays in the firmware."""
    disk = lab.disk_with("alone", lab.unsigned())
    with lab.machine("alone", disk, tpm=False) as machine:
        machine.wait_line(r"BdsDxe: No bootable option or device was found", "the firmware's last word")
        t.ok(not machine.find(r"BdsDxe: starting|^init: "), "refused, with no other image: nothing starts",
             *(line for _, line in machine.lines))

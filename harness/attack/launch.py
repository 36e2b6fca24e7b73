"""Rows 22 and 23: guests that were launched otherwise than the release says, each with a rightly signed report."""
import os
import sys

import bundle
import snp

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import launch_model as model  # noqa: E402

KERNEL, INITRD, CMDLINE = b"a kernel" * 100, b"an initrd" * 100, b"console=ttyS0"
RELEASE = {"vcpus": 2, "vcpu-type": "EPYC-Milan", "host": "qemu", "features": "0x1"}
SECTIONS = [(0x800000, 8, 1), *model.SECTIONS[1:]]


def measured(pages=2, seed=1, vcpus=2, model_name="EPYC-Milan", features=1, parts=(KERNEL, INITRD, CMDLINE), sections=model.SECTIONS, host="qemu"):
    """The digest of a launch of these."""
    image = model.firmware(pages, sections, seed=seed)
    signature = dict(model.MODELS, **{"EPYC-Milan": 0xA00F11})[model_name]
    return bytes.fromhex(model.digest(image, host, signature, vcpus, features, parts, sections))


DEBUG_SWAP = 0x21
# row, name, reason, what the guest was launched with, what the asker is told of it, why
ROWS = [
    *[(22, f"features-{bits:x}", "snp.launch.features", {"features": bits}, {"features": hex(bits)}, why) for bits, why in (
        (DEBUG_SWAP, "DebugSwap: the host reads debug registers"), (0x11, "a feature that nobody knows"), (1 << 40 | 1, "a reserved bit"),
        (0x3, "VirtualTOM"), (0x5, "ReflectVC, which nobody allowed"), (0, "no SNP at all"))],
    (22, "swap-hidden", "snp.launch.mismatch", {"features": DEBUG_SWAP}, {}, "DebugSwap, and the host does not say so"),
    (23, "vcpus-more", "snp.launch.mismatch", {"vcpus": 3}, {}, "one vCPU more"),
    (23, "vcpus-fewer", "snp.launch.mismatch", {"vcpus": 1}, {}, "one vCPU less"),
    (23, "vcpu-type", "snp.launch.mismatch", {"model_name": "EPYC-Genoa"}, {}, "another vCPU model"),
    (23, "ovmf", "snp.launch.mismatch", {"seed": 2}, {}, "another firmware of the same size"),
    (23, "ovmf-larger", "snp.launch.mismatch", {"pages": 3}, {}, "a larger firmware"),
    (23, "memory", "snp.launch.mismatch", {"sections": SECTIONS}, {}, "less memory given to the firmware"),
    (23, "host", "snp.launch.mismatch", {"host": "qemu-early"}, {}, "vCPUs as another host makes them"),
    (23, "kernel", "snp.launch.mismatch", {"parts": (b"other", INITRD, CMDLINE)}, {}, "another kernel"),
    (23, "initrd", "snp.launch.mismatch", {"parts": (KERNEL, INITRD + b"\0", CMDLINE)}, {}, "another initrd"),
    (23, "initrd-none", "snp.launch.mismatch", {"parts": (KERNEL, b"", CMDLINE)}, {}, "no initrd"),
    (23, "cmdline", "snp.launch.mismatch", {"parts": (KERNEL, INITRD, CMDLINE + b" debug")}, {}, "another command line"),
    (23, "no-kernel", "snp.launch.mismatch", {"parts": None}, {}, "a firmware that was told of no kernel and takes any"),
]


def make(case_set, ring):
    lines = {line: snp.Line(ring, line) for line in snp.LINES}
    anchor = case_set.anchor("ark-Milan.der", lines["Milan"].ark)

    def add(name, row, launched, told, why, **more):
        e = snp.Evidence(lines)
        e.fields["measurement"] = measured(**launched)
        files = dict(e.files(), ovmf=model.firmware(2, seed=1), kernel=KERNEL, initrd=INITRD, cmdline=CMDLINE)
        files["att"] = bundle.snp(files, e.policy)
        policy = dict(e.policy, launch=dict(RELEASE, **told))
        case_set.add("launch-" + name, row, "snp", files, trust=anchor, policy=policy, why=why, **more)

    add("release", "good", {}, {}, "good: as the release is launched")
    for row, name, reason, launched, told, why in ROWS:
        add(f"{row}-{name}", row, launched, told, why, reason=reason, control="launch-release")

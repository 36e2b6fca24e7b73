# SPDX-License-Identifier: Apache-2.0
"""The launch digest of an SEV-SNP guest, computed a second time, and firmware images to compute it of."""
import hashlib
import random
import struct
import uuid

PAGE = 4096
NORMAL, VMSA, ZERO, UNMEASURED, SECRETS, CPUID = range(1, 7)
SECTIONS = [(0x800000, 9, 1), (0x80A000, 3, 1), (0x80D000, 1, 2), (0x80E000, 1, 3), (0x80F000, 1, 4),
    (0x811000, 15, 1), (0x810000, 1, 0x10)]
MODELS = {"EPYC-v4": 0x800F12, "EPYC-Rome": 0x830F10, "EPYC-Milan-v2": 0xA00F11, "EPYC-Genoa": 0xA10F10,
    "EPYC-Turin": 0xB00F00, "0x00b10f21": 0xB10F21}
# attributes of CS (first, other), SS, TR; G_PAT; EDX or None for the signature; FPU
HOSTS = {
    "qemu": (0x9B, 0x9B, 0x93, 0x8B, 0x7040600070406, None, True),
    "qemu-early": (0x9B, 0x9B, 0x93, 0x8B, 0x7040600070406, None, False),
    "ec2": (0x9A, 0x9B, 0x92, 0x83, 0x7040600070406, 0, False),
    "gce": (0x9B, 0x9B, 0x93, 0x8B, 0x70106, 0x600, False),
    "gce-genoa": (0x9B, 0x9B, 0x93, 0x8B, 0x70106, 0x600, False),
}


def guid(text):
    return uuid.UUID(text).bytes_le


def entry(name, data):
    return data + struct.pack("<H", 18 + len(data)) + guid(name)


def firmware(pages, sections=SECTIONS, reset=0x80B004, table=0x810C00, seed=0):
    """An image as OVMF's builds have it, with random pages."""
    metadata = b"ASEV" + struct.pack("<III", 16 + 12 * len(sections), 1, len(sections))
    metadata += b"".join(struct.pack("<III", at, n * PAGE, kind) for at, n, kind in sections)
    entries = entry("dc886566-984a-4798-a75e-5585a7bf67cc", struct.pack("<I", 0x800))
    entries += entry("7255371f-3a3b-4b04-927b-1da6efa8d454", struct.pack("<II", table, 0x400))
    if reset is not None:
        entries += entry("00f771de-1a7e-4fcb-890e-68c77e2fb44e", struct.pack("<I", reset))
    entries += struct.pack("<H", 18 + len(entries)) + guid("96b582de-1fb2-45f7-baea-a366c55a082d")
    image = bytearray(random.Random(seed).randbytes(pages * PAGE))
    image[-32 - len(entries) : -32] = entries
    image[-0x800 : -0x800 + len(metadata)] = metadata
    return bytes(image)


def vmsa(host, reset, signature, features):
    cs_first, cs_other, ss, tr, pat, edx, fpu = HOSTS[host]
    cs = cs_first if reset == 0xFFFFFFF0 else cs_other
    page = bytearray(PAGE)
    attributes = (0x93, cs, ss, 0x93, 0x93, 0x93, 0, 0x82, 0, tr)
    for i, attribute in enumerate(attributes):
        selector, base = (0xF000, reset & 0xFFFF0000) if i == 1 else (0, 0)
        struct.pack_into("<HHIQ", page, 16 * i, selector, attribute, 0xFFFF, base)
    for at, value in ((0xD0, 0x1000), (0x148, 0x40), (0x158, 0x10), (0x160, 0x400), (0x168, 0xFFFF0FF0), (0x170, 2),
            (0x178, reset & 0xFFFF), (0x268, pat), (0x310, signature if edx is None else edx), (0x3B0, features),
            (0x3E8, 1)):
        struct.pack_into("<Q", page, at, value)
    if fpu:
        struct.pack_into("<I", page, 0x408, 0x1F80)
        struct.pack_into("<H", page, 0x410, 0x37F)
    return bytes(page)


def hash_page(at, kernel, initrd, cmdline):
    parts = (("97d02dd8-bd20-4c94-aa78-e7714d36ab2a", cmdline + b"\0"), ("44baf731-3a2f-4bd7-9af1-41e29169781d", initrd),
        ("4de79437-abd2-427f-b835-d5b172d2045b", kernel))
    table = guid("9438d606-4f22-4cc9-b479-a793d411fd21") + struct.pack("<H", 168)
    for name, data in parts:
        table += guid(name) + struct.pack("<H", 50) + hashlib.sha256(data).digest()
    return (bytes(at) + table).ljust(PAGE, b"\0")


def digest(image, host, signature, vcpus, features=1, parts=None, sections=SECTIONS, reset=0x80B004, table=0x810C00):
    chain = bytes(48)

    def add(kind, at, page=None):
        nonlocal chain
        contents = bytes(48) if page is None else hashlib.sha384(page).digest()
        info = chain + contents + struct.pack("<HBBBBBBQ", 0x70, kind, 0, 0, 0, 0, 0, at)
        chain = hashlib.sha384(info).digest()

    for at in range(0, len(image), PAGE):
        add(NORMAL, (1 << 32) - len(image) + at, image[at : at + PAGE])
    last = [s for s in sections if s[2] == 3] if host == "ec2" else []
    for at, pages, kind in [s for s in sections if s not in last] + last:
        if kind == 0x10 and parts is not None:
            add(NORMAL, at, hash_page(table % PAGE, *parts))
            continue
        memory = UNMEASURED if host.startswith("gce") else ZERO
        for i in range(pages):
            add({1: memory, 2: SECRETS, 3: CPUID, 4: ZERO, 0x10: ZERO}[kind], at + i * PAGE)
    bits = 52 if host == "gce-genoa" else 48
    for i in range(vcpus):
        add(VMSA, (1 << bits) - PAGE, vmsa(host, reset if i else 0xFFFFFFF0, signature, features))
    return chain.hex()

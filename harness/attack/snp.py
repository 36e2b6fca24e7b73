"""AMD SEV-SNP: a fake key distribution service for each product line, reports signed by its chips, and rows 9 to 25."""
from cryptography.hazmat.primitives import hashes

import bundle
import der
from cases import AT, DAY, YEAR

N384 = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973
SIZE, SIGNED = 1184, 0x2A0
AMD = "1.3.6.1.4.1.3704.1."
LINES = {"Milan": (0x19, 0x01, 0x01), "Genoa": (0x19, 0x11, 0x01), "Turin": (0x1A, 0x02, 0x01)}
STEPPING = {"Milan": "Milan-B0", "Genoa": "Genoa", "Turin": "Turin"}
NAMES = {"fmc": "fmc", "bl": "bootloader", "tee": "tee", "snp": "snp", "ucode": "microcode"}
TCB = {"fmc": 1, "bl": 4, "tee": 1, "snp": 24, "ucode": 219}
NONCE = bytes(range(64))
MEASUREMENT = bytes(range(100, 148))
PERIOD = (AT - YEAR, AT + 5 * YEAR)
# name: (offset, size in bytes)
FIELDS = {
    "version": (0x00, 4), "guest_svn": (0x04, 4), "policy": (0x08, 8), "family_id": (0x10, 16), "image_id": (0x20, 16),
    "vmpl": (0x30, 4), "sig_algo": (0x34, 4), "current_tcb": (0x38, 8), "platform_info": (0x40, 8), "flags": (0x48, 4),
    "report_data": (0x50, 64), "measurement": (0x90, 48), "host_data": (0xC0, 32), "id_key_digest": (0xE0, 48),
    "author_key_digest": (0x110, 48), "report_id": (0x140, 32), "report_id_ma": (0x160, 32), "reported_tcb": (0x180, 8),
    "cpuid": (0x188, 3), "chip_id": (0x1A0, 64), "committed_tcb": (0x1E0, 8), "current_version": (0x1E8, 3),
    "committed_version": (0x1EC, 3), "launch_tcb": (0x1F0, 8),
}


def tcb(line, **parts):
    p = dict(TCB, **parts)
    if line == "Turin":
        return bytes([p["fmc"], p["bl"], p["tee"], p["snp"], 0, 0, 0, p["ucode"]])
    return bytes([p["bl"], p["tee"], 0, 0, 0, 0, p["snp"], p["ucode"]])


def amd_name(common):
    return der.name(("2.5.4.11", "Engineering"), ("2.5.4.6", "US"), ("2.5.4.7", "Santa Clara"), ("2.5.4.8", "CA"),
                    ("2.5.4.10", "Advanced Micro Devices"), ("2.5.4.3", common))


def vek_extensions(line, parts, chip=None, csp=None, without=()):
    p = dict(TCB, **parts)
    order = [("1", 1, "bl"), ("2", 2, "tee"), ("3", 3, "snp"), ("8", 8, "ucode")]
    if line == "Turin":
        order.insert(0, ("9", 9, "fmc"))
    out = [der.extension(AMD + "1", der.integer(0 if line != "Turin" else 1)), der.extension(AMD + "2", der.ia5(STEPPING[line]))]
    out += [der.extension(AMD + "3." + number, der.integer(p[part])) for number, _, part in order if part not in without]
    out += [der.extension(AMD + f"3.{spare}", der.integer(0)) for spare in ((4, 5, 6, 7) if line != "Turin" else (5, 6, 7))]
    if chip is not None:
        out.append(der.extension(AMD + "4", chip))
    if csp is not None:
        out.append(der.extension(AMD + "5", der.ia5(csp)))
    return out


class Line:
    """One product line: ARK, ASK for VCEKs, ASVK for VLEKs. `tag` tells self-made ones apart."""

    def __init__(self, ring, line, tag=""):
        self.ring, self.line, self.tag = ring, line, tag
        self.ark_key = ring.get(f"ark-{line}{tag}", "pss4096")
        self.keys = {"vcek": ring.get(f"ask-{line}{tag}", "pss4096"), "vlek": ring.get(f"asvk-{line}{tag}", "pss4096")}
        self.names = {"ark": amd_name("ARK-" + line), "vcek": amd_name("SEV-" + line), "vlek": amd_name("SEV-VLEK-" + line)}
        period = (AT - 3 * YEAR, AT + 15 * YEAR)
        self.ark = der.certificate(self.names["ark"], self.names["ark"], self.ark_key, self.ark_key, 65536, period, [
            der.key_usage(der.KEY_CERT_SIGN, der.CRL_SIGN), der.subject_key_id(self.ark_key), der.basic_constraints(True)])
        self.ask = {kind: self.intermediate(kind, serial) for kind, serial in (("vcek", 65537), ("vlek", 65793))}

    def intermediate(self, kind, serial, **change):
        by, period = change.get("by", self.ark_key), change.get("period", (AT - 3 * YEAR, AT + 15 * YEAR))
        return der.certificate(self.names[kind], self.names["ark"], self.keys[kind], by, serial, period, [
            der.subject_key_id(self.keys[kind]), der.authority_key_id(self.ark_key), der.basic_constraints(True, 0),
            der.key_usage(der.KEY_CERT_SIGN)])

    def chip(self, number=1):
        size = 8 if self.line == "Turin" else 64
        return der.hashlib.sha512(f"{self.line} chip {number}".encode()).digest()[:size]

    def vcek_key(self, number=1, level=0):
        return self.ring.get(f"vcek-{self.line}{self.tag}-{number}-{level}", "p384")

    def vcek(self, number=1, level=0, chip=None, parts=None, period=PERIOD, serial=0, by=None, without=(), key=None):
        return der.certificate(
            amd_name("SEV-VCEK"), self.names["vcek"], key or self.vcek_key(number, level), by or self.keys["vcek"], serial, period,
            vek_extensions(self.line, parts or {}, self.chip(number) if chip is None else chip, without=without))

    def vlek_key(self):
        return self.ring.get(f"vlek-{self.line}{self.tag}", "p384")

    def vlek(self, parts=None):
        return der.certificate(amd_name("SEV-VLEK"), self.names["vlek"], self.vlek_key(), self.keys["vlek"], 0, PERIOD,
                               vek_extensions(self.line, parts or {}, csp="CN=cloud.example"))

    def crl(self, period=(AT - DAY, AT + 30 * DAY), serials=(), by=None, issuer=None, signature=None):
        """AMD's: issued by the ARK, over ASKs; VCEKs of one ASK are revoked there too."""
        return der.crl(issuer or self.names["ark"], by or self.ark_key, period, serials, signature)


class Evidence:
    """A report, who signs it, and what comes with it; an edit changes any of it before it is sealed."""

    def __init__(self, lines, line="Milan", version=3, leaf="vcek"):
        self.lines, self.line, self.leaf = lines, lines[line], leaf
        chip = self.line.chip() if leaf == "vcek" else b""
        level = tcb(line)
        self.fields = {
            "version": version, "guest_svn": 3, "policy": 0x30000, "family_id": b"F" * 16, "image_id": b"I" * 16, "vmpl": 0,
            "sig_algo": 1, "current_tcb": level, "platform_info": 0x25 if version >= 3 else 1, "flags": 0 if leaf == "vcek" else 4,
            "report_data": NONCE, "measurement": MEASUREMENT, "host_data": b"H" * 32, "id_key_digest": b"K" * 48,
            "author_key_digest": bytes(48), "report_id": b"R" * 32, "report_id_ma": b"\xff" * 32, "reported_tcb": level,
            "cpuid": bytes(LINES[line]) if version >= 3 else bytes(3), "chip_id": chip.ljust(64, b"\0"), "committed_tcb": level,
            "current_version": bytes([29, 55, 1]), "committed_version": bytes([29, 55, 1]), "launch_tcb": level,
        }
        self.patches, self.numbers, self.padding = [], None, {}
        self.key = self.line.vcek_key() if leaf == "vcek" else self.line.vlek_key()
        self.vek = self.line.vcek() if leaf == "vcek" else self.line.vlek()
        self.ask, self.ark = self.line.ask[leaf], self.line.ark
        self.more, self.trailing = {}, b""
        self.policy = {"report-data": NONCE.hex()}

    def body(self):
        out = bytearray(SIZE)
        for name, value in self.fields.items():
            at, size = FIELDS[name]
            out[at:at + size] = value.to_bytes(size, "little") if isinstance(value, int) else value
        for at, value in self.patches:
            out[at:at + len(value)] = value
        return out

    def report(self):
        out = self.body()
        r, s = self.numbers or self.key.sign_numbers(bytes(out[:SIGNED]), hashes.SHA384())
        out[SIGNED:SIGNED + 72] = r.to_bytes(72, "little")
        out[SIGNED + 72:SIGNED + 144] = s.to_bytes(72, "little")
        for at, value in self.padding.items():
            out[SIGNED + at:SIGNED + at + len(value)] = value
        return bytes(out) + self.trailing

    def files(self):
        return {"report": self.report(), "vek": self.vek, "ask": self.ask, "ark": self.ark, **self.more}


def field(**values):
    return lambda e: e.fields.update(values)


def tcbs(**values):
    """TCB fields by the parts in which they differ."""
    def edit(e):
        for name, parts in values.items():
            e.fields[name] = tcb(e.line.line, **parts)
    return edit


def patch(at, value):
    return lambda e: e.patches.append((at, value))


def pad(at, value):
    return lambda e: e.padding.update({at: value})


def numbers(make):
    def edit(e):
        e.numbers = make(*e.key.sign_numbers(bytes(e.body()[:SIGNED]), hashes.SHA384()))
    return edit


def want(**policy):
    return lambda e: e.policy.update({k.replace("_", "-"): v for k, v in policy.items()})


def have(**values):
    """Other files or members of the evidence, each made from it."""
    def edit(e):
        for name, make in values.items():
            setattr(e, name, make(e))
    return edit


def with_crl(**how):
    return lambda e: e.more.update(crl=e.line.crl(**{k: v(e) if callable(v) else v for k, v in how.items()}))


def both(*edits):
    def edit(e):
        for one in edits:
            one(e)
    return edit


def fake_root(e):
    fake = Line(e.line.ring, e.line.line, "-fake")
    e.ark, e.ask, e.vek = fake.ark, fake.ask["vcek"], fake.vcek(key=e.key)


def other_vcek(chip=1, level=0, parts=None):
    def edit(e):
        e.key, e.vek = e.line.vcek_key(chip, level), e.line.vcek(chip, level, parts=parts)
    return edit


DEBUG, MIGRATE = 1 << 19, 1 << 18
POLICY = 0x30000


def floor(**parts):
    """The least reported levels, in the words of a policy."""
    levels = {NAMES[k]: v for k, v in dict(TCB, **parts).items()}

    def edit(e):
        line = e.line.line
        e.policy["floor"] = {line: {"reported": {k: v for k, v in levels.items() if line == "Turin" or k != "fmc"}}}
    return edit


# control: (name, line, version, leaf, edit): what the rows below are edits of
CONTROLS = {
    "milan": ("Milan", 3, "vcek", None), "milan-v2": ("Milan", 2, "vcek", None), "milan-v5": ("Milan", 5, "vcek", None),
    "genoa": ("Genoa", 3, "vcek", None), "genoa-v5": ("Genoa", 5, "vcek", None), "turin": ("Turin", 5, "vcek", None),
    "milan-vlek": ("Milan", 3, "vlek", None), "genoa-vlek": ("Genoa", 5, "vlek", None), "turin-vlek": ("Turin", 5, "vlek", None),
    "milan-asks": ("Milan", 3, "vcek", want(host_data=(b"H" * 32).hex(), id_key=(b"K" * 48).hex(), guest_svn=3,
                                            family_id=(b"F" * 16).hex(), image_id=(b"I" * 16).hex())),
    "milan-floor": ("Milan", 3, "vcek", floor()),
    "turin-floor": ("Turin", 5, "vcek", floor()),
    "milan-crl": ("Milan", 3, "vcek", with_crl()),
    "turin-crl": ("Turin", 5, "vcek", with_crl()),
    "milan-author": ("Milan", 3, "vcek", field(flags=1, author_key_digest=b"A" * 48)),
}

# row, name, control, reason, edit, why
ROWS = [
    (9, "debug", "milan", "snp.policy.debug", field(policy=POLICY | DEBUG), "policy bit 19: the host may debug the guest"),
    (9, "debug-genoa", "genoa-v5", "snp.policy.debug", field(policy=POLICY | DEBUG), "policy bit 19, Genoa"),
    (9, "debug-turin", "turin", "snp.policy.debug", field(policy=POLICY | DEBUG), "policy bit 19, Turin"),
    (9, "debug-vlek", "milan-vlek", "snp.policy.debug", field(policy=POLICY | DEBUG), "policy bit 19, signed by a VLEK"),
    (9, "debug-v2", "milan-v2", "snp.policy.debug", field(policy=POLICY | DEBUG), "policy bit 19, report version 2"),
    (10, "migrate", "milan", "snp.policy.migrate", field(policy=POLICY | MIGRATE), "policy bit 18: a migration agent is allowed"),
    (10, "migrate-turin", "turin", "snp.policy.migrate", field(policy=POLICY | MIGRATE), "policy bit 18, Turin"),
    *[(11, f"vmpl-{n}", "milan", "snp.vmpl", field(vmpl=n), f"asked for by VMPL {n}") for n in (1, 2, 3)],
    (11, "vmpl-host", "genoa", "snp.vmpl", field(vmpl=0xFFFFFFFF), "asked for by the host (VMPL 0xffffffff)"),
    (11, "vmpl-turin", "turin", "snp.vmpl", field(vmpl=1), "asked for by VMPL 1, Turin"),
    *[(12, f"tcb-{part}", "milan", "snp.vcek.tcb", other_vcek(level=part, parts={part: TCB[part] - 1}),
       f"signed by the VCEK of a lower {part}") for part in ("bl", "tee", "snp", "ucode")],
    (12, "tcb-higher", "genoa", "snp.vcek.tcb", other_vcek(level="up", parts={"snp": TCB["snp"] + 1}), "signed by the VCEK of a higher snp"),
    (12, "tcb-turin-fmc", "turin", "snp.vcek.tcb", other_vcek(level="fmc", parts={"fmc": 0}), "signed by the VCEK of a lower fmc"),
    (12, "tcb-vlek", "milan-vlek", "snp.vcek.tcb", have(vek=lambda e: e.line.vlek(parts={"ucode": 200})), "VLEK of a lower ucode"),
    (13, "hwid", "milan", "snp.vcek.hwid", other_vcek(chip=2), "signed by the VCEK of another chip"),
    (13, "hwid-genoa", "genoa-v5", "snp.vcek.hwid", other_vcek(chip=2), "signed by the VCEK of another chip, Genoa"),
    (13, "hwid-report", "milan", "snp.vcek.hwid", lambda e: e.fields.update(chip_id=e.line.chip(2)), "the report claims another chip"),
    (13, "hwid-short", "milan", "snp.vcek.hwid", have(vek=lambda e: e.line.vcek(chip=e.line.chip()[:8])), "HWID of 8 bytes on Milan"),
    (13, "hwid-absent", "milan", "snp.vcek.hwid", have(vek=lambda e: e.line.vcek(chip=b"")), "an empty HWID"),
    (14, "vlek-as-vcek", "milan-vlek", "snp.signing-key", field(flags=0), "a VLEK's report says that a VCEK signed it"),
    (14, "vcek-as-vlek", "milan", "snp.signing-key", field(flags=4), "a VCEK's report says that a VLEK signed it"),
    (14, "none", "milan", "snp.signing-key", field(flags=7 << 2), "SIGNING_KEY says that nobody signed"),
    *[(14, f"selector-{n}", "genoa", "snp.signing-key", field(flags=n << 2), f"SIGNING_KEY {n} is reserved") for n in (2, 5)],
    (14, "author-bit", "milan", "snp.signing-key", field(flags=1), "AUTHOR_KEY_EN with a digest of zeros"),
    (14, "author-digest", "milan-author", "snp.signing-key", field(flags=0), "an author key's digest without AUTHOR_KEY_EN"),
    (15, "root", "milan", "snp.chain.root", fake_root, "a self-made chain with AMD's names"),
    (15, "root-genoa", "genoa", "snp.chain.root", fake_root, "a self-made chain with AMD's names, Genoa"),
    (15, "root-turin", "turin", "snp.chain.root", fake_root, "a self-made chain with AMD's names, Turin"),
    (16, "ark-other", "milan", "snp.chain.order", have(ark=lambda e: e.lines["Genoa"].ark), "the ASK of Milan under the ARK of Genoa"),
    (16, "ask-other", "genoa", "snp.chain.order", have(ask=lambda e: e.lines["Milan"].ask["vcek"]), "the ASK of Milan in Genoa's chain"),
    (16, "asvk", "milan", "snp.chain.order", have(ask=lambda e: e.line.ask["vlek"]), "the ASVK where the ASK belongs"),
    (16, "swapped", "milan", "snp.chain.order", lambda e: e.__dict__.update(ask=e.ark, ark=e.ask), "ASK and ARK in each other's place"),
    (16, "leaf-first", "turin", "snp.chain.order", lambda e: e.__dict__.update(vek=e.ask, ask=e.vek), "VCEK and ASK in each other's place"),
    (16, "no-ask", "milan", "snp.chain.order", have(ask=lambda e: e.ark), "the ARK twice, no ASK"),
    (16, "extra", "milan", "snp.chain.order", have(ask=lambda e: e.ask + e.lines["Genoa"].ask["vcek"]), "another certificate behind the ASK"),
    (16, "extra-leaf", "milan", "snp.chain.order", have(vek=lambda e: e.vek + e.line.vlek()), "another certificate behind the VCEK"),
    *[(17, f"version-{n:x}", "milan", "snp.version", field(version=n), f"version {n}") for n in (0, 1, 6, 7, 0xFFFFFFFF)],
    (17, "version-turin-6", "turin", "snp.version", field(version=6), "version 6, Turin"),
    *[(17, f"reserved-{at:03x}-{control}", control, "snp.reserved", patch(at, b"\x80"), f"a reserved bit at 0x{at:x}")
      for at, control in ((0x4C, "milan"), (0x4F, "turin"), (0x18B, "milan"), (0x19F, "genoa"), (0x1EB, "milan"), (0x1EF, "genoa"),
                          (0x1F8, "milan"), (0x29F, "milan"), (0x188, "milan-v2"), (0x208, "genoa-v5"), (0x29F, "turin"))],
    (17, "reserved-flags", "milan", "snp.reserved", field(flags=1 << 5), "a reserved bit beside SIGNING_KEY"),
    (17, "reserved-policy", "milan", "snp.reserved", field(policy=POLICY | 1 << 63), "a reserved bit of the policy"),
    (17, "policy-17", "milan", "snp.reserved", field(policy=0x10000), "policy bit 17 must be one"),
    (17, "reserved-tcb", "milan", "snp.reserved", patch(0x1E2, b"\1"), "a reserved byte of COMMITTED_TCB"),
    (18, "r-zero", "milan", "snp.signature.encoding", numbers(lambda r, s: (0, s)), "r is zero"),
    (18, "s-zero", "milan", "snp.signature.encoding", numbers(lambda r, s: (r, 0)), "s is zero"),
    (18, "r-n", "milan", "snp.signature.encoding", numbers(lambda r, s: (N384, s)), "r is the order"),
    (18, "s-n", "genoa", "snp.signature.encoding", numbers(lambda r, s: (r, N384)), "s is the order"),
    (18, "r-plus-n", "milan", "snp.signature.encoding", numbers(lambda r, s: (r + N384, s)), "r plus the order: the same point, another text"),
    (18, "s-plus-n", "turin", "snp.signature.encoding", numbers(lambda r, s: (r, s + N384)), "s plus the order"),
    (18, "r-wide", "milan", "snp.signature.encoding", pad(71, b"\1"), "the padding of r is not zero"),
    (18, "s-wide", "turin", "snp.signature.encoding", pad(72 + 48, b"\1"), "the padding of s is not zero"),
    (18, "behind", "milan", "snp.signature.encoding", pad(144, b"\1"), "a byte behind s"),
    (18, "last", "milan", "snp.signature.encoding", pad(511, b"\x80"), "the last byte of the signature's field"),
    (18, "trailing", "milan", "snp.report.size", have(trailing=lambda e: b"\0"), "a byte behind the report"),
    (19, "masked", "milan", "snp.chip-id.masked", field(chip_id=bytes(64)), "the chip id is all zero"),
    (19, "masked-flag", "genoa", "snp.chip-id.masked", field(chip_id=bytes(64), flags=2), "the chip id is masked and says so"),
    (19, "masked-turin", "turin", "snp.chip-id.masked", field(chip_id=bytes(64)), "the chip id is all zero, Turin"),
    (20, "reported-above", "milan-floor", "snp.tcb.order", tcbs(committed_tcb={"snp": 23}, current_tcb={"snp": 23}, launch_tcb={"snp": 23}),
     "REPORTED_TCB above COMMITTED_TCB"),
    (20, "committed-above", "milan-floor", "snp.tcb.order", tcbs(committed_tcb={"ucode": 220}), "COMMITTED_TCB above CURRENT_TCB"),
    (20, "provisional-tcb", "milan-floor", "snp.tcb.order", tcbs(current_tcb={"snp": 25}), "CURRENT_TCB is not committed"),
    (20, "provisional", "milan-floor", "snp.tcb.order", field(current_version=bytes([30, 55, 1])), "provisional firmware: 1.55.30 over 1.55.29"),
    (20, "launch-above", "milan-floor", "snp.tcb.order", tcbs(launch_tcb={"bl": 5}), "LAUNCH_TCB above CURRENT_TCB"),
    (20, "order-turin", "turin-floor", "snp.tcb.order", tcbs(committed_tcb={"fmc": 0}), "REPORTED_TCB above COMMITTED_TCB by its FMC"),
    *[(20, f"floor-{part}", "milan-floor", "snp.tcb.floor", floor(**{part: TCB[part] + 1}), f"{part} below the floor")
      for part in ("bl", "tee", "snp", "ucode")],
    (20, "floor-fmc", "turin-floor", "snp.tcb.floor", floor(fmc=2), "fmc below the floor"),
    (21, "host-data", "milan-asks", "snp.host-data", field(host_data=b"h" * 32), "another HOST_DATA"),
    (21, "host-data-none", "milan-asks", "snp.host-data", field(host_data=bytes(32)), "no HOST_DATA"),
    (21, "id-key", "milan-asks", "snp.id-block", field(id_key_digest=b"k" * 48), "an ID block by another key"),
    (21, "id-none", "milan-asks", "snp.id-block", field(id_key_digest=bytes(48)), "no ID block"),
    (21, "family", "milan-asks", "snp.id-block", field(family_id=b"I" * 16, image_id=b"F" * 16), "family and image id swapped"),
    (21, "image", "milan-asks", "snp.id-block", field(image_id=b"i" * 16), "another image id"),
    (21, "svn", "milan-asks", "snp.svn", field(guest_svn=2), "a lower guest SVN"),
    (24, "crl-stale", "milan-crl", "snp.crl.stale", with_crl(period=(AT - 60 * DAY, AT - DAY)), "nextUpdate has passed"),
    (24, "crl-future", "milan-crl", "snp.crl.future", with_crl(period=(AT + DAY, AT + 30 * DAY)), "thisUpdate is to come"),
    (24, "crl-unsigned", "milan-crl", "snp.crl.signature", with_crl(signature=bytes(512)), "a signature of zeros"),
    (24, "crl-forged", "milan-crl", "snp.crl.signature", with_crl(by=lambda e: Line(e.line.ring, "Milan", "-fake").ark_key), "signed by a self-made ARK"),
    (24, "crl-by-ask", "milan-crl", "snp.crl.issuer", with_crl(issuer=lambda e: e.line.names["vlek"]),
     "signed by the ARK in the name of the ASVK"),
    (24, "crl-other-line", "milan-crl", "snp.crl.issuer", have(more=lambda e: {"crl": e.lines["Genoa"].crl()}), "the list of Genoa"),
    (24, "crl-ask", "milan-crl", "snp.crl.revoked", with_crl(serials=(65537,)), "the ASK is revoked"),
    (24, "crl-ask-many", "turin-crl", "snp.crl.revoked", with_crl(serials=(*range(1, 300), 65537)), "the ASK is revoked among others"),
    (24, "crl-vcek", "milan-crl", "snp.crl.revoked", both(have(vek=lambda e: e.line.vcek(serial=77)), with_crl(serials=(77,), by=lambda e: e.line.keys["vcek"], issuer=lambda e: e.line.names["vcek"])),
     "the VCEK is revoked by the ASK"),
    (51, "vek-length", "milan", "snp.chain.syntax", have(vek=lambda e: der.long_form(e.vek)), "the VCEK's outermost length in one byte more than it needs"),
    (51, "ask-length", "turin", "snp.chain.syntax", have(ask=lambda e: der.long_form(e.ask)), "the ASK's"),
    (51, "vek-tail", "milan", "snp.chain.syntax", have(vek=lambda e: e.vek + b"\0"), "a byte behind the VCEK"),
    (51, "report-tail", "genoa", "snp.report.size", have(trailing=lambda e: b"\0" * 16), "bytes behind the report"),
    (25, "turin-hwid", "turin", "snp.vcek.hwid", other_vcek(chip=2), "another chip's VCEK, HWID of 8 bytes"),
    (25, "turin-long", "turin", "snp.vcek.hwid", have(vek=lambda e: e.line.vcek(chip=e.line.chip().ljust(64, b"\0"))), "HWID of 64 bytes on Turin"),
    (25, "turin-tail", "turin", "snp.vcek.hwid", lambda e: e.fields.update(chip_id=e.line.chip() + b"\1" * 56), "a chip id longer than the HWID"),
    (25, "turin-as-milan", "turin", "snp.reserved", lambda e: e.fields.update({k: tcb("Milan") for k in ("current_tcb", "reported_tcb", "committed_tcb", "launch_tcb")}),
     "TCBs in the layout of Milan"),
]


def make(case_set, ring):
    lines = {line: Line(ring, line) for line in LINES}
    anchors = {line: case_set.anchor(f"ark-{line}.der", one.ark) for line, one in lines.items()}

    def build(control, edit=None):
        line, version, leaf, first = CONTROLS[control]
        e = Evidence(lines, line, version, leaf)
        for one in (first, edit):
            if one:
                one(e)
        return e

    def add(name, row, e, why, **more):
        case_set.add(name, row, "snp", dict(e.files(), att=bundle.snp(e.files(), e.policy)), trust=anchors[e.line.line], policy=e.policy, why=why, **more)

    for control in CONTROLS:
        add(f"snp-{control}", "good", build(control), "good: " + control.replace("-", " "))
    for row, name, control, reason, edit, why in ROWS:
        add(f"snp-{row:02}-{name}", row, build(control, edit), why, reason=reason, control=f"snp-{control}")

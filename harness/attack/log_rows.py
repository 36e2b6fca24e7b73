"""Rows 32 to 35: the firmware log, the runtime log, PCRs that anyone can reset."""
import struct

import eventlog as log
import tpm
from cases import b64url
from measured import Machine


def events(edit, measured_too=False):
    """The log after an edit; PCRs have what was measured before it, unless the attacker measures the edited one."""
    def change(m):
        m.extends = list(log.good())
        edit(m.events)
        if measured_too:
            m.extends = list(m.events)
    return {"booted": change}


def raw(make):
    """The log's bytes as the attack wants them; PCRs as of the whole log."""
    return {"booted": lambda m: m.__dict__.update(firmware_log=make(log.encode(m.events), m.events))}


def retype(pcr, kind, to, nth=0):
    return events(lambda es: setattr(log.find(es, pcr, kind, nth), "type", to))


def insert(at, *new):
    """Firmware that measures this, too."""
    def edit(es):
        es[at:at] = new
    return events(edit, True)


def remove(pcr, kind):
    return events(lambda es: es.remove(log.find(es, pcr, kind)), True)


def move(pcr, kind, to):
    def edit(es):
        one = log.find(es, pcr, kind)
        es.remove(one)
        es.insert(to, one)
    return events(edit, True)


def hide(es):
    """An application that ran is called an event that measures nothing."""
    log.find(es, 4, log.APPLICATION).type = log.NO_ACTION


def started(number, *more):
    """A platform that starts at that locality, and says so."""
    def change(m):
        m.startup = number
        m.events[:0] = [log.locality(number), *more]
    return {"booted": change}


def says(*events_first):
    """The log says so; the TPM started at 0."""
    return {"booted": lambda m: (m.__dict__.update(extends=log.good()), m.events.__setitem__(slice(0, 0), events_first))}


def late_locality(m):
    m.extends = log.good()
    m.events.insert(2, log.locality(3))


def second_header(m):
    m.extends = log.good()
    m.events.insert(1, log.no_action(0, log.header()[32:]))


HEADER = len(log.header())


def size_of_first(value):
    """The first event's data size, overwritten."""
    at = HEADER + 12 + 34
    return lambda raw_log, _: raw_log[:at] + struct.pack("<I", value) + raw_log[at + 4:]


def runtime(edit, extends_too=True):
    """The node's own log after an edit; PCR 15 has the edited one, or what was there before."""
    def change(m):
        if not extends_too:
            m.runtime_extends = list(m.runtime)
        edit(m.runtime)
    return {"logged": change}


def register(edit):
    """PCR 15 has other extends than the log says."""
    def change(m):
        m.runtime_extends = list(m.runtime)
        edit(m.runtime_extends)
    return {"logged": change}


EXTRA = ("zone", 15, bytes(range(32)))


def swap(entries):
    entries[0], entries[1] = entries[1], entries[0]


def resettable(pcr, instead_of=None):
    """Quotes a PCR that software can reset, beside the others or for one of them."""
    pcrs = sorted({*tpm.QUOTED, pcr} - {instead_of})

    def change(m):
        m.shown = {p: m.pcrs[p] for p in pcrs}
        m.selections = tpm.selections(tpm.selection(tpm.SHA256, pcrs))
        m.pcr_digest = tpm.hashlib.sha256(b"".join(m.pcrs[p] for p in pcrs)).digest()
    return {"quoted": change}


def elsewhere(pcr):
    """The node measures itself where it can start again at any time."""
    return {"logged": lambda m: m.__dict__.update(runtime=[(t, pcr, d) for t, _, d in m.runtime])}


CONTROLS = {
    "plain": {}, "locality-3": started(3), "locality-4": started(4, log.event(0, log.HCRTM, b"HCRTM", b"the H-CRTM")),
    "padded": raw(lambda b, _: b + bytes(64)),
}

# row, name, control, reason, changes, why
ROWS = [
    (32, "type-changed", "plain", "log.type", retype(7, log.VARIABLE, log.ACTION), "SecureBoot's variable is called an action"),
    (32, "type-separator", "plain", "log.type", retype(7, log.SEPARATOR, log.EFI_ACTION), "PCR 7's separator is called an action"),
    (32, "type-unknown", "plain", "log.type", retype(0, log.BLOB, 0x8000FFFF), "a firmware volume under an unknown type"),
    (32, "type-vendor", "plain", "log.type", retype(4, log.APPLICATION, 0xAAAAAAAA), "an application under a vendor's type"),
    (32, "type-place", "plain", "log.type", insert(0, log.event(7, log.IPL, b"loader", b"loader")), "a loader's event in PCR 7"),
    (32, "no-action", "plain", "log.type", events(hide), "an application that ran is called EV_NO_ACTION"),
    (32, "no-action-more", "plain", "log.type", insert(17, log.Event(4, log.NO_ACTION, b"device path", tpm.hashlib.sha256(b"x").digest())),
     "EV_NO_ACTION with a digest, for verifiers that count it"),
    (32, "moved", "plain", "log.order", move(7, log.VARIABLE, 16), "a Secure Boot variable behind its separator"),
    (32, "moved-firmware", "plain", "log.order", move(0, log.BLOB, 17), "a firmware volume behind its separator"),
    (32, "moved-crtm", "plain", "log.order", move(0, log.CRTM_VERSION, 17), "the CRTM's version behind its separator"),
    *[(32, f"no-separator-{pcr}", "plain", "log.separator", remove(pcr, log.SEPARATOR), f"PCR {pcr} has no separator") for pcr in (0, 4, 7)],
    (32, "separator-twice", "plain", "log.separator", insert(17, log.event(7, log.SEPARATOR, bytes(4))), "PCR 7 has two separators"),
    (32, "separator-error", "plain", "log.separator", events(lambda es: es.__setitem__(es.index(log.find(es, 5, log.SEPARATOR)), log.event(
        5, log.SEPARATOR, b"\1\0\0\0")), True), "a separator that reports an error"),
    (33, "locality-twice", "locality-3", "log.header", started(3, log.locality(3)), "StartupLocality twice"),
    (33, "locality-4-3", "locality-4", "log.header", started(4, log.locality(3)), "StartupLocality 4, then 3"),
    (33, "locality-late", "plain", "log.header", {"booted": late_locality}, "StartupLocality behind PCR 0's first extend"),
    *[(33, f"locality-{n}", "plain", "log.header", says(log.locality(n)), f"StartupLocality {n}") for n in (1, 2, 5, 255)],
    (33, "locality-pcr", "plain", "log.header", says(log.locality(3, 1)), "StartupLocality in PCR 1"),
    (33, "two-headers", "plain", "log.header", {"booted": second_header}, "a second Spec ID event"),
    (33, "no-algorithms", "plain", "log.header", raw(lambda b, es: log.encode(es, first=log.header(()))), "a header without algorithms"),
    (33, "algorithm-twice", "plain", "log.header", raw(lambda b, es: log.encode(es, first=log.header((tpm.SHA256, tpm.SHA256)))),
     "a header that names an algorithm twice"),
    (33, "tail", "plain", "log.truncated", raw(lambda b, _: b[:-1]), "the last byte is missing"),
    (33, "tail-half", "plain", "log.truncated", raw(lambda b, _: b[:len(b) - 40]), "half an event is missing"),
    (33, "tail-more", "plain", "log.truncated", raw(lambda b, _: b + b"\1\0\0\0\4"), "the beginning of an event behind the last"),
    (33, "overflow", "plain", "log.truncated", raw(size_of_first(0xFFFFFFFF)), "an event of 2^32-1 bytes"),
    (33, "overflow-sum", "plain", "log.truncated", raw(size_of_first(0xFFFFFFD0)), "a size that wraps around with its header"),
    (33, "overflow-half", "plain", "log.truncated", raw(size_of_first(0x80000000)), "a size that is negative to some"),
    (34, "extended-after", "plain", "log.runtime.order", register(lambda r: r.append(EXTRA)), "PCR 15 was extended after the node's events"),
    (34, "extended-before", "plain", "log.runtime.order", register(lambda r: r.insert(0, EXTRA)), "PCR 15 was extended before the node's events"),
    (34, "logged-after", "plain", "log.runtime.order", runtime(lambda r: r.append(EXTRA)), "an event behind the node's, logged too"),
    (34, "duplicate", "plain", "log.runtime.order", runtime(lambda r: r.insert(1, r[0])), "the subject twice"),
    (34, "duplicate-log", "plain", "log.runtime.order", runtime(lambda r: r.insert(1, r[0]), False), "the subject twice in the log only"),
    (34, "missing", "plain", "log.runtime.order", runtime(lambda r: r.pop(1)), "no confinement"),
    (34, "swapped-register", "plain", "log.runtime.order", register(swap), "the register has the first two in the other order"),
    (34, "swapped-log", "plain", "log.runtime.order", runtime(swap, False), "the log has the first two in the other order"),
    (34, "swapped-both", "plain", "log.runtime.order", runtime(swap), "both have the first two in the other order"),
    (35, "pcr-16", "plain", "tpm.pcr.resettable", resettable(16), "the quote has the debug PCR, too"),
    (35, "pcr-23", "plain", "tpm.pcr.resettable", resettable(23), "the quote has the application PCR, too"),
    (35, "pcr-23-for-15", "plain", "tpm.pcr.resettable", resettable(23, 15), "PCR 23 is quoted instead of 15"),
    (35, "pcr-17", "plain", "tpm.pcr.resettable", resettable(17), "a PCR of the dynamic root, which locality 4 resets"),
    (35, "pcr-20", "plain", "tpm.pcr.resettable", resettable(20), "a PCR that locality 2 resets"),
    (35, "runtime-16", "plain", "tpm.pcr.resettable", elsewhere(16), "the node measured itself in PCR 16"),
    (35, "runtime-23", "plain", "tpm.pcr.resettable", elsewhere(23), "the node measured itself in PCR 23"),
]


def make(case_set, ring):
    def add(name, row, changes, why, purpose="boot", **more):
        m = Machine(ring, purpose=purpose, changes=changes)
        policy = dict(m.policy, purpose="fresh", nonce=b64url(m.nonce)) if purpose == "fresh" else m.policy
        case_set.add("log-" + name, row, "measurement", m.files(), why=why, policy=policy, **more)
        # A quote without an envelope has no log of the node's, and its asker says which PCRs count.
        if row not in (34, 35):
            more["control"] = more.get("control", "").replace("log-", "quote-log-")
            case_set.add("quote-log-" + name, row, "tpm", m.files(True), why=why, nonce=m.qualifying.hex(), policy={"pcrs": tpm.QUOTED}, **more)

    for name, changes in CONTROLS.items():
        add(name, "good", changes, "good: " + name)
    for row, name, control, reason, changes, why in ROWS:
        add(f"{row}-{name}", row, changes, why, reason=reason, control=f"log-{control}")

"""Rows 36 and 37: somebody on the TPM's wire, and a TPM that does not answer, against our own TPM service.

They cannot be files: services/tpm/fault_test puts an interposer between the service's code and a software TPM, and says
what each case came to. That every later call works again is its own assertion: then it ends with 0.
"""
import re
import subprocess

TEST = "/build/gcc/tpm_fault"
LINE = re.compile(r"^# wire: (.*) -> (\S*)$", re.M)

HMAC = "tpm.session.hmac"
GONE = "tpm.unavailable"
ROWS = [
    *[(36, name, HMAC) for name in (
        "quote: attest edited", "quote: hmac edited", "quote: replayed", "begin: PCR edited", "begin: PCR replayed", "begin: AK edited",
        "activate: credential edited", "activate: EK policy edited", "open: properties edited", "quote: command edited",
        "begin: template edited", "activate: blob edited")],
    *[(37, name, GONE) for name in (
        "quote: RETRY", "begin: RETRY", "clock: RETRY", "open: RETRY", "quote: LOCKOUT", "begin: LOCKOUT", "activate: LOCKOUT",
        "activate: OBJECT_MEMORY", "begin: OBJECT_MEMORY", "open: OBJECT_MEMORY", "activate: SESSION_MEMORY", "open: SESSION_MEMORY",
        "quote: held", "clock: held", "open: held")],
]
GOOD = ("quote: RETRY thrice", "quote: YIELDED once", "begin: TESTING twice", "quote: PCR moved")


def run():
    """(refused exactly, attacks, what works all the same, all of these), and what went wrong."""
    done = subprocess.run([TEST], capture_output=True, text=True, timeout=300)
    seen, wrong = dict(LINE.findall(done.stdout)), []
    if done.returncode:
        wrong.append(f"tpm_fault ends with {done.returncode}: {done.stdout[-600:]}{done.stderr[-600:]}")
        return 0, len(ROWS), 0, len(GOOD), wrong
    refused = accepted = 0
    for row, name, reason in ROWS:
        good = seen.get(name) == reason
        refused += good
        if not good:
            wrong.append(f"wire-{row} {name}: want {reason}, got {seen.get(name, 'no such case')}")
    for name in GOOD:
        good = seen.get(name) == ""
        accepted += good
        if not good:
            wrong.append(f"wire {name}: want success, got {seen.get(name, 'no such case')}")
    return refused, len(ROWS), accepted, len(GOOD), wrong

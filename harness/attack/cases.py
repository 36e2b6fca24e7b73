"""The set that the kit makes: files and an index that any verifier can be run on."""
import base64
import datetime
import hashlib
import json
import os

__all__ = ["AT", "DAY", "YEAR", "Set", "b64url", "stamp"]

DAY = 86400
YEAR = 365 * DAY
AT = 1780272000  # 2026-06-01, the instant at which everything is judged but what a software TPM quotes


def b64url(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Set:
    """Entries of one index.json, each with its files below the same folder."""

    def __init__(self, folder):
        self.folder, self.entries, self.blobs = folder, [], {}
        os.makedirs(folder, exist_ok=True)

    def store(self, name, data):
        """The path of these bytes; the same bytes are one file."""
        digest = hashlib.sha256(data).hexdigest()
        path = f"files/{digest[:16]}-{name}"
        if path not in self.blobs:
            os.makedirs(self.folder + "/files", exist_ok=True)
            with open(f"{self.folder}/{path}", "wb") as file:
                file.write(data)
            self.blobs[path] = digest
        return path

    def anchor(self, name, data):
        """What a verifier of the set trusts beside its own roots: its path, as `trust` has it."""
        os.makedirs(self.folder + "/common", exist_ok=True)
        with open(f"{self.folder}/common/{name}", "wb") as file:
            file.write(data)
        return "common/" + name

    def add(self, name, row, kind, files, *, reason=None, control=None, why, at=AT, trust=None, policy=None, **more):
        """One case. Without a reason it must be accepted; `control` names the case it is an edit of."""
        paths = {k: self.store(f"{k}", v) for k, v in sorted(files.items())}
        entry = {"id": name, "class": f"attack-{row}", "row": row, "set": "attack", "kind": "synthetic", "evidence": kind,
                 "files": paths, "sha256": {k: self.blobs[p] for k, p in paths.items()},
                 "expect": "invalid" if reason else "valid", "time": stamp(at), "why": why}
        for key, value in (("reason", reason), ("control", control), ("trust", trust), ("policy", policy), *more.items()):
            if value:
                entry[key] = value
        self.entries.append(entry)
        return name

    def write(self):
        known = [e["id"] for e in self.entries]
        assert len(set(known)) == len(known), [n for n in known if known.count(n) > 1]
        for entry in self.entries:
            if entry["expect"] == "invalid":
                assert entry.get("control") in known, f"{entry['id']} has no control"
        note = ("Made by harness/attack. expect valid: must be accepted; invalid: must be refused with exactly `reason` as the "
                "reason of the verdict. control: the accepted case of which this one differs by the edit that `why` names.")
        with open(self.folder + "/index.json", "w") as file:
            json.dump({"schema": 1, "note": note, "entries": self.entries}, file, indent=1)
            file.write("\n")

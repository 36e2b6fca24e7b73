"""How our own verifier is asked: the program that operators run, on the files of a case."""
import base64
import json
import os
import subprocess

VERIFIER = "/build/install/usr/bin/pwos-verify"
PARTIES = ("node", "channel-key", "self", "machines", "used-nonces")
LIMIT = 20  # seconds for one case, on a busy machine: no case may stall a verifier


def pem(certificates):
    out = ""
    for der in certificates:
        text = base64.b64encode(der).decode()
        lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64))
        out += f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    return out


def seconds(stamp):
    import datetime
    return int(datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp())


class Product:
    """judge() gives (verdict, reason, all that it said)."""

    def __init__(self, folder, scratch, program=VERIFIER):
        self.folder, self.scratch, self.program = folder, scratch, program
        os.makedirs(scratch, exist_ok=True)

    def read(self, entry, name):
        with open(f"{self.folder}/{entry['files'][name]}", "rb") as file:
            return file.read()

    def write(self, name, data):
        path = f"{self.scratch}/{name}"
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def arguments(self, entry):
        policy, files = entry.get("policy", {}), entry["files"]
        if "att" in files:
            return self.bundle_arguments(entry)
        roots = [self.read(entry, f) for f in files if f.startswith("root")]
        out = ["--json", "--at", str(seconds(entry["time"])), "--roots", self.write("roots.pem", pem(roots))]
        for key in ("purpose", "nonce"):
            if key in policy:
                out += ["--" + key, policy[key]]
        parties = {k: policy[k] for k in PARTIES if k in policy}
        if parties:
            out += ["--policy", self.write("policy", json.dumps(parties))]
        if "earlier" in files:
            out += ["--earlier", f"{self.folder}/{files['earlier']}"]
        claim = policy.get("activation")
        if claim:
            raw = [base64.urlsafe_b64decode(claim[k] + "==") for k in ("credential", "ek-name")]
            request = {"credential": {k: claim[k] for k in ("credential-blob", "secret")}}
            out += ["--credential", self.write("credential", b"".join(raw)), "--request", self.write("request", json.dumps(request)),
                    "--answer", self.write("answer", json.dumps(claim["answer"]))]
        else:
            out.append("--without-activation")
        if "measurement" not in files:
            return None
        return [*out, f"{self.folder}/{files['measurement']}"]

    def bundle_arguments(self, entry):
        files = entry["files"]
        roots = [f"{self.folder}/{entry['trust']}"] if "trust" in entry else [
            f"{self.folder}/{files[f]}" for f in files if f.startswith("root")]
        out = ["--json", "--at", entry["time"]]
        for root in roots:
            out += ["--roots", root]
        return [*out, f"{self.folder}/{files['att']}"]

    def judge(self, entry):
        arguments = self.arguments(entry)
        if arguments is None:
            return "not asked", "", "our verifier is not asked such cases"
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=LIMIT)
        try:
            tree = json.loads(done.stdout)
        except ValueError:
            return f"exit {done.returncode}", done.stderr.strip().rpartition("[")[2].rstrip("]"), done.stderr
        return tree["verdict"], tree.get("reason", ""), done.stdout

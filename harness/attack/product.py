"""How our own verifier is asked: the program that operators run, on the files of a case."""
import base64
import json
import os
import subprocess

VERIFIER = "/build/install/usr/bin/pwos-verify"
LIMIT = 20  # seconds for one case, on a busy machine: no case may stall a verifier


def reason_of(line):
    """The code that ends what a program says: why [code]."""
    return line.strip().rpartition("[")[2].partition("]")[0]


class Product:
    """judge() gives (verdict, reason, all that it said)."""

    def __init__(self, folder, scratch, program=VERIFIER):
        self.folder, self.scratch, self.program = folder, scratch, program
        os.makedirs(scratch, exist_ok=True)

    def write(self, name, data):
        path = f"{self.scratch}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def arguments(self, entry, digest, plain=False):
        """As a reader of the bundle: his roots, his time, his challenge if he made one."""
        files, policy = entry["files"], entry.get("policy", {})
        roots = [entry["trust"]] if "trust" in entry else [files[f] for f in sorted(files) if f.startswith("root")]
        out = ["--json", "--at", entry["time"]]
        for root in roots:
            out += ["--roots", f"{self.folder}/{root}"]
        claim = policy.get("activation")
        if claim:
            raw = [base64.urlsafe_b64decode(claim[k] + "==") for k in ("credential", "ek-name")]
            out += ["--credential", self.write("credential-" + entry["id"], b"".join(raw))]
        elif entry["evidence"] in ("measurement", "tpm"):
            out.append("--without-activation")
        if entry["evidence"] == "android":
            out += ["--without-revocation"] if plain else ["--revocation", f"{self.folder}/{files['status']}", "--revocation-date", entry["time"]]
        if digest:
            wanted = {"snp": {"measurement": digest}}
            out += ["--policy", self.write("policy-" + entry["id"], json.dumps(wanted).encode())]
        return [*out, f"{self.folder}/{files['att']}"]

    def launch(self, entry):
        """(digest, reason) of the launch that the asker recomputes from the release's files."""
        said = entry.get("policy", {}).get("launch")
        if not said:
            return "", ""
        command = [self.program.replace("pwos-verify", "pwos-launch-digest")]
        for name, value in said.items():
            command += ["--" + name, str(value)]
        for name in ("ovmf", "kernel", "initrd"):
            command += ["--" + name, f"{self.folder}/{entry['files'][name]}"]
        command += ["--cmdline", "@" + f"{self.folder}/{entry['files']['cmdline']}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        return done.stdout.strip(), reason_of(done.stderr) if done.returncode else ""

    def judge(self, entry, plain=False):
        """plain: without what a node cannot be given, the asker's own revocation list."""
        digest, reason = self.launch(entry)
        if reason:
            return "rejected", reason, "no such launch is accepted"
        done = subprocess.run([self.program, *self.arguments(entry, digest, plain)], capture_output=True, text=True, timeout=LIMIT)
        try:
            tree = json.loads(done.stdout)
        except ValueError:
            return "unreadable" if done.returncode == 2 else f"exit {done.returncode}", reason_of(done.stderr), done.stderr
        return tree["verdict"], tree.get("reason", ""), done.stdout

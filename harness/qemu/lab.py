"""What the tests of machines share: the image, its keys, altered copies of it, and one booted node."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from machine import Machine, Trouble

__all__ = ["Lab", "Trouble"]

BOOT = "/~measurement@1.0/boot"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


class Lab:
    def __init__(self, build="/build"):
        self.image, self.keys, self.variables = build + "/image", build + "/keys", build + "/vars.fd"
        self.states = build + "/qemu"
        self.booted = None

    def __enter__(self):
        os.makedirs(self.states, exist_ok=True)
        self.scratch = tempfile.mkdtemp(prefix="lab-")
        # So that the machines end in order when the suite is told to.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return self

    def __exit__(self, *_):
        if self.booted:
            self.booted.stop()
        shutil.rmtree(self.scratch)

    def machine(self, name, disks=None, **more):
        """A machine of that name that is not started: use it in a with block."""
        return Machine(f"{self.states}/{name}", disks or self.image + "/pwos.img", self.variables, **more)

    def node(self):
        """The production image, booted with a TPM and answering. One for all tests: leave it as it was."""
        if not self.booted:
            self.booted = self.machine("node")
            self.booted.__enter__()
            try:
                self.booted.wait_answer(BOOT)
            except Trouble:
                # The tests that follow need not wait for it again.
                self.booted.stop()
                raise
        if self.booted.answered is None:
            raise Trouble("the node did not answer when it was first asked")
        return self.booted

    def uki(self):
        with open(self.image + "/pwos.efi", "rb") as file:
            return file.read()

    def unsigned(self):
        path = self.scratch + "/unsigned.efi"
        shutil.copyfile(self.image + "/pwos.efi", path)
        run("sbattach", "--remove", path)
        with open(path, "rb") as file:
            return file.read()

    def signed_by_others(self):
        """The same UKI, signed with a db key that the firmware does not know."""
        stranger, path = self.scratch + "/stranger", self.scratch + "/stranger.efi"
        run("/src/signing/keys", stranger)
        self.unsigned()
        run("sbsign", "--key", stranger + "/db.key", "--cert", stranger + "/db.crt", "--output", path,
            self.scratch + "/unsigned.efi")
        with open(path, "rb") as file:
            return file.read()

    def disk_with(self, name, uki):
        """A copy of the disk that boots another UKI."""
        disk, file = f"{self.scratch}/{name}.img", f"{self.scratch}/{name}.efi"
        run("cp", "--sparse=always", self.image + "/pwos.img", disk)
        with open(file, "wb") as out:
            out.write(uki)
        run("mcopy", "-o", "-i", disk + "@@1M", file, "::/EFI/Boot/BootX64.efi")
        os.unlink(file)
        return disk

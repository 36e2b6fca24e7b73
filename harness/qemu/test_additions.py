"""The production image with a kernel parameter from the host: it boots, Secure Boot or not, and must not be believed."""
import subprocess

from lab import BOOT

EXTRA = "type=11,value=io.systemd.stub.kernel-cmdline-extra=lockdown=none"


def test_command_line(t, lab):
    with lab.machine("additions", more=("-smbios", EXTRA)) as machine:
        machine.wait_answer(BOOT)
        seen = subprocess.run(["/src/harness/verify", "--roots", machine.tpm.roots, "--manifest",
                               lab.image + "/manifest.json", machine.url], capture_output=True, text=True)
        refused = [line.split()[1] for line in seen.stdout.splitlines() if line.startswith("  failed")]
        t.equal("a parameter from SMBIOS is what the verifier refuses, and all", [seen.returncode, set(refused)],
                [1, {"policy.additions"}])

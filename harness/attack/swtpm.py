"""A software TPM with an EK certificate of its own vendor, and the few commands that a node gives it."""
import os
import shutil
import socket
import struct
import subprocess
import time

import tpm

NO_SESSIONS, SESSIONS, PASSWORD, ENDORSEMENT, NULL_HANDLE = 0x8001, 0x8002, 0x40000009, 0x4000000B, 0x40000007
CC = {"Startup": 0x144, "Shutdown": 0x145, "CreatePrimary": 0x131, "Extend": 0x182, "Read": 0x17E, "Quote": 0x158, "StartAuthSession": 0x176,
      "PolicyPCR": 0x17F, "PolicyOR": 0x171, "Flush": 0x165, "Reset": 0x13D, "GetTime": 0x14C, "NvRead": 0x14E, "NvReadPublic": 0x169,
      "ReadClock": 0x181}
EK_CERTIFICATE = 0x01C00002
LIMIT = 10


class Refused(Exception):
    """The TPM's response code."""


def run(command, folder):
    done = subprocess.run(command, env=dict(os.environ, XDG_CONFIG_HOME=folder), capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{command[0]}: {done.stdout}{done.stderr}")


def der_of(pem):
    import base64
    body = pem.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return base64.b64decode(body)


class Swtpm:
    """One chip: its state is made once in the folder, with a vendor's certificates; `with` is power."""

    def __init__(self, folder):
        self.folder, self.child, self.wire = folder, None, None
        if not os.path.exists(folder + "/made"):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder + "/nv")
            run(["swtpm_setup", "--tpm2", "--create-config-files", "overwrite,root"], folder)
            run(["swtpm_setup", "--tpm2", "--tpmstate", folder + "/nv", "--create-ek-cert", "--pcr-banks", "sha256", "--overwrite",
                 "--config", folder + "/swtpm_setup.conf"], folder)
            with open(folder + "/made", "w"):
                pass
        authority = folder + "/var/lib/swtpm-localca/"
        with open(authority + "swtpm-localca-rootca-cert.pem") as root, open(authority + "issuercert.pem") as issuer:
            self.root, self.issuer = der_of(root.read()), der_of(issuer.read())

    def __enter__(self):
        path = self.folder + "/wire"
        if os.path.exists(path):
            os.unlink(path)
        self.child = subprocess.Popen(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}/nv", "--server", f"type=unixio,path={path}",
                                       "--flags", "not-need-init", "--terminate"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + LIMIT
        self.wire = socket.socket(socket.AF_UNIX)
        self.wire.settimeout(LIMIT)
        while self.wire.connect_ex(path):
            if time.monotonic() > until or self.child.poll() is not None:
                self.child.kill()
                raise Refused("swtpm does not start")
            time.sleep(0.01)
        self.command("Startup", struct.pack(">H", 0))
        return self

    def __exit__(self, *_):
        try:
            self.command("Shutdown", struct.pack(">H", 0))
        except (Refused, OSError):
            pass
        self.wire.close()
        self.child.wait(LIMIT)

    def command(self, name, body, handles=b"", auth=None, session=PASSWORD):
        """The response's parameters, behind its handle if it has one (CreatePrimary, StartAuthSession)."""
        area = b""
        if auth is not None:
            area = b"".join(struct.pack(">IHBH", one, 0, 1, 0) for one in (session if isinstance(session, list) else [session]))
            area = struct.pack(">I", len(area)) + area
        out = handles + area + body
        self.wire.sendall(struct.pack(">HII", NO_SESSIONS if auth is None else SESSIONS, 10 + len(out), CC[name]) + out)
        head = self.read(10)
        tag, size, code = struct.unpack(">HII", head)
        rest = self.read(size - 10)
        if code:
            raise Refused(f"{name}: 0x{code:x}")
        if name in ("CreatePrimary", "StartAuthSession"):
            return int.from_bytes(rest[:4], "big"), rest[8:] if tag == SESSIONS else rest[4:]
        return rest[4:] if tag == SESSIONS else rest

    def read(self, size):
        out = b""
        while len(out) < size:
            part = self.wire.recv(size - len(out))
            if not part:
                raise Refused("the TPM hung up")
            out += part
        return out

    def counts(self):
        """(resetCount, restartCount)."""
        return struct.unpack(">II", self.command("ReadClock", b"")[16:24])

    def primary(self, area):
        """(handle, TPMT_PUBLIC) of a key under the endorsement hierarchy."""
        body = struct.pack(">HHH", 4, 0, 0) + tpm.sized(area) + struct.pack(">HI", 0, 0)
        handle, rest = self.command("CreatePrimary", body, struct.pack(">I", ENDORSEMENT), True)
        size = int.from_bytes(rest[:2], "big")
        return handle, rest[2:2 + size]

    def endorsement(self):
        """The EK of template L-1."""
        area = struct.pack(">HHI", tpm.RSA, tpm.SHA256, tpm.EK_ATTRIBUTES) + tpm.sized(tpm.EK_POLICY)
        area += struct.pack(">HHHHHI", tpm.AES, 128, tpm.CFB, tpm.NULL, 2048, 0) + tpm.sized(bytes(256))
        handle, public = self.primary(area)
        self.flush(handle)
        return public

    def attestation(self, policy, attributes=tpm.AK_ATTRIBUTES):
        area = struct.pack(">HHI", tpm.ECC, tpm.SHA256, attributes) + tpm.sized(policy)
        area += struct.pack(">HHHHH", tpm.NULL, tpm.ECDSA, tpm.SHA256, tpm.P256, tpm.NULL) + tpm.sized(b"") + tpm.sized(b"")
        return self.primary(area)

    def flush(self, handle):
        self.command("Flush", struct.pack(">I", handle))

    def extend(self, pcr, digest):
        self.command("Extend", struct.pack(">IH", 1, tpm.SHA256) + digest, struct.pack(">I", pcr), True)

    def reset(self, pcr):
        self.command("Reset", b"", struct.pack(">I", pcr), True)

    def pcr(self, number):
        rest = self.command("Read", tpm.selections(tpm.selection(tpm.SHA256, [number])))
        return rest[-32:]

    def policy(self, branches):
        """A session in which the AK may be used: PolicyPCR, then PolicyOR."""
        body = tpm.sized(bytes(32)) + struct.pack(">HBHH", 0, 1, tpm.NULL, tpm.SHA256)
        session, _ = self.command("StartAuthSession", body, struct.pack(">II", NULL_HANDLE, NULL_HANDLE))
        chosen = tpm.selections(tpm.selection(tpm.SHA256, tpm.QUOTED))
        self.command("PolicyPCR", struct.pack(">I", session) + struct.pack(">H", 0) + chosen)
        self.command("PolicyOR", struct.pack(">II", session, len(branches)) + b"".join(tpm.sized(b) for b in branches))
        return session

    def attested(self, name, body, handle, branches, handles=None):
        """(TPMS_ATTEST, TPMT_SIGNATURE) of Quote or GetTime by the AK."""
        session = self.policy(branches)
        sessions = [PASSWORD, session] if handles else [session]
        rest = self.command(name, body, handles or struct.pack(">I", handle), True, sessions)
        size = int.from_bytes(rest[:2], "big")
        return rest[2:2 + size], self.signature(rest[2 + size:])

    @staticmethod
    def signature(rest):
        """A TPMT_SIGNATURE of ECDSA without what stands behind it."""
        at = 4
        for _ in range(2):
            at += 2 + int.from_bytes(rest[at:at + 2], "big")
        return rest[:at]

    def quote(self, handle, nonce, pcrs, branches):
        body = tpm.sized(nonce) + struct.pack(">H", tpm.NULL) + tpm.selections(tpm.selection(tpm.SHA256, pcrs))
        return self.attested("Quote", body, handle, branches)

    def time(self, handle, nonce, branches):
        body = tpm.sized(nonce) + struct.pack(">H", tpm.NULL)
        return self.attested("GetTime", body, handle, branches, struct.pack(">II", ENDORSEMENT, handle))

    def nv(self, index):
        rest = self.command("NvReadPublic", struct.pack(">I", index))
        size = int.from_bytes(rest[2:2 + int.from_bytes(rest[:2], "big")][-2:], "big")
        out = b""
        while len(out) < size:
            part = min(512, size - len(out))
            got = self.command("NvRead", struct.pack(">HH", part, len(out)), struct.pack(">II", index, index), True)
            out += got[2:2 + part]
        return out

"""Evidence bundles (.att) of the kit's evidence: spec/verdict.md, rule 12."""
import json

import tpm as structures
from cases import AT, b64url

__all__ = ["android", "measurement", "snp", "tpm"]

PARTIES = ("node", "channel-key", "self", "machines", "used-nonces")


def bundle(kind, evidence, policy=None, **collateral):
    out = {"type": "permawebos-evidence", "version": "1.0", "made-at-unix": AT, "evidence": {kind: evidence}}
    collateral = {k.replace("_", "-"): v for k, v in collateral.items() if v}
    if collateral:
        out["collateral"] = collateral
    if policy:
        out["policy"] = policy
    return json.dumps(out).encode()


def texts(files, names):
    return {key: b64url(files[name]) for key, name in names.items() if name in files}


def numbered(files, name):
    """The files of that name with a number behind it, in order."""
    return [files[n] for n in sorted(files) if n.rstrip("0123456789") == name]


def snp(files, policy):
    evidence = texts(files, {"report": "report", "vek": "vek", "ask": "ask", "ark": "ark", "table": "table"})
    return bundle("snp", evidence, {"snp": policy}, crls=[b64url(c) for c in numbered(files, "crl")])


def measurement(files, policy, purpose):
    """The measurements' texts go in as they are: what is wrong with one stays."""
    where, parts = policy.get("purpose", purpose), {}
    if "earlier" in files:
        parts["boot"] = "EARLIER"
    parts[where] = "MEASUREMENT"
    claim = policy.get("activation")
    if claim:
        parts["activation"] = {k: claim[k] for k in ("credential-blob", "secret", "answer")}
    asked = {k: policy[k] for k in ("nonce", *PARTIES) if k in policy}
    out = bundle("measurement", parts, asked)
    for mark, name in ((b'"EARLIER"', "earlier"), (b'"MEASUREMENT"', "measurement")):
        if name in files:
            out = out.replace(mark, files[name])
    return out


def tpm(files, shown, nonce):
    """The quote and what came with it, without the envelope."""
    evidence = texts(files, {"attest": "attest", "tpmt-signature": "sig", "ak-public": "ak_tpmt", "ek-public": "ek_tpmt", "ek-certificate": "leaf",
                             "firmware-log": "log"})
    evidence["pcrs"] = {"sha256": {str(p): b64url(v) for p, v in shown.items()}}
    return bundle("tpm", evidence, {"nonce": b64url(nonce), "tpm": {"pcrs": list(structures.QUOTED)}},
                  certificates=[b64url(c) for c in numbered(files, "intermediate")], crls=[b64url(c) for c in numbered(files, "crl")])


def android(files, challenge, policy, length):
    evidence = dict(texts(files, {"statement": "statement", "signature": "signature"}), certificates=[b64url(files[f"cert{i}"]) for i in range(length)])
    return bundle("android", evidence, {"nonce": b64url(challenge), "android": policy}, revocation_list=files["status"].decode(),
                  revocation_fetched_at_unix=AT)

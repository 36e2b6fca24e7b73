"""Evidence bundles (.att) of the kit's evidence: spec/verdict.md, rule 12."""
import json

from cases import AT, b64url

__all__ = ["android", "measurement", "snp", "tpm"]


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


def snp(files, policy):
    evidence = texts(files, {"report": "report", "vek": "vek", "ask": "ask", "ark": "ark", "table": "table"})
    return bundle("snp", evidence, {"snp": policy}, crls=[b64url(files[n]) for n in sorted(files) if n.startswith("crl")])

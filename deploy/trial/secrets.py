"""The secrets of a trial: made by lot where they are not there, and never shown or kept here.

A password stands in two secrets, one for the server and one in the address for its callers. What
one of them has, the other is given; so whoever broke off in between goes on.
"""

import base64
import json
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from deploy.trial.cluster import SERVERS, SYSTEM, Cluster

SERVICES = ("submission", "appraisal", "survey", "ranking")
PASSWORD_BYTES = 24
MONGO = f"mongodb://mongo.{SERVERS}:27017"


def make(cluster: Cluster) -> int:
    """Make those that are missing; gives how many that were."""
    known = {
        (each["metadata"]["namespace"], each["metadata"]["name"]): each.get("data", {})
        for namespace in (SYSTEM, SERVERS)
        for each in cluster.listed("secrets", namespace)
    }
    wanted: dict[tuple[str, str], Mapping[str, str]] = {}
    for service in SERVICES:
        name = f"{service}-postgres"
        password = _decoded(known.get((SERVERS, name), {}).get("password", ""))
        password = password or secrets.token_hex(PASSWORD_BYTES)
        address = f"postgresql://cchc:{password}@{name}.{SERVERS}:5432/cchc"
        wanted[SERVERS, name] = {"password": password}
        wanted[SYSTEM, name] = {"uri": address}
        wanted[SYSTEM, f"{service}-mongo"] = {"uri": MONGO}
    if (SYSTEM, "ranking-checkpoint-key") not in known:
        wanted[SYSTEM, "ranking-checkpoint-key"] = {"key.pem": _key()}
    missing = {
        place: told
        for place, told in wanted.items()
        if {name: _decoded(text) for name, text in known.get(place, {}).items()} != told
    }
    for place, told in missing.items():
        _put(cluster, *place, told)
    return len(missing)


def _put(cluster: Cluster, namespace: str, name: str, told: Mapping[str, str]) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"app.kubernetes.io/part-of": "cchc"},
        },
        "type": "Opaque",
        "stringData": told,
    }
    # By server-side apply no second copy of it stands in an annotation.
    applied = ("apply", "--server-side", "--field-manager=deploy-trial", "--filename=-")
    cluster.run(*applied, said=json.dumps(secret))


def _key() -> str:
    pem = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Ed25519PrivateKey.generate().private_bytes(*pem).decode("ascii")


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode("utf-8")

"""What operators make pods of: it says as much of rights as their namespace asks of every pod.

CloudNativePG gives its own pods no more than that; each other kind says it in its own place.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.manifests import Manifest, Manifests, place_of

CONTAINERS: Mapping[str, Mapping[str, str]] = {
    "PerconaServerMongoDB": {
        "spec": "spec/initContainerSecurityContext",
        "spec/replsets": "spec/replsets/0/containerSecurityContext",
        "spec/backup": "spec/backup/containerSecurityContext",
    },
    "Kafka": {
        f"spec/entityOperator/{name}": (
            f"spec/entityOperator/template/{name}Container/securityContext"
        )
        for name in ("topicOperator", "userOperator")
    },
    "KafkaNodePool": {"spec": "spec/template/kafkaContainer/securityContext"},
}
"""By the kind, what runs, and where the rights of its containers stand."""
PODS: Mapping[str, str] = {
    "PerconaServerMongoDB": "spec/replsets/0/podSecurityContext",
    "Kafka": "spec/entityOperator/template/pod/securityContext",
    "KafkaNodePool": "spec/template/pod/securityContext",
}


def what_operators_run_has_no_rights(manifests: Manifests) -> Iterator[str]:
    """Each container, also those that an operator puts beside the server in its pod."""
    for each in manifests.of(*CONTAINERS):
        for runs, place in CONTAINERS[each["kind"]].items():
            context = _at(each, place) or {}
            if _at(each, runs) is None:
                continue
            if context.get("allowPrivilegeEscalation") is not False:
                yield f"{place_of(each)}: what {runs} runs may get more rights"
            if context.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{place_of(each)}: what {runs} runs has capabilities"


def what_operators_run_is_nobody(manifests: Manifests) -> Iterator[str]:
    """Not root, and with the calls of the kernel that a runtime allows by itself."""
    for each in manifests.of(*PODS):
        context = _at(each, PODS[each["kind"]]) or {}
        if context.get("runAsNonRoot") is not True:
            yield f"{place_of(each)} may run as root"
        if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{place_of(each)} may call all of the kernel"


def _at(manifest: Manifest, path: str) -> Any:  # noqa: ANN401 - any part of an object
    part: Any = manifest
    for key in path.split("/"):
        match part:
            case dict():
                part = part.get(key)
            case list() if key.isdigit() and int(key) < len(part):
                part = part[int(key)]
            case _:
                return None
    return part


RULES = (what_operators_run_has_no_rights, what_operators_run_is_nobody)

"""What the objects of an overlay have to be to one another."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from tests.support.manifests import Manifest, Manifests, Workload, namespace_of

POOL_BESIDE = 2
"""Connections of a process beside its pool, for leases and news."""
POOL = 8
DOOR = "cchc-gateway"
"""The namespace in which pods of a gateway may be, and nothing of ours."""
SECURITY = "pod-security.kubernetes.io"


def no_two_have_one_name(manifests: Manifests) -> Iterator[str]:
    """The second would be the first, changed."""
    names = Counter(
        (each["apiVersion"].rpartition("/")[0], each["kind"], namespace_of(each), _name(each))
        for each in manifests.objects
    )
    for (_, kind, _, name), count in names.items():
        if count > 1:
            yield f"there are {count} {kind} {name}"


def namespaces_refuse_what_is_not_restricted(manifests: Manifests) -> Iterator[str]:
    """And warn of it: a Deployment is taken, and only its pods are refused."""
    for each in manifests.of("Namespace"):
        labels = each["metadata"].get("labels", {})
        for mode in ("enforce", "warn", "audit"):
            if labels.get(f"{SECURITY}/{mode}") != "restricted":
                yield f"the namespace {_name(each)} does not {mode} restricted pods"


def namespaces_are_there(manifests: Manifests) -> Iterator[str]:
    """No object is put into a namespace that the overlay does not make."""
    made = {_name(each) for each in manifests.of("Namespace")}
    for each in manifests.objects:
        if each["kind"] != "Namespace" and namespace_of(each) not in made:
            yield f"{each['kind']} {_name(each)} is in no namespace of ours"


def namespaces_deny_what_nobody_allows(manifests: Manifests) -> Iterator[str]:
    """In both directions, for every pod; a pod that no policy selects would talk to all.

    But for the door: who is let in there, and out to its controller, its maker says.
    """
    nothing = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    denied = {
        namespace_of(each) for each in manifests.of("NetworkPolicy") if each["spec"] == nothing
    }
    for each in manifests.of("Namespace"):
        if _name(each) not in denied | {DOOR}:
            yield f"the namespace {_name(each)} lets everybody talk"


def selectors_find_their_own(manifests: Manifests) -> Iterator[str]:
    """Each the pods of one workload, and no pod belongs to two."""
    for each in manifests.workloads:
        own = each.manifest["spec"].get("selector", {}).get("matchLabels", {})
        if not own.items() <= each.labels.items():
            yield f"{each} does not find its own pods"
    for one, other in combinations(manifests.workloads, 2):
        for each, another in ((one, other), (other, one)):
            selector = each.manifest["spec"].get("selector", {}).get("matchLabels")
            is_near = each.namespace == another.namespace
            if is_near and selector and selector.items() <= another.labels.items():
                yield f"{each} takes the pods of {another} for its own"


def services_lead_to_one_workload(manifests: Manifests) -> Iterator[str]:
    """And to a port that it has."""
    for each in manifests.of("Service"):
        found = _selected(manifests, each, each["spec"]["selector"])
        if len(found) != 1:
            yield f"the Service {_name(each)} leads to {len(found)} workloads"
        for workload in found:
            ports = {p["name"] for c in workload.containers for p in c.get("ports", ())}
            for port in each["spec"]["ports"]:
                if port["targetPort"] not in ports:
                    yield f"the Service {_name(each)} leads to no port {port['targetPort']}"


def what_scales_finds_its_target(manifests: Manifests) -> Iterator[str]:
    """One thing at most scales a workload, and its manifest then says no number."""
    targets: Counter[tuple[str, str]] = Counter()
    deployments = {(each.namespace, each.name): each for each in manifests.workloads}
    for each in manifests.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = namespace_of(each), each["spec"]["scaleTargetRef"]["name"]
        targets[target] += 1
        if target not in deployments:
            yield f"{each['kind']} {_name(each)} scales nothing"
        elif "replicas" in deployments[target].manifest["spec"]:
            yield f"{deployments[target]} is set back whenever it is applied"
    for (_, name), count in targets.items():
        if count > 1:
            yield f"{name} is scaled by {count}"


def budgets_leave_room(manifests: Manifests) -> Iterator[str]:
    """What has several pods has a budget, by which one of them at a time can be moved."""
    held: list[Workload] = []
    for each in manifests.of("PodDisruptionBudget"):
        spec = each["spec"]
        found = _selected(manifests, each, spec["selector"]["matchLabels"])
        if len(found) != 1:
            yield f"the budget {_name(each)} is that of {len(found)} workloads"
        for workload in found:
            room = spec.get("maxUnavailable", workload.least - spec.get("minAvailable", 0))
            if not 0 < room < workload.least:
                yield f"the budget {_name(each)} gives up {room} of {workload.least}"
        held += found
    for workload in manifests.workloads:
        if workload.kind == "Deployment" and workload not in held:
            yield f"{workload} has no budget"


def workers_are_two_and_no_more_than_partitions(manifests: Manifests) -> Iterator[str]:
    """Never none, since they tell what waits; and who has no partition receives nothing."""
    for each in manifests.processes:
        if each.role == "worker":
            partitions = int(manifests.settings(each)["CCHC_KAFKA_PARTITIONS"])
            if not 2 <= each.least <= each.most <= partitions:
                yield f"{each} has {each.least} to {each.most} pods for {partitions} partitions"


def connections_suffice(manifests: Manifests) -> Iterator[str]:
    """Whoever is scaled as far as it goes, and replaced meanwhile, still reaches PostgreSQL."""
    for server, most in _connections(manifests):
        count = 0
        for each in manifests.processes:
            if f"{each.service}-postgres" == server:
                pool = int(manifests.settings(each).get("CCHC_POSTGRES_POOL", POOL))
                count += (each.most + (each.kind == "Deployment")) * (pool + POOL_BESIDE)
        if count > most:
            yield f"{server} takes {most} connections, and {count} may be wanted"


def what_is_mounted_is_there(manifests: Manifests) -> Iterator[str]:
    """ConfigMaps, claims and identities by their names; secrets are made by people."""
    there = {(each["kind"], namespace_of(each), _name(each)) for each in manifests.objects}
    for each in manifests.workloads:
        for kind, name in _mentioned(each):
            if (kind, each.namespace, name) not in there:
                yield f"{each} needs the {kind} {name}, which nobody makes"


def _mentioned(workload: Workload) -> Iterator[tuple[str, str]]:
    if account := workload.pod.get("serviceAccountName"):
        yield "ServiceAccount", account
    for volume in workload.pod.get("volumes", ()):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
    for container in workload.containers:
        for source in container.get("envFrom", ()):
            if "configMapRef" in source:
                yield "ConfigMap", source["configMapRef"]["name"]


def _connections(manifests: Manifests) -> Iterator[tuple[str, int]]:
    """How many each PostgreSQL takes."""
    for each in manifests.of("Cluster"):
        yield _name(each), int(each["spec"]["postgresql"]["parameters"]["max_connections"])
    for workload in manifests.workloads:
        for argument in workload.containers[0].get("args", ()):
            setting, _, value = str(argument).partition("=")
            if setting == "max_connections":
                yield workload.name, int(value)


def _selected(manifests: Manifests, by: Manifest, labels: Mapping[str, Any]) -> list[Workload]:
    return [
        each
        for each in manifests.workloads
        if each.namespace == namespace_of(by) and labels.items() <= each.labels.items()
    ]


def _name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


RULES = (
    no_two_have_one_name,
    namespaces_refuse_what_is_not_restricted,
    namespaces_are_there,
    namespaces_deny_what_nobody_allows,
    selectors_find_their_own,
    services_lead_to_one_workload,
    what_scales_finds_its_target,
    budgets_leave_room,
    workers_are_two_and_no_more_than_partitions,
    connections_suffice,
    what_is_mounted_is_there,
)

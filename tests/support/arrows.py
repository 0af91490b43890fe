"""Who may talk to whom, by the NetworkPolicies of an overlay, as Kubernetes defines them.

https://kubernetes.io/docs/concepts/services-networking/network-policies/: policies only allow; a
pod that none selects, for a direction, talks freely in it; an arrow takes leave at both ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.manifests import Manifest, Manifests, namespace_of

Arrow = tuple[str, str, int]
PORTS = {"mongo": {"mongo": 27017}, "postgres": {"postgres": 5432, "metrics": 9187}}
"""Where servers listen that an operator runs, by names; Kafka says it of itself."""
NAMESPACE = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Pod:
    """One kind of pods; of another namespace than ours, any pod there."""

    name: str
    namespace: Mapping[str, str]
    labels: Mapping[str, str]
    ports: Mapping[str, int]


OUTSIDE = tuple(
    Pod(name, {NAMESPACE: name, **labels}, {}, {})
    for name, labels in {
        "callers": {"cchc/callers": "yes"},
        "prometheus": {"cchc/metrics": "yes"},
        "operators": {"cchc/operators": "yes"},
        "anybody": {},
    }.items()
)


def arrows(manifests: Manifests) -> frozenset[Arrow]:
    """Each kind of pod that may call another at a port at which that one listens."""
    policies = [*manifests.of("NetworkPolicy"), *_of_operators(manifests)]
    pods = list(pods_of(manifests))
    return frozenset(
        (source.name, target.name, port)
        for target in pods
        for source in (*OUTSIDE, *pods)
        for port in target.ports.values()
        if source.name != target.name
        and _allowed(policies, "Egress", source, target, port)
        and _allowed(policies, "Ingress", target, source, port)
    )


def pods_of(manifests: Manifests) -> Iterator[Pod]:
    """The pods of workloads, and those that operators will make of what they are told."""
    labels = {
        each["metadata"]["name"]: {
            NAMESPACE: each["metadata"]["name"],
            **each["metadata"].get("labels", {}),
        }
        for each in manifests.of("Namespace")
    }
    for each in manifests.workloads:
        ports = {p["name"]: p["containerPort"] for c in each.containers for p in c.get("ports", ())}
        yield Pod(each.name, labels[each.namespace], each.labels, ports)
    for manifest in manifests.objects:
        if promised := _promised(manifest):
            name, server = manifest["metadata"]["name"], promised["cchc/server"]
            where = _listeners(manifests) if server == "kafka" else PORTS[server]
            yield Pod(name, labels[namespace_of(manifest)], promised, where)


def _listeners(manifests: Manifests) -> Mapping[str, int]:
    """Where Kafka listens, by the names of its listeners."""
    [kafka] = manifests.of("Kafka")
    return {each["name"]: each["port"] for each in kafka["spec"]["kafka"]["listeners"]}


def _of_operators(manifests: Manifests) -> Iterator[Manifest]:
    """The policy that Strimzi makes by itself: who is not among the peers of a listener is out.

    https://strimzi.io/docs/operators/latest/configuring: without `networkPolicyPeers` all are in.
    """
    for kafka in manifests.of("Kafka"):
        yield {
            "kind": "NetworkPolicy",
            "metadata": {"name": "kafka-network-policy", "namespace": namespace_of(kafka)},
            "spec": {
                "podSelector": {"matchLabels": {"strimzi.io/cluster": kafka["metadata"]["name"]}},
                "policyTypes": ["Ingress"],
                "ingress": [
                    {
                        "ports": [{"port": each["port"]}],
                        **({"from": peers} if (peers := each.get("networkPolicyPeers")) else {}),
                    }
                    for each in kafka["spec"]["kafka"]["listeners"]
                ],
            },
        }


def _promised(manifest: Manifest) -> Mapping[str, str]:
    """The labels of pods that an operator makes."""
    spec, name = manifest.get("spec", {}), manifest["metadata"]["name"]
    match manifest["kind"]:
        case "KafkaNodePool":
            cluster = manifest["metadata"]["labels"]["strimzi.io/cluster"]
            return {"strimzi.io/cluster": cluster, **spec["template"]["pod"]["metadata"]["labels"]}
        case "Cluster":
            return {"cnpg.io/cluster": name, **spec["inheritedMetadata"]["labels"]}
        case "PerconaServerMongoDB":
            return {"app.kubernetes.io/instance": name, **spec["replsets"][0]["labels"]}
        case _:
            return {}


def _allowed(policies: Sequence[Manifest], direction: str, own: Pod, other: Pod, port: int) -> bool:
    """Whether a pod may be called by another, or call it; who listens is asked for its ports."""
    about = [
        each
        for each in policies
        if direction in each["spec"]["policyTypes"]
        and namespace_of(each) == own.namespace[NAMESPACE]
        and _selects(each["spec"]["podSelector"], own.labels)
    ]
    listening = own if direction == "Ingress" else other
    peers = "from" if direction == "Ingress" else "to"
    rules = [rule for each in about for rule in each["spec"].get(direction.lower(), ())]
    return not about or any(
        _is_port(rule.get("ports"), listening, port) and _is_peer(rule.get(peers), own, other)
        for rule in rules
    )


def _is_port(ports: Sequence[Mapping[str, Any]] | None, listening: Pod, port: int) -> bool:
    told = [each["port"] for each in ports or () if each.get("protocol", "TCP") == "TCP"]
    return ports is None or port in [listening.ports.get(each, each) for each in told]


def _is_peer(peers: Sequence[Mapping[str, Any]] | None, own: Pod, other: Pod) -> bool:
    return peers is None or any(_is_one(peer, own, other) for peer in peers)


def _is_one(peer: Mapping[str, Any], own: Pod, other: Pod) -> bool:
    if "ipBlock" in peer:
        return False
    is_near = own.namespace[NAMESPACE] == other.namespace[NAMESPACE]
    namespaces = peer.get("namespaceSelector")
    is_there = is_near if namespaces is None else _selects(namespaces, other.namespace)
    return is_there and _selects(peer.get("podSelector", {}), other.labels)


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        _holds(expression, labels) for expression in selector.get("matchExpressions", ())
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    match expression["operator"]:
        case "In":
            return labels.get(expression["key"]) in expression["values"]
        case "Exists":
            return expression["key"] in labels
        case other:
            raise AssertionError(f"no policy of ours says {other}")

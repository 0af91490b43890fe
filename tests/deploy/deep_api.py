"""A real API server takes each overlay as it is, and refuses what it has to: `make deep`.

Kinds of operators are held against the definitions of their own makers, where these are to be had;
those of Strimzi and Percona are taken as they come (`UNCHECKED`), and prove nothing.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from real import kubernetes
from real.install import HOME
from real.servers.server import NotHad
from tests.support.cluster import Cluster, running
from tests.support.manifests import (
    OVERLAYS,
    REMOVED,
    Manifests,
    place_of,
    planted,
    rendered,
    with_smoke,
)
from tests.support.node import not_had

SERVER_SIDE = ("apply", "--server-side", "--filename=-")
STRICT = (*SERVER_SIDE, "--validate=strict", "--warnings-as-errors")
UNCHECKED = {
    ("kafka.strimzi.io", "Kafka"),
    ("kafka.strimzi.io", "KafkaNodePool"),
    ("kafka.strimzi.io", "KafkaTopic"),
    ("kafka.strimzi.io", "KafkaUser"),
    ("psmdb.percona.com", "PerconaServerMongoDB"),
}
SAVED_AT = "2026-11-27T01-50-00Z"
POD = "spec/template/spec"
PRIVILEGED = {"allowPrivilegeEscalation": True, "privileged": True}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An API server that knows the kinds of operators, and all namespaces."""
    try:
        with running(tmp_path_factory.mktemp("cluster"), HOME, whole=False) as cluster:
            for name in kubernetes.DEFINITIONS:
                files = f"--filename={cluster.home / name}"
                cluster.done("apply", "--server-side", files, "--validate=ignore")
            cluster.done(*SERVER_SIDE, said=[_definition(*kind) for kind in sorted(UNCHECKED)])
            definitions = ("crd", "--all", "--timeout=60s")
            cluster.done("wait", "--for=condition=Established", *definitions)
            cluster.done(*SERVER_SIDE, said=list(with_smoke("production").of("Namespace")))
            yield cluster
    except NotHad as missing:
        not_had(str(missing))


def _definition(group: str, kind: str) -> dict[str, Any]:
    """One that takes anything."""
    plural = f"{kind.lower()}s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural},
            "versions": [version],
        },
    }


def broken(place: str, path: str, value: object, overlay: str = "trial") -> Any:  # noqa: ANN401 - an object
    """One object, with another value at one path."""
    changed = planted(with_smoke(overlay), place, path, value)
    [found] = [each for each in changed.objects if place_of(each) == place]
    return found


def of_both(manifests: Manifests) -> list[Any]:
    """All objects, namespaces first."""
    namespaces = list(manifests.of("Namespace"))
    return [*namespaces, *(each for each in manifests.objects if each["kind"] != "Namespace")]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_taken_as_it_is_without_a_warning(cluster: Cluster, overlay: str) -> None:
    objects = of_both(with_smoke(overlay))

    tried = cluster.run(*STRICT, "--dry-run=server", said=objects)
    assert (tried.returncode, tried.stderr) == (0, "")

    applied = cluster.run(*STRICT, said=objects)
    assert (applied.returncode, applied.stderr) == (0, "")
    assert len(applied.stdout.splitlines()) == len(objects)

    # A second time nothing is another: no default of the server's fights with what is said.
    again = cluster.run(*STRICT, said=objects)
    assert (again.returncode, again.stderr) == (0, "")
    generations = [each["metadata"].get("generation", 1) for each in _there(cluster)]
    assert set(generations) == {1}
    for each in ("deployments", "statefulsets", "jobs", "pdb", "hpa"):
        cluster.done("delete", each, "--all", "--namespace=cchc", "--wait=false")
        cluster.done("delete", each, "--all", "--namespace=cchc-servers", "--wait=false")


def _there(cluster: Cluster) -> list[Any]:
    found: list[Any] = []
    for namespace in ("cchc", "cchc-servers"):
        found += cluster.got("deployments,statefulsets", f"--namespace={namespace}")["items"]
    return found


def test_a_pod_that_is_not_restricted_is_refused(cluster: Cluster) -> None:
    template = broken("Deployment survey-api", f"{POD}/containers/0/securityContext", PRIVILEGED)
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "planted", "namespace": "cchc"},
        "spec": template["spec"]["template"]["spec"],
    }

    refused = cluster.run(*SERVER_SIDE, said=pod)

    assert refused.returncode != 0
    assert 'violates PodSecurity "restricted:latest"' in refused.stderr
    for reason in ("privileged", "allowPrivilegeEscalation", "unrestricted capabilities"):
        assert reason in refused.stderr


@pytest.mark.parametrize(
    "place", ["Deployment survey-api", "StatefulSet cchc-servers/kafka", "Job smoke"]
)
def test_what_would_make_such_pods_is_refused_for_the_warning(cluster: Cluster, place: str) -> None:
    planted_one = broken(place, f"{POD}/securityContext/runAsNonRoot", REMOVED)
    dry = "--dry-run=server"

    refused = cluster.run(*STRICT, dry, said=planted_one)
    taken = cluster.run(*SERVER_SIDE, dry, said=planted_one)

    assert refused.returncode != 0
    assert "would violate PodSecurity" in refused.stderr
    assert taken.returncode == 0, "without the option it is a warning, and only its pods fail"


@pytest.mark.parametrize(
    ("overlay", "place", "path", "value", "words"),
    [
        ("trial", "Deployment survey-api", f"{POD}/hostNetworks", True, "hostNetworks"),
        ("trial", "NetworkPolicy deny-all", "spec/podSelectors", {}, "podSelectors"),
        ("trial", "Job smoke", "spec/backOffLimit", 0, "backOffLimit"),
        ("trial", "Deployment survey-api", "spec/replicas", "two", "replicas"),
        ("production", "Cluster cchc-servers/ranking-postgres", "spec/instance", 3, "instance"),
        ("production", "Cluster cchc-servers/ranking-postgres", "spec/instances", 0, "instances"),
        ("production", "ScaledObject ranking-worker", "spec/maxReplicas", 8, "maxReplicas"),
        ("production", "HTTPRoute cchc", "spec/rules/0/backendRefs/0/port", 99999, "port"),
        ("production", "Gateway cchc-gateway/cchc", "spec/listeners/0/protocols", "x", "protocols"),
    ],
)
def test_a_slip_of_the_pen_is_refused(
    cluster: Cluster, overlay: str, place: str, path: str, value: object, words: str
) -> None:
    wrong = broken(place, path, value, overlay)

    refused = cluster.run(*STRICT, "--dry-run=server", said=wrong)

    assert refused.returncode != 0
    assert words in refused.stderr


def test_the_jobs_of_the_last_time_are_in_the_way_until_they_are_deleted(cluster: Cluster) -> None:
    """As upgrade.md has it: other settings have another name, and so another template."""
    jobs = [each for each in rendered("production").objects if each["kind"] == "Job"]
    others = json.loads(json.dumps(jobs).replace('"settings-', '"settings-of-today-'))
    found = "--selector=app.kubernetes.io/component=migrate"
    cluster.done(*SERVER_SIDE, said=jobs)

    refused = cluster.run(*SERVER_SIDE, said=others)
    deleted = cluster.done("delete", "job", "--namespace=cchc", found, "--wait=false")
    taken = cluster.run(*SERVER_SIDE, said=others)

    assert "field is immutable" in refused.stderr
    assert len(deleted.splitlines()) == len(jobs) == 4
    assert taken.returncode == 0, taken.stderr


def test_what_lies_at_hand_becomes_a_job_with_the_backup_that_is_meant(cluster: Cluster) -> None:
    """As restore.md has it."""
    at_hand = [each.manifest for each in rendered("production").at_hand]
    cluster.done(*SERVER_SIDE, said=at_hand)
    made = ("create", "job", "older", "--namespace=cchc", "--from=cronjob/survey-restore")
    meant = ("set", "env", "--local", "--filename=-", "--output=yaml", f"BACKUP_AT={SAVED_AT}")

    job = cluster.done(*made, "--dry-run=client", "--output=yaml")
    cluster.done("apply", "--namespace=cchc", "--filename=-", said=cluster.done(*meant, said=job))

    spec = cluster.got("job", "older", "--namespace=cchc")["spec"]["template"]["spec"]
    told = [each["env"] for each in (*spec["initContainers"], *spec["containers"])]
    assert all({"name": "BACKUP_AT", "value": SAVED_AT} in each for each in told)
    assert spec["initContainers"][1]["image"].startswith("postgres:")


def test_kinds_that_nobody_defines_here_are_those_that_are_named() -> None:
    known = {
        (each["apiVersion"].rpartition("/")[0], each["kind"])
        for each in with_smoke("production").objects
    }

    assert {each for each in known if each in UNCHECKED} == UNCHECKED


def test_definitions_are_the_makers_own(cluster: Cluster) -> None:
    names = {each["metadata"]["name"] for each in cluster.got("crd")["items"]}

    assert {"clusters.postgresql.cnpg.io", "scaledobjects.keda.sh"} <= names
    assert json.loads(cluster.done("version", "--output=json"))["serverVersion"]["minor"] == "37"

"""`make deploy-trial` on a real control plane, and what its objects make of it: `make deep`.

Controllers and the scheduler are real, and the nodes are kwok's: a pod there is ready, and a Job
done, whatever its image is. So this shows that the trial comes up by itself, again and again to the
same end, and leaves as it should; of the system itself it shows nothing.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from real.install import HOME
from real.servers.server import NotHad
from tests.support.cluster import Cluster, running
from tests.support.manifests import rendered
from tests.support.node import not_had
from tests.support.running import PROJECT

ENDED_S_MAX = 900.0
LOOK_S = 0.2
VOLUMES = 8
"""No cluster of this kind makes volumes; there are as many as a trial claims, and more."""
SYSTEM = "--namespace=cchc"
API = "app.kubernetes.io/component=api,app.kubernetes.io/name=survey"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A whole one, on which nothing is yet."""
    folder = tmp_path_factory.mktemp("cluster")
    try:
        with running(folder, HOME, whole=True) as cluster:
            cluster.pretend_nodes()
            volumes = [_volume(f"volume-{place}", folder) for place in range(VOLUMES)]
            cluster.done("apply", "--filename=-", said=volumes)
            yield cluster
    except NotHad as missing:
        not_had(str(missing))


@pytest.fixture(scope="module")
def trial(cluster: Cluster) -> subprocess.CompletedProcess[str]:
    """How the command ended that deployed the trial for the first time."""
    return deployed(cluster)


def _volume(name: str, folder: Path) -> Mapping[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "20Gi"},
            "hostPath": {"path": str(folder / name)},
        },
    }


def deployed(cluster: Cluster, *options: str) -> subprocess.CompletedProcess[str]:
    """How `make deploy-trial` ends."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "deploy.trial", *options],
        cwd=PROJECT,
        env={**os.environ, "KUBECONFIG": str(cluster.config)},
        check=False,
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
    )


def secrets(cluster: Cluster) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """All that there are."""
    return {
        (each["metadata"]["namespace"], each["metadata"]["name"]): each["data"]
        for each in cluster.got("secrets", "--all-namespaces")["items"]
    }


def pods(cluster: Cluster) -> Mapping[str, str]:
    """The pods of the survey's api that are ready, each with its node."""
    return {
        each["metadata"]["name"]: each["spec"]["nodeName"]
        for each in cluster.got("pods", SYSTEM, f"--selector={API}")["items"]
        if "deletionTimestamp" not in each["metadata"]
        and {"type": "Ready", "status": "True"}.items()
        <= next(
            (e for e in each["status"].get("conditions", ()) if e["type"] == "Ready"), {}
        ).items()
    }


def test_the_trial_comes_up_and_its_smoke_test_is_run(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    assert trial.returncode == 0, trial.stderr + trial.stdout

    ready = {
        each["metadata"]["name"]: each["status"].get("readyReplicas", 0)
        for each in cluster.got("deployments", SYSTEM)["items"]
    }
    assert ready == {each.name: 2 for each in rendered("trial").processes if each.kind != "Job"}
    jobs = {
        each["metadata"]["name"]: each["status"].get("succeeded", 0)
        for each in cluster.got("jobs", SYSTEM)["items"]
    }
    wanted = {each.name for each in rendered("trial").processes if each.kind == "Job"}
    assert jobs == dict.fromkeys({*wanted, "smoke"}, 1)


def test_a_password_is_the_same_at_both_ends_and_was_drawn(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    made = secrets(cluster)
    services = ("submission", "appraisal", "survey", "ranking")

    assert trial.returncode == 0
    assert len(made) == 3 * len(services) + 1
    passwords = {made["cchc-servers", f"{name}-postgres"]["password"] for name in services}
    assert len(passwords) == len(services)
    assert not any(each in trial.stdout + trial.stderr for each in passwords)


def test_again_it_comes_to_the_same_and_draws_nothing(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    before, running_before = secrets(cluster), set(pods(cluster))

    again = deployed(cluster)

    assert (trial.returncode, again.returncode) == (0, 0), again.stderr
    assert "secrets: 0 mới / new" in again.stdout
    assert secrets(cluster) == before
    assert set(pods(cluster)) == running_before


def test_whoever_lost_one_end_of_a_password_is_given_it_again(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    before = secrets(cluster)
    cluster.done("delete", "secret", "survey-postgres", SYSTEM)

    again = deployed(cluster, "--without-smoke")

    assert (trial.returncode, again.returncode) == (0, 0), again.stderr
    assert secrets(cluster) == before


def test_two_lie_on_two_nodes(cluster: Cluster, trial: subprocess.CompletedProcess[str]) -> None:
    assert trial.returncode == 0
    assert len(set(pods(cluster).values())) == 2


def test_a_new_version_comes_before_the_old_one_goes(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    assert trial.returncode == 0
    before = set(pods(cluster))
    cluster.done("rollout", "restart", "deployment/survey-api", SYSTEM)
    least, deadline_s = len(before), time.monotonic() + ENDED_S_MAX

    while (now := set(pods(cluster))) & before or len(now) != len(before):
        least = min(least, len(now))
        assert time.monotonic() < deadline_s, "it never came to an end"
        time.sleep(LOOK_S)

    assert least == len(before) == 2


def test_a_node_is_emptied_as_far_as_the_budget_goes(
    cluster: Cluster, trial: subprocess.CompletedProcess[str]
) -> None:
    assert trial.returncode == 0
    first, second = pods(cluster).values()
    for node in cluster.got("nodes")["items"]:
        cluster.done("cordon", node["metadata"]["name"])
    drain = ("--ignore-daemonsets", "--delete-emptydir-data", f"--pod-selector={API}")

    moved = cluster.run("drain", first, *drain, "--timeout=60s")
    held = cluster.run("drain", second, *drain, "--timeout=5s")

    assert moved.returncode == 0, moved.stderr
    assert held.returncode != 0
    assert "disruption budget" in held.stderr
    for node in cluster.got("nodes")["items"]:
        cluster.done("uncordon", node["metadata"]["name"])

"""The images of this version as pods, on a node that runs them, by the project's own manifests.

Everything between a caller and a process is real: Pod Security, kubelet with its probes, limits and
signals, containerd and runc, the scheduler, Services by kube-proxy, names by CoreDNS. Servers are
programs of this machine. What was played is judged as in `tests/faults`: nothing acknowledged is
lost, nothing is doubled, and the table has the digest of the system to which nothing happens.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.trial import waiting
from deploy.trial.cluster import Cluster as Kubectl
from shared.adapters.clock import SystemClock
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import findings
from tests.faults.judged.remains import Remains
from tests.faults.real import story
from tests.faults.real.play import callers_of, play
from tests.faults.real.reference import Reference, told_embedded
from tests.faults.real.remains import remains_of
from tests.support import tally
from tests.support.manifests import rendered
from tests.support.pod_watch import Pod, container_of, exits, moment, name_of, service_of
from tests.support.system_in_pods import NAMESPACED, OVERLAY, SystemInPods, running

SEED = 0
RESTARTED, KILLED = 2021, 2022
"""The years of the two cycles."""
SECOND = timedelta(seconds=1)
"""So exactly a cluster tells the time."""
KILL = 128 + signal.SIGKILL
MEMORY = "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
"""Where groups are one, and where they are apart."""
WORKERS = "app.kubernetes.io/component=worker"
KEPT_S_MAX = 60.0
ASKED = """
import http.client, sys
try:
    http.client.HTTPConnection(sys.argv[1], timeout=2).connect()
    print("answered")
except OSError as error:
    print(type(error).__name__)
"""
ARROW = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "planted", "namespace": "cchc"},
    "spec": {
        "podSelector": {},
        "policyTypes": ["Egress", "Ingress"],
        "egress": [{"to": [{"podSelector": {}}]}],
        "ingress": [{"from": [{"podSelector": {}}]}],
    },
}
"""From everybody to everybody."""

Record = Callable[[str, Any], None]
Between = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Played:
    """What is left of a cycle."""

    began: datetime
    diary: Diary
    remains: Remains


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemInPods]:
    """Everything, ready."""
    with running(tmp_path_factory.mktemp("images")) as system:
        yield system


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The story as the embedded system tells it."""
    return told_embedded(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def restarted(system: SystemInPods) -> Played:
    """A cycle, in the midst of which every pod is replaced."""
    replacing: list[asyncio.Task[None]] = []

    async def between(scene: str) -> None:
        if scene == "lock":
            replacing.append(asyncio.create_task(asyncio.to_thread(system.restart)))
        elif scene == "conclude":
            await asyncio.gather(*replacing)

    return asyncio.run(_played(system, RESTARTED, between))


@pytest.fixture(scope="module")
def killed(system: SystemInPods) -> Played:
    """Another one, in which one worker of each service is killed, and the other taken away."""

    async def between(scene: str) -> None:
        if scene == "lock":
            await asyncio.to_thread(_kill, system)
        elif scene == "decide":
            await asyncio.to_thread(_take_away, system)
        elif scene == "conclude":
            await asyncio.to_thread(system.wait)

    return asyncio.run(_played(system, KILLED, between))


async def _played(system: SystemInPods, year: int, between: Between) -> Played:
    cycle, marks, began = story.cycle(year), system.watch.marks(), SystemClock().now()
    async with callers_of(system, SEED) as world:
        await play(world, cycle, between)
        remains = await remains_of(world, cycle, system.folder, marks)
        return Played(began, world.diary, remains)


def _workers(system: SystemInPods) -> Sequence[Pod]:
    """One worker of each service, and always the same while none is made."""
    return list({service_of(pod): pod for pod in system.pods(WORKERS)}.values())


def _kill(system: SystemInPods) -> None:
    for pod in _workers(system):
        system.node.kill(container_of(pod))


def _take_away(system: SystemInPods) -> None:
    """The other one of each."""
    spared = [name_of(pod) for pod in _workers(system)]
    others = [name_of(pod) for pod in system.pods(WORKERS) if name_of(pod) not in spared]
    system.cluster.done("delete", "pod", *others, NAMESPACED, "--force", "--grace-period=0")


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + KEPT_S_MAX
    while not holds():
        assert time.monotonic() < deadline_s, what


# --------------------------------------------------------------------------------- they come up


def test_jobs_are_done_and_every_pod_is_ready_by_its_own_probes(
    system: SystemInPods, record_property: Record
) -> None:
    wanted = rendered(OVERLAY).processes
    ready = {
        each["metadata"]["name"]: each["status"].get("readyReplicas", 0)
        for each in system.cluster.got("deployments", NAMESPACED)["items"]
    }
    jobs = {
        each["metadata"]["name"]: each["status"].get("succeeded", 0)
        for each in system.cluster.got("jobs", NAMESPACED)["items"]
    }
    pods = system.pods("app.kubernetes.io/component in (api, worker)")
    waits_s = [_ready_s(pod) for pod in pods]
    row = {"pods": len(pods), "jobs": len(jobs), "slowest ready, s": round(max(waits_s))}
    tally.count(record_property, "real pods", {"the first start": row})

    assert ready == {each.name: each.least for each in wanted if each.kind == "Deployment"}
    assert jobs == {each.name: 1 for each in wanted if each.kind == "Job"}
    assert [end for pod in pods for end in exits(pod)] == []


def test_a_process_has_no_rights_and_nothing_to_write_to_and_as_much_memory_as_it_is_given(
    system: SystemInPods,
) -> None:
    for pod in _workers(system):
        status = dict(
            line.split(":\t", 1) for line in system.within(pod, "cat /proc/1/status").splitlines()
        )

        assert status["Uid"].split() == ["10001"] * 4
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert system.within(pod, "touch /srv/new 2>/dev/null || echo refused") == "refused"
        assert system.within(pod, "touch /tmp/new && echo written") == "written"
        assert int(system.within(pod, MEMORY)) == 1024**3


def test_a_worker_reaches_no_api_unless_an_arrow_leads_there(system: SystemInPods) -> None:
    [caller] = [pod for pod in _workers(system) if service_of(pod) == "ranking"]
    called = system.at("/submission").split("/")[2]

    def reaches() -> bool:
        return system.within(caller, f"python -c '{ASKED}' {called}") == "answered"

    before = reaches()
    system.cluster.done("apply", "--filename=-", said=ARROW)
    try:
        _until(reaches, "an arrow leads nowhere")
    finally:
        system.cluster.done("delete", "--filename=-", said=ARROW)
    _until(lambda: not reaches(), "an arrow that is taken away leads on")

    assert not before


# --------------------------------------------------------------------------- a rolling restart


def test_nothing_is_lost_or_doubled_while_every_pod_is_replaced(
    restarted: Played, reference: Reference, record_property: Record
) -> None:
    _judge(restarted, reference, RESTARTED)
    _count(record_property, "every pod is replaced", restarted)


def test_every_process_ends_by_itself_within_its_grace(
    system: SystemInPods, restarted: Played
) -> None:
    watch = system.watch
    left = {uid: e for uid, e in watch.leaving.items() if e.asked > restarted.began}

    assert len(left) == sum(e.least for e in rendered(OVERLAY).processes if e.kind != "Job")
    for uid, leaving in left.items():
        [container] = watch.seen[uid]["spec"]["containers"]
        stop = container.get("lifecycle", {}).get("preStop", {})
        stays = timedelta(seconds=stop.get("sleep", {}).get("seconds", 0))
        ended = exits(watch.seen[uid])[-1]

        assert ended["exitCode"] == 0
        assert stays - SECOND <= moment(ended["finishedAt"]) - leaving.asked < leaving.grace


# ------------------------------------------------------------------------------ what is killed


def test_nothing_is_lost_or_doubled_while_workers_are_killed_and_taken_away(
    system: SystemInPods, killed: Played, reference: Reference, record_property: Record
) -> None:
    _judge(killed, reference, KILLED)
    _count(record_property, "workers are killed", killed)

    ends = [end for pod in system.watch.seen.values() for end in exits(pod)]
    struck = [e for e in ends if e["exitCode"] == KILL and moment(e["finishedAt"]) > killed.began]
    assert len(struck) >= len(system.manifests.services)


# ----------------------------------------------------------------------------- the smoke test


def test_the_smoke_test_runs_as_a_pod(system: SystemInPods) -> None:
    with system.known():
        kubectl = Kubectl()
        kubectl.apply("smoke/trial")

        is_good, said = waiting.until_smoked(kubectl)

    assert is_good, said


def _judge(played: Played, reference: Reference, year: int) -> None:
    assert findings(played.diary, played.remains) == []
    assert played.diary.failed == 0
    assert played.remains.told.digest == reference.digest(str(year))
    assert played.remains.verified["exit"] == 0


def _count(record: Record, what: str, played: Played) -> None:
    row = {
        "requests": played.diary.sent,
        "retried": played.diary.failed,
        "acknowledged": len(played.diary.facts),
        "facts": played.remains.recorded,
        "in the ledger": len(played.remains.ledger),
    }
    tally.count(record, "cycles in pods", {what: row})


def _ready_s(pod: Pod) -> float:
    """How long it took to be ready, from being made on."""
    [ready] = [each for each in pod["status"]["conditions"] if each["type"] == "Ready"]
    made = moment(pod["metadata"]["creationTimestamp"])
    return (moment(ready["lastTransitionTime"]) - made).total_seconds()

"""Every command of every runbook is run, whole and in order, or it is told why it is not.

Blocks of a runbook are one script, in a shell of its own, against the system on real servers.
There is no cluster: a stand-in for kubectl takes each call, which is held against kubectl's own
help and against the rendered overlays. A runbook that comes is run like the others; what it needs
of this machine that is not here is one more row of `NOT_HERE`.
"""

import base64
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from real.processes import PROJECT
from real.system import SERVICES
from tests.real.desk import SAVED_AT, desk_in, signed
from tests.support.books import credentials
from tests.support.books.blocks import RUNBOOKS, Runbook, read, runbooks
from tests.support.books.kubectl import Cluster
from tests.support.books.running import Desk, Ran
from tests.support.deployed import Deployed
from tests.support.manifests import OVERLAYS, rendered, with_smoke
from tests.support.servers import DEPLOYED, open_folder

pytestmark = DEPLOYED

NOT_HERE: Mapping[str, str] = MappingProxyType(
    {
        "kubectl": "there is no cluster: each call is held against kubectl's help and the overlays",
        "make images": "needs a Docker engine: tests/deploy holds the Dockerfile, and built images",
        "docker": "needs a Docker engine, and a registry of one's own",
        "python -m pytest": "is a test that runs by itself, as every other",
    }
)
"""First words of what cannot be run here, and why. A stand-in takes the call, and does nothing."""

PAUSING = ("paused-replicas=0", "paused-replicas-")
SCALING = ("--replicas=0", "--replicas=2")
KEDA_PAUSES = ("lost-kafka", "lost-ledger", "restore")
MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "": PAUSING[:1],
    PAUSING[0]: SCALING[:1],
    SCALING[0]: (PAUSING[0], SCALING[0], PAUSING[1]),
    PAUSING[1]: SCALING[1:],
    SCALING[1]: PAUSING[1:],
}
"""What of KEDA and of scaling may come after what: workers that run are stopped by a pause."""
SUSPENDED = re.compile(r'patch cronjob (?P<name>\S+) .*"suspend": (?P<is>true|false)')
BY_ITSELF = re.compile(r"-\d{8}-\d{6}-\d{3}$")
"""By which a Job is another one than that of the last time."""
LOSSES = ("lost-kafka", "lost-ledger", "lost-mongodb", "restore")
"""Who saves would save what is not whole."""


@pytest.fixture(scope="module")
def desk(deployed: Deployed) -> Iterator[Desk]:
    """A desk about the system on real servers."""
    with signed(deployed) as town, open_folder() as folder:
        yield desk_in(folder, town, tuple(NOT_HERE))


@pytest.fixture(scope="module")
def ran(desk: Desk) -> Mapping[str, Ran]:
    """Every runbook, run; last that by which the desk's own password becomes another one."""
    books = sorted(runbooks(), key=lambda book: book.name == "rotate-keys")
    return {each.name: desk.run(each) for each in books}


@pytest.mark.parametrize("book", runbooks(), ids=lambda book: book.name)
def test_every_block_of_a_runbook_runs(book: Runbook, ran: Mapping[str, Ran]) -> None:
    assert ran[book.name].status == 0, ran[book.name].said


@pytest.mark.parametrize("book", runbooks(), ids=lambda book: book.name)
def test_kubectl_and_the_overlays_know_what_a_runbook_says(
    book: Runbook, ran: Mapping[str, Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    cluster = Cluster([each for name in OVERLAYS for each in with_smoke(name).objects])
    calls = [each for each in ran[book.name].calls if each.argv[0] == "kubectl"]

    assert [each for call in calls for each in cluster.complaints(call.argv, call.fed)] == []


def test_what_is_asked_of_a_service_is_asked_of_each_of_its_processes(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / f"asked-{secrets.token_hex(4)}.md"
    asked = "bash deploy/runbooks/ask.sh ranking worker /ops/lag | jq --raw-output .pod"
    path.write_text(f"# Asked\n\n```sh\n{asked}\n```\n", "utf-8")

    ended = desk.run(read(path))

    assert (ended.status, ended.said.split()) == (
        0,
        ["pod/ranking-worker-0", "pod/ranking-worker-1"],
    )


def test_a_version_back_is_the_one_that_is_applied_from_then_on(
    desk: Desk, ran: Mapping[str, Ran]
) -> None:
    words = [" ".join(each.argv) for each in ran["upgrade"].calls]
    tags = (Path(desk.variables["OVERLAY"]) / "ours" / "kustomization.yaml").read_text("utf-8")

    assert [each for each in words if "rollout undo" in each] == []
    assert set(re.findall(r"newTag: ([^}]*)", tags)) == {desk.variables["VERSION_BEFORE"]}


def test_who_has_a_token_that_has_ended_is_told_so(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / f"ended-{secrets.token_hex(4)}.md"
    asked = "TOKEN=ended bash deploy/runbooks/ask.sh ranking worker /ops/lag"
    path.write_text(f"# Ended\n\n```sh\n{asked}\n```\n", "utf-8")

    ended = desk.run(read(path))

    assert ended.status == 1
    assert "sign in again" in ended.said


def test_certificates_are_brought_as_the_operator_has_made_them(ran: Mapping[str, Ran]) -> None:
    fed = [yaml.safe_load(call.fed) for call in ran["install"].calls if call.fed]
    made = [each for each in fed if each["kind"] == "Secret"]
    brought = {each["metadata"]["name"]: each["data"] for each in made}

    for service in SERVICES:
        data = brought[f"{service}-kafka"]
        found = {name: base64.b64decode(value).decode() for name, value in data.items()}
        assert found == {
            "ca.crt": "ca.crt of kafka-cluster-ca-cert",
            **{name: f"{name} of {service}" for name in ("user.crt", "user.key")},
        }


@pytest.mark.parametrize("book", runbooks(), ids=lambda book: book.name)
def test_keda_pauses_before_workers_are_stopped_and_goes_on_before_they_start(
    book: Runbook, ran: Mapping[str, Ran]
) -> None:
    words = [" ".join(each.argv) for each in ran[book.name].calls]
    found = [
        next(word for word in (*PAUSING, *SCALING) if word in said)
        for said in words
        if any(word in said for word in (*PAUSING, *SCALING))
    ]

    assert bool(found) == (book.name in KEDA_PAUSES)
    for before, after in zip(["", *found], found, strict=False):
        assert after in MAY_FOLLOW[before], found
    assert not found or found[-1] == SCALING[1]


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_is_saved_from_the_first_command_to_the_last_where_something_is_lost(
    name: str, ran: Mapping[str, Ran]
) -> None:
    clocks = {each.name for each in rendered("production").now_and_then}
    calls = [each.argv for each in ran[name].calls if each.argv[0] == "kubectl"]
    # Before, it is asked whether there is a drill.
    first, last = calls[: len(clocks) + 1], calls[-len(clocks) :]

    for each, wanted in ((first, "true"), (last, "false")):
        said = [SUSPENDED.search(" ".join(argv)) for argv in each]
        assert {(word["name"], word["is"]) for word in said if word} == {
            (clock, wanted) for clock in clocks
        }


def test_all_are_restored_from_the_backups_that_were_found_to_go_together_once(
    ran: Mapping[str, Ran],
) -> None:
    words = [" ".join(each.argv) for each in ran["restore"].calls]
    created = [each.fed for each in ran["restore"].calls if "create" in each.argv and each.fed]
    fed = [yaml.safe_load(each) for each in created]
    restored = [
        (BY_ITSELF.sub("", made["metadata"]["name"]), variable["value"])
        for made in fed
        for container in made["spec"]["template"]["spec"]["containers"]
        for variable in container.get("env", ())
        if variable["name"] == "BACKUP_AT"
    ]

    assert [each for each in words if "BACKUP_AT=together" in each] == []
    assert sum("--from=cronjob/ranking-backups" in each for each in words) == 1
    # The first is the older one, of the one service that is restored by itself.
    of_services = [(f"{name}-restore", SAVED_AT[name]) for name in SERVICES]
    assert restored[0] not in of_services
    assert set(restored[1:]) == {*of_services, ("ranking-refill-saved", SAVED_AT["topic"])}


def test_each_secret_that_is_referred_to_is_made_by_the_installation_or_by_an_operator(
    desk: Desk, ran: Mapping[str, Ran]
) -> None:
    made = credentials.made(ran["install"].calls, desk.folder / "install")
    by_operators = credentials.by_operators((RUNBOOKS / "install.md").read_text("utf-8"))

    asked = credentials.asked(with_smoke("production"))

    assert len(asked) > len({name for _, name, _ in asked}) >= len(SERVICES)
    assert {each for each in asked - made if each[:2] not in by_operators} == set()


def test_what_is_not_here_is_asked_for_by_some_runbook(ran: Mapping[str, Ran]) -> None:
    called = [call.argv for each in ran.values() for call in each.calls]

    for row in NOT_HERE:
        words = row.split()
        assert any(list(argv[: len(words)]) == words for argv in called), f"{row}: nobody calls it"

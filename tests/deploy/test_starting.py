"""What is started by a runbook is done anew each time, by nobody else at once, and waited for."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.books.blocks import RUNBOOKS, read, runbooks
from tests.support.books.running import Desk, Ran

SAVES = ("ranking-save", "appraisal-save", "submission-save", "topic-save", "survey-save")
COMMAND = "ranking-compare"
BY_HAND = "submission-save-20261127-0150"


def job(of: str, name: str, ended: str = "") -> Mapping[str, Any]:
    """A Job that somebody made of a CronJob."""
    metadata = {"name": name, "ownerReferences": [{"kind": "CronJob", "name": of}]}
    conditions = [{"type": ended, "status": "True"}] if ended else []
    return {"metadata": metadata, "status": {"conditions": conditions}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path


def ran(
    folder: Path,
    typed: str,
    *,
    jobs: Sequence[Mapping[str, Any]] = (),
    drill: str = "restore-drill",
) -> Ran:
    """What came of what somebody typed."""
    asked = folder / "asked.md"
    asked.write_text(f"# Asked\n\n```sh\n{typed}\n```\n")
    container = {"name": "process", "image": "any"}
    names = (*SAVES, COMMAND, *drill.split())
    spec = {"template": {"spec": {"containers": [container], "initContainers": [container]}}}
    desk = Desk(
        folder / "desk",
        variables={},
        missing=("kubectl",),
        secrets={},
        pods={},
        commands=dict.fromkeys(names, spec),
        logs={COMMAND: "0 documents differ\n"},
        jobs=jobs,
    )
    return desk.run(read(asked))


def test_what_was_done_before_is_done_anew_and_not_told_again(folder: Path) -> None:
    twice = f"for TIME in 1 2; do bash deploy/runbooks/start.sh {COMMAND} 1; done"

    again = ran(folder, twice, jobs=[job(COMMAND, "former", "Complete")])

    waited = {each.argv[5] for each in again.calls if each.argv[3:5] == ["get", "job"]}
    assert again.status == 0, again.said
    assert len([each for each in waited if each.startswith(COMMAND)]) == 2
    assert again.said.count("0 documents differ") == 2


def test_a_name_that_a_job_has_is_no_name_for_another(folder: Path) -> None:
    once = f"kubectl -n cchc create job again --from=cronjob/{COMMAND}"

    again = ran(folder, f"{once}\n{once}")

    assert again.status == 1
    assert "already exists" in again.said


def test_every_container_is_told_which_backup_is_meant_and_the_reader_what_the_job_says(
    folder: Path,
) -> None:
    told = ran(folder, f"bash deploy/runbooks/start.sh {COMMAND} 1 2026-11-27T01-50-00Z > told.txt")

    [made] = [each.fed for each in told.calls if each.argv[3:4] == ["create"] and each.fed]
    assert made.count("value: 2026-11-27T01-50-00Z") == 2
    assert (folder / "desk" / "asked" / "told.txt").read_text() == "0 documents differ\n"


def test_nothing_is_begun_while_the_same_has_not_ended(folder: Path) -> None:
    refused = ran(
        folder, f"bash deploy/runbooks/start.sh {COMMAND} 1", jobs=[job(COMMAND, "former")]
    )

    assert refused.status == 1
    assert "not ended yet: former" in refused.said
    assert not any("create" in each.argv for each in refused.calls)


def test_saves_that_somebody_began_are_waited_for_and_not_for_ever(folder: Path) -> None:
    there = [
        job("submission-save", BY_HAND),
        job(COMMAND, "other"),
        job("survey-save", "x", "Failed"),
    ]

    stopped = ran(folder, "bash deploy/runbooks/saves.sh stop 0", jobs=there)

    assert stopped.status == 1
    assert f"not ended within 0 minutes: {BY_HAND}\n" in stopped.said
    assert "kubectl -n cchc delete job" in stopped.said


@pytest.mark.parametrize("drill", ["restore-drill", ""])
@pytest.mark.parametrize("way", ["stop", "go"])
def test_saves_stop_and_go_on_whether_a_drill_is_there_or_not(
    way: str, drill: str, folder: Path
) -> None:
    done = ran(folder, f"bash deploy/runbooks/saves.sh {way}", drill=drill)

    patched = [each.argv[5] for each in done.calls if "patch" in each.argv]
    assert done.status == 0, done.said
    assert patched == [*SAVES, *drill.split()]
    suspended = json.dumps({"spec": {"suspend": way == "stop"}})
    assert {each.argv[6] for each in done.calls if "patch" in each.argv} == {f"--patch={suspended}"}


def test_processes_are_gone_before_anything_else_is_done(folder: Path) -> None:
    stopped = ran(folder, "bash deploy/runbooks/processes.sh stop survey ranking")

    awaited = [each.argv[-1] for each in stopped.calls if "--for=delete" in each.argv]
    assert awaited == [
        f"--selector=app.kubernetes.io/name={service},app.kubernetes.io/component={role}"
        for service in ("survey", "ranking")
        for role in ("api", "worker")
    ]


@pytest.mark.parametrize(
    "typed",
    ["processes.sh stop", "processes.sh go", "unended.sh", f"start.sh {COMMAND} 1 ''"],
)
def test_what_is_done_to_nothing_at_all_is_refused(typed: str, folder: Path) -> None:
    """Where the variable that names it was forgotten, and nobody's shell says so."""
    refused = ran(folder, f"bash deploy/runbooks/{typed}")

    assert (refused.status, refused.calls) == (2, []), refused.said
    assert typed.partition(" ")[0] in refused.said


@pytest.mark.parametrize(
    "fails",
    ["condition=ContinuousArchiving", "jsonpath={.status.phase}", "jsonpath={.status.state}"],
)
def test_an_installation_fails_where_a_copy_does_not_arrive(fails: str, folder: Path) -> None:
    kubectl = f"kubectl() {{ [[ $* != *'--for={fails}'* ]] && command kubectl \"$@\"; }}"
    typed = "bash deploy/runbooks/copies.sh"

    failed = ran(folder, f"{kubectl}\nexport -f kubectl\n{typed}")

    assert failed.status == 1
    assert failed.calls[-1].argv[3] == "get", "its state is shown"
    assert typed in (RUNBOOKS / "install.md").read_text("utf-8")


def test_no_runbook_makes_a_job_by_a_name_that_one_may_have() -> None:
    for book in runbooks():
        assert "create job" not in book.script, book.name

"""Who waits for a Job by a runbook hears how it ended, when it has."""

from pathlib import Path

import pytest

from tests.support.books.blocks import RUNBOOKS, read, runbooks
from tests.support.books.running import Desk, Ran

JOB = "ranking-compare"
LOG = "0 documents differ"
ATTEMPTS = (f"{JOB}-first", f"{JOB}-again")
"""A pod for each, which all stay."""
LABELLED = f"--selector=batch.kubernetes.io/job-name={JOB}"


def waited(folder: Path, ended: str, minutes: int) -> Ran:
    """What came of waiting for a Job."""
    asked = folder / "asked.md"
    asked.write_text(f"# Asked\n\n```sh\nbash deploy/runbooks/job.sh {JOB} {minutes}\n```\n")
    desk = Desk(
        folder / "desk",
        variables={},
        missing=("kubectl",),
        secrets={},
        pods=dict.fromkeys(ATTEMPTS, "nowhere"),
        commands={},
        logs={JOB: f"{LOG}\n", **{f"pod/{pod}": f"{LOG} {pod}\n" for pod in ATTEMPTS}},
        ended={JOB: ended},
    )
    return desk.run(read(asked))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("ended", "status"),
    [
        ("Complete", 0),
        ("SuccessCriteriaMet Complete", 0),
        ("Failed", 1),
        ("FailureTarget Failed", 1),
    ],
)
def test_a_job_that_has_ended_shows_its_log_at_once(ended: str, status: int, folder: Path) -> None:
    ran = waited(folder, ended, 120)

    assert ran.status == status
    assert LOG in ran.said
    assert (f"the Job {JOB} has failed" in ran.said) == bool(status)


def test_a_job_that_does_not_end_is_waited_for_and_not_for_ever(folder: Path) -> None:
    ran = waited(folder, "Suspended", 0)

    assert ran.status == 1
    assert "has not ended" in ran.said


@pytest.mark.parametrize("ended", ["Failed", "Suspended"])
def test_of_a_job_that_is_not_well_everything_is_told_that_the_cluster_knows(
    ended: str, folder: Path
) -> None:
    ran = waited(folder, ended, 0)

    asked = [" ".join(each.argv) for each in ran.calls]
    assert f"kubectl -n cchc get pods {LABELLED} --output=wide" in asked
    assert "kubectl -n cchc events --types=Warning" in asked
    assert [pod for pod in ATTEMPTS if f"{LOG} {pod}" not in ran.said] == []


def test_no_runbook_waits_for_one_way_to_end_alone() -> None:
    for book in runbooks(RUNBOOKS):
        assert "condition=complete" not in book.script, book.name

"""How runbooks are read, and one is run; tests/real/test_runbooks.py runs all that there are."""

from pathlib import Path

import pytest

from real.processes import PROJECT
from tests.support.books.blocks import RUNBOOKS, Block, read, runbooks
from tests.support.books.kubectl import Cluster
from tests.support.books.running import Desk
from tests.support.manifests import OVERLAYS, rendered

NOWHERE = "http://127.0.0.1:9"


def test_a_block_that_another_test_runs_is_named_there() -> None:
    for book in runbooks():
        for block in book.blocks:
            if block.run_by:
                assert book.path.name in (PROJECT / block.run_by).read_text("utf-8"), block.run_by


def test_every_runbook_has_a_summary_in_vietnamese_and_stands_in_the_list() -> None:
    listed = (RUNBOOKS / "README.md").read_text("utf-8")

    for book in runbooks():
        assert "**Tóm tắt.**" in book.path.read_text("utf-8")
        assert book.name == "README" or f"({book.path.name})" in listed


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ("kubectl -n cchc rollout status deployment/ranking", "no deployment/ranking"),
        ("kubectl -n chcc get pods", "no namespace chcc"),
        ("kubectl -n cchc delete job --selector=app.kubernetes.io/component=migration", "nothing"),
        ("kubectl -n cchc delete job --selector=app.kubernetes.io/component=worker", "nothing"),
        ("kubectl -n cchc wait --until=ready deployment/ranking-api", "no flag --until"),
        ("kubectl -n cchc create secret generic nobodys --from-literal=a=b", "nobody asks"),
        ("kubectl apply --kustomize=deploy/k8s/overlays/nowhere", "there is no"),
        ("kubectl -n cchc-servers get kafkaz", "no kind kafkaz"),
        ("kubectl label namespace gateway cchc/caller=yes", "nobody lets in"),
        ("kubectl -n cchc port-forward pod/ranking-watcher-0 :8400", "no pod/ranking-watcher-0"),
        ("kubectl -n cchc annotate scaledobjects --all a/b=0 --everything", "no flag --everything"),
        ("kubectl -n cchc annotate scaledobject ranking a/b=0", "no scaledobject ranking"),
        ("kubectl -n cchc create job again --from=cronjob/survey-refill", "no cronjob/survey-"),
        ("kubectl -n cchc wait --for=condition=complete job/nobody-made", "no job/nobody-made"),
        ("kubectl -n cchc annotate scaledobject/poll-worker a.b/c=0", "no scaledobject/poll"),
    ],
)
def test_what_a_cluster_would_not_know_is_found(
    call: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    cluster = Cluster([each for name in OVERLAYS for each in rendered(name).objects])

    [found] = cluster.complaints(call.split(), "")

    assert complaint in found


def test_blocks_are_read_as_they_stand_wherever_they_are_indented(tmp_path: Path) -> None:
    path = tmp_path / "any.md"
    lines = ("1. So:", "", "   ```sh", "   a \\", "       b", "   ```", "")
    marked = ("<!-- run by tests/any.py -->", "", "```sh", "c", "```", "")
    path.write_text("\n".join((*lines, *marked)), "utf-8")

    assert read(path).blocks == [Block(3, "a \\\n    b"), Block(10, "c", "tests/any.py")]
    assert "\nc" not in read(path).script


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program --at-all", "no-such-program"),
        ('curl --fail --silent "$API/no-such-path"', "curl"),
        ('echo "$NO_SUCH_VARIABLE"', "NO_SUCH_VARIABLE"),
        ("false | cat", "cat"),
    ],
)
def test_a_command_that_fails_fails_its_runbook(command: str, said: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.md"
    planted.write_text(f"# Planted\n\n```sh\n{command}\n```\n", "utf-8")
    (tmp_path / "desk").mkdir()
    desk = Desk(tmp_path / "desk", {"API": NOWHERE}, (), secrets={}, pods={}, commands={})

    ended = desk.run(read(planted))

    assert ended.status != 0
    assert said in ended.said

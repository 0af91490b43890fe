"""The offline verifier: it agrees with what was published, and names every damage."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from shared import verify
from shared.adapters import signature
from shared.verify import EXITS, HOLDS, UNPUBLISHED, Given, Report
from tests.support.bundled import republished

Damage = Callable[[list[bytes]], list[bytes]]


def swap(first: int, second: int) -> Damage:
    def damage(facts: list[bytes]) -> list[bytes]:
        facts[first], facts[second] = facts[second], facts[first]
        return facts

    return damage


def replace(place: int, old: bytes, new: bytes) -> Damage:
    def damage(facts: list[bytes]) -> list[bytes]:
        assert old in facts[place]
        facts[place] = facts[place].replace(old, new)
        return facts

    return damage


DAMAGES = [
    pytest.param(
        replace(2, b'"3.25"', b'"3.50"'),
        {"root-differs", "digest-differs", "hindered"},
        id="a score",
    ),
    pytest.param(
        replace(3, b"trang 2", b"trang 3"), {"root-differs"}, id="what counts for nothing"
    ),
    pytest.param(
        lambda facts: [*facts[:3], *facts[4:]],
        {"position-impossible"},
        id="the last fact of a stream removed",
    ),
    pytest.param(
        lambda facts: [*facts[:2], *facts[3:]],
        {"version-missing", "position-impossible"},
        id="the first fact of a stream removed",
    ),
    pytest.param(swap(3, 4), {"root-differs"}, id="two facts of two streams swapped"),
    pytest.param(
        swap(2, 3),
        {"version-missing", "version-repeated", "root-differs", "digest-differs", "hindered"},
        id="two facts of one stream swapped",
    ),
    pytest.param(
        lambda facts: [*facts[:4], facts[3], *facts[4:]],
        {"version-repeated", "root-differs"},
        id="a fact told twice",
    ),
    pytest.param(
        replace(4, b"submission/2021/", b"submission/2020/"),
        {"fact-of-another-cycle", "version-missing", "root-differs", "digest-differs", "hindered"},
        id="a fact of another cycle",
    ),
    pytest.param(
        lambda facts: [*facts[:5], b"", *facts[5:]],
        {"entry-unreadable", "root-differs"},
        id="an empty line",
    ),
    pytest.param(
        replace(4, b"ScoreSubmitted.v1", b"ScoreSubmitted.v9"),
        {"fact-unreadable", "root-differs", "digest-differs", "hindered"},
        id="a fact of the future",
    ),
    pytest.param(
        replace(-1, b"result/2021@2", b"outcome/2021@1"),
        {"claim-misplaced"},
        id="a result in another stream",
    ),
    pytest.param(
        replace(-1, b'"position":26', b'"position":99'),
        {"position-impossible"},
        id="a result of the future",
    ),
    pytest.param(
        replace(-1, b'"digest":"', b'"digest":"0'),
        {"digest-differs", "approval-missing"},
        id="another digest",
    ),
]


def verified(facts: Sequence[bytes]) -> Report:
    return verify.verify_entries(facts, Given(signature.verify))


def test_facts_without_damage_hold(facts: list[bytes]) -> None:
    report = verified(facts)

    assert report.faults == []
    assert report.exit_code == HOLDS


@pytest.mark.parametrize(("damage", "expected"), DAMAGES)
def test_damage_is_named(facts: list[bytes], damage: Damage, expected: set[str]) -> None:
    report = verified(damage(facts))

    assert {fault.code for fault in report.faults} == expected
    assert report.exit_code == EXITS[report.faults[0].kind]


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (("AppraisalApproved",), {"hindered"}),
        (("SurveyClosed",), {"hindered"}),
        (("ResultApproved",), {"approval-missing", "version-missing"}),
    ],
)
def test_a_publication_that_was_not_permitted_is_a_fault(
    facts: list[bytes], without: tuple[str, ...], expected: set[str]
) -> None:
    report = verified(republished(facts, *without))

    assert {fault.code for fault in report.faults} == expected
    assert report.exit_code == EXITS[report.faults[0].kind]


def test_a_hindrance_is_named_with_what_it_concerns(facts: list[bytes]) -> None:
    faults = verified(republished(facts, "AppraisalApproved")).faults

    assert [fault.details["because"] for fault in faults] == [
        "agency-unapproved so-noi-vu",
        "agency-unapproved so-y-te",
    ]


def test_a_revision_that_is_not_the_next_is_a_fault(facts: list[bytes]) -> None:
    report = verified(replace(-1, b'"revision":1', b'"revision":2')(facts))

    assert {fault.code for fault in report.faults} == {"revision-out-of-order"}


def test_a_cut_tail_is_noticed_where_it_takes_the_publication_along(facts: list[bytes]) -> None:
    assert verified(facts[:-1]).exit_code == UNPUBLISHED


def test_every_fault_is_reported_and_not_the_first(facts: list[bytes]) -> None:
    damaged = [b"", *swap(2, 3)(facts)]

    assert len(verified(damaged).faults) > 4


def test_it_runs_alone_in_a_new_process(facts: list[bytes], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shared.verify", _written(tmp_path, facts)]

    ended = subprocess.run(command, check=False, capture_output=True)

    assert (ended.returncode, ended.stderr) == (HOLDS, b"")


def _written(folder: Path, facts: Sequence[bytes]) -> str:
    path = folder / "facts.ndjson"
    path.write_bytes(b"".join(fact + b"\n" for fact in facts))
    return str(path)

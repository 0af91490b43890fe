"""The smoke test refuses in words what it cannot begin with; test_smoke.py of `real` plays it."""

import json
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import pytest

from services.cli import main
from services.cli.smoke import hurry
from services.cli.smoke.deployment import Addresses, Deployment
from services.cli.smoke.people import PARTS, SignedIn, signed_in
from services.cli.smoke.play import Play
from services.cli.smoke.scratch import COMES_TO, YEAR, Scratch, picture
from shared.adapters.clock import SystemClock
from shared.adapters.content import media_type_of
from shared.adapters.messages import sentence
from shared.kernel.errors import Refused

PEOPLE: Mapping[str, Mapping[str, str]] = {
    "administrator": {"token": "t1"},
    "officer": {"token": "t2", "agency": "so-y-te"},
    "survey-officer": {"token": "t3"},
    "member": {"token": "t4", "id": "m1", "agency": "so-noi-vu"},
    "second-member": {"token": "t5", "id": "m2", "agency": "so-noi-vu"},
}
URL = ("--url", "http://127.0.0.1:1")
PHASE_S = 3.0


def people_file(folder: Path, **changed: Mapping[str, str] | None) -> Path:
    """A file of people, of whom some are others or left out."""
    known: dict[str, Mapping[str, str] | None] = {**PEOPLE}
    told = {name: each for name, each in (known | changed).items() if each is not None}
    path = folder / "people.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


async def test_people_who_have_signed_in_are_read_from_a_file(tmp_path: Path) -> None:
    people = signed_in(people_file(tmp_path))

    assert [await people.token(part) for part in PARTS] == ["t1", "t2", "t3", "t4", "t5"]
    assert people.person("officer").agency == "so-y-te"
    assert people.person("member").id == "m1"


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"member": None}, "member"),
        ({"officer": {"token": "t2"}}, "agency"),
        ({"officer": {"token": "t2", "agency": "So Y Te"}}, "officer.agency"),
        ({"officer": {"token": "t2", "agency": "so-noi-vu"}}, "officer.agency = member.agency"),
        ({"second-member": PEOPLE["member"]}, "member = second-member"),
    ],
)
def test_people_who_cannot_play_their_parts_are_refused_before_anything_begins(
    tmp_path: Path, changed: Mapping[str, Mapping[str, str] | None], what: str
) -> None:
    path = people_file(tmp_path, **changed)

    with pytest.raises(Refused) as refused:
        signed_in(path)

    assert (refused.value.code, refused.value.details["what"]) == ("smoke-people-malformed", what)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "submission, appraisal, survey, ranking"),
        (("--at", "submission=http://127.0.0.1:1"), "appraisal, survey, ranking"),
        ((*URL, "--withdraw", "2026"), "2026 is no scratch cycle"),
        ((*URL, "--without-people"), "CCHC_SMOKE_SECRET"),
    ],
)
def test_what_cannot_begin_is_refused_in_words(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["smoke", *arguments], {}) == 2
    assert words in capsys.readouterr().err


def test_its_file_of_evidence_is_a_picture_that_is_taken() -> None:
    content, _ = picture()

    assert media_type_of(content) == "image/png"


def test_the_result_that_it_expects_is_that_of_its_scores_and_answers() -> None:
    points = (3 + 0 + 4 * 2 / 3, 0 + 0 + 4)

    assert [f"{each * 10:.2f}" for each in points] == [index for index, _ in COMES_TO]


def hurried(*, passed_s: float, opening: bool = True) -> Play:
    """A smoke test whose calendar began so long ago."""
    scratch = Scratch("smoke-2199-1", YEAR, SystemClock().now(), PHASE_S, "so-y-te")
    deployment = Deployment(Addresses({}), SignedIn({}), patience_s=1.0)
    return Play(deployment, scratch, began_s=monotonic() - passed_s, opening=opening)


@pytest.mark.parametrize(
    ("code", "phase"), [("submission-locked", "self-scoring"), ("survey-closed", "survey")]
)
def test_a_phase_that_was_too_short_is_named_with_how_long_it_took(code: str, phase: str) -> None:
    problem = hurry.told(hurried(passed_s=4.0), Refused(code, agency="so-y-te"))

    assert problem.code == "smoke-phase-short"
    assert problem.details == {"phase": phase, "given": "3", "took": "4.0", "because": code}
    assert "--phase" in sentence(problem.code, "en", problem.details)


@pytest.mark.parametrize(
    ("passed_s", "opening", "code"),
    [
        (2.0, True, "submission-locked"),
        (4.0, True, "server-unreachable"),
        (4.0, False, "submission-locked"),
    ],
)
def test_what_no_phase_has_ended_is_told_as_it_is(
    passed_s: float, code: str, *, opening: bool
) -> None:
    problem = Refused(code)

    assert hurry.told(hurried(passed_s=passed_s, opening=opening), problem) is problem

"""What goes round the ordinary order: each has a reason that is asked for, and stands in a fact."""

from dataclasses import dataclass
from typing import get_type_hints

import httpx
import msgspec
import pytest

from shared.events import appraisal, codec, ranking, submission, survey
from shared.events.envelope import Sealed
from shared.kernel.authority import PERMISSIONS
from tests.api.test_roles import APPS
from tests.golden.documents import document_of
from tests.support.operations import OPERATIONS, Operation, actions
from tests.support.stories import appraisal_story, submission_story, survey_story

CALLERS = {
    "submission": "administrator",
    "appraisal": "council",
    "survey": "survey-officer",
}
SAID = ("Theo đề nghị.", "Bổ sung.", "Theo kế hoạch kiểm toán.")


@dataclass(frozen=True, slots=True)
class Reasoned:
    """An operation of an action, and the fact that holds why it was done."""

    action: str
    operation: tuple[str, str]
    fact: type[msgspec.Struct]
    member: str = "reason"


REASONED = (
    Reasoned("amend-scheme", ("submission", "amend_scheme"), submission.SchemeAmended),
    Reasoned("withdraw-cycle", ("submission", "withdraw_cycle"), submission.CycleWithdrawn),
    Reasoned("extend-deadline", ("submission", "extend_deadline"), submission.DeadlineExtended),
    Reasoned("change-agencies", ("submission", "add_agency"), submission.AgencyAdded),
    Reasoned("change-agencies", ("submission", "withdraw_agency"), submission.AgencyWithdrawn),
    Reasoned(
        "reopen-submission", ("submission", "reopen_submission"), submission.SubmissionReopened
    ),
    Reasoned("justify-reading", ("submission", "justify_reading"), submission.ReadingJustified),
    Reasoned("propose-action", ("appraisal", "propose_action"), appraisal.ActionProposed),
    Reasoned("propose-exclusion", ("survey", "propose_exclusion"), survey.ExclusionProposed),
    Reasoned("propose-exclusion", ("survey", "drop_exclusion"), survey.ExclusionDropped),
)
# What has its reason in another shape, and the test that holds it.
ELSEWHERE = {
    "read-evidence",  # A fact it rests on: tests/api/test_submission_accesses.py.
    "correct-result",  # Of the second revision on: tests/api/test_ranking.py.
    "propose-shredding",  # tests/api/test_ranking_forgetting.py, as the next one.
    "forget-person",
    "acknowledge-alarm",  # A decision by number and date, kept beside the alarm.
}


def ids(each: Reasoned) -> str:
    return each.operation[1]


async def ask(operation: Operation, body: object) -> httpx.Response:
    """Ask as somebody who may; the stores are empty, and what is malformed comes to none."""
    transport = httpx.ASGITransport(APPS[operation.service])
    caller = CALLERS[operation.service]
    headers = {"Idempotency-Key": "k-1", "Authorization": f"Bearer {caller}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(operation.method, operation.path, json=body, headers=headers)


def test_whatever_goes_round_the_order_is_told_here_with_its_reason() -> None:
    named = {action for action, each in PERMISSIONS.items() if "reason" in each.provisos}

    assert named == {*ELSEWHERE, *(each.action for each in REASONED)}
    for each in REASONED:
        assert actions()[each.operation] == each.action


def test_every_operation_of_these_actions_is_told_here() -> None:
    reasoned = {each.action for each in REASONED}

    operations = {operation for operation, action in actions().items() if action in reasoned}

    assert operations == {each.operation for each in REASONED}


@pytest.mark.parametrize("each", REASONED, ids=ids)
async def test_without_a_reason_or_with_a_blank_one_it_is_not_done(each: Reasoned) -> None:
    operation = OPERATIONS[each.operation]
    assert isinstance(operation.body, dict)
    without = {name: part for name, part in operation.body.items() if name != each.member}

    answers = [
        await ask(operation, body)
        for body in (without, *({**without, each.member: text} for text in ("", " ", "\n\t", None)))
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert (await ask(operation, operation.body)).status_code in {200, 404, 409}
    for answer in answers:
        assert {flaw["pointer"] for flaw in answer.json()["errors"]} == {f"/{each.member}"}


@pytest.mark.parametrize("each", REASONED, ids=ids)
def test_what_people_write_stands_sealed_in_the_fact(each: Reasoned) -> None:
    assert get_type_hints(each.fact)["because"] is Sealed


async def test_each_of_these_facts_is_recorded_and_none_shows_the_words() -> None:
    told = [*await submission_story(), *await appraisal_story(), *await survey_story()]
    facts = [codec.decode(stored.body).data for stored in told]

    recorded = {type(fact) for fact in facts}

    assert {each.fact for each in REASONED} <= recorded
    assert not any(text.encode() in stored.body for text in SAID for stored in told)


def test_an_alarm_is_acknowledged_by_a_decision_with_its_number_and_date() -> None:
    schemas = document_of("ranking")["components"]["schemas"]

    assert schemas["AcknowledgementBody"]["required"] == ["decision"]
    assert set(schemas["ActBody"]["required"]) == {"number", "on"}


def test_a_correction_says_why_in_a_fact_too() -> None:
    assert get_type_hints(ranking.ResultCorrected)["because"] is Sealed


def test_no_program_gives_a_reason() -> None:
    programs = {action for action, each in PERMISSIONS.items() if "reason" in each.provisos} - {
        action for action, each in PERMISSIONS.items() if "person" in each.provisos
    }

    assert programs == {"read-evidence"}

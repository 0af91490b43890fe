"""What is counted and taken back, and what it comes to."""

from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest

from services.survey.domain import questionnaire as domain
from services.survey.domain.results import results
from shared.events import survey as events
from shared.events.envelope import Context, Recorded
from tests.support.small_cycle import at
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import (
    CLOSED,
    NAMED,
    OPENED,
    SEALED,
    STREAM,
    batch,
    certified,
    cycle,
    given,
    refusal,
    response,
    when,
)

COUNTED = (ADOPTED, OPENED, batch(1, response(), response(option="1")))
PROPOSED = events.ExclusionProposed(
    **NAMED, exclusion="exclusion-4", batch=1, positions=(1,), because=SEALED
)
EXCLUDED = events.AnswersExcluded(
    **NAMED, exclusion="exclusion-4", batch=1, positions=(1,), because=SEALED
)
DROPPED = events.ExclusionDropped(**NAMED, exclusion="exclusion-4", because=SEALED)
PROPOSE = domain.ProposeExclusion(1, (1,), SEALED)


def proposed_by(actor: str) -> domain.Questionnaire:
    fact = Recorded(STREAM, 4, "survey.ExclusionProposed.v1", Context(at(12, 1), actor), PROPOSED)
    return domain.evolve(given(*COUNTED), fact)


def seconded_by(actor: str, state: domain.Questionnaire) -> domain.Questionnaire:
    fact = Recorded(STREAM, 5, "survey.AnswersExcluded.v2", Context(at(12, 1), actor), EXCLUDED)
    return domain.evolve(state, fact)


def test_a_batch_is_counted_once_with_its_receipts_in_an_order_of_their_own() -> None:
    fact = batch(1, response(), response(option="1"))
    command = domain.CountBatch(
        1, "invitation", fact.responses, tuple(reversed(fact.receipts)), hasty=0
    )

    assert when(command, ADOPTED, OPENED) == (fact,)
    assert when(command, ADOPTED, OPENED, fact) == ()


def test_no_batch_is_counted_before_the_opening() -> None:
    fact = batch(1, response())
    command = domain.CountBatch(1, "invitation", fact.responses, fact.receipts, hasty=0)

    assert refusal(command, ADOPTED).code == "survey-not-open"
    assert when(command, ADOPTED, OPENED) == (fact,)


def test_a_batch_with_a_receipt_that_was_counted_is_refused_and_no_other() -> None:
    first, second, third = batch(1, response()), batch(2, response()), batch(3, response())
    counted = (ADOPTED, OPENED, first, second)
    command = domain.CountBatch(3, "invitation", third.responses, third.receipts, hasty=0)

    refused = refusal(replace(command, receipts=first.receipts), *counted)

    assert (refused.code, refused.details) == ("receipt-counted", {"batch": "3"})
    assert when(command, *counted) == (third,)
    assert when(replace(command, batch=1, receipts=first.receipts), *counted) == ()


def test_an_exclusion_is_proposed_for_a_reason_and_once() -> None:
    assert when(PROPOSE, *COUNTED) == (PROPOSED,)
    again = refusal(PROPOSE, *COUNTED, PROPOSED)
    assert (again.code, again.details) == (
        "exclusion-proposed-already",
        {"exclusion": "exclusion-4"},
    )
    assert when(PROPOSE, *COUNTED, PROPOSED, DROPPED)
    excluded = refusal(PROPOSE, *COUNTED, PROPOSED, EXCLUDED)
    assert excluded.code == "answers-excluded-already"
    assert refusal(replace(PROPOSE, batch=2), *COUNTED).code == "batch-unknown"
    assert refusal(replace(PROPOSE, positions=(2,)), *COUNTED).code == "response-unknown"


def test_an_exclusion_takes_a_second_person() -> None:
    proposed = proposed_by("survey-officer:o-1")
    by_another = domain.SecondExclusion("exclusion-4", "administrator:a-1")

    assert domain.decide(by_another, proposed) == (EXCLUDED,)
    assert domain.decide(by_another, seconded_by("administrator:a-1", proposed)) == ()
    with pytest.raises(Exception, match="second-person-required"):
        domain.decide(domain.SecondExclusion("exclusion-4", "survey-officer:o-1"), proposed)
    with pytest.raises(Exception, match="exclusion-closed"):
        domain.decide(by_another, seconded_by("administrator:a-2", proposed))
    assert refusal(by_another, *COUNTED).code == "exclusion-unknown"


def test_one_person_in_two_roles_is_no_second_person() -> None:
    with pytest.raises(Exception, match="second-person-required"):
        domain.decide(
            domain.SecondExclusion("exclusion-4", "administrator:o-1"),
            proposed_by("survey-officer:o-1"),
        )


def test_what_another_exclusion_took_out_is_not_taken_out_again() -> None:
    overtaken = (*COUNTED, PROPOSED, msgspec.structs.replace(EXCLUDED, exclusion="exclusion-3"))

    second = domain.SecondExclusion("exclusion-4", "administrator:a-1")
    assert refusal(second, *overtaken).code == "exclusion-closed"


def test_a_proposal_may_come_to_nothing() -> None:
    drop = domain.DropExclusion("exclusion-4", SEALED)

    assert when(drop, *COUNTED, PROPOSED) == (DROPPED,)
    assert when(drop, *COUNTED, PROPOSED, DROPPED) == ()
    assert refusal(drop, *COUNTED, PROPOSED, EXCLUDED).code == "exclusion-closed"
    second = domain.SecondExclusion("exclusion-4", "administrator:a-1")
    assert refusal(second, *COUNTED, PROPOSED, DROPPED).code == "exclusion-closed"


def test_a_comment_is_released_once_it_was_read() -> None:
    released = events.CommentReleased(**NAMED, agency="so-y-te", question="q9", text=SEALED)

    assert when(domain.ReleaseComment("so-y-te", "q9", SEALED), ADOPTED) == (released,)


def test_a_survey_is_closed_once_and_says_how_many_were_counted() -> None:
    command = domain.CloseSurvey("calendar")
    closed = msgspec.structs.replace(CLOSED, responses=2)

    assert when(command, *COUNTED) == (closed,)
    assert when(command, *COUNTED, closed) == ()
    assert refusal(command, ADOPTED).code == "survey-not-open"


def test_results_count_what_was_answered_and_imported_less_what_was_excluded() -> None:
    state = given(
        ADOPTED,
        OPENED,
        batch(1, response(option="2"), response(option="1")),
        msgspec.structs.replace(EXCLUDED, positions=(0,)),
        certified(3),
    )

    found = {(result.agency, result.question): result for result in results(state, cycle())}

    assert found["so-y-te", "q1"].counts == {"1": 1, "5": 3}
    assert (found["so-y-te", "q1"].valid, found["so-y-te", "q1"].share) == (4, Fraction(3, 4))
    assert found["so-noi-vu", "q1"].share is None

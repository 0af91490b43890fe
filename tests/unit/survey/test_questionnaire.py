"""What a questionnaire allows, refuses, and takes as no news."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import reduce

import msgspec
import pytest

from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import CYCLE, Cycle
from services.survey.domain.results import results
from shared.events import submission
from shared.events import survey as events
from shared.events.envelope import Sealed
from shared.kernel.errors import Missing, Problem, Refused
from tests.support.small_cycle import at, opened_cycle, recorded
from tests.support.small_questionnaire import ADOPTED, QUESTION, SCALE

STREAM = "survey/2021/citizens"
OPENED = events.SurveyOpened(cycle="2021", questionnaire="citizens")
CLOSED = events.SurveyClosed(
    cycle="2021", questionnaire="citizens", closed_by="calendar", responses=0
)
SEALED = Sealed(key="k", text="t")


def cycle(*more: object) -> Cycle:
    facts = (*opened_cycle(), *(recorded("cycle/2021", 9, fact) for fact in more))
    return reduce(CYCLE.evolve, facts, CYCLE.initial)


def given(*facts: events.Fact) -> domain.Questionnaire:
    numbered = (recorded(STREAM, place, fact) for place, fact in enumerate(facts, start=1))
    return reduce(domain.decider.evolve, numbered, domain.decider.initial)


def when(command: domain.Command, *facts: events.Fact) -> Sequence[object]:
    return domain.decide(command, given(*facts))


def refusal(command: domain.Command, *facts: events.Fact) -> Problem:
    with pytest.raises(Problem) as caught:
        when(command, *facts)
    return caught.value


def response(agency: str = "so-y-te", option: str = "5") -> events.Response:
    return events.Response(agency=agency, answers={"q1": option})


def batch(number: int, *responses: events.Response) -> events.ResponsesCounted:
    return events.ResponsesCounted(
        cycle="2021", questionnaire="citizens", batch=number, responses=responses
    )


def opening(when: datetime, of: Cycle | None = None) -> domain.OpenSurvey:
    return domain.OpenSurvey(when, of or cycle())


def imported(count: int = 3, **changes: str) -> events.ResultImported:
    result = events.ResultImported(
        cycle="2021",
        questionnaire="citizens",
        agency="so-y-te",
        counts={"q1": {"5": count}},
        source="Bưu điện tỉnh",
        document="12/BC-BĐ",
    )
    return msgspec.structs.replace(result, **changes)


def test_a_questionnaire_is_adopted() -> None:
    assert when(domain.AdoptQuestionnaire(ADOPTED, cycle())) == (ADOPTED,)


def test_adopting_the_same_questionnaire_again_is_no_news() -> None:
    assert when(domain.AdoptQuestionnaire(ADOPTED, cycle()), ADOPTED, OPENED) == ()


def test_an_open_questionnaire_cannot_be_replaced() -> None:
    other = msgspec.structs.replace(ADOPTED, title="Khác")

    assert refusal(domain.AdoptQuestionnaire(other, cycle()), ADOPTED, OPENED).code == (
        "survey-already-open"
    )


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"tier": "district"}, "/tier", "tier-unknown"),
        ({"closes": at(11, 22)}, "/closes", "closes-before-opening"),
        ({"closes": at(12, 21)}, "/opens", "outside-survey-phase"),
        ({"group": "leaders"}, "/questions/0/item", "group-not-asked"),
        ({"questions": (QUESTION, QUESTION)}, "/questions/1/code", "question-twice"),
        (
            {"questions": (msgspec.structs.replace(QUESTION, item="1.1"),)},
            "/questions/0/item",
            "item-not-surveyed",
        ),
        (
            {"questions": (msgspec.structs.replace(QUESTION, options=(*SCALE, SCALE[0])),)},
            "/questions/0/options",
            "option-twice",
        ),
        (
            {
                "questions": (
                    msgspec.structs.replace(
                        QUESTION, options=(*SCALE, events.AnswerOption(code="6", title="6"))
                    ),
                )
            },
            "/questions/0/options",
            "option-not-scored",
        ),
    ],
)
def test_a_questionnaire_that_does_not_fit_the_scheme_is_refused_with_its_place(
    change: dict[str, object], pointer: str, code: str
) -> None:
    wrong = msgspec.structs.replace(ADOPTED, **change)

    refused = refusal(domain.AdoptQuestionnaire(wrong, cycle()))

    assert refused.code == "questionnaire-invalid"
    assert (pointer, code) in {(flaw.pointer, flaw.code) for flaw in refused.flaws}


def test_nothing_begins_in_a_cycle_that_is_unknown_or_withdrawn() -> None:
    withdrawn = cycle(
        submission.CycleWithdrawn(
            cycle="2021",
            decision=submission.LegalAct(number="1/QĐ", on=at(12, 1).date()),
            because=SEALED,
        )
    )

    assert refusal(domain.AdoptQuestionnaire(ADOPTED, Cycle())).code == "cycle-unknown"
    assert refusal(domain.AdoptQuestionnaire(ADOPTED, withdrawn)).code == "cycle-withdrawn"
    assert refusal(opening(at(11, 22), withdrawn), ADOPTED).code == "cycle-withdrawn"


def test_a_survey_opens_once_its_time_has_come() -> None:
    assert when(opening(at(11, 22)), ADOPTED) == (OPENED,)
    assert when(opening(at(11, 23)), ADOPTED, OPENED) == ()
    assert refusal(opening(at(11, 21)), ADOPTED).code == "survey-not-yet-open"
    assert refusal(opening(at(12, 21)), ADOPTED, OPENED, CLOSED).code == "survey-closed"
    assert isinstance(refusal(opening(at(11, 22))), Missing)


def test_a_batch_is_counted_once() -> None:
    command = domain.CountBatch(1, (response(),))

    assert when(command, ADOPTED, OPENED) == (batch(1, response()),)
    assert when(command, ADOPTED, OPENED, batch(1, response())) == ()


def test_counted_responses_are_excluded_for_a_reason_and_once() -> None:
    counted = (ADOPTED, OPENED, batch(1, response(), response(option="1")))
    command = domain.ExcludeAnswers(1, (1,), SEALED)
    excluded = events.AnswersExcluded(
        cycle="2021", questionnaire="citizens", batch=1, positions=(1,), because=SEALED
    )

    assert when(command, *counted) == (excluded,)
    assert when(command, *counted, excluded) == ()
    assert refusal(replace(command, batch=2), *counted).code == "batch-unknown"
    assert refusal(replace(command, positions=(2,)), *counted).code == "response-unknown"


def test_a_certified_result_is_imported_and_corrected_by_its_source() -> None:
    assert when(domain.ImportResult(imported(), cycle()), ADOPTED) == (imported(),)
    assert when(domain.ImportResult(imported(), cycle()), ADOPTED, imported()) == ()
    assert when(domain.ImportResult(imported(4), cycle()), ADOPTED, imported()) == (imported(4),)


def test_a_result_with_unknown_questions_options_or_counts_is_refused() -> None:
    wrong = msgspec.structs.replace(imported(), counts={"q9": {"5": 1}, "q1": {"9": 1, "5": -1}})

    refused = refusal(domain.ImportResult(wrong, cycle()), ADOPTED)

    assert [(flaw.pointer, flaw.code) for flaw in refused.flaws] == [
        ("/counts/q9", "question-unknown"),
        ("/counts/q1/9", "option-unknown"),
        ("/counts/q1/5", "count-out-of-range"),
    ]
    assert (
        refusal(domain.ImportResult(imported(agency="so-la"), cycle()), ADOPTED).code
        == "agency-unknown"
    )


def test_a_survey_is_closed_once_and_says_how_many_were_counted() -> None:
    command = domain.CloseSurvey("calendar")
    closed = msgspec.structs.replace(CLOSED, responses=2)
    counted = (ADOPTED, OPENED, batch(1, response(), response()))

    assert when(command, *counted) == (closed,)
    assert when(command, *counted, closed) == ()
    assert refusal(command, ADOPTED).code == "survey-not-open"


def test_answers_are_judged_before_they_go_into_the_urn() -> None:
    taking = given(ADOPTED, OPENED)

    with pytest.raises(Refused) as refused:
        domain.check_answers(taking, cycle(), "so-y-te", {"q1": "9", "q2": "5"})

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/answers/q1", "option-unknown"),
        ("/answers/q2", "question-unknown"),
    ]
    domain.check_answers(taking, cycle(), "so-y-te", {"q1": "5"})


@pytest.mark.parametrize(
    ("facts", "code"),
    [((ADOPTED,), "survey-not-open"), ((ADOPTED, OPENED, CLOSED), "survey-closed")],
)
def test_answers_are_taken_only_while_it_is_open(facts: tuple[events.Fact, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        domain.require_taking(given(*facts), cycle(), at(11, 23))

    assert refused.value.code == code


def test_results_count_what_was_answered_and_imported_less_what_was_excluded() -> None:
    excluded = events.AnswersExcluded(
        cycle="2021", questionnaire="citizens", batch=1, positions=(0,), because=SEALED
    )
    state = given(
        ADOPTED, OPENED, batch(1, response(option="2"), response(option="1")), excluded, imported()
    )

    found = {(result.agency, result.question): result for result in results(state, cycle())}

    assert found["so-y-te", "q1"].counts == {"1": 1, "5": 3}
    assert (found["so-y-te", "q1"].valid, found["so-y-te", "q1"].share) == (4, Fraction(3, 4))
    assert found["so-noi-vu", "q1"].share is None

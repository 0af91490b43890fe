"""What a questionnaire allows, refuses, and takes as no news."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import pytest

from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import Cycle
from services.survey.domain.limits import OPTIONS_MAX, QUESTIONS_MAX
from shared.events import submission
from shared.events import survey as events
from shared.kernel.errors import Missing
from tests.support.small_cycle import at
from tests.support.small_questionnaire import (
    ADOPTED,
    QUESTION,
    SCALE,
    option,
    question,
    wording,
)
from tests.support.survey_given import CLOSED, OPENED, SEALED, cycle, refusal, when

ENGLISH = {
    "second_language": "en",
    "title": wording("Phiếu", "Form"),
    "questions": (
        msgspec.structs.replace(
            QUESTION,
            text=wording("Hài lòng?", "Satisfied?"),
            options=tuple(
                msgspec.structs.replace(each, title=wording(each.code, each.code)) for each in SCALE
            ),
        ),
    ),
}
IF_YES = events.Condition(question="used", options=("yes",))


def adopting(
    based_on: int | None = None,
    **changes: Any,  # noqa: ANN401 - whatever it has
) -> domain.AdoptQuestionnaire:
    return domain.AdoptQuestionnaire(msgspec.structs.replace(ADOPTED, **changes), cycle(), based_on)


def opening(when: datetime, of: Cycle | None = None) -> domain.OpenSurvey:
    return domain.OpenSurvey(when, of or cycle())


def flaws(**changes: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - whatever it has
    refused = refusal(adopting(**changes))
    assert refused.code == "questionnaire-invalid"
    return {(flaw.pointer, flaw.code) for flaw in refused.flaws}


def test_a_questionnaire_is_adopted() -> None:
    assert when(adopting(edition=0)) == (ADOPTED,)


def test_adopting_the_same_questionnaire_again_is_no_news() -> None:
    assert when(adopting(edition=0), ADOPTED, OPENED) == ()


def test_what_was_adopted_in_a_former_shape_is_the_same_questionnaire() -> None:
    options = tuple(option(code) for code in "ade")
    asked = question("q1", item="1.2", options=options)
    formerly = msgspec.structs.replace(ADOPTED, group="leaders", questions=(asked,))

    assert when(domain.AdoptQuestionnaire(formerly, cycle()), formerly, OPENED) == ()


def test_another_questionnaire_of_the_name_is_the_next_edition() -> None:
    other = wording("Khác")

    assert when(adopting(1, title=other), ADOPTED) == (
        msgspec.structs.replace(ADOPTED, title=other, edition=2),
    )


@pytest.mark.parametrize(
    ("based_on", "adopted", "code"),
    [
        (None, (ADOPTED,), "version-required"),
        (0, (ADOPTED,), "version-stale"),
        (2, (ADOPTED,), "version-stale"),
        (1, (), "version-of-nothing"),
    ],
)
def test_what_was_not_read_is_not_replaced(
    based_on: int | None, adopted: tuple[events.Fact, ...], code: str
) -> None:
    assert refusal(adopting(based_on, title=wording("Khác")), *adopted).code == code


def test_an_open_questionnaire_cannot_be_replaced() -> None:
    assert refusal(adopting(title=wording("Khác")), ADOPTED, OPENED).code == "survey-already-open"


def test_which_option_says_no_opinion_is_what_the_scheme_says() -> None:
    asked = question("q1", item="1.2", options=tuple(option(code) for code in "abcde"))

    [adopted] = when(adopting(group="leaders", questions=(asked,)))

    assert isinstance(adopted, events.QuestionnaireAdopted)
    told = [each.no_opinion for each in adopted.questions[0].options]
    assert told == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"tier": "district"}, "/tier", "tier-unknown"),
        ({"closes": at(11, 22)}, "/closes", "closes-before-opening"),
        ({"closes": at(12, 21)}, "/opens", "outside-survey-phase"),
        ({"group": "leaders"}, "/questions/0/item", "group-not-asked"),
        ({"group": "martians", "questions": (question("q1"),)}, "/group", "group-not-in-scheme"),
        ({"agencies": ("so-la",)}, "/agencies/0", "agency-of-another-tier"),
        ({"agencies": ("so-y-te", "so-y-te")}, "/agencies/1", "agency-twice"),
        ({"service_question": "q9"}, "/service_question", "question-unknown"),
        ({"service_question": "q1"}, "/service_question", "service-question-unfit"),
        ({"second_language": "en"}, "/title", "translation-missing"),
        ({"title": wording("Phiếu", "Form")}, "/title", "translation-unexpected"),
        ({**ENGLISH, "introduction": wording("Chào")}, "/introduction", "translation-missing"),
    ],
)
def test_a_questionnaire_that_does_not_fit_is_refused_with_its_place(
    change: dict[str, object], pointer: str, code: str
) -> None:
    assert (pointer, code) in flaws(**change)


UNFIT = [
    ((QUESTION, QUESTION), "/questions/1/code", "question-twice"),
    ((question("q1", item="1.1"),), "/questions/0/item", "item-not-surveyed"),
    ((question("q1", options=(*SCALE, SCALE[0])),), "/questions/0/options", "option-twice"),
    (
        (question("q1", item="9.1", options=(*SCALE, option("6"))),),
        "/questions/0/options",
        "option-not-scored",
    ),
    (
        (question("q1", item="9.1", kind="scale", options=SCALE[1:]),),
        "/questions/0/options",
        "options-left-out",
    ),
    ((question("q1", item="9.1", options=SCALE[:-1]),), "/questions/0/options", "options-left-out"),
    (
        (question("q1", item="9.1", kind="multiple-choice", options=SCALE),),
        "/questions/0/kind",
        "kind-not-scored",
    ),
    ((question("q1", options=(option("a"),)),), "/questions/0/options", "options-too-few"),
    ((question("q1", kind="free-text"),), "/questions/0/options", "options-of-free-text"),
    (
        (question("q1", options=tuple(option(code, no_opinion=True) for code in "xy")),),
        "/questions/0/options",
        "no-opinion-twice",
    ),
    (
        (question("q1", asked_if=IF_YES), question("used")),
        "/questions/0/asked_if/question",
        "condition-not-earlier",
    ),
    (
        (question("used", options=tuple(map(option, "ab"))), question("q2", asked_if=IF_YES)),
        "/questions/1/asked_if/options",
        "condition-unknown",
    ),
    ((question("q1", text=wording("")),), "/questions/0/text", "text-missing"),
    (
        (
            question(
                "q1",
                options=(
                    option("a"),
                    events.AnswerOption(code="b", title=wording(""), no_opinion=False),
                ),
            ),
        ),
        "/questions/0/options/1/title",
        "text-missing",
    ),
]


@pytest.mark.parametrize(("questions", "pointer", "code"), UNFIT)
def test_a_question_that_does_not_fit_is_named(
    questions: tuple[events.Question, ...], pointer: str, code: str
) -> None:
    assert (pointer, code) in flaws(questions=questions)


def test_what_a_scale_leaves_out_is_named_once() -> None:
    asked = question("q1", item="9.1", options=(SCALE[4], SCALE[2]))

    [flaw] = refusal(adopting(questions=(asked,))).flaws

    assert flaw.details == {"question": "q1", "item": "9.1", "options": "1, 2, 4"}


def test_an_option_without_a_share_is_offered_or_not() -> None:
    for codes in ("abcd", "abcde"):
        asked = question("q1", item="1.2", options=tuple(map(option, codes)))

        [adopted] = when(adopting(group="leaders", questions=(asked,)))

        assert isinstance(adopted, events.QuestionnaireAdopted)


@pytest.mark.parametrize(
    ("condition", "before", "named"),
    [
        ("q1", question("q1", kind="free-text", options=()), "1 (“Câu hỏi q1?”)"),
        ("q1", question("q1", text=wording("x" * 61)), f"1 (“{'x' * 59}…”)"),
        ("q3", question("q1"), "3 (“Câu hỏi q3?”)"),
        ("q9", question("q1"), "“q9”"),
    ],
)
def test_a_condition_names_questions_by_number_and_text(
    condition: str, before: events.Question, named: str
) -> None:
    asked_if = events.Condition(question=condition, options=("maybe",))
    questions = (before, question("q2", asked_if=asked_if), question("q3"))

    [flaw] = refusal(adopting(questions=questions)).flaws

    assert (flaw.details["asked"], flaw.details["earlier"]) == ("2 (“Câu hỏi q2?”)", named)


def test_a_questionnaire_that_leaves_no_room_to_hide_in_is_too_long() -> None:
    options = tuple(option(f"{place:032}") for place in range(OPTIONS_MAX))
    questions = tuple(
        question(f"{place:032}", kind="multiple-choice", options=options)
        for place in range(QUESTIONS_MAX)
    )

    assert flaws(questions=questions) == {("/questions", "questionnaire-too-long")}


@pytest.mark.parametrize(
    "change",
    [
        ENGLISH,
        {"agencies": ("so-y-te",)},
        {
            "questions": (
                QUESTION,
                question("used"),
                question("why", kind="multiple-choice", required=False, asked_if=IF_YES),
                question("word", kind="free-text", required=False, options=()),
            ),
            "service_question": "used",
        },
    ],
)
def test_whatever_can_be_asked_is_adopted(change: Mapping[str, Any]) -> None:
    assert when(adopting(**change)) == (msgspec.structs.replace(ADOPTED, **change),)


def test_what_was_asked_before_is_copied_into_another_cycle() -> None:
    copied = domain.copied(ADOPTED, ("2022", "people"), at(11, 23), at(12, 19))

    assert copied == msgspec.structs.replace(
        ADOPTED,
        cycle="2022",
        questionnaire="people",
        edition=0,
        copied_from="2021/citizens",
        opens=at(11, 23),
        closes=at(12, 19),
    )


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

"""Who was asked what, gathered by question as it was answered by people."""

from collections import Counter
from collections.abc import Sequence

import hypothesis.strategies as st
import msgspec
from hypothesis import given as for_any
from hypothesis import settings

from services.survey.domain.filled import Filled, asked
from services.survey.domain.results.gathered import ALL, Place, gathered
from shared.events import survey as events
from tests.support.small_questionnaire import ADOPTED, option, question
from tests.support.survey_given import OPENED, batch, given

AGENCY = "so-y-te"
OPTIONS = tuple(map(option, "abc"))
SERVICE = question("service", required=False, options=OPTIONS)
WHY = question(
    "why",
    kind="multiple-choice",
    required=False,
    options=OPTIONS,
    asked_if=events.Condition(question="service", options=("a", "b")),
)
HOW = question(
    "how",
    required=False,
    options=OPTIONS,
    asked_if=events.Condition(question="why", options=("b", "c")),
)
TEXT = question("text", kind="free-text", required=False, options=())
QUESTIONNAIRE = msgspec.structs.replace(
    ADOPTED, questions=(SERVICE, WHY, HOW, TEXT), service_question="service"
)
ONE = st.sampled_from(["", "a", "b", "c"])
PEOPLE = st.lists(st.tuples(ONE, st.sets(st.sampled_from("abc")), ONE), max_size=20)


def _filled(chosen: tuple[str, set[str], str]) -> Filled:
    """What somebody may answer: nothing that was not asked."""
    service, why, how = chosen
    answers = {"service": service} if service else {}
    if service not in {"a", "b"} or not why:
        return Filled(answers)
    choices = {"why": tuple(sorted(why))}
    return Filled({**answers, "how": how} if how and why & {"b", "c"} else answers, choices)


@settings(max_examples=80)
@for_any(people=PEOPLE)
def test_asked_and_answered_are_those_of_each_person(
    people: Sequence[tuple[str, set[str], str]],
) -> None:
    every = [_filled(chosen) for chosen in people]
    responses = [
        events.Response(agency=AGENCY, answers=dict(each.answers), choices=dict(each.choices))
        for each in every
    ]

    found = gathered(given(QUESTIONNAIRE, OPENED, batch(1, *responses)))

    for service in (None, "", "a", "b", "c"):
        theirs = [
            each for each in every if service is None or each.answers.get("service", "") == service
        ]
        for code in ("why", "how"):
            told = found.get(Place(AGENCY, service, code))
            chosen = [each.chosen(code) for each in theirs]
            expected = (
                sum(any(q.code == code for q in asked(QUESTIONNAIRE, each)) for each in theirs),
                sum(map(bool, chosen)),
                Counter(option for options in chosen for option in options),
            )
            assert expected == (
                (told.asked, told.answered, told.chosen) if told else (0, 0, Counter())
            )
            assert told == found.get(Place(ALL, service, code))
    assert not [place for place in found if place.question == "text"]
    assert not [place for place in found if place.question == "service" and place.service]

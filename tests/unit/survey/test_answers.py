"""What one person may answer: judged before it goes into the urn."""

import hashlib
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from services.survey.domain import questionnaire as domain
from services.survey.domain import validity
from services.survey.domain.filled import Filled, answer_of, asked
from services.survey.domain.limits import COMMENT_CHARACTERS_MAX
from services.survey.domain.token import ALPHABET, hashed, spelled
from shared.events import survey as events
from shared.kernel.errors import Refused
from tests.support.small_cycle import at
from tests.support.small_questionnaire import ADOPTED, QUESTION, option, question
from tests.support.survey_given import CLOSED, OPENED, cycle, given

IF_DISSATISFIED = events.Condition(question="q1", options=("1", "2"))
WIDE = msgspec.structs.replace(
    ADOPTED,
    questions=(
        QUESTION,
        question(
            "why",
            kind="multiple-choice",
            options=(option("slow"), option("far"), option("none", no_opinion=True)),
            asked_if=IF_DISSATISFIED,
        ),
        question(
            "slower", required=False, asked_if=events.Condition(question="why", options=("slow",))
        ),
        question("words", kind="free-text", required=False, options=()),
    ),
)


def flaws(filled: Filled) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in validity.of_answers(WIDE, filled)]


@pytest.mark.parametrize(
    "filled",
    [
        Filled({"q1": "5"}),
        Filled({"q1": "5"}, {}, {"words": "Tốt."}),
        Filled({"q1": "1"}, {"why": ("slow", "far")}),
        Filled({"q1": "2", "slower": "yes"}, {"why": ("slow",)}),
        Filled({"q1": "1"}, {"why": ("none",)}),
    ],
)
def test_answers_that_fit_are_taken(filled: Filled) -> None:
    assert flaws(filled) == []


@pytest.mark.parametrize(
    ("filled", "found"),
    [
        (Filled({}), [("/answers/q1", "answer-missing")]),
        (Filled({"q1": "9"}), [("/answers/q1", "option-unknown")]),
        (Filled({"q1": "5", "q9": "5"}), [("/answers/q9", "question-unknown")]),
        (Filled({"q1": "1"}), [("/choices/why", "answer-missing")]),
        (Filled({"q1": "5"}, {"why": ("slow",)}), [("/choices/why", "question-not-asked")]),
        (Filled({"q1": "1"}, {"why": ("slow", "slow")}), [("/choices/why", "option-chosen-twice")]),
        (
            Filled({"q1": "1"}, {"why": ("none", "slow")}),
            [("/choices/why", "no-opinion-with-others")],
        ),
        (Filled({"q1": "1"}, {"why": ("fast",)}), [("/choices/why", "option-unknown")]),
        (
            Filled({"q1": "1", "slower": "yes"}, {"why": ("far",)}),
            [("/answers/slower", "question-not-asked")],
        ),
        (Filled({"q1": "5", "words": "Tốt."}), [("/answers/words", "answer-misplaced")]),
        (
            Filled({"q1": "5"}, {}, {"words": "x" * (COMMENT_CHARACTERS_MAX + 1)}),
            [("/comments/words", "comment-too-long")],
        ),
    ],
)
def test_each_answer_that_does_not_fit_is_named(
    filled: Filled, found: list[tuple[str, str]]
) -> None:
    assert flaws(filled) == found


def test_answers_that_do_not_fit_are_refused_with_every_flaw() -> None:
    with pytest.raises(Refused) as refused:
        domain.check_answers(given(ADOPTED, OPENED), Filled({"q1": "9", "q2": "5"}))

    assert refused.value.code == "answers-invalid"
    assert {flaw.pointer for flaw in refused.value.flaws} == {"/answers/q1", "/answers/q2"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [((ADOPTED,), "survey-not-open"), ((ADOPTED, OPENED, CLOSED), "survey-closed")],
)
def test_answers_are_taken_only_while_it_is_open(facts: tuple[events.Fact, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        domain.require_taking(given(*facts), cycle(), at(11, 23))

    assert refused.value.code == code


def test_what_is_asked_depends_on_what_is_answered_on_the_way() -> None:
    def on_the_way(filled: Filled) -> list[str]:
        return [each.code for each in asked(WIDE, filled)]

    assert on_the_way(Filled({"q1": "5"}, {"why": ("slow",)})) == ["q1", "words"]
    assert on_the_way(Filled({"q1": "1"})) == ["q1", "why", "words"]
    assert on_the_way(Filled({"q1": "1"}, {"why": ("slow",)})) == ["q1", "why", "slower", "words"]


def test_what_goes_into_the_urn_is_in_the_order_of_the_questionnaire_and_holds_no_words() -> None:
    filled = Filled({"q1": "1"}, {"why": ("far", "slow")}, {"words": "Tốt."})

    assert answer_of(WIDE, filled, hasty=True) == {
        "answers": {"q1": "1"},
        "choices": {"why": ["slow", "far"]},
        "hasty": True,
    }


options = st.sampled_from(["1", "5", "slow", "far", "none", "yes", "no", "other"])
codes = st.sampled_from(["q1", "why", "slower", "words", "nothing"])


@for_any(
    st.dictionaries(codes, options),
    st.dictionaries(codes, st.lists(options, min_size=1, max_size=3).map(tuple)),
)
def test_whatever_fits_takes_no_more_room_than_was_reckoned(
    answers: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]
) -> None:
    filled = Filled(answers, choices)
    if not flaws(filled):
        response = events.Response(agency="a" * 64, answers=dict(answers), choices=dict(choices))

        assert len(msgspec.json.encode(response)) <= validity.response_bytes_max(WIDE)


@for_any(st.text())
def test_a_token_is_known_however_it_is_typed(secret: str) -> None:
    token = spelled(secret)

    assert len(token.replace("-", "")) == 20
    assert set(token) <= {*ALPHABET, "-"}
    assert hashed(token.lower().replace("-", "").replace("0", "o").replace("1", "l")) == hashed(
        token
    )


def test_a_token_spells_the_first_hundred_bits_of_a_hash() -> None:
    hundred = int(hashlib.sha256(b"secret").hexdigest()[:25], 16)
    spelt = "".join(ALPHABET[hundred // 32**place % 32] for place in reversed(range(20)))

    assert spelled("secret").replace("-", "") == spelt

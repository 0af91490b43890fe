"""What the pages are made of: texts, the stamp of a form, and what is left out of it."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.survey.api.bodies import QuestionnaireBody, adopted
from services.survey.domain.filled import Filled
from services.survey.domain.token import ALPHABET, RECEIPT_CHARACTERS, receipt_of
from services.survey.domain.validity import of_answers
from services.survey.pages.draft import cookie, unpacked
from services.survey.pages.reading import fields_of, filled_of, parted
from services.survey.pages.sheet import Tongue, questions_of, tongue_of
from services.survey.pages.stamp import HASTY_S_PER_QUESTION, begun, is_genuine, is_hasty
from services.survey.pages.texts import TEXTS, said
from shared.adapters.memory import memory_seals
from shared.adapters.web import Fields
from tests.support.asked_in_full import ASKED

SEALS = memory_seals()
AT = datetime(2021, 11, 25, tzinfo=UTC)
TOKEN = "7K2QX-0M4TN-9B1WE-RZ5HC"  # noqa: S105 - an example, for which there is no right
QUESTIONNAIRE = adopted("2021", "citizens", QuestionnaireBody.model_validate(ASKED))
ANYTHING = st.builds(
    Filled,
    st.fixed_dictionaries(
        {}, optional={"q1": st.sampled_from("54321"), "q3": st.sampled_from(["once", "often"])}
    ),
    st.fixed_dictionaries({}, optional={"q2": st.sampled_from([("slow",), ("slow", "far")])}),
    st.fixed_dictionaries({}, optional={"q4": st.just("Tốt\nlắm")}),
)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    names = (
        "maximum",
        "number",
        "options",
        "least",
        "seconds",
        "title",
        "day",
        "count",
        "sealed",
        "closes",
    )
    of_results = ("answered", "valid", "satisfied", "percent", "margin", "low", "high")
    of_certified = ("sources", "source", "forms")
    members = (*names, *of_results, *of_certified, "shortest", "longest")
    details = dict.fromkeys(members, "7")

    vietnamese, english = (said(name, language, **details) for language in ("vi", "en"))

    assert vietnamese.strip()
    assert english.strip()
    assert vietnamese != english


@given(ANYTHING)
def test_what_was_filled_in_comes_back_from_its_fields(filled: Filled) -> None:
    assert filled_of(QUESTIONNAIRE, Fields(list(fields_of(filled)))) == filled


@given(ANYTHING)
def test_nothing_is_kept_that_is_not_asked_and_nothing_lost_that_is(filled: Filled) -> None:
    kept, dropped = parted(QUESTIONNAIRE, filled)

    assert "question-not-asked" not in {flaw.code for flaw in of_answers(QUESTIONNAIRE, kept)}
    given_codes = {code for code in ("q1", "q2", "q3", "q4") if code in filled}
    assert given_codes == dropped | {code for code in given_codes if code in kept}
    assert dropped <= {"q2"}


def test_a_stamp_is_for_one_token_and_one_time() -> None:
    stamp = begun(SEALS, TOKEN, AT)
    seconds, _, digest = stamp.partition(".")

    assert is_genuine(SEALS, TOKEN, stamp)
    assert is_genuine(SEALS, TOKEN.lower().replace("-", ""), stamp)
    assert not is_genuine(SEALS, TOKEN.replace("7", "8"), stamp)
    assert not is_genuine(SEALS, TOKEN, f"{int(seconds) + 1}.{digest}")


@pytest.mark.parametrize("stamp", ["", ".", "1", "x.y", "1637798400.", "²." + "0" * 64])
def test_a_stamp_that_nobody_made_says_nothing_against_anybody(stamp: str) -> None:
    assert not is_hasty(SEALS, TOKEN, stamp, AT, questions=60)


@given(st.integers(0, 200), st.integers(1, 60))
def test_hasty_is_who_is_faster_than_anybody_reads(seconds: int, questions: int) -> None:
    stamp = begun(SEALS, TOKEN, AT)

    hasty = is_hasty(SEALS, TOKEN, stamp, AT + timedelta(seconds=seconds), questions)

    assert hasty == (seconds < questions * HASTY_S_PER_QUESTION)


def test_a_receipt_is_as_easy_to_note_down_as_a_token() -> None:
    receipt = receipt_of("a secret")

    groups = receipt.split("-")
    assert [len(group) for group in groups] == [5] * (RECEIPT_CHARACTERS // 5)
    assert set("".join(groups)) <= set(ALPHABET)
    assert receipt != receipt_of("another")


def test_only_the_language_that_it_has_is_taken() -> None:
    assert tongue_of(QUESTIONNAIRE, "en") == Tongue("en")
    assert tongue_of(QUESTIONNAIRE, "km") == tongue_of(QUESTIONNAIRE, "") == Tongue("vi")


def test_only_a_choice_that_can_be_left_out_has_an_option_for_that() -> None:
    shown = questions_of(QUESTIONNAIRE, Filled({}), Tongue())

    assert [[choice.value for choice in question.choices] for question in shown] == [
        ["5", "4", "3", "2", "1"],
        ["slow", "far", "none"],
        ["once", "often", ""],
        [],
    ]


def test_a_path_ends_no_attribute_of_a_cookie() -> None:
    made = cookie("", "/form/2021/x;Domain=example.vn/đ\r\n", secure=True, lasts_s=0)

    assert "domain" not in [part.strip().partition("=")[0].lower() for part in made.split(";")]
    assert made.isascii()
    assert made.isprintable()


def test_half_of_a_character_is_no_draft() -> None:
    told = {"answers": {}, "choices": {}, "comments": {"q4": "\ud800"}, "begun": "", "language": ""}
    packed_by_others = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()

    assert unpacked(packed_by_others) is None

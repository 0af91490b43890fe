"""What is wrong with a questionnaire is told at once: of form, and of the meaning of the rest."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from tests.support.asked_in_full import ASKED
from tests.support.survey_office import CITIZENS, NOBODY, Office, code_of, open_office

Told = set[tuple[str, str]]

SCORED, SEVERAL, *_ = ASKED["questions"]
SHORT = {**SCORED, "code": "short", "options": SCORED["options"][:1]}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Nothing is asked yet."""
    async with open_office() as office:
        yield office


async def told(office: Office, body: object) -> Told:
    """What is said to be wrong with it, the same when it is previewed."""
    answer = await office.put(CITIZENS, body)
    previewed = await office.post(f"{CITIZENS}/preview", body)
    assert code_of(answer) == (422, "request-invalid"), answer.text
    assert previewed.json()["errors"] == answer.json()["errors"]
    assert all(flaw["detail"] != flaw["code"] for flaw in answer.json()["errors"])
    return {(flaw["pointer"], flaw["code"]) for flaw in answer.json()["errors"]}


async def test_flaws_of_form_hide_none_of_meaning_in_their_places(office: Office) -> None:
    unread = {**SEVERAL, "kind": "guessing"}

    found = await told(office, {**ASKED, "closes": ASKED["opens"], "questions": [unread, SHORT]})

    assert found == {
        ("/questions/0/kind", "value-not-allowed"),
        ("/questions/1/options", "options-too-few"),
        ("/questions/1/options", "options-left-out"),
        ("/closes", "closes-before-opening"),
    }


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ({"tier": 1}, set()),
        ({"group": "no code!"}, set()),
        ({"second_language": "English"}, set()),
        ({"second_language": "vi", "opens": "tomorrow"}, {("/second_language", "language-first")}),
        ({"opens": "tomorrow"}, set()),
        ({"title": None}, set()),
        ({"title": None, "closes": ASKED["opens"]}, {("/closes", "closes-before-opening")}),
        ({"unheard": "of", "agencies": ["so-la"]}, {("/agencies/0", "agency-of-another-tier")}),
        ({"questions": []}, set()),
        ({"questions": "none"}, set()),
    ],
)
async def test_nothing_is_said_of_what_hangs_on_something_that_cannot_be_read(
    wrong: Mapping[str, Any], meant: Told, office: Office
) -> None:
    found = await told(office, {**ASKED, **wrong})

    assert meant <= found
    assert len(found - meant) == 1


async def test_a_question_without_options_has_too_few(office: Office) -> None:
    answer = await office.put(CITIZENS, {**ASKED, "questions": [{**SCORED, "options": []}]})

    assert code_of(answer) == (409, "questionnaire-invalid")
    assert ("/questions/0/options", "options-too-few") in {
        (flaw["pointer"], flaw["code"]) for flaw in answer.json()["errors"]
    }


async def test_an_unknown_tier_hides_no_other_flaw(office: Office) -> None:
    wrong = {"tier": "district", "closes": ASKED["opens"], "agencies": ["so-y-te", "so-y-te"]}

    answer = await office.put(CITIZENS, {**ASKED, **wrong})

    assert code_of(answer) == (409, "questionnaire-invalid")
    assert {(flaw["pointer"], flaw["code"]) for flaw in answer.json()["errors"]} == {
        ("/tier", "tier-unknown"),
        ("/closes", "closes-before-opening"),
        ("/agencies/1", "agency-twice"),
    }


async def test_conditions_and_services_wait_until_all_questions_can_be_read(office: Office) -> None:
    unread = {**SCORED, "text": ""}

    found = await told(office, {**ASKED, "questions": [unread, *ASKED["questions"][1:]]})

    assert {pointer for pointer, _ in found} == {"/questions/0/text"}


@pytest.mark.parametrize(
    "questions",
    [
        [5] * 40,
        [{f"m{place}": 1 for place in range(120)}, 5],
        [{f"m{place}": 1 for place in range(120)}, SHORT],
        [5] * 1_000,
    ],
)
async def test_of_very_many_flaws_only_the_first_are_told(
    questions: list[object], office: Office
) -> None:
    answer = await office.put(CITIZENS, {**ASKED, "questions": questions})

    assert code_of(answer) == (422, "request-invalid")


@pytest.mark.parametrize("body", [[], "", {}])
async def test_what_is_no_questionnaire_at_all_is_told_as_ever(
    body: object, office: Office
) -> None:
    answer = await office.put(CITIZENS, body)

    assert code_of(answer) == (422, "request-invalid")
    assert answer.json()["errors"]


@pytest.mark.parametrize("body", [{}, {**ASKED, "opens": "tomorrow"}])
async def test_who_may_adopt_none_is_not_told_what_is_wrong_with_it(
    body: object, office: Office
) -> None:
    answer = await office.as_(NOBODY).put(CITIZENS, body)

    assert code_of(answer) == (401, "sign-in-needed")

"""The survey over HTTP: a questionnaire is adopted, opened, answered, counted and closed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.events import submission
from shared.events import survey as events
from tests.support.small_cycle import CYCLE, at
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    ASKED_OF_LEADERS,
    CITIZENS,
    LEADERS,
    LISTED,
    NOBODY,
    OFFICER,
    Office,
    answer_body,
    code_of,
    open_office,
    questionnaire,
)
from tests.support.told import DECISION, SEALED

WITHDRAWN = submission.CycleWithdrawn(cycle=CYCLE, decision=DECISION, because=SEALED)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked about the departments."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        yield office


@pytest.fixture
async def silent() -> AsyncIterator[Office]:
    """Nothing is asked yet."""
    async with open_office() as office:
        yield office


async def test_a_questionnaire_is_adopted_and_opened(silent: Office) -> None:
    adopted = await silent.put(CITIZENS, ASKED_OF_CITIZENS)
    opened = await silent.post(f"{CITIZENS}/opening")

    stream = "survey/2021/citizens"
    assert adopted.json() == {"facts": [f"{stream}@1"], "version": 1}
    assert opened.json() == {"facts": [f"{stream}@2"], "version": 2}
    assert [type(fact) for fact in await silent.facts()] == [
        events.QuestionnaireAdopted,
        events.SurveyOpened,
    ]


async def test_adopting_and_opening_again_is_no_news(office: Office) -> None:
    adopted = await office.put(CITIZENS, ASKED_OF_CITIZENS)
    opened = await office.post(f"{CITIZENS}/opening", key="another")

    assert adopted.json() == opened.json() == {"facts": [], "version": 2}


async def test_a_questionnaire_is_replaced_until_it_opens(silent: Office) -> None:
    await silent.put(CITIZENS, ASKED_OF_CITIZENS)

    other = {**ASKED_OF_CITIZENS, "title": "Phiếu khác"}
    replaced = await silent.put(CITIZENS, other, tag='"1"')
    await silent.post(f"{CITIZENS}/opening")
    too_late = await silent.put(CITIZENS, ASKED_OF_CITIZENS)

    assert replaced.json()["version"] == 2
    assert code_of(too_late) == (409, "survey-already-open")


async def test_a_questionnaire_that_does_not_fit_the_scheme_is_refused_with_each_flaw(
    silent: Office,
) -> None:
    answer = await silent.put(CITIZENS, questionnaire("leaders", "9.1", "59"))

    assert code_of(answer) == (409, "questionnaire-invalid")
    assert [(flaw["pointer"], flaw["code"]) for flaw in answer.json()["errors"]] == [
        ("/questions/0/item", "group-not-asked"),
        ("/questions/0/options", "option-not-scored"),
        ("/questions/0/options", "options-left-out"),
    ]
    assert await silent.facts() == []


async def test_a_cycle_that_nobody_opened_is_not_asked_about(silent: Office) -> None:
    answer = await silent.put("/cycles/2020/questionnaires/citizens", ASKED_OF_CITIZENS)

    assert code_of(answer) == (404, "cycle-unknown")


async def test_a_survey_opens_on_its_day_and_not_before(silent: Office) -> None:
    await silent.put(CITIZENS, ASKED_OF_CITIZENS)
    silent.clock.set(at(11, 21))

    by_hand = await silent.post(f"{CITIZENS}/opening")
    early = await silent.step("calendar")
    silent.clock.set(at(11, 22))
    on_the_day = await silent.step("calendar")

    assert code_of(by_hand) == (409, "survey-not-yet-open")
    assert (early, on_the_day) == (0, 1)
    assert isinstance((await silent.facts())[-1], events.SurveyOpened)


async def test_everybody_may_read_what_is_asked(office: Office) -> None:
    listed = (await office.as_(NOBODY).get(LISTED)).json()["items"]
    read = (await office.as_(NOBODY).get(CITIZENS)).json()

    assert [each["questionnaire"] for each in listed] == ["citizens"]
    assert read["questions"][0]["text"] == "Ông/Bà có hài lòng không?"
    assert read["actions"]["answer"] is None
    assert read["actions"]["close-survey"] == "role-not-allowed"


async def test_the_same_key_gives_the_same_tokens_again(office: Office) -> None:
    first = await office.invite(3)
    again = await office.invite(3)
    others = await office.invite(3, key="other")

    assert first == again
    assert len({*first, *others}) == 6
    assert await office.used(AGENCY) == {"invited": 6, "answered": 0, "by_link": 0}


@pytest.mark.parametrize(
    ("who", "change"),
    [(OFFICER, {"agency": "so-noi-vu"}), (OFFICER, {"count": 2}), ("survey-officer/2", {})],
)
async def test_the_same_key_for_other_invitations_or_by_somebody_else_is_refused(
    who: str, change: dict[str, object], office: Office
) -> None:
    await office.invite(3, key="k")

    other = await office.as_(who).post(
        f"{CITIZENS}/invitations", {"agency": AGENCY, "count": 3, **change}, key="k"
    )

    assert code_of(other) == (409, "idempotency-key-reused")
    assert await office.used(AGENCY) == {"invited": 3, "answered": 0, "by_link": 0}


async def test_nobody_is_invited_to_judge_an_agency_that_is_not_asked_about(
    office: Office,
) -> None:
    body = {"agency": "huyen-an-phu", "count": 1}

    answer = await office.post(f"{CITIZENS}/invitations", body)

    assert code_of(answer) == (404, "agency-unknown")


async def test_an_answer_is_taken_and_waits(office: Office) -> None:
    [token] = await office.invite(1)

    answer = await office.answer(token)

    assert answer.status_code == 201
    assert answer.json()["accepted"] is True
    assert len(answer.json()["receipt"]) >= 22
    assert await office.step("count") == 0
    assert await office.used(AGENCY) == {"invited": 1, "answered": 1, "by_link": 0}


async def test_a_second_answer_is_refused(office: Office) -> None:
    [token] = await office.invite(1)
    await office.answer(token)

    second = await office.answer(token, "1")

    assert code_of(second) == (409, "token-spent")
    assert await office.waiting() == 1


async def test_of_answers_given_at_once_one_is_taken(office: Office) -> None:
    [token] = await office.invite(1)

    answers = await asyncio.gather(*(office.answer(token, option) for option in "54321" * 4))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, *[409] * 19]
    assert await office.waiting() == 1


async def test_a_token_of_another_survey_is_refused(office: Office) -> None:
    await office.ask(LEADERS, ASKED_OF_LEADERS)
    [token] = await office.invite(1, path=LEADERS)

    elsewhere = await office.answer(token)
    at_home = await office.answer(token, "a", path=LEADERS)

    assert code_of(elsewhere) == (409, "token-of-another-survey")
    assert at_home.status_code == 201


async def test_a_token_that_nobody_made_is_refused(office: Office) -> None:
    assert code_of(await office.answer("a" * 40)) == (404, "token-unknown")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "answer-missing"),
        ({"q1": "9"}, "option-unknown"),
        ({"q1": "5", "q2": "5"}, "question-unknown"),
    ],
)
async def test_an_answer_that_does_not_fit_spends_no_token(
    answers: dict[str, str], code: str, office: Office
) -> None:
    [token] = await office.invite(1)

    refused = await office.post(f"{CITIZENS}/responses", answer_body(token, answers))

    assert code_of(refused) == (409, "answers-invalid")
    assert [flaw["code"] for flaw in refused.json()["errors"]] == [code]
    assert (await office.answer(token)).status_code == 201


async def test_nothing_is_answered_before_the_opening(silent: Office) -> None:
    await silent.put(CITIZENS, ASKED_OF_CITIZENS)
    [token] = await silent.invite(1)

    assert code_of(await silent.answer(token)) == (409, "survey-not-open")


async def test_a_closed_survey_takes_nothing_more(office: Office) -> None:
    tokens = await office.invite(2)
    await office.answer(tokens[0])
    closed = await office.post(f"{CITIZENS}/closing")

    late = [
        await office.answer(tokens[1]),
        await office.post(f"{CITIZENS}/invitations", {"agency": AGENCY, "count": 1}, key="k-2"),
        await office.post(f"{CITIZENS}/opening", key="k-3"),
    ]

    assert closed.status_code == 200
    assert [code_of(answer) for answer in late] == [(409, "survey-closed")] * 3
    last = (await office.facts())[-1]
    assert last == events.SurveyClosed(
        cycle=CYCLE, questionnaire="citizens", closed_by="survey-officer", responses=1
    )


async def test_closing_twice_is_no_news(office: Office) -> None:
    first = await office.post(f"{CITIZENS}/closing")
    again = await office.post(f"{CITIZENS}/closing")
    by_another = await office.post(f"{CITIZENS}/closing", key="k-2")

    assert first.json() == again.json() == {"facts": ["survey/2021/citizens@3"], "version": 3}
    assert by_another.json() == {"facts": [], "version": 3}


async def test_the_calendar_closes_the_survey_and_counts_what_waits(office: Office) -> None:
    await office.answer_all("543")
    office.clock.set(at(12, 20))

    await office.step("calendar")

    *_, counted, closed = await office.facts()
    assert sorted(response.answers["q1"] for response in counted.responses) == ["3", "4", "5"]
    assert closed.closed_by == "calendar"


async def test_an_extended_survey_stays_open(office: Office) -> None:
    await office.hear(
        submission.DeadlineExtended(
            cycle=CYCLE,
            phase="survey",
            agency=None,
            until=at(12, 24),
            decision=DECISION,
            because=SEALED,
        )
    )
    office.clock.set(at(12, 20))

    meanwhile = await office.step("calendar")
    office.clock.set(at(12, 24))
    in_the_end = await office.step("calendar")

    assert (meanwhile, in_the_end) == (0, 1)


async def test_a_withdrawn_cycle_closes_its_surveys_and_opens_no_more(office: Office) -> None:
    await office.put(LEADERS, ASKED_OF_LEADERS)
    await office.hear(WITHDRAWN)

    await office.step("react")
    opened = await office.post(f"{LEADERS}/opening")

    assert (await office.facts())[-1].closed_by == "withdrawal"
    assert code_of(opened) == (409, "cycle-withdrawn")

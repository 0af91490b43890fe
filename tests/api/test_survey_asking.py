"""The survey over HTTP: what else can be asked, of whom, and what becomes of what people write."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.events import survey as events
from tests.support.small_cycle import at
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    LISTED,
    NOBODY,
    Office,
    code_of,
    not_permitted,
    open_office,
)

WIDE: dict[str, Any] = {
    **ASKED_OF_CITIZENS,
    "title": {"vi": "Phiếu khảo sát", "second": "Survey"},
    "introduction": {"vi": "Phiếu không ghi tên.", "second": "No name is asked."},
    "second_language": "en",
    "service_question": "service",
    "questions": [
        {
            "code": "service",
            "text": {"vi": "Dịch vụ nào?", "second": "Which service?"},
            "options": [
                {"code": "land", "title": {"vi": "Đất đai", "second": "Land"}},
                {"code": "health", "title": {"vi": "Y tế", "second": "Health"}},
            ],
        },
        {
            "code": "q1",
            "kind": "scale",
            "text": {"vi": "Hài lòng?", "second": "Satisfied?"},
            "item": "9.1",
            "options": [{"code": code, "title": {"vi": code, "second": code}} for code in "12345"],
        },
        {
            "code": "why",
            "kind": "multiple-choice",
            "text": {"vi": "Vì sao?", "second": "Why?"},
            "options": [
                {"code": "slow", "title": {"vi": "Chậm", "second": "Slow"}},
                {"code": "far", "title": {"vi": "Xa", "second": "Far"}},
                {
                    "code": "none",
                    "title": {"vi": "Không có ý kiến", "second": "No opinion"},
                    "no_opinion": True,
                },
            ],
            "asked_if": {"question": "q1", "options": ["1", "2"]},
        },
        {
            "code": "words",
            "kind": "free-text",
            "required": False,
            "text": {"vi": "Ý kiến khác", "second": "Anything else"},
        },
    ],
}
COPY = {
    "cycle": "2021",
    "questionnaire": "citizens",
    "opens": at(11, 22).isoformat(),
    "closes": at(12, 20).isoformat(),
}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked all kinds of questions, in two languages."""
    async with open_office() as office:
        await office.ask(CITIZENS, WIDE)
        yield office


async def respond(office: Office, token: str, **filled: object) -> Any:  # noqa: ANN401 - a response
    body = {"token": token, "receipt": secrets.token_urlsafe(16), **filled}
    return await office.client.post(f"{CITIZENS}/responses", json=body)


async def test_a_questionnaire_reads_back_as_it_was_adopted(office: Office) -> None:
    shown = (await office.as_(NOBODY).get(CITIZENS)).json()

    assert (shown["title"], shown["title_second"]) == ("Phiếu khảo sát", "Survey")
    assert shown["service_question"] == "service"
    assert [question["kind"] for question in shown["questions"]] == [
        "single-choice",
        "scale",
        "multiple-choice",
        "free-text",
    ]
    assert shown["questions"][2]["asked_if"] == {"question": "q1", "options": ["1", "2"]}
    assert [option["no_opinion"] for option in shown["questions"][2]["options"]] == [
        False,
        False,
        True,
    ]


async def test_a_questionnaire_is_copied_from_one_that_was_asked_before(office: Office) -> None:
    copied = await office.put(f"{LISTED}/people/copy", COPY)
    again = await office.put(f"{LISTED}/people/copy", COPY)

    [adopted] = await office.facts("people")
    assert (copied.status_code, again.json()["facts"]) == (200, [])
    assert (adopted.copied_from, adopted.edition) == ("2021/citizens", 1)
    assert adopted.questions == (await office.facts())[0].questions


async def test_what_does_not_exist_is_not_copied(office: Office) -> None:
    refused = await office.put(f"{LISTED}/people/copy", {**COPY, "questionnaire": "nothing"})

    assert code_of(refused) == (404, "questionnaire-unknown")


async def test_answers_of_all_kinds_are_counted_and_words_are_not_among_them(
    office: Office,
) -> None:
    [token] = await office.invite(1)
    answer = await respond(
        office,
        token,
        answers={"service": "land", "q1": "1"},
        choices={"why": ["far", "slow"]},
        comments={"words": "Cán bộ tên Nguyễn Văn A rất tốt."},
        receipt="my-own-receipt-of-22-chars",
    )
    await office.post(f"{CITIZENS}/closing")

    assert answer.json() == {"accepted": True, "receipt": "my-own-receipt-of-22-chars"}
    [counted] = [fact for fact in await office.facts() if isinstance(fact, events.ResponsesCounted)]
    assert counted.responses == (
        events.Response(
            agency=AGENCY,
            answers={"service": "land", "q1": "1"},
            choices={"why": ("slow", "far")},
        ),
    )
    assert counted.receipts == ("my-own-receipt-of-22-chars",)
    assert "Nguyễn" not in b"".join(await office.bodies()).decode()


async def test_each_question_that_was_answered_wrongly_is_named(office: Office) -> None:
    [token] = await office.invite(1)

    refused = await respond(
        office, token, answers={"q1": "5"}, choices={"why": ["slow"]}, comments={"q1": "?"}
    )

    assert code_of(refused) == (409, "answers-invalid")
    assert {(flaw["pointer"], flaw["code"]) for flaw in refused.json()["errors"]} == {
        ("/answers/service", "answer-missing"),
        ("/choices/why", "question-not-asked"),
        ("/comments/q1", "answer-misplaced"),
    }


async def test_a_sample_is_planned_and_the_log_tells_it(office: Office) -> None:
    plan = {
        "margin": "0.05",
        "strata": [
            {"agency": AGENCY, "population": 1200},
            {"agency": AGENCY, "service": "land", "population": 100},
        ],
    }

    planned = await office.put(f"{CITIZENS}/plan", plan)
    wrong = await office.put(
        f"{CITIZENS}/plan", {**plan, "strata": [{"agency": "so-la", "population": 1}]}
    )

    assert planned.status_code == 200
    [fact] = [fact for fact in await office.facts() if isinstance(fact, events.SamplePlanned)]
    assert [(stratum.service, stratum.sample) for stratum in fact.strata] == [
        ("", 300),
        ("land", 80),
    ]
    assert code_of(wrong) == (409, "plan-invalid")


async def test_whoever_has_not_answered_is_reminded_by_the_number_of_the_invitation(
    office: Office,
) -> None:
    tokens = await office.invite(4, key="round-1")
    await office.invite(2, key="round-2")
    for place in (0, 2):
        await respond(office, tokens[place], answers={"service": "land", "q1": "5"})

    issued = (await office.get(f"{CITIZENS}/invitations")).json()
    reminders = (await office.get(f"{CITIZENS}/reminders")).json()
    of_one = (await office.get(f"{CITIZENS}/reminders?key=round-1")).json()
    unknown = await office.get(f"{CITIZENS}/reminders?key=round-3")

    assert issued == [
        {"key": "round-1", "agency": AGENCY, "count": 4},
        {"key": "round-2", "agency": AGENCY, "count": 2},
    ]
    assert reminders == [{**issued[0], "unused": [2, 4]}, {**issued[1], "unused": [1, 2]}]
    assert of_one == reminders[:1]
    assert code_of(unknown) == (404, "invitations-unknown")


@pytest.mark.parametrize("who", [NOBODY, f"agency@{AGENCY}", "council@so-noi-vu", "auditor"])
async def test_who_runs_no_survey_plans_links_and_moderates_nothing(
    who: str, office: Office
) -> None:
    caller = office.as_(who)
    link = {"agency": AGENCY, "answers_max": 1, "answers_per_day_max": 1}

    answers = [
        await caller.put(f"{LISTED}/people/copy", COPY),
        await caller.put(
            f"{CITIZENS}/plan", {"margin": "0.1", "strata": [{"agency": AGENCY, "population": 1}]}
        ),
        await caller.put(f"{CITIZENS}/links/portal", link),
        await caller.post(f"{CITIZENS}/links/portal/closing", {"reason": "Không."}),
        await caller.get(f"{CITIZENS}/links"),
        await caller.get(f"{CITIZENS}/comments"),
        await caller.get(f"{CITIZENS}/invitations"),
        await caller.get(f"{CITIZENS}/reminders?key=k"),
        await caller.post(f"{CITIZENS}/exclusions/exclusion-1/seconding"),
        await caller.post(f"{CITIZENS}/exclusions/exclusion-1/dropping", {"reason": "Không."}),
    ]

    assert {code_of(answer) for answer in answers} == {not_permitted(who)}

"""Answers on paper over HTTP: two people type in a pile, and it goes into the urn once."""

from collections.abc import AsyncIterator

import pytest

from shared.events import survey as events
from tests.support.paper_desk import (
    CLOSING,
    FORMS,
    HEALTH,
    HOME,
    NAME,
    PATH,
    PEOPLE,
    PILE,
    Desk,
    code_of,
    form,
    open_desk,
)

ENTERED = events.PaperEntered(
    cycle="2021",
    questionnaire=NAME,
    pile="p-1",
    forms={HEALTH: 2, HOME: 1},
    by=("survey-officer:o-1", "survey-officer:o-2"),
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


async def entered(desk: Desk) -> list[events.PaperEntered]:
    return [fact for fact in await desk.facts() if isinstance(fact, events.PaperEntered)]


async def test_a_pile_that_two_typed_alike_goes_into_the_urn(desk: Desk) -> None:
    first = await desk.type_in("one", FORMS)
    second = await desk.type_in("other", FORMS)

    assert (first.json()["status"], second.json()["status"]) == ("typed-once", "entered")
    assert await desk.waiting() == {HEALTH: 2, HOME: 1}
    assert await entered(desk) == [ENTERED]


async def test_what_was_typed_is_forgotten_then(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS)

    assert (await desk.ask("one", "GET", f"{PATH}/paper/piles")).json() == []
    seen = (await desk.ask("one", "GET", PILE)).json()
    assert (seen["status"], seen["forms"]) == ("entered", [])


async def test_one_person_alone_puts_nothing_in_however_often(desk: Desk) -> None:
    for _ in range(3):
        answer = await desk.type_in("one", FORMS)

    assert answer.json()["status"] == "typed-once"
    assert await desk.waiting() == {}


async def test_a_pile_goes_in_once(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS)

    again = [
        await desk.type_in(who, forms)
        for who in ("one", "other", "third")
        for forms in (FORMS, [form("2")])
    ]

    assert {code_of(answer) for answer in again} == {(409, "pile-entered")}
    assert await desk.waiting() == {HEALTH: 2, HOME: 1}


async def test_differences_are_shown_and_nothing_goes_in(desk: Desk) -> None:
    await desk.type_in("one", [*FORMS, form(), form()])

    seen = (await desk.type_in("other", [form(), form("3"), *FORMS[2:], form(), form()])).json()

    assert seen["status"] == "different"
    assert seen["differences"] == [
        {"form": 2, "about": "question", "question": "q1", "mine": ["3"], "theirs": ["4"]}
    ]
    assert await desk.waiting() == {}
    seen_by_the_first = (await desk.ask("one", "GET", PILE)).json()["differences"]
    assert seen_by_the_first[0]["mine"] == ["4"]


async def test_where_much_differs_nobody_is_told_what_the_other_typed(desk: Desk) -> None:
    await desk.type_in("one", FORMS)

    seen = (await desk.type_in("other", [form("3"), *FORMS[1:]])).json()

    assert seen["differences"] == [
        {"form": 1, "about": "question", "question": "q1", "mine": ["3"], "theirs": None}
    ]


async def test_whoever_has_not_typed_in_theirs_sees_nothing_of_the_others(desk: Desk) -> None:
    await desk.type_in("one", FORMS)

    seen = (await desk.ask("other", "GET", PILE)).json()

    assert seen == {
        "pile": "p-1",
        "status": "typed-once",
        "persons": 1,
        "forms": [],
        "differences": [],
        "differences_count": 0,
    }


async def test_a_third_person_sees_no_differences_and_types_nothing_in(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS[:2])

    seen = (await desk.ask("third", "GET", PILE)).json()

    assert (seen["status"], seen["differences"], seen["forms"]) == ("different", [], [])
    assert code_of(await desk.type_in("third", FORMS)) == (409, "pile-typed-by-two")


async def test_either_corrects_their_own_until_both_agree(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", [form("2"), *FORMS[1:]])

    corrected = await desk.type_in("one", [form("2"), *FORMS[1:]])

    assert corrected.json()["status"] == "entered"
    assert await desk.waiting() == {HEALTH: 2, HOME: 1}


async def test_forms_that_do_not_fit_are_named_and_nothing_is_kept(desk: Desk) -> None:
    answer = await desk.type_in("one", [form(), form("9", agency="so-la"), form("5", "slow")])

    assert code_of(answer) == (409, "forms-invalid")
    assert [(flaw["pointer"], flaw["code"]) for flaw in answer.json()["errors"]] == [
        ("/forms/1/agency", "agency-unknown"),
        ("/forms/1/answers/q1", "option-unknown"),
        ("/forms/2/choices/q2", "question-not-asked"),
    ]
    assert (await desk.ask("one", "GET", f"{PATH}/paper/piles")).json() == []


async def test_comments_on_paper_go_apart_from_the_answers(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", [*FORMS[:2], {**FORMS[2], "comments": {"q3": "chờ  lâu"}}])
    await desk.ask("one", "POST", f"{PATH}/closing")

    [comment] = (await desk.ask("one", "GET", f"{PATH}/comments")).json()["items"]

    assert (comment["agency"], comment["text"]) == (HOME, "Chờ lâu.")


async def test_a_pile_is_counted_as_paper_without_a_trace_of_it(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS)

    await desk.ask("one", "POST", f"{PATH}/closing")

    batches = [fact for fact in await desk.facts() if isinstance(fact, events.ResponsesCounted)]
    assert {batch.channel for batch in batches} == {"paper"}
    counted = [response for batch in batches for response in batch.responses]
    assert sorted(response.answers["q1"] for response in counted) == ["1", "4", "5"]
    assert [each.choices for each in counted if each.choices] == [{"q2": ("slow", "far")}]


async def test_the_piles_that_wait_are_listed_with_who_typed_them_in(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS[:1])

    listed = (await desk.ask("third", "GET", f"{PATH}/paper/piles")).json()

    persons = [PEOPLE["one"].reference, PEOPLE["other"].reference]
    assert listed == [{"pile": "p-1", "persons": persons, "agreed": False}]


async def test_a_pile_is_given_up_for_a_reason_and_its_name_with_it(desk: Desk) -> None:
    await desk.type_in("one", FORMS)

    given_up = await desk.ask("other", "POST", f"{PILE}/giving-up", {"reason": "Phiếu bị ướt."})
    again = await desk.ask("other", "POST", f"{PILE}/giving-up", {"reason": "Phiếu bị ướt."})

    assert given_up.json() == again.json()
    [fact] = [fact for fact in await desk.facts() if isinstance(fact, events.PaperGivenUp)]
    assert await desk.outside.seals.open(fact.because) == "Phiếu bị ướt."
    assert code_of(await desk.type_in("one", FORMS)) == (409, "pile-given-up")
    assert (await desk.ask("one", "GET", PILE)).json()["status"] == "given-up"


async def test_what_nobody_typed_in_is_neither_read_nor_given_up(desk: Desk) -> None:
    read = await desk.ask("one", "GET", PILE)
    given_up = await desk.ask("one", "POST", f"{PILE}/giving-up", {"reason": "Thử."})

    assert code_of(read) == code_of(given_up) == (404, "pile-unknown")


async def test_a_pile_that_went_in_is_not_given_up(desk: Desk) -> None:
    await desk.type_in("one", FORMS)
    await desk.type_in("other", FORMS)

    answer = await desk.ask("one", "POST", f"{PILE}/giving-up", {"reason": "Thử."})

    assert code_of(answer) == (409, "pile-entered")


async def test_after_the_closing_nothing_is_typed_in_and_what_waits_is_given_up(
    desk: Desk,
) -> None:
    await desk.type_in("one", FORMS)
    desk.clock.set(CLOSING)
    await desk.step("calendar")

    late = await desk.type_in("other", FORMS)
    given_up = await desk.ask("one", "POST", f"{PILE}/giving-up", {"reason": "Đã đóng."})

    assert code_of(late) == (409, "survey-closed")
    assert given_up.status_code == 200


@pytest.mark.parametrize("who", ["auditor", "administrator", "agency", "council"])
async def test_only_survey_officers_have_to_do_with_piles(desk: Desk, who: str) -> None:
    answers = [
        await desk.type_in(who, FORMS),
        await desk.ask(who, "GET", PILE),
        await desk.ask(who, "GET", f"{PATH}/paper/piles"),
        await desk.ask(who, "GET", f"{PATH}/paper/template"),
        await desk.ask(who, "POST", f"{PILE}/giving-up", {"reason": "Thử."}),
        await desk.upload(who, b"agency,q1\nso-y-te,5\n"),
        await desk.upload(who, b"", "text/html"),
    ]

    assert {code_of(answer) for answer in answers} == {(403, "role-not-allowed")}


async def test_the_step_for_one_person_alone_is_gone(desk: Desk) -> None:
    answer = await desk.ask("one", "POST", f"{PATH}/paper-responses", {"responses": FORMS})

    assert code_of(answer) == (404, "path-unknown")

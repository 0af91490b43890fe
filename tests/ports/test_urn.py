"""What the urn promises of rights, held against memory, SQLite and PostgreSQL."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

import pytest

from shared.kernel.errors import Missing, Problem, Refused
from shared.ports import Right, Slip, Turnout, Urn
from tests.support.urns import (
    AGENCY,
    DAY,
    INVITED,
    LEADERS,
    OTHER,
    SIPAS,
    count_waiting,
    draw,
    drop,
    invite,
    link,
    slip,
    spend,
)

NEXT_DAY = DAY + timedelta(days=1)

Use = Callable[[Urn], Coroutine[None, None, object]]


def used_to_answer(urn: Urn) -> Coroutine[None, None, object]:
    return urn.spend(SIPAS, "hash", slip(1), day=DAY)


def used_for_a_ballot(urn: Urn) -> Coroutine[None, None, object]:
    return urn.exchange(SIPAS, "hash", "blinded")


def looked_at(urn: Urn) -> Coroutine[None, None, object]:
    return urn.right(SIPAS, "hash")


def revoked(urn: Urn) -> Coroutine[None, None, object]:
    return urn.revoke(SIPAS, "hash")


EVERYTHING = pytest.mark.parametrize("use", [used_to_answer, used_for_a_ballot, looked_at, revoked])


async def test_a_right_is_known_by_the_hash_of_its_token(urn: Urn) -> None:
    open_link = Right("another", OTHER, "link", uses_max=500, uses_per_day_max=20)
    await urn.grant(SIPAS, [Right("hash", AGENCY), open_link])

    assert await urn.right(SIPAS, "hash") == Right("hash", AGENCY)
    assert await urn.right(SIPAS, "another") == open_link


async def test_a_right_that_is_known_stays_as_it_is(urn: Urn) -> None:
    await invite(urn, "hash", "unused")
    await spend(urn, "hash", 0)

    await urn.grant(SIPAS, [Right("hash", OTHER), Right("unused", OTHER), Right("new", OTHER)])
    await urn.grant(LEADERS, [Right("unused", OTHER)])

    assert await urn.right(SIPAS, "unused") == Right("unused", AGENCY)
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(2, 1), OTHER: Turnout(1, 0)}
    assert await urn.turnout(LEADERS) == {}


@EVERYTHING
async def test_a_token_that_nobody_gave_is_missing(urn: Urn, use: Use) -> None:
    with pytest.raises(Missing, match="token-unknown"):
        await use(urn)


@EVERYTHING
async def test_a_token_of_another_survey_is_refused_and_not_spent(urn: Urn, use: Use) -> None:
    await invite(urn, "hash", questionnaire=LEADERS)

    with pytest.raises(Refused, match="token-of-another-survey"):
        await use(urn)

    assert await count_waiting(urn) == 0
    assert await urn.turnout(LEADERS) == {AGENCY: Turnout(1, 0)}
    assert await urn.right(LEADERS, "hash") == Right("hash", AGENCY)


@pytest.mark.parametrize(
    ("before", "use"),
    [
        (before, use)
        for before in (used_to_answer, used_for_a_ballot, revoked)
        for use in (used_to_answer, used_for_a_ballot, looked_at)
        if not before is use is used_for_a_ballot  # The same ballot is no news.
    ],
)
async def test_what_is_spent_is_refused(urn: Urn, before: Use, use: Use) -> None:
    await invite(urn, "hash")
    await before(urn)

    with pytest.raises(Refused, match="token-spent"):
        await use(urn)

    assert await count_waiting(urn) == (1 if before is used_to_answer else 0)


async def test_who_revokes_twice_or_what_is_spent_changes_nothing(urn: Urn) -> None:
    await invite(urn, "hash")
    await spend(urn, "hash", 0)

    await revoked(urn)
    await revoked(urn)

    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(1, 1)}


async def test_of_fifty_that_spend_a_token_one_does(urn: Urn) -> None:
    await invite(urn, "hash")

    outcomes = await asyncio.gather(
        *(spend(urn, "hash", number) for number in range(50)), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 49
    assert await draw(urn, 1) == [outcomes.index(None)]


async def test_a_token_is_not_spent_on_what_is_no_answer(urn: Urn) -> None:
    await invite(urn, "hash")

    with pytest.raises(ValueError, match="not JSON compliant"):
        await urn.spend(SIPAS, "hash", Slip({"q1": float("nan")}, "receipt"), day=DAY)

    await spend(urn, "hash", 1)
    assert await urn.waiting(SIPAS) == {INVITED: 1}


async def test_a_link_is_used_until_it_is_used_up(urn: Urn) -> None:
    await link(urn, "link", uses_max=3)
    for number in range(3):
        await spend(urn, "link", number)

    with pytest.raises(Refused, match=r"link-full$"):
        await spend(urn, "link", 3)
    with pytest.raises(Refused, match=r"link-full$"):
        await urn.right(SIPAS, "link")

    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(0, 0, 3)}


async def test_a_link_that_is_full_today_is_open_again_the_next_day(urn: Urn) -> None:
    await link(urn, "link", per_day_max=2)
    await spend(urn, "link", 0)
    await spend(urn, "link", 1)

    with pytest.raises(Refused, match="link-full-today"):
        await spend(urn, "link", 2)
    await spend(urn, "link", 3, day=NEXT_DAY)

    assert sorted(await draw(urn, 1) or []) == [0, 1, 3]


async def test_the_day_of_a_link_does_not_go_back(urn: Urn) -> None:
    await link(urn, "link", per_day_max=2)
    await spend(urn, "link", 0, day=NEXT_DAY)
    await spend(urn, "link", 1)

    with pytest.raises(Refused, match="link-full-today"):
        await spend(urn, "link", 2, day=NEXT_DAY)


async def test_of_fifty_that_use_a_link_at_once_as_many_do_as_may(urn: Urn) -> None:
    await link(urn, "link", uses_max=30, per_day_max=20)

    outcomes = await asyncio.gather(
        *(spend(urn, "link", number) for number in range(50)), return_exceptions=True
    )

    assert outcomes.count(None) == 20
    codes = {each.code for each in outcomes if isinstance(each, Problem)}
    assert codes == {"link-full-today"}
    assert await count_waiting(urn) == 20


async def test_a_revoked_link_is_used_no_more(urn: Urn) -> None:
    await link(urn, "link")
    await spend(urn, "link", 0)
    await urn.revoke(SIPAS, "link")

    with pytest.raises(Refused, match="link-closed"):
        await spend(urn, "link", 1)
    with pytest.raises(Refused, match="link-closed"):
        await urn.right(SIPAS, "link")

    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(0, 0, 1)}


async def test_an_invitation_is_exchanged_for_one_ballot_ever_again(urn: Urn) -> None:
    await invite(urn, "hash")

    first = await urn.exchange(SIPAS, "hash", "blinded")
    again = await urn.exchange(SIPAS, "hash", "blinded")

    assert first == again == Right("hash", AGENCY)
    with pytest.raises(Refused, match="token-spent"):
        await urn.exchange(SIPAS, "hash", "other")
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(1, 1)}
    assert await count_waiting(urn) == 0


async def test_of_many_that_exchange_an_invitation_for_ballots_one_does(urn: Urn) -> None:
    await invite(urn, "hash")

    outcomes = await asyncio.gather(
        *(urn.exchange(SIPAS, "hash", f"blinded-{number}") for number in range(20)),
        return_exceptions=True,
    )

    assert outcomes.count(Right("hash", AGENCY)) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 19


async def test_a_link_is_exchanged_for_no_ballot(urn: Urn) -> None:
    await link(urn, "link")

    with pytest.raises(Refused, match="token-without-ballot"):
        await urn.exchange(SIPAS, "link", "blinded")

    await spend(urn, "link", 0)


async def test_a_shut_urn_exchanges_nothing_more_but_knows_what_it_gave(urn: Urn) -> None:
    await invite(urn, "hash", "late")
    await urn.exchange(SIPAS, "hash", "blinded")

    await urn.shut(SIPAS)

    assert await urn.exchange(SIPAS, "hash", "blinded") == Right("hash", AGENCY)
    with pytest.raises(Refused, match="survey-closed"):
        await urn.exchange(SIPAS, "late", "another")
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(2, 1)}


async def test_who_was_invited_and_has_not_answered_can_be_reminded(urn: Urn) -> None:
    await invite(urn, "a", "b", "c", "d")
    await invite(urn, "e", questionnaire=LEADERS)
    await link(urn, "link")
    await spend(urn, "a", 1)
    await urn.exchange(SIPAS, "b", "blinded")
    await urn.revoke(SIPAS, "c")

    asked = ["a", "b", "c", "d", "e", "link", "nobody's"]

    assert await urn.unused(SIPAS, asked) == {"d"}
    assert await urn.unused(LEADERS, asked) == {"e"}
    assert await urn.unused(SIPAS, []) == set()


async def test_turnout_counts_rights_and_their_use_by_agency(urn: Urn) -> None:
    await invite(urn, *(f"y-{number}" for number in range(4)))
    await invite(urn, "n", agency=OTHER)
    await invite(urn, "l", questionnaire=LEADERS)
    await link(urn, "link")
    await spend(urn, "y-1", 0)
    await spend(urn, "link", 1)
    await urn.exchange(SIPAS, "y-2", "blinded")
    await urn.cast(SIPAS, AGENCY, "ballot", slip(2))
    await drop(urn, 5, first=10)

    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(4, 2, 1), OTHER: Turnout(1, 0, 0)}

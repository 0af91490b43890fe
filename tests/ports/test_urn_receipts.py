"""A receipt is counted once: what an urn promises of those that were, held against each adapter."""

import asyncio

import pytest

from shared.kernel.errors import Problem, Refused
from shared.ports import Standing, Urn
from tests.support.urns import (
    AGENCY,
    INVITED,
    LEADERS,
    SIPAS,
    count_waiting,
    draw,
    drop,
    invite,
    link,
    papers,
    slip,
    spend,
)


async def test_a_receipt_is_taken_for_ever_drawn_or_counted(urn: Urn) -> None:
    await invite(urn, "hash")
    await drop(urn, 2)
    await draw(urn, 1, most=1)
    await draw(urn, 2)
    await urn.discard(SIPAS, 1)

    for number in range(2):
        for late in (
            spend(urn, "hash", number),
            urn.cast(SIPAS, AGENCY, "ballot", slip(number)),
            urn.drop(LEADERS, "paper", papers(1, number), digest="d"),
        ):
            with pytest.raises(Refused, match="receipt-taken"):
                await late

    assert await count_waiting(urn) == await count_waiting(urn, LEADERS) == 0
    assert await urn.dropped(LEADERS, "paper", digest="d") is False
    await spend(urn, "hash", 2)
    await urn.cast(SIPAS, AGENCY, "ballot", slip(3))
    assert await urn.waiting(SIPAS) == {INVITED: 2}


async def test_a_receipt_stays_taken_when_its_batch_is_discarded_again(urn: Urn) -> None:
    await drop(urn, 1)
    await draw(urn, 1)

    await urn.discard(SIPAS, 1)
    await urn.discard(SIPAS, 1)

    with pytest.raises(Refused, match="receipt-taken"):
        await drop(urn, 1, key="again")


async def test_who_sends_again_what_was_counted_hears_of_the_invitation_first(urn: Urn) -> None:
    await invite(urn, "hash")
    await spend(urn, "hash", 0)
    await draw(urn, 1)
    await urn.discard(SIPAS, 1)

    with pytest.raises(Refused, match="token-spent"):
        await spend(urn, "hash", 0)


async def test_of_many_that_come_at_once_with_a_counted_receipt_none_is_put_in(urn: Urn) -> None:
    tokens = [f"token-{number}" for number in range(20)]
    await invite(urn, *tokens)
    await drop(urn, 3)
    await draw(urn, 1)
    await urn.discard(SIPAS, 1)

    outcomes = await asyncio.gather(
        *(spend(urn, token, number % 5) for number, token in enumerate(tokens)),
        return_exceptions=True,
    )

    put = [number % 5 for number, outcome in enumerate(outcomes) if outcome is None]
    codes = {each.code for each in outcomes if isinstance(each, Problem)}
    assert sorted(put) == [3, 4]
    assert codes == {"receipt-taken"}


async def test_who_sends_again_by_a_link_hears_of_the_receipt_before_its_limits(urn: Urn) -> None:
    await link(urn, "in-all", uses_max=1, per_day_max=1)
    await link(urn, "a-day", uses_max=9, per_day_max=1)
    for number, token in enumerate(("in-all", "a-day")):
        await spend(urn, token, number)

    async def codes(*sent: tuple[str, int]) -> list[str]:
        outcomes = await asyncio.gather(
            *(spend(urn, token, number) for token, number in sent), return_exceptions=True
        )
        return [each.code for each in outcomes if isinstance(each, Problem)]

    again, other = (("in-all", 0), ("a-day", 1)), (("in-all", 2), ("a-day", 3))

    assert await codes(*again) == ["receipt-taken"] * 2
    assert await codes(*other) == ["link-full", "link-full-today"]
    await urn.shut(SIPAS)
    await urn.revoke(SIPAS, "a-day")
    assert await codes(*again) == ["receipt-taken"] * 2
    await draw(urn, 1)
    await urn.discard(SIPAS, 1)
    assert await codes(*again) == ["receipt-taken"] * 2
    assert await codes(*other) == ["link-full", "link-closed"]


async def test_up_to_where_it_was_told_is_kept_for_each_survey_and_never_goes_back(
    urn: Urn,
) -> None:
    before = (await urn.standing(SIPAS)).told
    await urn.know_counted(SIPAS, ["receipt-0001", "receipt-0002"], batch=3)
    await urn.know_counted(SIPAS, ["receipt-0001"], batch=2)

    assert (before, await urn.standing(SIPAS)) == (0, Standing(told=3))
    assert await urn.standing(LEADERS) == Standing()


async def test_a_receipt_that_the_log_has_is_taken_though_the_urn_never_counted_it(
    urn: Urn,
) -> None:
    await invite(urn, "hash")
    await link(urn, "link")
    await drop(urn, 1, first=5)

    for _ in range(2):
        told = [slip(number).receipt for number in (0, 1, 5)]
        await urn.know_counted(SIPAS, told, batch=1)

    for late in (
        spend(urn, "hash", 0),
        spend(urn, "link", 1),
        urn.cast(SIPAS, AGENCY, "ballot", slip(1)),
        drop(urn, 1, key="again"),
    ):
        with pytest.raises(Refused, match="receipt-taken"):
            await late
    await spend(urn, "hash", 2)
    await urn.cast(SIPAS, AGENCY, "ballot", slip(3))
    assert sorted(await draw(urn, 1) or []) == [2, 3, 5]

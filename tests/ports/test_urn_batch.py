"""What the urn promises of drawing, held against memory, SQLite and PostgreSQL."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryUrn
from shared.adapters.sqlite import SqliteUrn
from shared.kernel.errors import Refused
from shared.ports import Box, Draw, Right, Slip, Urn
from tests.support.opened import opened
from tests.support.urns import (
    AGENCY,
    INVITED,
    LEADERS,
    OTHER,
    PAPER,
    SIPAS,
    draw,
    draw_from,
    drop,
    in_sqlite,
    invite,
    numbers,
    slip,
    spend,
)


class Backwards:
    """Chance that can be foreseen: tokens rise, and every order is turned round."""

    def __init__(self) -> None:
        self._tokens = 0

    def token(self) -> str:
        self._tokens += 1
        return f"{self._tokens:03}"

    def shuffled(self, count: int) -> Sequence[int]:
        return range(count - 1, -1, -1)


async def test_an_answer_comes_out_as_it_was_put_in(urn: Urn) -> None:
    answer = {"answers": {"q1": "rất hài lòng", "q2": None}, "n": [1, 2], "hasty": False}
    await urn.cast(SIPAS, AGENCY, "ballot", Slip(answer, "biên-nhận", ()))

    drawn = await urn.draw(SIPAS, [INVITED], batch=1, least=1, most=1)

    assert drawn == Draw(1, [INVITED], [answer], ["biên-nhận"])


async def test_waiting_is_what_was_not_drawn(urn: Urn) -> None:
    await drop(urn, 5)
    before = await urn.waiting(SIPAS)
    await draw(urn, 1, most=3)
    drawn = await urn.waiting(SIPAS)
    await draw(urn, 2)

    assert (before, drawn, await urn.waiting(SIPAS)) == ({PAPER: 5}, {PAPER: 2}, {})
    assert await urn.waiting(LEADERS) == {}


async def test_drawn_are_the_batches_that_were_not_discarded(urn: Urn) -> None:
    await drop(urn, 6)
    await draw(urn, 2, most=2)
    await draw(urn, 1, most=2)
    before = await urn.drawn(SIPAS)
    await urn.discard(SIPAS, 1)

    assert (list(before), list(await urn.drawn(SIPAS))) == ([1, 2], [2])
    assert list(await urn.drawn(LEADERS)) == []


async def test_a_batch_is_of_the_given_boxes_alone(urn: Urn) -> None:
    await drop(urn, 5)
    await drop(urn, 5, first=10, agency=OTHER)
    for number in range(20, 25):
        await urn.cast(SIPAS, AGENCY, f"ballot-{number}", slip(number))

    drawn = await draw_from(urn, 1, [PAPER, INVITED], most=8)
    rest = await draw_from(urn, 2, [PAPER, INVITED])

    assert drawn is not None
    assert rest is not None
    assert sorted([*numbers(drawn), *numbers(rest)]) == [*range(5), *range(20, 25)]
    for each in (drawn, rest):
        wanted = [PAPER if number < 20 else INVITED for number in numbers(each)]
        assert list(each.boxes) == wanted
    assert await draw_from(urn, 3, [PAPER, INVITED]) is None
    assert await draw_from(urn, 3, []) is None
    assert await urn.waiting(SIPAS) == {Box(OTHER, "paper"): 5}


async def test_what_is_left_behind_is_counted_over_the_boxes(urn: Urn) -> None:
    await drop(urn, 3)
    for number in range(20, 23):
        await urn.cast(SIPAS, AGENCY, f"ballot-{number}", slip(number))

    assert await draw_from(urn, 1, [PAPER], least=1, leave=3) is None
    drawn = await draw_from(urn, 1, [PAPER, INVITED], least=1, leave=4)

    assert drawn is not None
    assert len(drawn.answers) == 2


async def test_as_many_receipts_leave_a_box_as_answers(urn: Urn) -> None:
    await drop(urn, 20)
    for number in range(20, 40):
        await urn.cast(SIPAS, AGENCY, f"ballot-{number}", slip(number))

    mixed = await draw_from(urn, 1, [PAPER, INVITED], most=15)
    paper = await draw_from(urn, 2, [PAPER])
    invited = await draw_from(urn, 3, [INVITED])

    draws = [each for each in (mixed, paper, invited) if each is not None]
    receipts = [receipt for each in draws for receipt in each.receipts]
    assert sorted(receipts) == [f"receipt-{number:04}" for number in range(40)]
    assert paper is not None
    assert {int(each[-4:]) < 20 for each in paper.receipts} == {True}


async def test_receipts_are_chosen_by_themselves(urn: Urn) -> None:
    await drop(urn, 40)

    drawn = await draw_from(urn, 1, [PAPER], most=20)

    assert drawn is not None
    own = [f"receipt-{number:04}" for number in numbers(drawn)]
    first = [f"receipt-{number:04}" for number in range(20)]
    assert sorted(drawn.receipts) not in (sorted(own), first)
    assert list(drawn.receipts) not in (own, sorted(drawn.receipts))


async def test_fewer_answers_than_the_least_stay_where_they_are(urn: Urn) -> None:
    await drop(urn, 4)

    assert await draw(urn, 1, least=5) is None
    await drop(urn, 1, first=4)
    assert sorted(await draw(urn, 1, least=5) or []) == [0, 1, 2, 3, 4]


async def test_a_batch_holds_the_most_and_the_next_one_the_rest(urn: Urn) -> None:
    await drop(urn, 10)

    first, second = await draw(urn, 1, most=7) or [], await draw(urn, 2, most=7) or []

    assert (len(first), len(second)) == (7, 3)
    assert sorted([*first, *second]) == list(range(10))


async def test_some_are_left_behind_where_that_is_asked(urn: Urn) -> None:
    await drop(urn, 10)

    assert await draw(urn, 1, least=5, leave=6) is None
    assert len(await draw(urn, 1, least=5, leave=3) or []) == 7
    assert await draw(urn, 2, leave=3) is None
    assert len(await draw(urn, 2) or []) == 3


async def test_who_draws_a_batch_again_gets_all_of_it_whatever_is_left(urn: Urn) -> None:
    await drop(urn, 10)
    drawn = await draw(urn, 1)

    assert await draw(urn, 1, leave=20) == drawn


async def test_however_many_draw_at_once_as_many_are_left_behind(urn: Urn) -> None:
    await drop(urn, 30)

    batches = [draw(urn, batch, least=4, most=7, leave=5) for batch in range(1, 9)]
    drawn = [batch for batch in await asyncio.gather(*batches) if batch]

    assert sorted(map(len, drawn)) == [4, 7, 7, 7]


async def test_a_batch_is_shuffled(urn: Urn) -> None:
    await drop(urn, 40)

    first = await draw(urn, 1, most=20) or []

    assert first != sorted(first)
    assert sorted(first) != list(range(20))


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_the_order_of_a_batch_is_left_to_chance(tmp_path: Path, kind: str) -> None:
    chance = Backwards()
    urns: dict[str, Urn] = {
        "memory": MemoryUrn(chance),
        "sqlite": SqliteUrn(tmp_path / "urn.db", chance),
    }
    async with opened(urns["sqlite"]):
        await drop(urns[kind], 5)

        assert await draw(urns[kind], 1, most=3) == [4, 3, 2]


async def test_a_drawn_batch_is_drawn_again_unchanged(urn: Urn) -> None:
    await drop(urn, 10)
    drawn = await draw(urn, 1, least=2, most=5)
    await drop(urn, 10, first=10)

    assert await draw(urn, 1, least=50, most=50) == drawn


async def test_two_that_draw_a_batch_at_once_get_the_same(urn: Urn) -> None:
    await drop(urn, 30)

    batches = await asyncio.gather(*(draw(urn, 1, most=10) for _ in range(8)))

    assert all(batch == batches[0] for batch in batches)
    assert len(batches[0] or []) == 10


async def test_a_discarded_batch_is_never_drawn_again(urn: Urn) -> None:
    await drop(urn, 10)
    await draw(urn, 2, most=5)

    await urn.discard(SIPAS, 2)
    await urn.discard(SIPAS, 2)
    await urn.discard(SIPAS, 1)

    assert await draw(urn, 1) is None
    assert await draw(urn, 2) is None
    assert len(await draw(urn, 3) or []) == 5


async def test_discarding_forgets_no_batch_behind_it_and_none_of_another_survey(urn: Urn) -> None:
    await drop(urn, 10)
    await draw(urn, 1, most=5)
    second = await draw(urn, 2, most=5)

    await urn.discard(SIPAS, 1)
    await urn.discard(LEADERS, 2)

    assert await draw(urn, 2) == second


async def test_discarding_forgets_the_batches_before_it_too(urn: Urn) -> None:
    await drop(urn, 30)
    for batch in (1, 2, 3, 4):
        await draw(urn, batch, most=5)

    await urn.discard(SIPAS, 3)

    assert list(await urn.drawn(SIPAS)) == [4]
    assert await urn.waiting(SIPAS) == {PAPER: 10}
    for number in range(30):
        with pytest.raises(Refused, match="receipt-taken"):
            await drop(urn, 1, first=number, key=f"again-{number}")


async def test_a_batch_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        await drop(urn, 20)
        drawn = await draw_from(urn, 1, [PAPER], most=10)

    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        assert await draw_from(urn, 1, [], most=10) == drawn
        assert list(await urn.drawn(SIPAS)) == [1]
        assert await urn.waiting(SIPAS) == {PAPER: 10}


async def test_what_was_said_to_an_urn_survives_a_restart(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        await invite(urn, "hash", "another", "third")
        await spend(urn, "hash", 0)
        await urn.exchange(SIPAS, "third", "blinded")
        await urn.cast(SIPAS, AGENCY, "ballot", slip(1, "đợi lâu"))
        await drop(urn, 1, first=2)
        await draw(urn, 1)
        await urn.discard(SIPAS, 1)
        await urn.shut(SIPAS)

    async with opened(in_sqlite(tmp_path)) as urn:
        with pytest.raises(Refused, match="token-spent"):
            await spend(urn, "hash", 3)
        with pytest.raises(Refused, match="ballot-spent"):
            await urn.cast(SIPAS, AGENCY, "ballot", slip(3))
        with pytest.raises(Refused, match="survey-closed"):
            await spend(urn, "another", 3)
        assert await urn.exchange(SIPAS, "third", "blinded") == Right("third", AGENCY)
        assert await drop(urn, 1, first=2) is False
        assert await draw(urn, 1) is None
        assert await urn.release(SIPAS, least=2) == 1

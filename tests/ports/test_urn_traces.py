"""What the urn forgets: stirring, held against each adapter, and the files of SQLite."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.memory import SeededChance
from shared.adapters.sqlite import SqliteUrn
from shared.adapters.sqlite.urn.stirring import move, moving
from shared.kernel.errors import Crowded
from shared.ports import Slip, Urn
from tests.support.opened import opened
from tests.support.urns import (
    AGENCY,
    DAY,
    INVITED,
    LEADERS,
    PAPER,
    SIPAS,
    count_waiting,
    draw,
    draw_from,
    drop,
    in_sqlite,
    invite,
    slip,
    spend,
)

TOKENS = [f"token-{number:02}" for number in range(60)]
PARTS = ("secret", "receipt", "comment")
OF_A_PAGE = 16
"""So many fit into a page of the file; fuller ones are put in order when they are divided."""
FALLS_BY_CHANCE = range(3, 13)
"""How often, among those in an order that tells nothing, one follows that came later."""


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def part_of(number: int, part: str) -> str:
    """What can be found again in a file; it sorts in no order of the numbers."""
    return f"{part}-{hashlib.sha256(b'%d' % number).hexdigest()}"


def secret(number: int) -> Slip:
    answer, receipt, text = (part_of(number, part) for part in PARTS)
    return Slip({"q1": answer}, receipt, ({"question": "q", "text": text},))


async def spend_all(urn: Urn, count: int = len(TOKENS)) -> None:
    await invite(urn, *TOKENS)
    for number, token in enumerate(TOKENS[:count]):
        await urn.spend(SIPAS, token, secret(number), day=DAY)


def falls(content: bytes, part: str) -> int:
    """How often in a file something lies right behind what came after it."""
    numbers = range(OF_A_PAGE)
    places = [content.index(part_of(number, part).encode()) for number in numbers]
    return sum(
        former > latter for former, latter in pairwise(sorted(numbers, key=places.__getitem__))
    )


async def test_stirring_keeps_everything_that_waits(urn: Urn) -> None:
    await invite(urn, "hash", "late")
    await drop(urn, 20, first=10)
    drawn = await draw_from(urn, 1, [PAPER], most=5)
    await urn.spend(SIPAS, "hash", slip(0, "đợi lâu"), day=DAY)
    before = await urn.waiting(SIPAS)

    stirred = await urn.stir()

    assert stirred == 16
    assert await urn.waiting(SIPAS) == before == {INVITED: 1, PAPER: 15}
    assert await draw_from(urn, 1, []) == drawn
    assert await urn.release(SIPAS, least=1) == 1
    await spend(urn, "late", 1)
    rest = await draw(urn, 2) or []
    assert len(rest) == len(set(rest)) == 17


async def test_who_stirs_again_does_nothing_until_something_comes(urn: Urn) -> None:
    empty = await urn.stir()
    await drop(urn, 5)
    await urn.drop(LEADERS, "key", [(AGENCY, slip(50))], digest="d")

    first, again = await urn.stir(), await urn.stir()
    await drop(urn, 1, first=10)

    assert (empty, again) == (0, 0)
    assert first == 6
    assert await urn.stir() >= 6


async def test_while_it_is_stirred_answers_come_and_leave(urn: Urn) -> None:
    await invite(urn, *TOKENS)

    spending = [spend(urn, token, number) for number, token in enumerate(TOKENS)]
    stirring = [urn.stir() for _ in range(5)]
    drawing = [draw(urn, batch, most=7) for batch in range(1, 4)]

    _, _, batches = await asyncio.gather(
        asyncio.gather(*spending), asyncio.gather(*stirring), asyncio.gather(*drawing)
    )

    drawn = [number for batch in batches for number in batch or []]
    rest = await draw(urn, 4) or []
    assert sorted([*drawn, *rest]) == list(range(len(TOKENS)))


async def test_too_many_that_wait_are_sent_away_and_nothing_is_done(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance(), waiting_max=3)) as urn:
        await invite(urn, *TOKENS)

        outcomes = await asyncio.gather(
            *(spend(urn, token, number) for number, token in enumerate(TOKENS)),
            return_exceptions=True,
        )

        refused = [outcome for outcome in outcomes if outcome is not None]
        assert {str(each) for each in refused} == {str(Crowded("too-many-answers"))}
        assert {type(each) for each in refused} == {Crowded}
        assert await count_waiting(urn) == outcomes.count(None) > 0
        await spend(urn, TOKENS[-1], len(TOKENS))


async def test_a_counted_answer_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        await spend_all(urn)
        await urn.stir()

        drawn = await urn.draw(SIPAS, [INVITED], batch=1, least=1, most=25)
        await urn.discard(SIPAS, 1)

        files = bytes_in(tmp_path)

    assert drawn is not None
    answers = [answer["q1"] for answer in drawn.answers]
    for part, gone in (("secret", answers), ("receipt", drawn.receipts)):
        parts = [part_of(number, part) for number in range(len(TOKENS))]
        assert [each for each in parts if each.encode() not in files] == sorted(
            gone, key=parts.index
        )


async def test_a_removed_comment_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        await spend_all(urn)
        await urn.release(SIPAS, least=1)
        removed, kept, *_ = await urn.comments(SIPAS, limit=100)

        await urn.remove_comment(SIPAS, removed.name)

        files = bytes_in(tmp_path)

    assert removed.text.encode() not in files
    assert kept.text.encode() in files


@pytest.mark.parametrize(
    "does",
    [
        lambda urn: draw(urn, 1),
        lambda urn: urn.discard(SIPAS, 1),
        lambda urn: urn.stir(),
        lambda urn: urn.remove_comment(SIPAS, "nobody's"),
        lambda urn: urn.release(SIPAS, least=1),
    ],
    ids=["draw", "discard", "stir", "remove a comment", "release comments"],
)
async def test_the_log_that_shows_who_wrote_what_is_cut(
    tmp_path: Path, does: Callable[[Urn], Awaitable[object]]
) -> None:
    log = tmp_path / "urn.db-wal"
    async with opened(in_sqlite(tmp_path)) as urn:
        await invite(urn, "hash")
        await urn.spend(SIPAS, "hash", slip(0, "đợi lâu"), day=DAY)
        before = log.stat().st_size
        await does(urn)

        assert before > 0
        assert log.stat().st_size == 0


@pytest.mark.parametrize("part", PARTS)
async def test_what_was_stirred_lies_in_no_order_of_its_coming(tmp_path: Path, part: str) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        await spend_all(urn, OF_A_PAGE)
        await urn.stir()
        stirred = (tmp_path / "urn.db").read_bytes()

    assert falls(stirred, part) in FALLS_BY_CHANCE
    assert stirred.count(part_of(0, part).encode()) == (2 if part == "receipt" else 1)


async def test_comments_that_were_let_out_are_stirred_like_the_others(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        await spend_all(urn, OF_A_PAGE)
        await urn.stir()
        await urn.release(SIPAS, least=5, leave=8)
        released = {each.text for each in await urn.comments(SIPAS, limit=OF_A_PAGE)}

        stirred_anew = await urn.stir()

        files = bytes_in(tmp_path)

    assert len(released) == 8
    assert stirred_anew == OF_A_PAGE
    assert falls(files, "comment") in FALLS_BY_CHANCE


@pytest.mark.parametrize("part", PARTS)
async def test_before_it_is_stirred_its_place_tells_when_it_came(tmp_path: Path, part: str) -> None:
    """What the test above would find."""
    async with opened(in_sqlite(tmp_path)) as urn:
        await spend_all(urn, OF_A_PAGE)
    unstirred = (tmp_path / "urn.db").read_bytes()

    assert falls(unstirred, part) not in FALLS_BY_CHANCE


@pytest.mark.parametrize("part", PARTS)
async def test_what_was_stirred_in_slices_lies_in_no_order_of_its_coming(
    tmp_path: Path, part: str
) -> None:
    urn_of_slices = SqliteUrn(tmp_path / "urn.db", SeededChance(1), slice_rows_max=3)
    async with opened(urn_of_slices) as urn:
        await spend_all(urn, OF_A_PAGE)
        await urn.stir()
        stirred = (tmp_path / "urn.db").read_bytes()

    assert falls(stirred, part) in FALLS_BY_CHANCE


async def test_who_puts_in_has_a_turn_between_two_slices(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SeededChance(1), slice_rows_max=1)) as urn:
        await invite(urn, *TOKENS)
        await drop(urn, 50, first=100)
        stirring = asyncio.create_task(urn.stir())

        for number in range(30):
            await spend(urn, TOKENS[number], number)

        assert not stirring.done()
        await stirring
        assert await count_waiting(urn) == 80


async def test_a_stirring_that_was_broken_off_is_finished_by_the_next(tmp_path: Path) -> None:
    sides = "select distinct stirred from answers"
    async with opened(SqliteUrn(tmp_path / "urn.db", SeededChance(1), slice_rows_max=5)) as urn:
        await drop(urn, 30)
        await urn.stir()
        await drop(urn, 10, first=100)
        with closing(sqlite3.connect(tmp_path / "urn.db")) as crashed, crashed:
            way = moving(crashed, "answers")
            move(crashed, SeededChance(2), way, 25)
            broken_off = set(crashed.execute(sides))
        await drop(urn, 10, first=200)

        await urn.stir()

        with closing(sqlite3.connect(tmp_path / "urn.db")) as afterwards:
            assert len(set(afterwards.execute(sides))) == 1
        assert broken_off == {(0,), (1,), (2,)}
        numbers = [*range(30), *range(100, 110), *range(200, 210)]
        assert sorted(await draw(urn, 1) or []) == numbers
        assert await urn.stir() == 0


async def test_who_answers_without_a_comment_moves_comments_as_well(tmp_path: Path) -> None:
    """Else the side on which they lie would tell that the last who wrote one came before."""
    side = "select stirred from {}"
    sides = []
    async with opened(in_sqlite(tmp_path)) as urn:
        await urn.drop(SIPAS, "first", [(AGENCY, slip(0, "đợi lâu"))], digest="d")
        for number in range(3):
            await drop(urn, 1, first=10 + number)
            await urn.stir()
            with closing(sqlite3.connect(tmp_path / "urn.db")) as file:
                found = [set(file.execute(side.format(each))) for each in ("answers", "comments")]
            assert found[0] == found[1]
            sides.append(found[0])

    assert sides == [{(1,)}, {(2,)}, {(1,)}]

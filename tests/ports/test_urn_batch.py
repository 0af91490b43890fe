"""What the urn promises of drawing, and of leaving no trace, held against each of its adapters."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryUrn
from shared.adapters.sqlite import SqliteUrn
from shared.kernel.errors import Refused
from shared.ports import Urn
from tests.support.opened import opened
from tests.support.urns import LEADERS, SIPAS, answers, draw, in_sqlite, invite


class Backwards:
    """Chance that can be foreseen: tokens rise, and every order is turned round."""

    def __init__(self) -> None:
        self._tokens = 0

    def token(self) -> str:
        self._tokens += 1
        return f"{self._tokens:03}"

    def shuffled(self, count: int) -> Sequence[int]:
        return range(count - 1, -1, -1)


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_an_answer_comes_out_as_it_was_put_in(urn: Urn) -> None:
    answer = {"agency": "so-y-te", "answers": {"q1": "rất hài lòng", "q2": None}, "n": [1, 2]}
    await urn.drop(SIPAS, "key", [answer], digest="d")

    drawn = await urn.draw(SIPAS, batch=1, least=1, most=1)

    assert drawn is not None
    assert list(drawn.answers) == [answer]


async def test_waiting_is_what_was_not_discarded(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(5), digest="d")
    before = await urn.waiting(SIPAS)
    await draw(urn, 1, most=3)
    drawn = await urn.waiting(SIPAS)
    await urn.discard(SIPAS, 1)

    assert (before, drawn, await urn.waiting(SIPAS)) == (5, 5, 2)
    assert await urn.waiting(LEADERS) == 0


async def test_fewer_answers_than_the_least_stay_where_they_are(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(4), digest="d")

    assert await draw(urn, 1, least=5) is None
    await urn.drop(SIPAS, "another", answers(1, first=4), digest="d")
    assert sorted(await draw(urn, 1, least=5) or []) == [0, 1, 2, 3, 4]


async def test_a_batch_holds_the_most_and_the_next_one_the_rest(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")

    first, second = await draw(urn, 1, most=7) or [], await draw(urn, 2, most=7) or []

    assert (len(first), len(second)) == (7, 3)
    assert sorted([*first, *second]) == list(range(10))


async def test_some_are_left_behind_where_that_is_asked(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")

    assert await draw(urn, 1, least=5, leave=6) is None
    assert len(await draw(urn, 1, least=5, leave=3) or []) == 7
    assert await draw(urn, 2, leave=3) is None
    assert len(await draw(urn, 2) or []) == 3


async def test_who_draws_a_batch_again_gets_all_of_it_whatever_is_left(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")
    drawn = await draw(urn, 1)

    assert await draw(urn, 1, leave=20) == drawn


async def test_however_many_draw_at_once_as_many_are_left_behind(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(30), digest="d")

    batches = [draw(urn, batch, least=4, most=7, leave=5) for batch in range(1, 9)]
    drawn = [batch for batch in await asyncio.gather(*batches) if batch]

    assert sorted(map(len, drawn)) == [4, 7, 7, 7]


async def test_a_batch_is_shuffled(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(40), digest="d")

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
        await urns[kind].drop(SIPAS, "key", answers(5), digest="d")

        assert await draw(urns[kind], 1, most=3) == [4, 3, 2]


async def test_a_drawn_batch_is_drawn_again_unchanged(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")
    drawn = await draw(urn, 1, least=2, most=5)
    await urn.drop(SIPAS, "another", answers(10, first=10), digest="d")

    assert await draw(urn, 1, least=50, most=50) == drawn


async def test_two_that_draw_a_batch_at_once_get_the_same(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(30), digest="d")

    batches = await asyncio.gather(*(draw(urn, 1, most=10) for _ in range(8)))

    assert all(batch == batches[0] for batch in batches)
    assert len(batches[0] or []) == 10


async def test_a_discarded_batch_is_never_drawn_again(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")
    await draw(urn, 2, most=5)

    await urn.discard(SIPAS, 2)
    await urn.discard(SIPAS, 2)
    await urn.discard(SIPAS, 1)

    assert await draw(urn, 1) is None
    assert await draw(urn, 2) is None
    assert len(await draw(urn, 3) or []) == 5


async def test_discarding_forgets_one_batch_only(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(10), digest="d")
    await draw(urn, 1, most=5)
    second = await draw(urn, 2, most=5)

    await urn.discard(SIPAS, 1)
    await urn.discard(LEADERS, 2)

    assert await draw(urn, 2) == second


async def test_a_batch_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        await urn.drop(SIPAS, "key", answers(20), digest="d")
        drawn = await draw(urn, 1, most=10)

    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        assert await draw(urn, 1, most=10) == drawn
        assert await urn.waiting(SIPAS) == 20


async def test_what_was_said_to_an_urn_survives_a_restart(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        await invite(urn, "hash", "another")
        await urn.spend(SIPAS, "hash", answers(1)[0])
        await urn.drop(SIPAS, "key", answers(1), digest="d")
        await draw(urn, 1)
        await urn.discard(SIPAS, 1)
        await urn.shut(SIPAS)

    async with opened(in_sqlite(tmp_path)) as urn:
        with pytest.raises(Refused, match="token-spent"):
            await urn.spend(SIPAS, "hash", answers(1)[0])
        with pytest.raises(Refused, match="survey-closed"):
            await urn.spend(SIPAS, "another", answers(1)[0])
        assert await urn.drop(SIPAS, "key", answers(1), digest="d") is False
        assert await draw(urn, 1) is None


async def test_a_counted_answer_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        tokens = [f"token-{number}" for number in range(50)]
        await invite(urn, *tokens)
        for number, token in enumerate(tokens):
            await urn.spend(SIPAS, token, {"q1": str(number), "remark": f"secret-{number}"})

        await draw(urn, 1, most=25)
        await urn.discard(SIPAS, 1)
        left = await draw(urn, 2) or []

        files = bytes_in(tmp_path)

    assert len(left) == 25
    for number in set(range(50)) - set(left):
        assert b'"secret-%d"' % number not in files


async def test_drawing_empties_the_log_that_shows_who_wrote_what(tmp_path: Path) -> None:
    log = tmp_path / "urn.db-wal"
    async with opened(in_sqlite(tmp_path)) as urn:
        await invite(urn, "hash")
        await urn.spend(SIPAS, "hash", answers(1)[0])
        before = log.stat().st_size
        await draw(urn, 1)

        assert before > 0
        assert log.stat().st_size == 0


async def test_answers_lie_in_no_order_of_their_coming(tmp_path: Path) -> None:
    async with opened(SqliteUrn(tmp_path / "urn.db", SecretChance())) as urn:
        await invite(urn, *(f"token-{number}" for number in range(60)))
        for number in range(60):
            await urn.spend(SIPAS, f"token-{number}", {"q1": f"secret-{number:02}"})

    content = (tmp_path / "urn.db").read_bytes()
    places = [content.index(b"secret-%02d" % number) for number in range(60)]
    assert places not in (sorted(places), sorted(places, reverse=True))

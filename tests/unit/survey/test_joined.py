"""Work that is done once for all who ask while it is under way."""

import asyncio

from services.survey.application.joined import Joined


async def test_who_asks_while_it_is_done_gets_its_outcome() -> None:
    joined, begun = Joined[str](), list[str]()

    async def work() -> str:
        begun.append("work")
        await asyncio.sleep(0)
        return "done"

    outcomes = await asyncio.gather(*(joined.of("a place", work) for _ in range(3)))

    assert (outcomes, begun) == (["done"] * 3, ["work"])


async def test_who_asks_between_its_end_and_what_follows_has_it_done_anew() -> None:
    """Else whoever asks until something is so would be told of the end for ever, and never rest."""
    joined, late = Joined[str](), list[asyncio.Task[str]]()

    async def second() -> str:
        return "second"

    async def first() -> str:
        late.append(asyncio.create_task(joined.of("a place", second)))
        return "first"

    outcomes = [await joined.of("a place", first), await late[0]]

    assert outcomes == ["first", "second"]
    assert await joined.of("a place", second) == "second"

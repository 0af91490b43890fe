"""Showing, whatever fails and whoever shows at once: a document takes a fact once."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryDocuments
from shared.ports import Document
from shared.runtime.project import POSITIONS, Projector
from tests.support.claims import STREAM
from tests.support.failing import FailingDocuments
from tests.support.shown import GONE, OTHER, Desk, show_all, shown


async def test_whoever_shows_facts_again_changes_nothing() -> None:
    desk = Desk()
    await desk.say("1", "2", "1")
    await desk.projector().step()

    await desk.documents.drop(POSITIONS)
    await desk.say("1")
    await show_all(desk.projector())

    alone = Desk(store=desk.store)
    await alone.projector().fresh()
    assert await shown(desk.documents) == await shown(alone.documents)


class _Meanwhile(MemoryDocuments):
    """Documents that another projector writes to, just before this one does."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Projector] = []

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there is newer."""
        while self.meanwhile:
            await show_all(self.meanwhile.pop())
        await super().put(collection, documents)


async def test_a_document_and_a_position_that_are_ahead_are_left_alone() -> None:
    documents = _Meanwhile()
    desk = Desk(documents)
    await desk.say("1")
    slow = desk.projector()
    showing = asyncio.create_task(slow.step())
    await asyncio.sleep(0)
    await desk.say("2", GONE, "3")
    documents.meanwhile.append(desk.projector())

    await showing

    expected = Desk(store=desk.store)
    await expected.projector().step()
    assert await shown(documents) == await shown(expected.documents)
    assert await desk.projector().step() == 0


points = st.lists(
    st.tuples(st.sampled_from((STREAM, OTHER)), st.sampled_from(("1", "2", GONE))), max_size=8
)
prefixes = st.lists(st.none() | st.integers(0, 2), max_size=8)


@given(points, points, prefixes)
async def test_whatever_fails_two_projectors_show_what_one_shows(
    first: list[tuple[str, str]], later: list[tuple[str, str]], prefixes: list[int | None]
) -> None:
    desk = Desk(FailingDocuments(prefixes))
    pair = [desk.projector(), desk.projector()]

    for said in (first, later):
        for stream, each in said:
            await desk.say(each, stream=stream)
        await asyncio.gather(*(each.step() for each in pair), return_exceptions=True)
    await asyncio.gather(*map(show_all, pair))

    alone = Desk(store=desk.store)
    await alone.projector().fresh()
    assert await shown(desk.documents) == await shown(alone.documents)

"""Showing beside a fact that this version cannot read: everything else, and nothing is spoilt."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryDocuments
from shared.kernel.errors import Unavailable
from shared.ports import Document, Documents
from shared.runtime import project
from shared.runtime.health import STILL_S_MAX, Health
from shared.runtime.loop import Loop, keep_running
from shared.runtime.overlay import Overlay
from shared.runtime.project import INCOMPLETE, POSITIONS, Projector
from tests.support import quick_time
from tests.support.claims import STREAM
from tests.support.outdated import Outdated
from tests.support.shown import COUNTS, GONE, OTHER, SHEETS, VIEWS, Desk, body, show_all, shown

UNREAD = f"{STREAM}@2"


@dataclass
class Release(Desk):
    """A desk at which two versions show; the old one does not know some facts."""

    unknown: tuple[str, ...] = (UNREAD,)
    old: Projector = field(init=False)

    def __post_init__(self) -> None:
        """Both read the same log and write the same documents."""
        self.old = Projector(Outdated(self.store, self.unknown), self.documents, VIEWS)


async def folded(desk: Desk) -> object:
    """What the log comes to for who can read it."""
    alone = Desk(store=desk.store)
    await alone.projector().fresh()
    return await shown(alone.documents)


async def test_what_stands_behind_it_is_shown_all_the_same() -> None:
    desk = Release()
    await desk.say("1", "2")
    await desk.say("3", "4", stream=OTHER)

    documents = await desk.old.fresh()

    assert await body(documents, SHEETS, "so-noi-vu") == {"claims": ["3", "4"]}
    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1"]}
    assert await body(documents, COUNTS, "all") == {"count": 3}


async def test_own_writes_are_shown_at_once() -> None:
    desk = Release()
    await desk.say("1", "2")

    for place in range(1, 4):
        await desk.say(str(place), stream=OTHER)
        documents = await desk.old.fresh()
        claims = [str(each) for each in range(1, place + 1)]
        assert await body(documents, SHEETS, "so-noi-vu") == {"claims": claims}


async def test_a_document_that_a_later_fact_of_its_stream_concerns_names_what_it_lacks() -> None:
    desk = Release()
    await desk.say("1", "2", "3")
    await desk.say("4", stream=OTHER)

    documents = await desk.old.fresh()

    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1", "3"], INCOMPLETE: [UNREAD]}
    assert await body(documents, SHEETS, "so-noi-vu") == {"claims": ["4"]}


async def test_nothing_behind_it_is_kept() -> None:
    desk = Release()
    await desk.say("1", "2", "3")

    await desk.old.fresh()
    await show_all(desk.old)

    assert (await shown(desk.documents))[SHEETS.collection] == {"so-y-te": {"claims": ["1"]}}
    positions = await desk.documents.many(POSITIONS, [view.collection for view in VIEWS])
    assert {each.position for each in positions.values()} == {1}


async def test_whoever_can_read_it_goes_on_from_there_and_all_show_the_same() -> None:
    desk = Release()
    await desk.say("1", "2", "3")
    await desk.say("4", stream=OTHER)
    await desk.old.fresh()

    await show_all(desk.projector())
    documents = await desk.old.fresh()

    assert documents is desk.documents
    assert await shown(documents) == await folded(desk)


async def test_whoever_stood_before_it_goes_on_when_another_has_shown_it() -> None:
    desk = Release()
    await desk.say("1", "2")
    assert [await desk.old.step(), await desk.old.step()] == [1, 0]

    await show_all(desk.projector())
    await desk.say("3")

    assert [await desk.old.step(), await desk.old.step()] == [1, 0]
    assert await shown(desk.documents) == await folded(desk)


async def test_when_another_has_shown_it_what_was_shown_without_it_is_forgotten() -> None:
    desk = Release(unknown=(UNREAD, f"{OTHER}@1"))
    newer = Projector(Outdated(desk.store, [f"{OTHER}@1"]), desk.documents, VIEWS)
    await desk.say("1", "2")
    await desk.say("4", stream=OTHER)
    await desk.say("3")
    lacking = await body(await desk.old.fresh(), SHEETS, "so-y-te")

    await show_all(newer)
    whole = await body(await desk.old.fresh(), SHEETS, "so-y-te")

    assert lacking == {"claims": ["1", "3"], INCOMPLETE: [UNREAD]}
    assert whole == {"claims": ["1", "2", "3"]}


async def test_while_it_stands_there_the_loop_rests_and_says_what_holds_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Release()
    await desk.say("1", "2", "3")

    seen = []
    for _ in range(3):
        done, progress = await desk.old.step(), await desk.old.progress()
        seen.append((done, progress.left, progress.held))

    assert seen == [(1, 2, "log-unreadable"), (0, 2, "log-unreadable"), (0, 2, "log-unreadable")]
    [alarm] = caplog.messages
    assert alarm.startswith(f"{UNREAD} cannot be read, and nothing behind it is kept")


def test_who_stands_before_it_is_not_stuck() -> None:
    async def main() -> list[str]:
        desk = Release()
        await desk.say("1", "2", "3")
        loop = Loop("old.project", desk.old.step, idle_s=1, progress=desk.old.progress)
        health = Health([loop])
        tasks = [asyncio.create_task(each) for each in (keep_running(loop), health.watch())]
        await asyncio.sleep(10 * STILL_S_MAX)
        stuck = health.stuck()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        return list(stuck)

    assert quick_time.run(main()) == []


async def test_when_another_has_shown_it_what_comes_behind_it_is_left_to_be_shown() -> None:
    desk = Release()
    await desk.say("1", "2")
    await show_all(desk.old)

    await show_all(desk.projector())
    before = await desk.old.progress()
    await desk.say("3")
    after = await desk.old.progress()

    assert [(each.left, each.held) for each in (before, after)] == [(0, ""), (1, "")]


async def test_who_has_shown_all_and_meets_it_only_then_shows_the_rest_too() -> None:
    desk = Release()
    await desk.say("1")
    await desk.old.fresh()

    await desk.say("2", "3")
    documents = await desk.old.fresh()

    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1", "3"], INCOMPLETE: [UNREAD]}


async def test_several_of_them_are_passed_over_alike() -> None:
    desk = Release(unknown=(UNREAD, f"{STREAM}@4", f"{OTHER}@1"))
    await desk.say("1", "2", "3", "4", "5")
    await desk.say("6", "7", stream=OTHER)

    documents = await desk.old.fresh()

    lacking = {INCOMPLETE: [UNREAD, f"{STREAM}@4"]}
    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1", "3", "5"], **lacking}
    lacking = {INCOMPLETE: [f"{OTHER}@1"]}
    assert await body(documents, SHEETS, "so-noi-vu") == {"claims": ["7"], **lacking}


async def test_too_much_behind_it_is_not_shown_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "BEYOND_FACTS_MAX", 3)
    desk = Release()
    await desk.say("1", "2", "3", "4", "5")
    await desk.old.fresh()

    await desk.say("6")
    for _ in range(2):
        with pytest.raises(Unavailable, match="log-unreadable"):
            await desk.old.fresh()


said = st.lists(
    st.tuples(st.sampled_from((STREAM, OTHER)), st.sampled_from(("1", "2", GONE))), max_size=8
)
unknown = st.lists(st.sampled_from([f"{STREAM}@{n}" for n in range(1, 9)]), max_size=3)


@given(said, said, unknown)
async def test_whoever_shows_beside_whom_nothing_is_missing_in_the_end(
    first: list[tuple[str, str]], later: list[tuple[str, str]], unknown: list[str]
) -> None:
    desk = Release(unknown=tuple(unknown))
    newer = desk.projector()

    for part in (first, later):
        for stream, points in part:
            await desk.say(points, stream=stream)
        await asyncio.gather(desk.old.fresh(), newer.step(), desk.old.step(), desk.old.fresh())
    await show_all(newer)

    assert await shown(await desk.old.fresh()) == await folded(desk)


# --- Documents laid over others

COLLECTION = "sheet.v1"
IDENTITIES = ("a", "aa", "ab", "b", "ba")

BODIES = st.none() | st.builds(lambda points: {"points": points}, st.integers(0, 9))


def documents(positions: st.SearchStrategy[int]) -> st.SearchStrategy[list[Document]]:
    """Documents to be put one after another, some of them deleted ones."""
    each = st.builds(Document, st.sampled_from(IDENTITIES), positions, BODIES)
    return st.lists(each, max_size=12)


EVEN, ODD = st.sampled_from((2, 4, 6, 8)), st.sampled_from((1, 3, 5, 7, 9))


@given(documents(EVEN), documents(ODD), documents(EVEN), st.sampled_from(("", "a", "b")))
async def test_documents_laid_over_others_read_as_one_set_of_them(
    below: list[Document], above: list[Document], later: list[Document], prefix: str
) -> None:
    together, base = MemoryDocuments(), MemoryDocuments()
    overlay: Documents = Overlay(base)
    for where, puts in ((base, below), (overlay, above), (base, later)):
        for each in puts:
            await together.put(COLLECTION, [each])
            await where.put(COLLECTION, [each])

    assert await overlay.many(COLLECTION, IDENTITIES) == await together.many(COLLECTION, IDENTITIES)
    for after in ("", *IDENTITIES):
        for limit in range(1, len(IDENTITIES)):
            page = await overlay.page(COLLECTION, prefix=prefix, after=after, limit=limit)
            assert page == await together.page(COLLECTION, prefix=prefix, after=after, limit=limit)


async def test_what_is_laid_over_documents_leaves_them_as_they_are() -> None:
    base = MemoryDocuments()
    await base.put(COLLECTION, [Document("a", 1, {"points": 1})])

    await Overlay(base).put(COLLECTION, [Document("a", 2, None), Document("b", 2, {"points": 2})])

    assert await base.many(COLLECTION, IDENTITIES) == {"a": Document("a", 1, {"points": 1})}


async def test_what_is_deleted_above_leaves_room_for_what_is_below() -> None:
    base = MemoryDocuments()
    await base.put(COLLECTION, [Document(identity, 1, {}) for identity in IDENTITIES])
    overlay = Overlay(base)
    await overlay.put(COLLECTION, [Document("a", 2, None), Document("aa", 2, None)])

    page = await overlay.page(COLLECTION, prefix="", limit=2)

    assert [document.id for document in page] == ["ab", "b"]


async def test_what_is_deleted_below_later_is_not_on_a_page() -> None:
    base = MemoryDocuments()
    overlay = Overlay(base)
    await overlay.put(COLLECTION, [Document("a", 1, {"points": 1})])
    await base.put(COLLECTION, [Document("a", 2, None)])

    assert await overlay.page(COLLECTION, prefix="", limit=2) == []

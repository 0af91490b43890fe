"""Showing: documents are the fold of the facts that concern them, and show every own write."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.kernel.view import Body, View
from shared.ports import Document
from shared.runtime.project import BATCH_FACTS_MAX, POSITIONS
from tests.support.failing import FailingDocuments
from tests.support.shown import COUNTS, GONE, OTHER, SHEETS, Desk, body, sheet_keys, show_all, shown


async def test_each_document_is_the_fold_of_the_facts_that_concern_it() -> None:
    desk = Desk()
    await desk.say("1", "2")
    await desk.say("1", stream=OTHER)

    assert await desk.projector().step() == 3

    assert await shown(desk.documents) == {
        SHEETS.collection: {"so-y-te": {"claims": ["1", "2"]}, "so-noi-vu": {"claims": ["1"]}},
        COUNTS.collection: {"all": {"count": 3}, "1": {"count": 2}, "2": {"count": 1}},
    }


async def test_a_document_has_the_position_of_the_last_fact_that_concerns_it() -> None:
    desk = Desk()
    await desk.say("1")
    await desk.say("1", "2", stream=OTHER)

    await desk.projector().step()

    assert await desk.documents.get(SHEETS.collection, "so-y-te") == Document(
        "so-y-te", 1, {"claims": ["1"]}
    )


async def test_what_is_shown_is_not_shown_again_also_by_a_new_process() -> None:
    desk = Desk()
    await desk.say("1")
    await desk.projector().step()

    assert await desk.projector().step() == 0


async def test_a_long_log_is_shown_in_batches() -> None:
    desk = Desk()
    await desk.say(*map(str, range(BATCH_FACTS_MAX + 1)))
    projector = desk.projector()

    steps = [await projector.step() for _ in range(3)]

    assert steps == [BATCH_FACTS_MAX, 1, 0]
    assert await body(desk.documents, COUNTS, "all") == {"count": BATCH_FACTS_MAX + 1}


async def test_a_position_that_could_not_be_kept_is_kept_with_the_next_step() -> None:
    desk = Desk(FailingDocuments([None, None, 0]))
    await desk.say("1")
    projector = desk.projector()
    with pytest.raises(Unavailable):
        await projector.step()

    await projector.step()

    assert (await projector.progress()).left == 0


async def test_documents_that_were_lost_while_it_runs_are_shown_again_with_the_next_fact() -> None:
    desk = Desk()
    projector = desk.projector()
    await desk.say("1", "2")
    await projector.step()
    for collection in (SHEETS.collection, COUNTS.collection, POSITIONS):
        await desk.documents.drop(collection)

    await desk.say("3")
    await projector.step()

    assert await body(desk.documents, SHEETS, "so-y-te") == {"claims": ["1", "2", "3"]}
    assert (await projector.progress()).left == 0


# --- Own writes


async def test_a_fresh_reading_shows_what_was_written_before_it() -> None:
    desk = Desk()
    projector = desk.projector()

    for place in range(1, 4):
        await desk.say(str(place))
        assert await body(await projector.fresh(), COUNTS, "all") == {"count": place}


@pytest.mark.parametrize("length", [0, 1, BATCH_FACTS_MAX, BATCH_FACTS_MAX + 1])
async def test_a_fresh_reading_shows_a_log_of_any_length(length: int) -> None:
    desk = Desk()
    await desk.say(*map(str, range(length)))

    documents = await desk.projector().fresh()

    expected = {"count": length} if length else None
    assert await body(documents, COUNTS, "all") == expected


async def test_readings_at_once_beside_the_loop_show_each_fact_once() -> None:
    desk = Desk()
    await desk.say("1", "2")
    projector = desk.projector()

    await asyncio.gather(projector.fresh(), projector.step(), desk.say("3"), projector.fresh())

    assert await body(await projector.fresh(), COUNTS, "all") == {"count": 3}


# --- Deleted documents


async def test_a_view_deletes_a_document_and_may_begin_it_anew() -> None:
    desk = Desk()
    projector = desk.projector()
    await desk.say("1", GONE)

    deleted = await body(await projector.fresh(), SHEETS, "so-y-te")
    await desk.say("2")
    anew = await body(await projector.fresh(), SHEETS, "so-y-te")

    assert (deleted, anew) == (None, {"claims": ["2"]})


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_deleted_document_does_not_come_back(at_once: bool) -> None:  # noqa: FBT001 - a parameter of the test
    desk = Desk()
    await desk.say("1")
    if not at_once:
        await desk.projector().step()
    await desk.say(GONE)
    await desk.projector().step()

    await desk.documents.drop(POSITIONS)
    await show_all(desk.projector())

    assert await body(desk.documents, SHEETS, "so-y-te") is None


# --- Views of different age


@dataclass
class Applied:
    """A view that remembers what it was asked to apply."""

    points: list[str] = field(default_factory=list)

    def view(self, view: View[Recorded]) -> View[Recorded]:
        """The same view, with a witness."""

        def apply(key: str, body: Body | None, recorded: Recorded) -> Body | None:
            self.points.append(recorded.data.points)
            return view.apply(key, body, recorded)

        return replace(view, apply=apply)


async def test_a_new_view_is_filled_from_the_beginning_and_the_old_one_is_left_alone() -> None:
    desk = Desk()
    await desk.say("1", "2")
    await desk.projector(SHEETS).step()
    await desk.say("3")
    applied = Applied()

    documents = await desk.projector(applied.view(SHEETS), COUNTS).fresh()

    assert applied.points == ["3"]
    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1", "2", "3"]}
    assert await body(documents, COUNTS, "all") == {"count": 3}


async def test_a_new_version_of_a_view_is_built_beside_the_old_one() -> None:
    desk = Desk()
    await desk.say("1", "2")
    await desk.projector(SHEETS).step()
    newest = View("test_sheet", 2, sheet_keys, lambda *_: {"claims": ["of version 2"]})

    documents = await desk.projector(newest).fresh()

    assert await body(documents, newest, "so-y-te") == {"claims": ["of version 2"]}
    assert await body(documents, SHEETS, "so-y-te") == {"claims": ["1", "2"]}


async def test_a_view_can_be_thrown_away_and_made_again() -> None:
    desk = Desk()
    await desk.say("1")
    await desk.projector().step()

    await desk.documents.drop(SHEETS.collection)
    await desk.documents.drop(POSITIONS)

    assert await body(await desk.projector().fresh(), SHEETS, "so-y-te") == {"claims": ["1"]}


async def test_a_view_that_fails_at_a_fact_says_so_in_that_document_and_goes_on_with_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail_at_two(key: str, before: Body | None, recorded: Recorded) -> Body | None:
        if recorded.data.points == "2":
            raise OverflowError(recorded.id)
        return SHEETS.apply(key, before, recorded)

    desk = Desk()
    await desk.say("1", "2", "3")
    await desk.say("1", stream=OTHER)

    await desk.projector(replace(SHEETS, apply=fail_at_two)).step()

    assert (await shown(desk.documents))[SHEETS.collection] == {
        "so-y-te": {"claims": ["1", "3"], "incomplete": ["submission/2021/so-y-te@2"]},
        "so-noi-vu": {"claims": ["1"]},
    }
    assert "cannot show submission/2021/so-y-te@2" in caplog.text

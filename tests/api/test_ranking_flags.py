"""Red flags over HTTP: who may read them, page by page, and how they keep up with the ledger."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from services.ranking.application import Wanted
from services.ranking.application.red_flags import FOLDED_BYTES_MAX
from shared.count.flags import KINDS
from shared.events import codec
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from tests.support.flagged import DECLARED, ROUND_1, ROUND_2, SECOND, Story
from tests.support.flagging import AUDITOR, Followed, keep, told, watching
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE

FLAGS = f"/cycles/{CYCLE}/flags"


def stored(story: Story, after: int = 0) -> Sequence[Stored]:
    return [codec.head(each.fact) for each in story.entries[after:]]


@pytest.fixture
async def watched() -> AsyncIterator[Ranking]:
    """The story stands in the ledger."""
    async with ranking() as service:
        await service.hear(stored(told()))
        yield service


async def read(service: Ranking, **query: object) -> Mapping[str, Any]:
    answer = await service.get(FLAGS, "auditor", **query)
    assert answer.status_code == 200, answer.text
    body: Mapping[str, Any] = answer.json()
    return body


async def test_a_flag_says_where_to_look_and_why_and_by_which_facts(watched: Ranking) -> None:
    body = await read(watched)

    first = body["items"][0]
    assert (first["kind"], first["concerns"]) == ("all-at-maximum", {"agency": "so-y-te"})
    assert first["facts"] == [{"id": f"submission/{CYCLE}/so-y-te@1", "number": 3}]
    assert first["parameters"] == {"maximum_items_min": 5}
    assert first["en"].startswith("Look at the sheet of so-y-te, because")
    assert first["vi"].startswith("Nên xem lại phiếu tự chấm của so-y-te, vì")
    assert (body["counted_to"], body["next"], body["passed_over"]) == (21, None, [])
    assert body["kinds"].keys() == KINDS.keys()


async def test_pages_come_to_the_whole(watched: Ranking) -> None:
    whole = (await read(watched))["items"]
    page = await read(watched, limit=4)
    pages = page["items"]

    while page["next"] and len(pages) <= len(whole):
        page = await read(watched, limit=4, cursor=page["next"])
        pages += page["items"]

    assert pages == whole
    assert len(pages) > 8


async def test_flags_are_asked_for_by_kind_and_by_agency(watched: Ranking) -> None:
    changed = (await read(watched, kind="changed-after-deadline"))["items"]
    of_agency = (await read(watched, agency="so-y-te"))["items"]
    of_other = (await read(watched, agency="so-noi-vu"))["items"]

    assert [each["concerns"]["item"] for each in changed] == list(DECLARED)
    assert {each["kind"] for each in of_agency} > {"changed-after-deadline"}
    assert of_other == []


async def test_what_is_new_in_the_ledger_is_there_at_once(watched: Ranking) -> None:
    before = await read(watched)
    story = told()
    known = len(story.entries)
    story.approve(ROUND_2)
    story.reopen(ROUND_2 + SECOND)

    await watched.hear(stored(story, after=known))

    after = await read(watched)
    assert (before["counted_to"], after["counted_to"]) == (known, known + 2)
    new = [each["kind"] for each in after["items"] if each not in before["items"]]
    assert "reopened-after-approval" in new


async def test_flags_of_a_former_place_are_those_that_were_computed_then(watched: Ranking) -> None:
    before = await read(watched)
    story = told()
    size = len(story.entries)
    story.approve(ROUND_2)
    await watched.hear(stored(story, after=size))

    earlier, then = await read(watched, at=3), await read(watched, at=size)

    assert then == before
    assert earlier["counted_to"] == 3
    assert len(earlier["items"]) < len(then["items"])
    assert (await read(watched))["counted_to"] == size + 1


async def test_flags_of_a_place_that_was_not_reached_yet_are_refused(watched: Ranking) -> None:
    answer = await watched.get(FLAGS, "auditor", at=10_000)

    assert answer.status_code == 404
    assert answer.json()["code"] == "number-unknown"


async def test_an_entry_that_cannot_be_read_is_named(watched: Ranking) -> None:
    await watched.tell(stored(told())[-1].body.replace(b"@12", b"@13").replace(b".v1", b".v9"))

    body = await read(watched)

    assert body["passed_over"] == [
        {"number": 22, "code": "fact-unreadable", "fact": f"appraisal/{CYCLE}/so-y-te@13"}
    ]
    assert body["passed_over_count"] == 1


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [
        (FLAGS, "no-such-kind", "flag-kind-unknown"),
        ("/cycles/1999/flags", "all-at-maximum", "cycle-not-counted"),
    ],
)
async def test_what_there_is_not_is_refused(
    watched: Ranking, path: str, kind: str, code: str
) -> None:
    answer = await watched.get(path, "administrator", kind=kind)

    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(("who", "status"), [("", 401), ("so-y-te", 403), ("council", 403)])
async def test_flags_are_for_auditors_and_administrators(
    watched: Ranking, who: str, status: int
) -> None:
    assert (await watched.get(FLAGS, who)).status_code == status


# --- How the ledger is followed


async def test_a_ledger_is_read_once_and_then_what_is_new() -> None:
    store, story = Followed(), told()
    red_flags, size = watching(store), len(story.entries)
    await keep(store, story)
    await red_flags.read(AUDITOR, CYCLE, Wanted())
    story.approve(ROUND_2)
    await keep(store, story, after=size)

    store.away = True
    with pytest.raises(Unavailable):
        await red_flags.read(AUDITOR, CYCLE, Wanted())
    store.away = False
    _, watched = await red_flags.read(AUDITOR, CYCLE, Wanted())

    assert store.read_after == [0, size]
    assert watched["counted_to"] == size + 1


async def test_many_who_ask_at_once_read_it_once() -> None:
    store = Followed()
    await keep(store, told())
    red_flags = watching(store)

    answers = await asyncio.gather(
        *(red_flags.read(AUDITOR, CYCLE, Wanted(limit=9)) for _ in range(5))
    )

    assert all(answer == answers[0] for answer in answers)
    assert store.read_after[0] == 0
    assert set(store.read_after[1:]) == {len(told().entries)}


async def test_others_have_their_turn_while_a_long_ledger_is_folded() -> None:
    store, story = Followed(), told()
    while sum(len(each.fact) for each in story.entries) < 4 * FOLDED_BYTES_MAX:
        story.amend(ROUND_1)
    await keep(store, story)
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(take_turns())
    await watching(store).read(AUDITOR, CYCLE, Wanted())
    other.cancel()

    assert turns > 4

"""A checkpoint that nobody has any more: acknowledged by a decision, shown for ever."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.ranking.application import Signing, Trees
from services.ranking.application.notes import Alarm, Notes
from shared.adapters.memory import MemoryEventStore
from shared.ledger import note
from tests.support.ranking import Ranking, changed, ranking
from tests.support.signing_office import LATER
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle
from tests.support.witness import WITNESS

AT = f"/cycles/{CYCLE}"
DECISION = {"number": "12/QĐ-UBND", "on": "2021-12-01"}


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """A whole cycle that could be published."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        yield service


async def lose(service: Ranking) -> None:
    """A witness speaks of a checkpoint, and the store has it no more."""
    notes = Notes(service.outside.inbox)
    newest = await notes.last(CYCLE)
    assert newest is not None
    text = newest.note.text.replace("\n", "\n1", 1)
    line = note.from_line(WITNESS.line(note.to_bytes(newest.note)))
    await notes.cosign(CYCLE, text, line, OPENED_AT)
    store = service.outside.inbox
    await Signing(Trees(store), Notes(store), service.outside.notary, service.clock).step()


async def acknowledge(
    service: Ranking, number: int = 1, who: str = "administrator"
) -> httpx.Response:
    path = f"{AT}/alarms/{number}/acknowledgement"
    return await service.post(path, who, {"decision": DECISION})


def codes(refused: httpx.Response) -> list[str]:
    return [each["code"] for each in refused.json()["errors"]]


async def alarms(service: Ranking) -> int:
    """How many entries the alarms have."""
    assert isinstance(service.outside.inbox, MemoryEventStore)
    return len(await service.outside.inbox.stream(f"alarm/{CYCLE}", limit=100))


async def test_what_is_lost_for_good_is_acknowledged_and_published_and_stays_visible(
    counted: Ranking,
) -> None:
    await counted.approve()
    await lose(counted)
    before = await counted.publish()

    acknowledged = await acknowledge(counted)
    published = await counted.publish()

    said = acknowledged.json()["alarm"]
    assert (codes(before), published.status_code) == (["ledger-alarm"], 200)
    assert (said["number"], said["code"], said["decision"]) == (1, "checkpoint-lost", DECISION)
    assert said["acknowledged_by"].startswith("administrator:")
    to_auditors = (await counted.get(f"{AT}/ledger", "auditor")).json()
    to_all = (await counted.get(f"{AT}/log-key")).json()
    assert (to_auditors["alarm"], to_auditors["acknowledged"]) == (said, [said])
    del said["acknowledged_by"]
    assert (to_all["alarm"], to_all["acknowledged"]) == (said, [said])


async def test_what_was_acknowledged_is_signed_over(counted: Ranking) -> None:
    await lose(counted)
    counted.clock.advance(LATER)
    await counted.hear([changed()])
    before = len(await Notes(counted.outside.inbox).checkpoints(CYCLE))

    await acknowledge(counted)
    await counted.settle()

    assert len(await Notes(counted.outside.inbox).checkpoints(CYCLE)) == before + 1


async def test_the_same_acknowledgement_again_is_no_news(counted: Ranking) -> None:
    await lose(counted)
    first = await acknowledge(counted)

    again = await acknowledge(counted)

    assert again.json() == first.json()
    assert await alarms(counted) == 2


async def test_an_alarm_that_does_not_stand_cannot_be_acknowledged(counted: Ranking) -> None:
    none = await acknowledge(counted)
    await lose(counted)
    other = await acknowledge(counted, 2)

    assert [none.json()["code"], other.json()["code"]] == ["alarm-over"] * 2


@pytest.mark.parametrize("code", ["ledger-cut", "ledger-rewritten", "checkpoint-damaged"])
async def test_a_ledger_that_is_in_doubt_cannot_be_acknowledged(
    counted: Ranking, code: str
) -> None:
    await Notes(counted.outside.inbox).raise_alarm(CYCLE, Alarm(1, OPENED_AT, code))

    refused = await acknowledge(counted)

    assert (refused.status_code, refused.json()["code"]) == (409, "alarm-not-acknowledgeable")


async def test_another_alarm_hinders_again(counted: Ranking) -> None:
    await counted.approve()
    await lose(counted)
    await acknowledge(counted)
    later = Alarm(3, OPENED_AT, "ledger-rewritten")

    await Notes(counted.outside.inbox).raise_alarm(CYCLE, later)

    assert codes(await counted.publish()) == ["ledger-alarm"]

"""The alarm over HTTP: a ledger that is not the one which was signed is told of, and not published.

How it is found out is tested where the worker signs.
"""

from collections.abc import AsyncIterator

import pytest

from services.ranking.application.notes import ALARM
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """A whole cycle that could be published."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        yield service


async def keep_alarm(service: Ranking, number: int, said: str) -> None:
    kept = entry.to_bytes(Entry(OPENED_AT, said.encode()))
    await service.outside.inbox.append([Stored(ALARM + CYCLE, number, "ledger-alarm", kept)])


async def test_the_ledger_tells_of_the_alarm_and_of_its_end(counted: Ranking) -> None:
    well = (await counted.get(f"{AT}/ledger", "auditor")).json()["alarm"]
    at = OPENED_AT.isoformat()

    await keep_alarm(counted, 1, "ledger-rewritten")
    alarmed = (await counted.get(f"{AT}/ledger", "auditor")).json()["alarm"]
    told = (await counted.get(f"{AT}/log-key")).json()["alarm"]
    await keep_alarm(counted, 2, "")
    over = (await counted.get(f"{AT}/ledger", "auditor")).json()["alarm"]

    assert (well, alarmed, over) == (
        None,
        {"number": 1, "code": "ledger-rewritten", "at": at},
        None,
    )
    assert told == alarmed


async def test_nothing_is_published_of_such_a_ledger_until_it_is_over(counted: Ranking) -> None:
    await counted.approve()
    await keep_alarm(counted, 1, "ledger-rewritten")

    hindrances = (await counted.get(f"{AT}/hindrances", "council")).json()["hindrances"]
    refused = await counted.publish()
    await counted.settle()  # The worker looks at it all, and takes the alarm back.
    published = await counted.publish()

    assert refused.status_code == 409
    assert [each["code"] for each in refused.json()["errors"]] == ["ledger-alarm"]
    assert hindrances == [{"code": "ledger-alarm"}]
    assert published.status_code == 200


async def test_such_a_ledger_is_not_approved_either(counted: Ranking) -> None:
    await keep_alarm(counted, 1, "ledger-cut")

    refused = await counted.approve()

    assert [each["code"] for each in refused.json()["errors"]] == ["ledger-alarm"]

"""What the tests of replay share: the exported facts of a published cycle."""

from collections.abc import AsyncIterator

import pytest

from services.ranking.application import making
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE
from tests.support.stopping import StoppingDocuments
from tests.support.told import whole_cycle


@pytest.fixture
async def facts() -> list[bytes]:
    """The exported facts of a published cycle: approval and publication stand at their end."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        return (await service.get(f"/cycles/{CYCLE}/facts", "auditor")).content.splitlines()


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody draws beside these tests, so that there is nothing to wait for."""
    monkeypatch.setattr(making, "LOOK_S", 0.0)


@pytest.fixture
async def published() -> AsyncIterator[Ranking]:
    """A result that was approved and published."""
    async with ranking(documents=StoppingDocuments()) as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        yield service

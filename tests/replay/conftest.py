"""What the tests of replay share: the exported facts of a published cycle."""

import pytest

from tests.support.ranking import ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle


@pytest.fixture
async def facts() -> list[bytes]:
    """The exported facts of a published cycle: approval and publication stand at their end."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        return (await service.get(f"/cycles/{CYCLE}/facts", "auditor")).content.splitlines()

"""A cycle is withdrawn behind its publication: what was published is nobody's result any more."""

from collections.abc import AsyncIterator

import pytest

from shared.events import codec, submission
from shared.events.envelope import Context
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import DECISION, SEALED, whole_cycle

AT = f"/cycles/{CYCLE}"
SHOWN = (
    f"{AT}/table",
    f"{AT}/table?revision=1",
    f"{AT}/agencies/so-y-te",
    f"{AT}/agencies/so-y-te/explain",
)
RANGES = f"{AT}/rank-ranges"
FACT = submission.CycleWithdrawn(cycle=CYCLE, decision=DECISION, because=SEALED)


@pytest.fixture
async def published() -> AsyncIterator[Ranking]:
    """The first revision is out."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        yield service


async def withdraw(service: Ranking) -> None:
    """Submission says that the cycle is over without a result."""
    [*_, last] = [each for each in whole_cycle() if each.stream == f"cycle/{CYCLE}"]
    await service.hear([codec.encode(last.stream, last.version + 1, Context(OPENED_AT), FACT)])


@pytest.mark.parametrize("path", [*SHOWN, RANGES])
async def test_the_public_is_shown_a_result_and_then_told_that_it_was_withdrawn(
    published: Ranking, path: str
) -> None:
    before = await published.get(path)

    await withdraw(published)

    after = await published.get(path)
    assert (before.status_code, before.json()["withdrawn"]) == (200, False)
    assert (after.status_code, after.json()["code"]) == (409, "result-withdrawn")


async def test_the_list_of_results_has_it_no_more(published: Ranking) -> None:
    before = (await published.get("/cycles")).json()["items"]

    await withdraw(published)

    assert [each["cycle"] for each in before] == [CYCLE]
    assert (await published.get("/cycles")).json()["items"] == []
    [kept] = (await published.get("/cycles", "auditor")).json()["items"]
    assert kept["withdrawn"] is True


@pytest.mark.parametrize("path", SHOWN)
async def test_who_audits_sees_it_still_and_that_it_was_withdrawn(
    published: Ranking, path: str
) -> None:
    revision = path if "revision" in path else f"{path}?revision=1"

    await withdraw(published)

    seen = await published.get(revision, "auditor")
    assert (seen.status_code, seen.json()["withdrawn"]) == (200, True)


async def test_that_it_was_published_stays_told_beside_the_withdrawal(published: Ranking) -> None:
    await withdraw(published)

    told = (await published.get(f"{AT}/publications")).json()
    present = (await published.get(f"{AT}/table", "auditor")).json()
    assert ([each["revision"] for each in told["publications"]], told["withdrawn"]) == ([1], True)
    assert (present["provisional"], present["withdrawn"]) == (True, True)

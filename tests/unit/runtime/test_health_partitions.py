"""Health of who receives several partitions: one that fails is not hidden by the others."""

import asyncio
import itertools
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.adapters.memory import MemoryClock, MemoryStream
from shared.ports import Delivery, Subscription
from shared.runtime.health import STILL_S_MAX
from shared.runtime.loop import PAUSE_S_MAX, Loop
from shared.runtime.service import Receiver
from tests.support.claims import stored
from tests.support.watched_loop import stuck_after, watched

NAME = "ranking"


class Torn:
    """Who keeps what comes from every partition but one, until that is mended.

    The record that failed is perhaps `kept` by another member meanwhile.
    """

    def __init__(self, torn: int, *, mended_s: float = math.inf, kept: bool = False) -> None:
        self._torn = torn
        self._mended_s = mended_s
        self._kept = kept
        self._failed = False
        self.received = 0

    async def position(self, partition: int) -> int:
        """All begin at the beginning, unless another member has kept something."""
        return int(self._kept and self._failed and partition == self._torn)

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Keep them, or fail."""
        now_s = asyncio.get_running_loop().time()
        if deliveries[0].partition == self._torn and now_s < self._mended_s:
            self._failed = True
            raise ValueError("a mistake")
        self.received += len(deliveries)


class Busy(MemoryStream):
    """A topic of two partitions with no end; a fetch brings what is in one of them or in both."""

    def __init__(self) -> None:
        super().__init__(MemoryClock())
        self._brings = itertools.cycle([(0,), (1,), (0,), (0, 1)])

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """Join, or join anew; of a partition that was received to its end nothing comes."""
        assert group == NAME
        past = {partition for partition in (0, 1) if await position_of(partition)}
        yield BusySubscription(self._brings, past)


class BusySubscription:
    """Both partitions."""

    def __init__(self, brings: Iterator[Sequence[int]], past: set[int]) -> None:
        self._brings = brings
        self._past = past

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """A record each."""
        await asyncio.sleep(timeout_s)
        fact, now = stored(1, "1"), MemoryClock().now()
        brought = [each for each in next(self._brings) if each not in self._past]
        return [Delivery(each, 1, now, "2021", fact.body) for each in brought][:limit]

    async def behind(self) -> Mapping[int, int | None]:
        """There is always more."""
        return {0: 0 if 0 in self._past else 7, 1: None}


def loop_of(inbox: Torn) -> Loop:
    """The loop that fills an inbox from a busy topic."""
    receiver = Receiver(Busy(), NAME, inbox)
    return Loop("test", receiver.step, progress=receiver.progress, end=receiver.close)


@pytest.mark.parametrize("torn", [0, 1])
def test_a_partition_that_always_fails_is_not_hidden_by_what_comes_in_another(torn: int) -> None:
    inbox = Torn(torn)

    assert not stuck_after(loop_of(inbox), STILL_S_MAX / 2)
    assert stuck_after(loop_of(inbox), STILL_S_MAX + 2 * PAUSE_S_MAX)
    assert inbox.received > 0


@pytest.mark.parametrize("torn", [0, 1])
def test_a_partition_that_is_mended_is_well_again(torn: int) -> None:
    inbox = Torn(torn, mended_s=STILL_S_MAX / 2)

    assert watched(loop_of(inbox), STILL_S_MAX / 4).failure == "ValueError"
    assert watched(loop_of(inbox), STILL_S_MAX).failure == ""
    assert not stuck_after(loop_of(inbox), 10 * STILL_S_MAX)


def test_a_partition_that_another_member_got_past_is_well_again() -> None:
    inbox = Torn(0, kept=True)

    assert watched(loop_of(inbox), STILL_S_MAX).failure == ""
    assert inbox.received > 0

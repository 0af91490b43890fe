"""The whole topic, from its beginning to where it ends: read once, by a reader of its own."""

from collections.abc import AsyncGenerator, Sequence

from shared.kernel.errors import Unavailable
from shared.ports import Delivery, Stream, Subscription

FETCH_RECORDS_MAX = 500
FETCH_WAIT_S = 0.5
FETCHES_IN_VAIN_MAX = 2
"""Where nothing came so often, it is asked whether anything is left."""


async def whole(topic: Stream, group: str) -> AsyncGenerator[Sequence[Delivery], None]:
    """Every record, in the order of each partition; now and then none came in time.

    `group` is a name that nobody else reads by. It ends where nothing was left at a moment, however
    much comes behind that.
    """
    in_vain = 0
    async with topic.subscribe(group, _from_the_beginning) as subscription:
        while True:
            deliveries = await subscription.fetch(limit=FETCH_RECORDS_MAX, timeout_s=FETCH_WAIT_S)
            in_vain = 0 if deliveries else in_vain + 1
            is_short = 0 < len(deliveries) < FETCH_RECORDS_MAX or in_vain >= FETCHES_IN_VAIN_MAX
            is_last = is_short and await _is_at_end(subscription)
            yield deliveries
            if is_last:
                return


async def _is_at_end(subscription: Subscription) -> bool:
    """Whether nothing is left in any partition; one that was not heard of yet may hold more.

    Where nobody can tell yet, the next fetch says when that takes too long.
    """
    try:
        return set((await subscription.behind()).values()) == {0}
    except Unavailable:
        return False


async def _from_the_beginning(_: int) -> int:
    return 0

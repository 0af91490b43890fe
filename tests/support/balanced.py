"""Facts held against what can have gone into an urn, as a verifier does."""

from collections.abc import Sequence

from shared.count.balance import Balance, Imbalance
from shared.events import codec
from shared.events.codec import Stored
from tests.support.small_cycle import CYCLE


def imbalances(told: Sequence[Stored], cycle: str = CYCLE) -> Sequence[Imbalance]:
    """What is said of facts that are told one after the other, and of all of them at the end."""
    balance, said = Balance(cycle), list[Imbalance]()
    for number, stored in enumerate(told, start=1):
        said += balance.take(number, codec.decode(stored.body))
    return [*said, *balance.end()]

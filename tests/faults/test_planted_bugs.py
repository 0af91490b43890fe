"""The simulator finds bugs: each of these is planted, and found within so many seeds.

The same seed without the bug keeps every promise.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.runtime.react import Reactor
from tests.faults.simulator import bad_adapters, bad_reactors, bad_runtime
from tests.faults.simulator.pieces import RETRY_S, Pieces
from tests.faults.simulator.simulation import simulate
from tests.support import tally

OFTEN, SELDOM = 20, 150
"""Within how many seeds a bug is found, if it shows in most worlds, or in few of them."""


def reacting(kind: type[Reactor]) -> Pieces:
    """The pieces, with another reactor."""
    return Pieces(reactor=partial(kind, retry_s=RETRY_S))


BUGS = {
    "a relay that stores its position before it is acknowledged": (
        Pieces(relay=bad_runtime.HastyRelay),
        OFTEN,
    ),
    "a relay that leaps to the end of the log": (Pieces(relay=bad_runtime.LeapingRelay), OFTEN),
    "a log that shows its positions out of order": (
        Pieces(store=bad_adapters.UnorderedStore),
        OFTEN,
    ),
    "a store that lets two record the same version": (
        Pieces(store=bad_adapters.TrustingStore),
        SELDOM,
    ),
    "a handler that does not know a request again": (
        Pieces(handler=bad_runtime.ForgetfulHandler),
        OFTEN,
    ),
    "a handler that acknowledges before it has recorded": (
        Pieces(handler=bad_runtime.HastyHandler),
        OFTEN,
    ),
    "an inbox that stores its position before its facts": (
        Pieces(inbox=bad_runtime.HastyInbox),
        OFTEN,
    ),
    "a reactor that stores its position before it reacts": (
        reacting(bad_reactors.HastyReactor),
        SELDOM,
    ),
    "a reactor that passes over what it fails at": (
        reacting(bad_reactors.CarelessReactor),
        SELDOM,
    ),
    "a reactor that stops streams in memory alone": (
        reacting(bad_reactors.ForgetfulReactor),
        OFTEN,
    ),
    "a reactor that goes on behind what it fails at": (
        reacting(bad_reactors.RushingReactor),
        OFTEN,
    ),
    "a reactor that takes a stopped stream from its beginning": (
        reacting(bad_reactors.RepeatingReactor),
        SELDOM,
    ),
    "a ledger without de-duplication": (Pieces(numberer=bad_runtime.CredulousNumberer), OFTEN),
    "a ledger that takes a gap for nothing": (Pieces(numberer=bad_runtime.LeapingNumberer), OFTEN),
    "a ledger in the order of arrival": (Pieces(numberer=bad_runtime.ArrivalNumberer), OFTEN),
    "a ledger that parks in memory alone": (Pieces(numberer=bad_runtime.LightNumberer), OFTEN),
    "a ledger that stores its position before its numbers": (
        Pieces(numberer=bad_runtime.HastyNumberer),
        SELDOM,
    ),
    "a projector that marks its position before it shows": (
        Pieces(projector=bad_runtime.HastyProjector),
        OFTEN,
    ),
    "a projector that applies a fact again": (
        Pieces(projector=bad_runtime.CarelessProjector),
        SELDOM,
    ),
    "documents that are overwritten by older ones": (
        Pieces(documents=bad_adapters.OverwritingDocuments),
        SELDOM,
    ),
    "an urn that does not set aside what was drawn": (
        Pieces(urn=bad_adapters.ForgetfulUrn),
        SELDOM,
    ),
    "an urn that takes a second answer": (Pieces(urn=bad_adapters.GenerousUrn), OFTEN),
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str, record_property: Callable[[str, Any], None]) -> None:
    pieces, seeds_max = BUGS[bug]

    found = next(seed for seed in range(1, seeds_max + 1) if simulate(seed, pieces).flaws)

    assert simulate(found).flaws == ()
    tally.count(record_property, "planted bugs", {bug: {"found by seed": found}})

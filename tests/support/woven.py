"""Coroutines run to their end in an event loop in which a seed decides who goes next."""

from collections.abc import Coroutine
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run
from typing import Any, TypeVar

from tests.faults.simulator.loop import SeededLoop

Result = TypeVar("Result")


def woven(seed: int, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of the work, whose tasks meet in an order that follows from the seed.

    Time passes by the step, and sleeping costs none.
    """
    loop = SeededLoop(Random(seed))  # type: ignore[abstract]  # it has what is used, and no sockets
    return loop.run_until_complete(work)

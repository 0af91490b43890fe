"""Clients that take their time, and what came of them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.raw import Line

BREATH_S = 0.5
"""Between two drops."""


@dataclass(frozen=True, slots=True)
class Slow:
    """What is said at first and what drops then, and within how long that comes to an end.

    Who `insists` goes on when they are answered, until they are cut off.
    """

    first: bytes
    drop: bytes = b""
    seconds: float | None = None
    insists: bool = False


@dataclass
class Told:
    """What came of the lines of one kind."""

    lines: int = 0
    cut_off: int = 0
    longest_s: float = 0.0
    statuses: list[int] = field(default_factory=list)

    @property
    def inside(self) -> int:
        return sum(status < 400 for status in self.statuses)

    @property
    def row(self) -> Mapping[str, int]:
        """For the table."""
        return {
            "lines": self.lines,
            "refused": len(self.statuses) - self.inside,
            "cut off": self.cut_off,
            "inside": self.inside,
        }


async def slowly(url: str, slow: Slow, told: Told, seconds: float) -> None:
    """Say the first at once and a drop now and then, until answered or cut off."""
    began_s = time.monotonic()
    line = await Line.to(url)
    told.lines += 1
    try:
        is_taken = await line.say(slow.first)
        while time.monotonic() - began_s < seconds:
            heard = await line.hear(BREATH_S)
            told.statuses += heard.statuses
            if heard.is_ended or not is_taken:
                told.cut_off += not heard.statuses
                return
            if heard.statuses and not slow.insists:
                return
            is_taken = await line.say(slow.drop)
    finally:
        told.longest_s = max(told.longest_s, time.monotonic() - began_s)
        await line.close()

"""What changed in a cycle between two places of its ledger, and which facts changed it."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ranking import views
from services.ranking.application.exported import pages
from services.ranking.application.ledgers import Ledgers
from shared.count.difference import Difference
from shared.kernel.actor import Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Missing, Refused
from shared.runtime.turn import Turn

DIFFERENCE_FACTS_MAX = 50_000
"""Over more facts nobody follows what changed; a few seconds on one core."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one place of a ledger to another, each by its number or its time; else to its end."""

    first: int | datetime
    last: int | datetime | None = None


class Differences:
    """Compares a ledger with what it once was; one comparison after the other."""

    def __init__(self, ledgers: Ledgers) -> None:
        self._ledgers = ledgers
        self._turn = Turn()

    async def between(
        self, by: Actor, cycle: str, span: Span, agency: str = ""
    ) -> Mapping[str, Any]:
        """What changed behind the first place and up to the last: for one agency, or for all.

        An agency sees its own changes, without ranks and without those that others made. Raises
        `Missing("agency-not-in-table")` for one that was never on the roster.
        """
        permit(by, "read-provisional", agency=agency)
        state = (await self._ledgers.now(cycle)).replay.state
        if agency and agency not in state.roster.keys() | state.left.keys():
            raise Missing("agency-not-in-table", name=agency)
        first, last = await self._places(cycle, span)
        async with self._turn.taken():
            difference = await self._followed(cycle, first, last)
        roster = (await self._ledgers.now(cycle)).replay.state.roster
        sees_all = may(by, "read-provisional") is None
        body = views.difference_body(difference, roster, agency)
        return {"cycle": cycle, **(body if sees_all else views.without_others(body))}

    async def _places(self, cycle: str, span: Span) -> tuple[int, int]:
        now = await self._ledgers.now(cycle)
        last = now.replay.size if span.last is None else now.number_at(span.last)
        first = now.number_at(span.first)
        if first > last:
            raise Refused("difference-backwards", first=str(first), last=str(last))
        if last - first > DIFFERENCE_FACTS_MAX:
            maximum = str(DIFFERENCE_FACTS_MAX)
            raise Refused("difference-too-long", facts=str(last - first), maximum=maximum)
        return first, last

    async def _followed(self, cycle: str, first: int, last: int) -> Difference:
        difference = Difference((await self._ledgers.at(cycle, first)).replay.fork())
        async with aclosing(pages(self._ledgers, cycle, first, last)) as read:
            async for page in read:
                for entry in page:
                    difference.take(entry)
                await asyncio.sleep(0)
        return difference

"""What the answers came to, and how many came: counted anew from the facts at every question."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from services.survey.application.made import Workbench
from services.survey.application.rights import Rights
from services.survey.application.shelf import Place, Shelf, stream
from services.survey.domain import questionnaire as domain
from services.survey.domain import results, turnout
from services.survey.domain.cycle import Cycle
from shared.events import survey as events
from shared.events.submission import Mode
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused
from shared.runtime.handle import Handler

REPORTS_MAX = 64
"""So many questionnaires are not counted again as long as nothing new is said of them."""

COPIES_MAX = 20
"""Through so many copies an earlier questionnaire is looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A questionnaire, how far it was read, what it came to, and what is published of that.

    `version` is the number of its last fact: from so many facts it was counted.
    """

    adopted: events.QuestionnaireAdopted
    version: int
    closed: bool
    mode: Mode | None
    report: results.Report
    publication: results.Report


@dataclass(frozen=True, slots=True)
class Compared:
    """A reading, and beside it an earlier one and what changed, where that was asked for."""

    now: Reading
    before: tuple[Reading, results.Comparison] | None


class Results:
    """Readings of what was answered. Nothing of the urn is needed but for the turnout.

    On their bench they are also written out.
    """

    def __init__(self, shelf: Shelf, batches: Handler, rights: Rights, bench: Workbench) -> None:
        self._shelf = shelf
        self._batches = batches
        self._rights = rights
        self.bench = bench
        self._one = asyncio.Lock()
        self._known: OrderedDict[Place, tuple[Cycle, Reading]] = OrderedDict()

    async def read(self, by: Actor, at: Place, before: Place) -> Compared:
        """All results of the questionnaire `at` (cycle, name).

        `before` is the cycle and questionnaire to compare it with. Without a name, it is the one
        of that cycle that this one was copied from, or else the one of the same name; without a
        cycle, none. Raises `Missing("questionnaire-unknown")`, of the one to compare with
        `Missing("comparison-unknown")`, or `Refused("comparison-with-itself")`.
        """
        permit(by, "read-turnout")
        return _compared(await self._reading(at), await self._earlier(at, before))

    async def published(self, at: Place, before: Place) -> Compared:
        """What everybody may read of it, once it is closed: nothing of small groups.

        Raises `Refused("results-not-published")` before that, also of the one to compare with,
        `Refused("cycle-withdrawn")` where the cycle is void, closed or not, and what `read` raises.
        """
        now = await self._published(at)
        earlier = await self._named(at, before)
        return _compared(now, None if earlier is None else await self._published(earlier))

    async def names(self, cycle: str) -> Mapping[str, str]:
        """What the agencies of a cycle are called, by their codes."""
        return (await self._shelf.cycle(cycle)).names

    async def turnout(self, by: Actor, at: Place) -> turnout.Turnouts:
        """The turnout against the plan."""
        used = {
            agency: turnout.Used(each.invited, each.answered, each.by_link)
            for agency, each in (await self._rights.turnout(by, at)).items()
        }
        state = await self._shelf.questionnaire(*at)
        channels = await self._batches.load(stream(*at), turnout.BATCH_CHANNELS)
        return turnout.turnouts(state, await self._shelf.cycle(at[0]), channels, used)

    async def _reading(self, at: Place) -> Reading:
        state, cycle = await self._shelf.questionnaire(*at), await self._shelf.cycle(at[0])
        reading = self._remembered(at, state, cycle)
        if reading is None:
            async with self._one:
                # Whoever asked for the same meanwhile finds it counted.
                reading = self._remembered(at, state, cycle)
                reading = reading or await self._count(at, state, cycle)
        return reading

    def _remembered(self, at: Place, state: domain.Questionnaire, cycle: Cycle) -> Reading | None:
        known = self._known.get(at)
        if known is None or known[0] != cycle or known[1].version != state.version:
            return None
        self._known.move_to_end(at)
        return known[1]

    async def _count(self, at: Place, state: domain.Questionnaire, cycle: Cycle) -> Reading:
        adopted = domain.adopted_in(state)
        reports = await self.bench.run(partial(_counted, state, cycle))
        reading = Reading(adopted, state.version, state.closed, cycle.mode, *reports)
        self._known[at] = cycle, reading
        self._known.move_to_end(at)
        while len(self._known) > REPORTS_MAX:
            self._known.popitem(last=False)
        return reading

    async def _published(self, at: Place) -> Reading:
        reading = await self._reading(at)
        if (await self._shelf.cycle(at[0])).withdrawn:
            raise Refused("cycle-withdrawn", cycle=at[0])
        if not reading.closed:
            raise Refused("results-not-published", questionnaire="/".join(at))
        return replace(reading, report=reading.publication)

    async def _earlier(self, at: Place, before: Place) -> Reading | None:
        named = await self._named(at, before)
        return None if named is None else await self._reading(named)

    async def _named(self, at: Place, before: Place) -> Place | None:
        """The questionnaire to compare with; another one, which is there."""
        cycle, name = before
        if not cycle:
            return None
        named = (cycle, name) if name else await self._copied_from(at, cycle)
        if named == at:
            raise Refused("comparison-with-itself", questionnaire="/".join(at))
        if (await self._shelf.questionnaire(*named)).adopted is None:
            raise Missing("comparison-unknown", questionnaire="/".join(named))
        return named

    async def _copied_from(self, at: Place, cycle: str) -> Place:
        """The one of the cycle that stands in the chain of copies, or the one of the same name."""
        link = at
        for _ in range(COPIES_MAX):
            adopted = domain.adopted_in(await self._shelf.questionnaire(*link))
            if adopted.copied_from is None:
                break
            source, _, name = adopted.copied_from.partition("/")
            link = source, name
            if source == cycle:
                return link
        return cycle, at[1]


def _counted(state: domain.Questionnaire, cycle: Cycle) -> tuple[results.Report, results.Report]:
    whole = results.report(state, cycle)
    return whole, results.published(whole, domain.adopted_in(state))


def _compared(now: Reading, before: Reading | None) -> Compared:
    if before is None:
        return Compared(now, None)
    comparison = results.compared((now.adopted, now.report), (before.adopted, before.report))
    return Compared(now, (before, comparison))

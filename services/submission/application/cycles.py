"""What Sở Nội vụ does with a cycle, and how everybody reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.submission.application.shelf import Shelf
from services.submission.domain import cycle as domain
from services.submission.views import CYCLES, PROGRESS, cycles, progress
from shared.events import submission as events
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.calendar import PhaseName
from shared.kernel.errors import Missing
from shared.ports import Document, Seals
from shared.runtime.handle import Outcome

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a cycle is opened with; agencies and schemes left out come from the cycle copied."""

    year: int
    decision: events.LegalAct
    calendar: tuple[events.Phase, ...]
    agencies: tuple[events.Agency, ...] | None
    schemes: Mapping[str, Body] | None
    copy_from: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a running cycle is changed: a decision, and words that are sealed before recording."""

    decision: events.LegalAct
    because: str


class Cycles:
    """The cycles: opened, changed with a reason, and read."""

    def __init__(self, shelf: Shelf, seals: Seals, mode: events.Mode) -> None:
        self._shelf = shelf
        self._seals = seals
        self._mode = mode

    async def open(self, by: Actor, name: str, opening: Opening, context: Context) -> Outcome:
        """Open a cycle, with schemes and agencies of its own or those of an earlier one."""
        permit(by, "open-cycle")
        agencies, schemes = await self._copied(name, opening)
        command = domain.OpenCycle(
            cycle=name,
            year=opening.year,
            mode=self._mode,
            decision=opening.decision,
            agencies=agencies if opening.agencies is None else opening.agencies,
            calendar=opening.calendar,
            schemes=schemes if opening.schemes is None else opening.schemes,
            copied_from=opening.copy_from,
        )
        return await self._decide(name, command, context)

    async def amend_scheme(
        self, by: Actor, place: tuple[str, str], scheme: Body, reason: Reason, context: Context
    ) -> Outcome:
        """Replace the scheme at `place`: a cycle and a tier."""
        permit(by, "amend-scheme")
        name, tier = place
        because = await self._seals.seal(reason.because)
        command = domain.AmendScheme(tier, scheme, reason.decision, because)
        return await self._decide(name, command, context)

    async def withdraw(self, by: Actor, name: str, reason: Reason, context: Context) -> Outcome:
        """End a cycle without a result."""
        permit(by, "withdraw-cycle")
        because = await self._seals.seal(reason.because)
        return await self._decide(name, domain.WithdrawCycle(reason.decision, because), context)

    async def extend_deadline(
        self,
        by: Actor,
        name: str,
        extension: tuple[PhaseName, str | None, datetime],
        reason: Reason,
        context: Context,
    ) -> Outcome:
        """Let a phase close later: `extension` is the phase, the agency or None, and until when."""
        permit(by, "extend-deadline")
        because = await self._seals.seal(reason.because)
        phase, agency, until = extension
        command = domain.ExtendDeadline(phase, agency, until, reason.decision, because, context.at)
        return await self._decide(name, command, context)

    async def add_agency(
        self, by: Actor, name: str, agency: events.Agency, reason: Reason, context: Context
    ) -> Outcome:
        """Let an agency join a running cycle."""
        permit(by, "change-agencies")
        because = await self._seals.seal(reason.because)
        command = domain.AddAgency(agency, reason.decision, because)
        return await self._decide(name, command, context)

    async def withdraw_agency(
        self, by: Actor, name: str, agency: str, reason: Reason, context: Context
    ) -> Outcome:
        """Let an agency leave a running cycle."""
        permit(by, "change-agencies")
        because = await self._seals.seal(reason.because)
        command = domain.WithdrawAgency(agency, reason.decision, because)
        return await self._decide(name, command, context)

    async def import_results(
        self, by: Actor, name: str, table: domain.ImportItemResults, context: Context
    ) -> Outcome:
        """Take over a table that was published elsewhere."""
        permit(by, "import-results")
        return await self._decide(name, table, context)

    # --- Readings

    async def list(self, by: Actor, *, after: str, limit: int) -> Sequence[Document]:
        """Cycles in the order of their names."""
        permit(by, "read-cycle")
        documents = await self._shelf.documents()
        return await documents.page(CYCLES.collection, prefix="", after=after, limit=limit)

    async def cycle(self, by: Actor, name: str) -> dict[str, Any]:
        """A cycle with its agencies and its calendar."""
        permit(by, "read-cycle")
        return cycles.whole(await self._shelf.cycle(name), by)

    async def scheme(self, by: Actor, name: str, tier: str) -> Body:
        """The scheme of a tier, whole, as the log has it."""
        permit(by, "read-cycle")
        found = await self._shelf.cycle(name)
        if tier not in found.documents:
            raise Missing("tier-unknown", tier=tier)
        return found.documents[tier]

    async def progress(self, by: Actor, name: str) -> dict[str, Any]:
        """How far each agency has come; an agency sees itself alone."""
        permit(by, "read-submission", agency=by.agency)
        found = await self._shelf.cycle(name)
        documents = await self._shelf.documents()
        keys = [progress.key(name, code) for code in found.agencies]
        known = await documents.many(PROGRESS.collection, keys)
        bodies = {key: document.body for key, document in known.items() if document.body}
        return progress.of_cycle(found, bodies, only=by.agency if by.role == "agency" else None)

    async def _copied(
        self, name: str, opening: Opening
    ) -> tuple[tuple[events.Agency, ...], Mapping[str, Body]]:
        """What the earlier cycle gives; said again, what it gave the first time."""
        if opening.copy_from is None:
            return (), {}
        before = await self._shelf.cycle_or_nothing(name)
        if before.opening is not None and before.opening.copied_from == opening.copy_from:
            return before.opening.agencies, before.adopted
        return domain.copied(await self._shelf.cycle(opening.copy_from), opening.year)

    async def _decide(self, name: str, command: domain.Command, context: Context) -> Outcome:
        return await self._shelf.own.handle(domain.stream(name), domain.decider, command, context)

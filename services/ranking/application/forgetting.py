"""What administrators have forgotten: who somebody is, and what people wrote."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.ranking import domain
from services.ranking.domain import Shredding, Texts
from shared.events import codec
from shared.events import ranking as events
from shared.events.envelope import Context, Recorded, Sealed
from shared.kernel.actor import Actor, same_person
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused
from shared.ports import Directory, EventStore, Seals, read_out
from shared.runtime.handle import Handler, Outcome
from shared.runtime.number import LEDGER, entries

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WantedTexts:
    """Which texts are to go: those that a person wrote, by the opaque id, or those of facts."""

    person: str = ""
    facts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Who is to be forgotten, by the opaque id, and the cycle in whose log that is to stand."""

    cycle: str
    person: str


class Forgetting:
    """What is to be forgotten of the cycles. The ledgers tell which texts there are, and whose."""

    def __init__(
        self, own: Handler, ledgers: EventStore, seals: Seals, directory: Directory
    ) -> None:
        self._own = own
        self._ledgers = ledgers
        self._seals = seals
        self._directory = directory

    async def propose(
        self, by: Actor, cycle: str, wanted: WantedTexts, reason: str, context: Context
    ) -> Outcome:
        """Propose that texts go for good: all at once that may go."""
        permit(by, "propose-shredding")
        if bool(wanted.person) == bool(wanted.facts):
            raise Refused("person-or-facts")
        texts = await self._texts(cycle)
        found = texts.of_person(wanted.person) if wanted.person else texts.of_facts(wanted.facts)
        because = await self._sealed(cycle, reason)
        command = domain.ProposeShredding(cycle, wanted.person, found, because)
        return await self._decide(cycle, command, context)

    async def second(self, by: Actor, cycle: str, shredding: str, context: Context) -> Outcome:
        """Agree to a proposal of somebody else; soon nobody can read these texts any more."""
        permit(by, "second-shredding")
        return await self._decide(cycle, domain.SecondShredding(shredding, by.reference), context)

    async def forget(
        self,
        by: Actor,
        whom: Somebody,
        reason: str,
        context: Context,
        *,
        despite_unknown: bool,
    ) -> Outcome:
        """Have every directory forget who stands behind an opaque id.

        Raises `Missing("person-unknown")` for who neither acted in the cycle nor came here, unless
        it is to be done all the same: nobody is told that somebody is forgotten whose id was
        mistyped, and no name that was sent for an id stands in the log by mistake.
        """
        permit(by, "forget-person")
        await self._require_ledger(whom.cycle)
        if not (despite_unknown or await self._is_known(whom)):
            raise Missing("person-unknown")
        because = await self._sealed(whom.cycle, reason)
        command = domain.ForgetPerson(whom.cycle, whom.person, because, by)
        return await self._decide(whom.cycle, command, context)

    async def shreddings(self, by: Actor, cycle: str) -> Sequence[Body]:
        """Every proposal, with what became of it."""
        permit(by, "read-shreddings")
        await self._require_ledger(cycle)
        state = await self._state(cycle)
        return [await self._body(shredding) for shredding in state.shreddings.values()]

    async def _body(self, shredding: Shredding) -> Body:
        proposed = shredding.proposed
        return {
            "shredding": proposed.shredding,
            "status": "open" if shredding.seconded_by is None else "shredded",
            "person": proposed.person,
            "facts": [text.fact for text in proposed.texts],
            "reason": await read_out(self._seals, proposed.because),
            "by": shredding.by,
            "seconded_by": shredding.seconded_by,
        }

    async def _texts(self, cycle: str) -> Texts:
        """The sealed texts of a cycle's ledger; raises `Missing` where there is no ledger."""
        await self._require_ledger(cycle)
        texts = Texts()
        async for number, recorded in self._facts(cycle, domain.may_hold_text):
            texts.take(number, recorded)
        return texts

    async def _is_known(self, whom: Somebody) -> bool:
        """Whether this person was here, or a fact of the cycle is by them in whichever role.

        Who was to be forgotten before is known too: it may be the same request, told again.
        """
        cycle, person = whom.cycle, whom.person
        if person in (await self._state(cycle)).forgotten or await self._directory.knows(person):
            return True
        async for _, recorded in self._facts(cycle, partial(domain.may_be_of, person)):
            if same_person(recorded.context.actor or "", f":{person}"):
                return True
        return False

    async def _facts(
        self, cycle: str, may_matter: Callable[[bytes], bool]
    ) -> AsyncIterator[tuple[int, Recorded]]:
        """The facts of a cycle's ledger by their numbers, without most that do not matter."""
        async for number, kept in entries(self._ledgers, LEDGER + cycle):
            if not may_matter(kept.fact):
                continue
            try:
                yield number, codec.decode(kept.fact)
            except codec.Unreadable:
                continue  # Whatever it is, it is no fact, and the ledger tells it as a fault.

    async def _require_ledger(self, cycle: str) -> None:
        """A cycle that nobody has heard of has nothing to forget, and no facts of its own."""
        if await self._ledgers.last(LEDGER + cycle) is None:
            raise Missing("cycle-not-counted", name=cycle)

    async def _sealed(self, cycle: str, reason: str) -> Sealed:
        state = await self._state(cycle)
        known = [each.proposed.because for each in state.shreddings.values()]
        return await self._seals.seal(reason, like=known)

    async def _state(self, cycle: str) -> domain.Privacy:
        return await self._own.load(events.privacy_of(cycle), domain.privacy_decider)

    async def _decide(self, cycle: str, command: object, context: Context) -> Outcome:
        stream = events.privacy_of(cycle)
        return await self._own.handle(stream, domain.privacy_decider, command, context)

"""What is to be forgotten of a cycle: who stands behind an opaque id, and what somebody wrote.

The log keeps every byte. What goes is apart from it: the entry of a directory, and the keys of
sealed texts. A key that is gone never comes back, so that shredding takes two people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import assert_never

from shared.events import ranking as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.authority import require_second_person, require_somebody_else
from shared.kernel.decider import Decider
from shared.kernel.errors import Missing, Refused

TEXTS_MAX = 1_000
"""So many texts one fact names; who wrote more has them shredded by several."""


@dataclass(frozen=True, slots=True)
class ProposeShredding:
    """Somebody proposes that these texts, of `person` or of several, go for good."""

    cycle: str
    person: str
    texts: tuple[events.SealedText, ...]
    because: Sealed


@dataclass(frozen=True, slots=True)
class SecondShredding:
    """A second person agrees; `by` is the reference of who does."""

    shredding: str
    by: str


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Nobody is to know any more who stands behind this opaque id; `by` is who says so."""

    cycle: str
    person: str
    because: Sealed
    by: Actor


Command = ProposeShredding | SecondShredding | ForgetPerson


@dataclass(frozen=True, slots=True)
class Shredding:
    """A proposal, who made it, and who agreed, if anybody has."""

    proposed: events.ShreddingProposed
    by: str
    seconded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Privacy:
    """Every proposal by its name, the keys that are gone, and who was to be forgotten by the id.

    `version` is that of the stream.
    """

    version: int = 0
    shreddings: Mapping[str, Shredding] = field(default_factory=lambda: MappingProxyType({}))
    shredded: frozenset[str] = frozenset()
    forgotten: frozenset[str] = frozenset()


def evolve(state: Privacy, recorded: Recorded) -> Privacy:
    """Fold one fact."""
    fact: events.PrivacyFact = recorded.data
    by, known = recorded.context.actor or "", state.shreddings
    state = replace(state, version=recorded.version)
    match fact:
        case events.ShreddingProposed():
            return replace(state, shreddings={**known, fact.shredding: Shredding(fact, by)})
        case events.TextsShredded():
            seconded = replace(known[fact.shredding], seconded_by=by)
            gone = state.shredded | {text.key for text in fact.texts}
            return replace(state, shreddings={**known, fact.shredding: seconded}, shredded=gone)
        case events.PersonForgotten():
            return replace(state, forgotten=state.forgotten | {fact.person})
        case _:
            assert_never(fact)


def decide(command: Command, state: Privacy) -> Sequence[events.PrivacyFact]:
    """Decide on a command."""
    match command:
        case ProposeShredding():
            return _propose_shredding(command, state)
        case SecondShredding():
            return _second_shredding(command, state)
        case ForgetPerson():
            return _forget_person(command)
        case _:
            assert_never(command)


def _propose_shredding(
    command: ProposeShredding, state: Privacy
) -> Sequence[events.ShreddingProposed]:
    """The proposal, of what is not shredded yet."""
    texts = tuple(text for text in command.texts if text.key not in state.shredded)[:TEXTS_MAX]
    if not texts:
        raise Refused("nothing-to-shred")
    open_ones = (each for each in state.shreddings.values() if each.seconded_by is None)
    if any(each.proposed.texts == texts for each in open_ones):
        return ()
    return (
        events.ShreddingProposed(
            cycle=command.cycle,
            shredding=f"shredding-{state.version + 1}",
            person=command.person,
            texts=texts,
            because=command.because,
        ),
    )


def _second_shredding(command: SecondShredding, state: Privacy) -> Sequence[events.TextsShredded]:
    if command.shredding not in state.shreddings:
        raise Missing("shredding-unknown", shredding=command.shredding)
    shredding = state.shreddings[command.shredding]
    if shredding.seconded_by == command.by:
        return ()
    if shredding.seconded_by is not None:
        raise Refused("shredding-over", shredding=command.shredding)
    require_second_person(shredding.by, command.by, action=command.shredding)
    proposed = shredding.proposed
    return (
        events.TextsShredded(
            cycle=proposed.cycle,
            shredding=proposed.shredding,
            texts=proposed.texts,
            because=proposed.because,
        ),
    )


def _forget_person(command: ForgetPerson) -> Sequence[events.PersonForgotten]:
    """Told each time: whoever was forgotten and came again is to be forgotten once more."""
    require_somebody_else(command.person, command.by)
    fact = events.PersonForgotten(
        cycle=command.cycle, person=command.person, because=command.because
    )
    return (fact,)


decider = Decider(initial=Privacy(), decide=decide, evolve=evolve)

"""The council's verdict on an item: its self-score is recognised, or rejected for other points.

A verdict names the declaration and the evidence that the member saw, so that nobody decides on
what they have not seen. To reject with zero points takes two people: the verdict becomes a
proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from services.appraisal.domain.cycle import Round
from services.appraisal.domain.sitting import (
    Sitting,
    require_assigned,
    require_changeable,
    require_round,
    require_seat,
    require_version,
)
from services.appraisal.domain.state import Appraisal, Decision, Examined
from shared.events import appraisal as events
from shared.events.envelope import Sealed
from shared.kernel import points, rules
from shared.kernel.errors import Flaw, Forbidden, Missing, Refused, Stale

REJECT_WITH_ZERO: events.ActionKind = "reject-with-zero"


@dataclass(frozen=True, slots=True)
class Recognise:
    """The self-score counts (công nhận); `awarded`, where given, says what it is held to be.

    `evidence` of None is what is attached at this moment.
    """

    item: str
    declaration: str
    evidence: tuple[str, ...] | None
    awarded: str | None = None
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """The self-score does not count (không công nhận); `awarded` points do."""

    item: str
    declaration: str
    evidence: tuple[str, ...] | None
    awarded: str
    because: Sealed
    legal_basis: str
    based_on: int | None = None


Verdict = Recognise | Reject


@dataclass(frozen=True, slots=True)
class Decide:
    """A member decides on one item."""

    sitting: Sitting
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DecideTogether:
    """A member decides on several items of an agency at once: on all of them, or on none."""

    sitting: Sitting
    verdicts: tuple[Verdict, ...]


def decide_verdicts(command: Decide | DecideTogether, state: Appraisal) -> Sequence[events.Fact]:
    """The facts of one verdict, or of several together."""
    require_seat(command.sitting, state)
    match command:
        case Decide(sitting, verdict):
            fact = _judge(verdict, sitting, state, state.version + 1)
            return (fact,) if fact else ()
        case DecideTogether():
            return _decide_together(command, state)
        case _:
            assert_never(command)


def _decide_together(command: DecideTogether, state: Appraisal) -> Sequence[events.Fact]:
    """The facts of all verdicts, or everything that is wrong with any of them."""
    facts: list[events.Fact] = []
    flaws = [
        Flaw(f"/decisions/{place}/item", "item-twice", {"item": verdict.item})
        for place, verdict in enumerate(command.verdicts)
        if any(verdict.item == earlier.item for earlier in command.verdicts[:place])
    ]
    for place, verdict in enumerate(command.verdicts):
        try:
            fact = _judge(verdict, command.sitting, state, state.version + 1 + len(facts))
        except (Refused, Missing, Forbidden, Stale) as problem:
            flaws.append(Flaw(f"/decisions/{place}", problem.code, problem.details))
        else:
            facts.extend([fact] if fact else [])
    if flaws:
        raise Refused("decisions-refused", flaws=flaws, count=str(len(flaws)))
    return facts


def _judge(
    verdict: Verdict, sitting: Sitting, state: Appraisal, version: int
) -> Decision | events.ActionProposed | None:
    """The fact of a verdict, which would get this version; None where it is no news."""
    examined = require_assigned(sitting, state, verdict.item)
    if _is_known(verdict, sitting, state):
        return None
    require_changeable(sitting, state)
    running = require_round(sitting)
    require_version(examined, verdict.based_on)
    _require_seen(verdict, sitting, examined)
    match verdict:
        case Recognise():
            return _recognise(verdict, sitting, examined, running)
        case Reject():
            return _reject(verdict, sitting, examined, version)
        case _:
            assert_never(verdict)


def _is_known(verdict: Verdict, sitting: Sitting, state: Appraisal) -> bool:
    """Whether this very thing was decided (in this round, while one runs) or is proposed."""
    examined = state.items[verdict.item]
    if examined.proposal:
        return _is_proposed(verdict, sitting, state.actions[examined.proposal].proposed)
    decision = examined.decision
    if decision is None or sitting.round not in {None, decision.round}:
        return False
    match verdict, decision:
        case Recognise(), events.ScoreRecognised():
            awarded = verdict.awarded
        case Reject(), events.ScoreRejected() if _says(verdict, decision):
            awarded = verdict.awarded
        case _:
            return False
    same_points = awarded is None or points.parse(awarded) == points.parse_exact(decision.awarded)
    return same_points and _sees(verdict, sitting, decision)


def _is_proposed(verdict: Verdict, sitting: Sitting, proposal: events.ActionProposed) -> bool:
    return (
        isinstance(verdict, Reject)
        and points.parse(verdict.awarded) == 0
        and _says(verdict, proposal)
        and _sees(verdict, sitting, proposal)
    )


def _says(verdict: Reject, said: events.ScoreRejected | events.ActionProposed) -> bool:
    return (verdict.because, verdict.legal_basis) == (said.because, said.legal_basis)


def _sees(verdict: Verdict, sitting: Sitting, said: Decision | events.ActionProposed) -> bool:
    evidence = set(_evidence(verdict, sitting))
    return (verdict.declaration, evidence) == (said.declaration, set(said.evidence))


def _evidence(verdict: Verdict, sitting: Sitting) -> tuple[str, ...]:
    attached = sitting.sheet.item(verdict.item).evidence
    return attached if verdict.evidence is None else verdict.evidence


def _require_seen(verdict: Verdict, sitting: Sitting, examined: Examined) -> None:
    """The member saw what the agency presents now, and what the council knows it presents."""
    presented = sitting.sheet.item(verdict.item)
    if not verdict.declaration == presented.declaration == examined.given.declaration:
        raise Refused("declaration-changed", item=verdict.item)
    if set(_evidence(verdict, sitting)) != set(presented.evidence):
        raise Refused("evidence-changed", item=verdict.item)


def _recognise(
    verdict: Recognise, sitting: Sitting, examined: Examined, running: Round
) -> events.ScoreRecognised:
    claimed = self_score(examined)
    if verdict.awarded is not None and points.parse(verdict.awarded) != claimed:
        raise Refused(
            "recognise-awards-the-self-score",
            item=verdict.item,
            awarded=verdict.awarded,
            points=points.exact(claimed),
        )
    return events.ScoreRecognised(
        cycle=sitting.cycle.code,
        agency=sitting.agency,
        item=verdict.item,
        declaration=verdict.declaration,
        evidence=sitting.sheet.item(verdict.item).evidence,
        round=running,
        awarded=points.exact(claimed),
    )


def _reject(
    verdict: Reject, sitting: Sitting, examined: Examined, version: int
) -> events.ScoreRejected | events.ActionProposed:
    awarded = points.parse(verdict.awarded)
    _require_awardable(awarded, sitting, examined)
    evidence = sitting.sheet.item(verdict.item).evidence
    if awarded == 0:
        return events.ActionProposed(
            cycle=sitting.cycle.code,
            agency=sitting.agency,
            action=f"action-{version}",
            kind=REJECT_WITH_ZERO,
            because=verdict.because,
            item=verdict.item,
            declaration=verdict.declaration,
            evidence=evidence,
            legal_basis=verdict.legal_basis,
        )
    return events.ScoreRejected(
        cycle=sitting.cycle.code,
        agency=sitting.agency,
        item=verdict.item,
        declaration=verdict.declaration,
        evidence=evidence,
        round=require_round(sitting),
        awarded=points.exact(awarded),
        because=verdict.because,
        legal_basis=verdict.legal_basis,
    )


def _require_awardable(awarded: Fraction, sitting: Sitting, examined: Examined) -> None:
    """Between 0 and the maximum, and not what the agency claims itself."""
    item = examined.given.item
    if not examined.given.declaration:
        raise Refused("nothing-to-reject", item=item)
    maximum = _maximum(sitting, examined)
    if not 0 <= awarded <= maximum:
        raise Refused(
            "awarded-out-of-range",
            item=item,
            awarded=points.exact(awarded),
            maximum=points.exact(maximum),
        )
    if awarded == self_score(examined) and _claims_points(sitting, item):
        raise Refused("reject-needs-other-points", item=item, points=points.exact(awarded))


def _maximum(sitting: Sitting, examined: Examined) -> Fraction:
    """By the present scheme; an item that it no longer has keeps the maximum it was locked with."""
    item = sitting.cycle.applicable(sitting.agency).get(examined.given.item)
    return item.maximum if item else points.parse_exact(examined.given.maximum)


def _claims_points(sitting: Sitting, code: str) -> bool:
    """Whether the agency claims points, rather than that the item does not apply this year."""
    item = sitting.cycle.applicable(sitting.agency).get(code)
    if item is None:
        return True
    try:
        return rules.evaluate(item, sitting.sheet.item(code).inputs).applicable
    except Refused:
        return True  # An amended scheme does not take what was declared before it.


def self_score(examined: Examined) -> Fraction:
    """The points that the agency claims for an item; nothing declared is 0."""
    return points.parse_exact(examined.given.points or "0")

"""The council's verdict on an item: its self-score is recognised, or rejected for other points.

A verdict names the declaration and the evidence that the member saw, so that nobody decides on
what they have not seen. To take away more than one member may alone takes two people: the verdict
becomes a proposal.

Penalties and bonus items outside the tree can be given to an agency that declared nothing: nobody
declares a penalty against themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, assert_never

from services.appraisal.domain.cycle import Round
from services.appraisal.domain.sitting import (
    Sitting,
    require_assigned,
    require_changeable,
    require_round,
    require_scanned,
    require_seat,
    require_version,
)
from services.appraisal.domain.stake import claim, is_claimed, maximum_of, takes_two
from services.appraisal.domain.state import Appraisal, Decision, Examined
from shared.events import appraisal as events
from shared.events.envelope import Sealed
from shared.kernel import points
from shared.kernel.errors import Flaw, Forbidden, Missing, Refused, Stale


@dataclass(frozen=True, slots=True)
class Verdict:
    """The self-score of an item counts (công nhận), or `awarded` points do (không công nhận).

    `evidence` of None is what is attached at this moment. Recognising needs no points; where they
    are given, they say what the self-score is held to be.
    """

    item: str
    decision: Literal["recognise", "reject"]
    declaration: str
    evidence: tuple[str, ...] | None = None
    awarded: str | None = None
    because: Sealed | None = None
    legal_basis: str = ""
    based_on: int | None = None


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
    require_scanned(sitting, verdict.item)
    match verdict.decision:
        case "recognise":
            return _recognise(verdict, sitting, examined, running)
        case "reject":
            return _reject(verdict, sitting, examined, version)
        case _:
            assert_never(verdict.decision)


def _is_known(verdict: Verdict, sitting: Sitting, state: Appraisal) -> bool:
    """Whether this very thing was decided (in this round, while one runs) or is proposed."""
    examined = state.items[verdict.item]
    said: Decision | events.ActionProposed | None = examined.decision
    if examined.proposal:
        said = state.actions[examined.proposal].proposed
    match verdict.decision, said:
        case "recognise", events.ScoreRecognised():
            same = points.parse_exact(said.awarded) == claim(sitting, examined).points
            same = same and (verdict.awarded is None or _awards(verdict, said.awarded))
            return same and _in_round(sitting, said) and _sees(verdict, sitting, said)
        case "reject", events.ScoreRejected():
            same = _awards(verdict, said.awarded) and _says(verdict, said)
            return same and _in_round(sitting, said) and _sees(verdict, sitting, said)
        case "reject", events.ActionProposed():
            same = _awards(verdict, said.awarded) and _says(verdict, said)
            return same and _sees(verdict, sitting, said)
        case _:
            return False


def _awards(verdict: Verdict, awarded: str) -> bool:
    given = verdict.awarded
    return given is not None and points.parse(given) == points.parse_exact(awarded)


def _in_round(sitting: Sitting, said: Decision) -> bool:
    return sitting.round in {None, said.round}


def _says(verdict: Verdict, said: events.ScoreRejected | events.ActionProposed) -> bool:
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
    verdict: Verdict, sitting: Sitting, examined: Examined, running: Round
) -> events.ScoreRecognised:
    if verdict.because or verdict.legal_basis:
        raise Refused("recognise-takes-no-reason", item=verdict.item)
    claimed = claim(sitting, examined).points
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
    verdict: Verdict, sitting: Sitting, examined: Examined, version: int
) -> events.ScoreRejected | events.ActionProposed:
    awarded, because = _required(verdict)
    _require_awardable(awarded, sitting, examined)
    evidence = sitting.sheet.item(verdict.item).evidence
    if takes_two(awarded, sitting, examined):
        return events.ActionProposed(
            cycle=sitting.cycle.code,
            agency=sitting.agency,
            action=f"action-{version}",
            kind="reject-score",
            because=because,
            item=verdict.item,
            declaration=verdict.declaration,
            evidence=evidence,
            awarded=points.exact(awarded),
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
        because=because,
        legal_basis=verdict.legal_basis,
    )


def _required(verdict: Verdict) -> tuple[Fraction, Sealed]:
    """What every rejection says: other points, the reason, and its legal basis."""
    if verdict.awarded is None:
        raise Refused("reject-needs-points", item=verdict.item)
    if verdict.because is None:
        raise Refused("reject-needs-reason", item=verdict.item)
    if not verdict.legal_basis:
        raise Refused("reject-needs-legal-basis", item=verdict.item)
    return points.parse(verdict.awarded), verdict.because


def _require_awardable(awarded: Fraction, sitting: Sitting, examined: Examined) -> None:
    """Between 0 and the maximum, and not what the agency claims itself."""
    item = examined.given.item
    if not examined.given.declaration and sitting.cycle.section(sitting.agency, item) == "tree":
        raise Refused("nothing-to-reject", item=item)
    maximum = maximum_of(sitting, examined)
    if not 0 <= awarded <= maximum:
        raise Refused(
            "awarded-out-of-range",
            item=item,
            awarded=points.exact(awarded),
            maximum=points.exact(maximum),
        )
    if is_claimed(awarded, sitting, examined):
        raise Refused("reject-needs-other-points", item=item, points=points.exact(awarded))

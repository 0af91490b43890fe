"""The sheet of an agency: every item with what is wanted, what was declared, and what proves it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal

from services.submission.domain.submission import (
    Entry,
    Situation,
    Submission,
    against_adding,
    against_drafting,
    against_locking,
    against_reopening,
    lacks_proof,
    unproved,
)
from services.submission.domain.submission.state import Evidence, Score
from services.submission.views.cycles import iso
from shared.kernel import authority, points, rules
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused
from shared.kernel.quarantine import Scan
from shared.kernel.scheme import Area, Criterion, Item

Texts = Mapping[str, str]
ItemStatus = Literal["not-applicable", "undeclared", "proof-missing", "declared"]


def whole(
    situation: Situation, submission: Submission, *, texts: Texts, reader: Actor
) -> dict[str, Any]:
    """The sheet; `texts` are the explanations by their facts."""
    cycle, agency = situation.cycle, situation.cycle.agencies[situation.agency]
    scheme = cycle.scheme_of(agency.code)
    missing = [item.code for item in unproved(situation, submission)]
    return {
        "cycle": cycle.name,
        "agency": agency.code,
        "name": agency.name,
        "tier": agency.tier,
        "scheme": {"code": scheme.code, "title": scheme.title, "sample": scheme.sample},
        "status": submission.status,
        "closes": iso(cycle.calendar.closes("self-scoring", agency.code)),
        "reopened_until": iso(submission.until) if submission.until else None,
        "locked_at": iso(submission.locked_at) if submission.locked_at else None,
        "locked_by": submission.locked_by,
        "claimed": points.exact(_claimed(situation, submission)),
        "items": [
            {
                **_item(item, submission, situation.agency, texts),
                **place,
                "actions": _item_actions(item, situation, submission, reader),
            }
            for item, place in _items(situation)
        ],
        "missing": missing,
        "version": submission.version,
        "actions": _sheet_actions(situation, submission, reader),
    }


def score_body(item: str, score: Score) -> dict[str, Any]:
    """A declaration alone."""
    return {
        "item": item,
        "inputs": dict(score.inputs),
        "points": score.points,
        "fact": score.fact,
        "version": score.version,
    }


def missing_body(situation: Situation, submission: Submission) -> dict[str, Any]:
    """What keeps the agency from locking: items without proof; and what is not declared yet."""
    declared = {code for code, entry in submission.entries.items() if entry.score}
    return {
        "cycle": situation.cycle.name,
        "agency": situation.agency,
        "proof": [
            {"item": item.code, "title": item.title, "evidence_wanted": item.evidence}
            for item in unproved(situation, submission)
        ],
        "undeclared": [
            {"item": item.code, "title": item.title, "maximum": points.exact(item.maximum)}
            for item in situation.cycle.declared_items(situation.agency)
            if item.code not in declared
        ],
    }


def _claimed(situation: Situation, submission: Submission) -> Fraction:
    """The points claimed in the tree; bonus and penalty stand outside it."""
    scheme = situation.cycle.scheme_of(situation.agency)
    outside = {item.code for item in (*scheme.bonus, *scheme.penalty)}
    claims = (
        points.parse_exact(entry.score.points)
        for code, entry in submission.entries.items()
        if entry.score and code in scheme.items and code not in outside
    )
    return sum(claims, Fraction(0))


def _items(situation: Situation) -> Iterator[tuple[Item, Mapping[str, str]]]:
    scheme = situation.cycle.scheme_of(situation.agency)
    for area in scheme.areas:
        for criterion in area.criteria:
            for item in criterion.items:
                if item.part == "self":
                    yield item, _place(area, criterion)
    for part, extras in (("bonus", scheme.bonus), ("penalty", scheme.penalty)):
        for item in extras:
            yield item, {"part": part}


def _place(area: Area, criterion: Criterion) -> Mapping[str, str]:
    return {
        "part": "tree",
        "area": area.code,
        "area_title": area.title,
        "criterion": criterion.code,
        "criterion_title": criterion.title,
    }


def _item(item: Item, submission: Submission, agency: str, texts: Texts) -> dict[str, Any]:
    entry = submission.entry(item.code)
    score, explanation = entry.score, entry.explanation
    return {
        "item": item.code,
        "title": item.title,
        "maximum": points.exact(item.maximum),
        "rule": type(item.rule).__name__.lower(),
        "inputs_wanted": _wanted(item),
        "no_task": item.no_task,
        "evidence_wanted": item.evidence,
        "status": _status(item, entry, agency),
        "inputs": dict(score.inputs) if score else None,
        "points": score.points if score else None,
        "version": score.version if score else None,
        "evidence": [
            _evidence(name, each, submission.scan(each.file.sha256))
            for name, each in sorted(entry.evidence.items())
        ],
        "explanation": {"fact": explanation.fact, "text": texts.get(explanation.fact)}
        if explanation
        else None,
    }


def _wanted(item: Item) -> list[dict[str, Any]]:
    return [
        {
            "name": wanted.name,
            "kind": wanted.kind,
            "choices": list(wanted.choices),
            "minimum": _exact_or_none(wanted.minimum),
            "maximum": _exact_or_none(wanted.maximum),
        }
        for wanted in rules.inputs_of(item.rule)
    ]


def _exact_or_none(number: Fraction | None) -> str | None:
    return None if number is None else points.exact(number)


def _status(item: Item, entry: Entry, agency: str) -> ItemStatus:
    if not item.applies_to(agency):
        return "not-applicable"
    if entry.score is None:
        return "undeclared"
    return "proof-missing" if lacks_proof(item, entry) else "declared"


def _evidence(name: str, evidence: Evidence, scan: Scan) -> dict[str, Any]:
    document, file = evidence.document, evidence.file
    return {
        "evidence": name,
        "document": {
            "number": document.number,
            "on": document.on.isoformat(),
            "issuer": document.issuer,
            "section": document.section,
        },
        "file": {
            "sha256": file.sha256,
            "size_bytes": file.size_bytes,
            "media_type": file.media_type,
            "standing": scan.standing,
        },
        "fact": evidence.fact,
        "version": evidence.version,
    }


def _item_actions(
    item: Item, situation: Situation, submission: Submission, reader: Actor
) -> dict[str, str | None]:
    elsewhere = None if item.applies_to(situation.agency) else "item-not-applicable"
    drafting = elsewhere or _code(against_drafting(situation, submission))
    adding = elsewhere or _code(against_adding(situation, submission, item.code))
    possible = {"submit-score": drafting, "attach-evidence": adding, "give-explanation": adding}
    return _allowed(possible, situation.agency, reader)


def _sheet_actions(
    situation: Situation, submission: Submission, reader: Actor
) -> dict[str, str | None]:
    possible = {
        "submit-score": _code(against_drafting(situation, submission)),
        "lock-submission": _code(against_locking(situation, submission)),
        "reopen-submission": _code(against_reopening(situation, submission)),
    }
    return _allowed(possible, situation.agency, reader)


def _allowed(
    possible: Mapping[str, str | None], agency: str, reader: Actor
) -> dict[str, str | None]:
    """What speaks against each action: first who the reader is, then the state of things."""
    return {
        action: authority.may(reader, action, agency=agency) or code
        for action, code in possible.items()
    }


def _code(refusal: Refused | None) -> str | None:
    return refusal.code if refusal else None

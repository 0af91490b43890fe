"""One item of one agency, down to what was said of it: rule, claim, proof and decision."""

from collections.abc import Mapping
from typing import Any

from services.ranking.views.explanation.answers import group_bodies, survey_working
from services.ranking.views.explanation.cited import Citations
from services.ranking.views.explanation.figures import percent_working, working_body
from services.ranking.views.explanation.known import Known
from shared.events import appraisal, codec, submission
from shared.kernel import rules
from shared.kernel.errors import Refused
from shared.kernel.index import Decision, Declaration
from shared.kernel.points import exact
from shared.kernel.scheme import Item, Survey
from shared.kernel.working import Working, given, written

Plain = Mapping[str, Any]

NOTHING_SAID = "nothing-said"
NOT_SCORABLE = "not-scorable"


def item_body(known: Known, citations: Citations, item: Item, as_adopted: Plain | None) -> Plain:
    """Everything about an item; `as_adopted` is how its scheme was written down, where known."""
    result = known.scored[item.code].result
    working = item_working(known, item)
    maximum = "scheme" if result.score.maximum else "not-applicable"
    return {
        "workings": {
            "points": working_body(working),
            "maximum": working_body(given(maximum, result.score.maximum)),
            "percent": percent_working(result.score.points, result.score.maximum),
        },
        "item_maximum": exact(item.maximum),
        "rule": as_adopted["rule"] if as_adopted else None,
        "no_task": item.no_task,
        "except_for": sorted(item.except_for),
        "evidence_wanted": item.evidence,
        "declaration": _declaration(known, citations, item),
        "evidence": _evidence(known, citations, item.code),
        "decision": _decision(known, citations, item),
        "imported": _imported(known, citations, item.code),
        "groups": group_bodies(known, citations, item),
    }


def item_working(known: Known, item: Item) -> Working:
    """How the points that count for an item come to be."""
    result, imported = known.scored[item.code].result, known.said.imported.get(item.code)
    match result.status:
        case "not-applicable":
            return _out_of_it(known, item)
        case "imported":
            assert imported is not None, "its points count"
            assert imported.points is not None, "it applies"
            said = written(imported.points)
            expression = f"min(max({said}, 0), {written(item.maximum)})"
            return Working("imported", expression, result.score.points, (imported.fact,))
        case "rejected":
            decision = known.said.decisions[item.code]
            return given("awarded", decision.awarded, decision.fact)
        case "surveyed" | "unanswered":
            return survey_working(known, item)
        case "pending" | "recognised" | "undeclared":
            return _claim(item, known.said.declarations.get(item.code))


def _out_of_it(known: Known, item: Item) -> Working:
    """Why an item leaves the maximum."""
    zero, agency = known.scored[item.code].result.score.points, known.row.agency
    if not item.applies_to(agency):
        return given("excepted", zero, agency)
    if isinstance(item.rule, Survey) and item.code not in known.said.imported:
        return given("unanswered-not-applicable", zero)
    declaration = known.said.declarations.get(item.code)
    if declaration is None:
        return given("imported-not-applicable", zero)
    return _claim(item, declaration)


def _claim(item: Item, declaration: Declaration | None) -> Working:
    """What the present scheme makes of a declaration."""
    if declaration is None:
        return given(NOTHING_SAID, item.maximum * 0)
    try:
        return rules.working(item, declaration.inputs)
    except Refused as refusal:
        return given(NOT_SCORABLE, item.maximum * 0, refusal.code)


def _declaration(known: Known, citations: Citations, item: Item) -> Plain | None:
    declaration = known.said.declarations.get(item.code)
    if declaration is None:
        return None
    said = citations.data(declaration.fact)
    return {
        **citations.reference(declaration.fact),
        "inputs": dict(declaration.inputs),
        "points_then": said.points if isinstance(said, submission.ScoreSubmitted) else None,
        "claimed": None
        if isinstance(item.rule, Survey)
        else working_body(_claim(item, declaration)),
    }


def _evidence(known: Known, citations: Citations, item: str) -> list[Plain]:
    """What is attached; where it is `condemned`, by which fact, and nobody is given it any more."""
    attached, condemned = known.said.evidence.get(item, {}), known.said.condemned_of(item)
    return [
        {
            "name": name,
            **citations.reference(fact),
            **_document(citations.data(fact)),
            "condemned": citations.reference(condemned[fact]) if fact in condemned else None,
        }
        for name, fact in sorted(attached.items())
    ]


def _document(said: Any) -> Plain:  # noqa: ANN401 - one of shared.events
    if not isinstance(said, submission.EvidenceAttached):
        return {"document": None, "file": None}
    return {
        "document": codec.plain(said.document),
        "file": codec.plain(said.file),
    }


def _decision(known: Known, citations: Citations, item: Item) -> Plain | None:
    """The council's last word; it counts as long as it `stands`."""
    decision = known.said.decisions.get(item.code)
    if decision is None:
        return None
    fell_by, condemned = _fell_by(known, decision, item), known.said.condemned_of(item.code)
    said = citations.data(decision.fact)
    return {
        **citations.reference(decision.fact),
        "recognised": decision.recognised,
        "awarded": exact(decision.awarded),
        "round": said.round
        if isinstance(said, appraisal.ScoreRecognised | appraisal.ScoreRejected)
        else None,
        "stands": fell_by is None,
        "fell_by": fell_by,
        "rests_on_condemned": fell_by is None
        and not condemned.keys().isdisjoint(decision.evidence),
        "saw": {"declaration": decision.declaration or None, "evidence": list(decision.evidence)},
        "legal_basis": said.legal_basis if isinstance(said, appraisal.ScoreRejected) else None,
        "because": _because(known, said, item.code),
    }


def _because(known: Known, said: Any, item: str) -> Plain | None:  # noqa: ANN401 - see above
    """A reason is sealed with a key of the appraisal service; ranking cannot read it."""
    if not isinstance(said, appraisal.ScoreRejected):
        return None
    cycle, agency = known.body["cycle"], known.row.agency
    read_at = f"/appraisal/cycles/{cycle}/agencies/{agency}/items/{item}"
    return {"sealed": True, "read_at": read_at}


def _fell_by(known: Known, decision: Decision, item: Item) -> str | None:
    """What put a decision out of force; None as long as it stands."""
    if not item.applies_to(known.row.agency):
        return "excepted"
    if isinstance(item.rule, Survey):
        return "scheme-amended"  # The council decides on no survey: it was none at the time.
    if known.scored[item.code].result.status != "pending":
        return None
    declaration = known.said.declarations.get(item.code)
    if decision.declaration != (declaration.fact if declaration else ""):
        return "declaration-changed"
    if not set(decision.evidence) <= set(known.said.evidence.get(item.code, {}).values()):
        return "evidence-withdrawn"
    return "scheme-amended"


def _imported(known: Known, citations: Citations, item: str) -> Plain | None:
    imported = known.said.imported.get(item)
    if imported is None:
        return None
    said = citations.data(imported.fact)
    return {
        **citations.reference(imported.fact),
        "points": None if imported.points is None else exact(imported.points),
        "source": said.source if isinstance(said, submission.ItemResultsImported) else None,
    }

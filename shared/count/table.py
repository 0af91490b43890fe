"""The tables of a cycle, and a list of everything in its facts that they leave out."""

from collections.abc import Iterator, Mapping

from shared.count.answers import Questionnaire, scored_questions, tallies
from shared.count.state import AgencyFacts, CycleState, Note
from shared.events import submission
from shared.kernel import rules
from shared.kernel.errors import Refused
from shared.kernel.index import (
    AgencyResult,
    AgencyState,
    Declaration,
    Scored,
    Table,
    assess,
    rank,
    scored,
)
from shared.kernel.scheme import Item, Scheme, Survey


def tables(state: CycleState) -> tuple[Table, ...]:
    """One table for each tier that has a scheme and an agency, by the tier's code."""
    return tuple(
        rank(scheme, rows)
        for _, scheme in sorted(state.schemes.items())
        if (rows := _rows(state, scheme))
    )


def assess_one(state: CycleState) -> bool:
    """Assess one agency that has changed, so that `tables` has less to do; False if none has.

    One after the other costs as much as all at once, and lets others have their turn in between.
    """
    for agency in state.roster.values():
        scheme = state.schemes.get(agency.tier)
        if scheme is not None and agency.code not in state.rows:
            state.rows[agency.code] = _row(state, scheme, agency)
            return True
    return False


def scores(state: CycleState, agency: submission.Agency) -> Mapping[str, Scored]:
    """What every item of an agency is worth, by the scheme of its tier."""
    _row(state, state.schemes[agency.tier], agency)
    return state.scores[agency.code]


def notes(state: CycleState) -> tuple[Note, ...]:
    """What was said and is not counted: of unknown agencies, items, groups, options, and the like.

    Facts of an agency that was withdrawn are no news: it has no row on purpose.
    """
    found = set(state.misfits)
    for code, facts in state.agencies.items():
        found.update(_notes_on_agency(state, code, facts))
    for questionnaire in state.questionnaires.values():
        found.update(_notes_on_questionnaire(state, questionnaire))
    return tuple(sorted(found))


def _rows(state: CycleState, scheme: Scheme) -> list[AgencyResult]:
    agencies = [agency for agency in state.roster.values() if agency.tier == scheme.tier]
    for agency in agencies:
        if agency.code not in state.rows:
            state.rows[agency.code] = _row(state, scheme, agency)
    return [state.rows[agency.code] for agency in agencies]


def _row(state: CycleState, scheme: Scheme, agency: submission.Agency) -> AgencyResult:
    """The row of an agency, of whose items only those are scored that have changed."""
    known = state.scores.setdefault(agency.code, {})
    wanted = [item for code, item in scheme.items.items() if code not in known]
    facts = state.agencies.get(agency.code) or AgencyFacts()
    is_asked = any(isinstance(item.rule, Survey) for item in wanted)
    questionnaires = [state.questionnaires[name] for name in sorted(state.questionnaires)]
    of_agency = AgencyState(
        code=agency.code,
        ranked=agency.ranked,
        declarations=facts.declarations,
        evidence={
            item.code: frozenset(facts.evidence[item.code].values())
            for item in wanted
            if item.code in facts.evidence
        },
        decisions=facts.decisions,
        imported=facts.imported,
        tallies=tallies(questionnaires, agency.code, agency.tier) if is_asked else {},
    )
    known.update({item.code: scored(item, of_agency) for item in wanted})
    return assess(scheme, of_agency, known)


def _notes_on_agency(state: CycleState, code: str, facts: AgencyFacts) -> Iterator[Note]:
    said = list(_said(facts))
    agency = state.roster.get(code)
    if agency is None:
        if code not in state.left:
            yield from (Note("agency-unknown", fact, code, item) for item, fact in said)
        return
    scheme = state.schemes.get(agency.tier)
    if scheme is None:
        return
    for item, fact in said:
        if item not in scheme.items:
            yield Note("item-unknown", fact, code, item)
    for item, declaration in facts.declarations.items():
        refusal = _refusal(scheme.items.get(item), declaration)
        if refusal:
            yield Note(refusal, declaration.fact, code, item)


def _refusal(item: Item | None, declaration: Declaration) -> str:
    """Why what was declared cannot be scored (any more); empty if it can."""
    try:
        if item is not None:
            rules.evaluate(item, declaration.inputs)
    except Refused as refusal:
        return refusal.code
    return ""


def _said(facts: AgencyFacts) -> Iterator[tuple[str, str]]:
    """Every item that was spoken of, with the fact that did."""
    for item, declaration in facts.declarations.items():
        yield item, declaration.fact
    for item, attached in facts.evidence.items():
        yield from ((item, fact) for fact in attached.values())
    for item, decision in facts.decisions.items():
        yield item, decision.fact
    for item, imported in facts.imported.items():
        yield item, imported.fact


def _notes_on_questionnaire(state: CycleState, asked: Questionnaire) -> Iterator[Note]:
    adopted = asked.adopted
    if adopted is None:
        yield from (Note("questionnaire-unknown", fact) for fact in asked.said())
        return
    for code in asked.agencies():
        agency = state.roster.get(code)
        if agency is None and code not in state.left:
            yield Note("agency-unknown", asked.fact, code)
        elif agency is not None and agency.tier != adopted.tier:
            yield Note("agency-of-another-tier", asked.fact, code)
    scheme = state.schemes.get(adopted.tier)
    if scheme is not None:
        yield from _notes_on_questions(scheme, asked)


def _notes_on_questions(scheme: Scheme, asked: Questionnaire) -> Iterator[Note]:
    assert asked.adopted is not None, "the caller has looked"
    for code, question in scored_questions(asked.adopted):
        item = scheme.items.get(code)
        if item is None:
            yield Note("item-unknown", asked.fact, item=code)
        elif not isinstance(item.rule, Survey):
            yield Note("item-not-surveyed", asked.fact, item=code)
        elif asked.adopted.group not in {group.code for group in item.rule.groups}:
            yield Note("group-unknown", asked.fact, item=code)
        else:
            options = {
                option
                for agency in asked.agencies()
                for option in asked.counted(agency, question.code)
            }
            if not options <= item.rule.shares.keys():
                yield Note("option-unknown", asked.fact, item=code)

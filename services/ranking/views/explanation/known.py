"""What a ledger says of one agency, taken out at one moment: a ledger grows, this does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from services.ranking.views.agency import agency_body
from services.ranking.views.table import Body
from shared.count.answers import scored_questions, tallies
from shared.count.ledger import Ledger
from shared.count.state import AgencyFacts, CycleState
from shared.count.table import scores
from shared.kernel.errors import Missing
from shared.kernel.index import AgencyResult, Scored, Table, Tally
from shared.kernel.scheme import Item, Scheme, Survey
from shared.kernel.small_group import is_small

ANSWERS_TOLD_MAX = 500
"""How many facts of surveys are told one by one, with their proofs; the others as ranges."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row of a table, and the last word on everything that it is made of.

    `codes` are the items to explain. `asked` names by item the facts by which its questionnaires
    were adopted, `adopted` the one that holds the scheme, `admitted` the one by which the agency
    is on the roster. `small` are the respondent groups that said too little of the agency for what
    they said to be told. `numbers` are those of the facts to tell; `untold` counts all others.
    """

    size: int
    root: str
    body: Body
    scheme: Scheme
    table: Table
    row: AgencyResult
    codes: frozenset[str]
    scored: Mapping[str, Scored]
    said: AgencyFacts
    tallies: Mapping[tuple[str, str], Tally]
    small: frozenset[str]
    asked: Mapping[str, Sequence[str]]
    adopted: str
    admitted: str
    numbers: Mapping[str, int]
    untold: int


def known_of(ledger: Ledger, table: Table, row: AgencyResult, part: str) -> Known:
    """Everything that explains a row; of its items those of a part (area, criterion or item).

    The empty part is the whole. Raises `Missing("explained-part-unknown")`.
    """
    replay, state = ledger.replay, ledger.replay.state
    scheme, agency = state.schemes[table.tier], state.roster[row.agency]
    codes = _codes(scheme, part)
    if not codes:
        areas = ", ".join(area.code for area in scheme.areas)
        raise Missing("explained-part-unknown", part=part, tier=table.tier, areas=areas)
    items = [scheme.items[code] for code in scheme.items if code in codes]
    all_scored = scores(state, agency)
    said = state.agencies.get(agency.code, AgencyFacts()).fork()
    asked = _asked(state, table.tier)
    sources = (state.admitted[agency.code], state.adopted[table.tier])
    single = [*sources, *([said.approved] if said.approved else []), *_single(items, all_scored)]
    single += [fact for item in items for fact in asked.get(item.code, ())]
    single += [fact for item in items for fact in said.condemned_of(item.code).values()]
    answers = dict.fromkeys(_answers(items, all_scored))
    told = dict.fromkeys([*single, *islice(answers, ANSWERS_TOLD_MAX)])
    return Known(
        size=replay.size,
        root=replay.root,
        body={**agency_body(ledger, table, row), "counted_to": replay.size},
        scheme=scheme,
        table=table,
        row=row,
        codes=codes,
        scored=dict(all_scored),
        said=said,
        tallies=tallies(state.questionnaires.values(), agency.code, agency.tier),
        small=frozenset(_small(state, agency.code, agency.tier)),
        asked=asked,
        admitted=sources[0],
        adopted=sources[1],
        numbers={fact: number for fact in told if (number := replay.number_of(fact)) is not None},
        untold=max(len(answers) - ANSWERS_TOLD_MAX, 0),
    )


def _codes(scheme: Scheme, part: str) -> frozenset[str]:
    """The items of a part; none where there is no such part."""
    if not part:
        return frozenset(scheme.items)
    return frozenset(
        item.code
        for area in scheme.areas
        for criterion in area.criteria
        for item in criterion.items
        if part in {area.code, criterion.code, item.code}
    ) | {item.code for item in (*scheme.bonus, *scheme.penalty) if item.code == part}


def _asked(state: CycleState, tier: str) -> Mapping[str, Sequence[str]]:
    asked: dict[str, list[str]] = {}
    for _, questionnaire in sorted(state.questionnaires.items()):
        adopted = questionnaire.adopted
        if adopted is not None and adopted.tier == tier:
            for item in dict.fromkeys(item for item, _ in scored_questions(adopted)):
                asked.setdefault(item, []).append(questionnaire.fact)
    return asked


def _small(state: CycleState, agency: str, tier: str) -> Iterator[str]:
    """Groups of which few answered some question, or few beside what others certify.

    Where that is so of one question, nothing is told of any: how many were asked a conditional
    question is how often options of another were chosen.
    """
    for questionnaire in state.questionnaires.values():
        adopted = questionnaire.adopted
        if adopted is None or adopted.tier != tier:
            continue
        chosen = questionnaire.chosen.get(agency, {})
        for _, question in scored_questions(adopted):
            people = questionnaire.counted(agency, question.code)
            responses = chosen.get(question.code, {})
            if is_small(sum(people.values()), sum(responses.values())):
                yield adopted.group


def _single(items: Iterable[Item], all_scored: Mapping[str, Scored]) -> Iterator[str]:
    for item in items:
        if not isinstance(item.rule, Survey):
            yield from all_scored[item.code].result.facts


def _answers(items: Iterable[Item], all_scored: Mapping[str, Scored]) -> Iterator[str]:
    for item in items:
        if isinstance(item.rule, Survey):
            yield from all_scored[item.code].result.facts

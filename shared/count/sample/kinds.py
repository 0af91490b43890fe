"""The answers about each agency, by what they are worth."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.count.answers import Questionnaire, scored_questions
from shared.count.sample.shape import Answers, Kind
from shared.count.state import CycleState
from shared.events import survey as events
from shared.kernel.scheme import Scheme, Survey

Effects = Mapping[str, tuple[int, Mapping[str, int]]]
"""The questions that count, each with the place of its item and the units of each valid option."""

NO_ANSWER = ""
"""What stands for an option where a question was passed over; no scale has one of that name."""


def answers_of(
    state: CycleState, scheme: Scheme, places: Mapping[str, int], units: int
) -> Mapping[str, Sequence[Answers]]:
    """What was said about each agency in the questionnaires for the tier of a scheme.

    So many units are a whole share.
    """
    said: dict[str, list[Answers]] = {}
    for _, questionnaire in sorted(state.questionnaires.items()):
        adopted = questionnaire.adopted
        if adopted is not None and adopted.tier == scheme.tier:
            effects = _effects(scheme, places, units, adopted)
            for agency, answers in _answers(questionnaire, adopted.group, effects):
                if answers.kinds:
                    said.setdefault(agency, []).append(answers)
    return said


def _effects(
    scheme: Scheme,
    places: Mapping[str, int],
    units: int,
    adopted: events.QuestionnaireAdopted,
) -> Effects:
    effects: dict[str, tuple[int, Mapping[str, int]]] = {}
    for item, question in scored_questions(adopted):
        rule = scheme.items[item].rule if item in places else None
        if isinstance(rule, Survey) and adopted.group in {each.code for each in rule.groups}:
            worth = {
                option: int(share * units)
                for option, share in rule.shares.items()
                if share is not None
            }
            effects[question.code] = (places[item], worth)
    return effects


def _answers(
    questionnaire: Questionnaire, group: str, effects: Effects
) -> Iterator[tuple[str, Answers]]:
    """Responses about each agency, and the answers to each question of each certified result."""
    for agency, chosen in _chosen(questionnaire.responses(), effects).items():
        given = ((dict(zip(effects, each, strict=True)), number) for each, number in chosen.items())
        kinds = _kinds(given, effects)
        yield agency, Answers(f"{questionnaire.name}/{agency}", group, whole=True, kinds=kinds)
    for (agency, source), (_, imported) in sorted(questionnaire.imports.items()):
        for question in sorted(effects.keys() & imported.counts.keys()):
            counts = imported.counts[question].items()
            kinds = _kinds((({question: option}, number) for option, number in counts), effects)
            name = f"{questionnaire.name}/{agency}/{question}/{source}"
            yield agency, Answers(name, group, whole=False, kinds=kinds)


def _chosen(
    responses: Iterable[events.Response], effects: Effects
) -> Mapping[str, Mapping[tuple[str, ...], int]]:
    """By agency, how often each combination of options was chosen."""
    chosen: dict[str, Counter[tuple[str, ...]]] = {}
    for response in responses:
        options = tuple(response.answers.get(question, NO_ANSWER) for question in effects)
        chosen.setdefault(response.agency, Counter())[options] += 1
    return chosen


def _kinds(given: Iterable[tuple[Mapping[str, str], int]], effects: Effects) -> Mapping[Kind, int]:
    """How often each kind was given; sorted, so that no order in the ledger changes a drawing."""
    kinds: Counter[Kind] = Counter()
    for answers, number in given:
        kinds[_kind(answers, effects)] += number
    return {kind: number for kind, number in sorted(kinds.items()) if number}


def _kind(answers: Mapping[str, str], effects: Effects) -> Kind:
    worth: dict[int, tuple[int, int]] = {}
    for question, option in answers.items():
        place, units = effects[question]
        if option in units:
            added, valid = worth.get(place, (0, 0))
            worth[place] = (added + units[option], valid + 1)
    return tuple((place, *each) for place, each in sorted(worth.items()))

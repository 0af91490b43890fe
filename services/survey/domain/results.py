"""What a questionnaire came to: how often each option was chosen, and the share that it gives.

The points of an item are counted by ranking, over all groups; this is the part of one group.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.survey.domain.cycle import Cycle
from services.survey.domain.questionnaire import Questionnaire, adopted_in
from shared.kernel.scheme import Survey as SurveyRule


@dataclass(frozen=True, slots=True)
class Result:
    """The answers to one question about one agency.

    `valid` counts the answers whose option has a share; `share` is their mean, between 0 and 1,
    None without any.
    """

    agency: str
    question: str
    item: str
    counts: Mapping[str, int]
    valid: int
    share: Fraction | None


def results(state: Questionnaire, cycle: Cycle) -> Sequence[Result]:
    """One result for every question and every agency that it asks about."""
    adopted = adopted_in(state)
    counts = _counts(state)
    items = cycle.schemes[adopted.tier].items
    found = []
    for agency in sorted(cycle.agencies_of(adopted.tier)):
        for question in adopted.questions:
            counted = counts.get((agency, question.code), Counter())
            rule = items[question.item].rule if question.item in items else None
            shares = rule.shares if isinstance(rule, SurveyRule) else {}
            valid, share = _mean(counted, shares)
            found.append(Result(agency, question.code, question.item, dict(counted), valid, share))
    return found


def _counts(state: Questionnaire) -> Mapping[tuple[str, str], Counter[str]]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for response in state.responses():
        for question, option in response.answers.items():
            counts.setdefault((response.agency, question), Counter())[option] += 1
    for imported in state.imported.values():
        for question, by_option in imported.counts.items():
            counts.setdefault((imported.agency, question), Counter()).update(by_option)
    return counts


def _mean(
    counted: Mapping[str, int], shares: Mapping[str, Fraction | None]
) -> tuple[int, Fraction | None]:
    scored = [(count, shares[option]) for option, count in counted.items() if option in shares]
    valid = sum(count for count, share in scored if share is not None)
    total = sum((count * share for count, share in scored if share is not None), Fraction(0))
    return valid, total / valid if valid else None

"""The answers behind a survey item: how often each option was chosen, group by group.

Of a small group neither that is told nor its mean, nor how the points come of it.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.ranking.views.explanation.cited import Citations
from services.ranking.views.explanation.figures import working_body
from services.ranking.views.explanation.known import Known
from shared.count.answers import scored_questions
from shared.events import survey
from shared.kernel import points
from shared.kernel.points import exact
from shared.kernel.scheme import Group, Item, Survey
from shared.kernel.working import Working, given, written

Plain = Mapping[str, Any]

WITHHELD = "small-group"


def survey_working(known: Known, item: Item) -> Working:
    """Maximum x weighted mean of the groups with a valid answer; 0 where there is none."""
    assert isinstance(item.rule, Survey), "it is one of a survey"
    result = known.scored[item.code].result
    means = {group: _mean(known, item, group) for group in item.rule.groups}
    present = [(group, mean) for group, mean in means.items() if mean is not None]
    if not present:
        return given("unanswered", result.score.points)
    weighted = " + ".join(
        f"{written(group.weight)} * {written(mean.value)}" for group, mean in present
    )
    weights = " + ".join(written(group.weight) for group, _ in present)
    of = tuple(group.code for group, _ in present)
    if known.small.intersection(of):
        return given(WITHHELD, result.score.points, *of)
    mean = f"({weighted}) / ({weights})" if len(present) > 1 else written(present[0][1].value)
    expression = f"{written(item.maximum)} * {mean}"
    return Working("survey", expression, result.score.points, of)


def group_bodies(known: Known, citations: Citations, item: Item) -> list[Plain]:
    """The respondent groups of an item with their answers; none for an item of another kind."""
    if not isinstance(item.rule, Survey):
        return []
    return [_group(known, citations, item, group) for group in item.rule.groups]


def _group(known: Known, citations: Citations, item: Item, group: Group) -> Plain:
    is_small = group.code in known.small
    mean = None if is_small else _mean(known, item, group)
    asked = [
        body
        for fact in known.asked.get(item.code, ())
        if (body := _questionnaire(citations, fact, item.code, group.code))
    ]
    titles = {code: title for body in asked for code, title in body["options"].items()}
    return {
        "group": group.code,
        "title": group.title,
        "weight": exact(group.weight),
        "withheld": WITHHELD if is_small else None,
        "options": _options(item, titles, None if is_small else _counts(known, item, group)),
        "mean": working_body(mean) if mean else None,
        "asked": asked,
    }


def _options(
    item: Item, titles: Mapping[str, str], counts: Mapping[str, int] | None
) -> list[dict[str, Any]]:
    """Every option of the scale, then those that it does not know: these are no valid answers.

    Without counts neither is told how often one was chosen, nor which of the others were.
    """
    shares = _shares(item)
    unknown = sorted((counts or {}).keys() - shares.keys())
    return [
        {
            "option": code,
            "title": titles.get(code),
            "share": None if (share := shares.get(code)) is None else exact(share),
            "count": None if counts is None else counts.get(code, 0),
        }
        for code in (*shares, *unknown)
    ]


def _mean(known: Known, item: Item, group: Group) -> Working | None:
    """Shares by how often they were chosen; None without a valid answer."""
    counts = _counts(known, item, group)
    valid = {
        code: (share, counts[code])
        for code, share in _shares(item).items()
        if share is not None and counts.get(code)
    }
    answers = sum(count for _, count in valid.values())
    if not answers:
        return None
    terms = " + ".join(f"{written(share)} * {count}" for share, count in valid.values())
    value = points.total(share * count for share, count in valid.values()) / answers
    return Working("mean", f"({terms}) / {answers}", value, tuple(valid))


def _shares(item: Item) -> Mapping[str, Fraction | None]:
    assert isinstance(item.rule, Survey), "it is one of a survey"
    return item.rule.shares


def _counts(known: Known, item: Item, group: Group) -> Mapping[str, int]:
    tally = known.tallies.get((item.code, group.code))
    return tally.counts if tally else {}


def _questionnaire(citations: Citations, fact: str, item: str, group: str) -> Plain | None:
    """What was asked, as the Vietnamese wording has it; None where another group was."""
    said = citations.data(fact)
    if not isinstance(said, survey.QuestionnaireAdopted) or said.group != group:
        return None
    questions = [question for scores, question in scored_questions(said) if scores == item]
    options = {option.code: option.title.vi for each in questions for option in each.options}
    return {
        **citations.reference(fact),
        "questionnaire": said.questionnaire,
        "title": said.title.vi,
        "questions": [{"code": each.code, "text": each.text.vi} for each in questions],
        "options": options,
    }

"""What of the results everybody may see: nothing of groups so small that people are known in them.

A result is withheld where fewer than `PUBLISHED_ANSWERS_MIN` people answered; or fewer than that,
but some, beside a certified total, which others may know and take off. A result that nobody
answered is shown: it speaks of nobody.

What is published adds up: the services of an agency to the agency, the agencies to all of them. A
sum less what is shown of it is what all that is withheld in it came to, so that each sum has none
or at least two unknowns, of `PUBLISHED_ANSWERS_MIN` people together: beside small services the
smallest others are withheld too, and beside small agencies the sum over all agencies. The sums are
a tree (no service is summed over agencies): every unknown stands between two sums or ends in a
group of its own, so that this is enough, whatever is added and subtracted.

Of how many a conditional question was asked is how often options of another one were chosen. So it
is withheld wherever that one is, of an agency, of a service and in sums, and 0 is withheld as well:
then nothing is told of those options but where they are shown themselves.

Ranking counts everything, and shows by whom as little (`shared.kernel.small_group`).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from services.survey.domain.results.report import Reason, Report, Row, Withheld
from services.survey.domain.results.result import Result
from shared.events import survey as events
from shared.kernel.small_group import PUBLISHED_ANSWERS_MIN, is_small

_Key = tuple[str, str | None, str]
_Reasons = dict[_Key, Reason]
"""Why a result is withheld, by its agency, service and question."""


def published(whole: Report, adopted: events.QuestionnaireAdopted) -> Report:
    """The same, without what would tell of a small group."""
    reasons = _reasons(whole, adopted)
    return Report(
        results=_shown(whole.results, reasons),
        services=_shown(whole.services, reasons),
        overall=_shown(whole.overall, reasons),
        overall_services=(),
        areas=tuple(
            area
            for area in whole.areas
            if not any((area.agency, None, question) in reasons for question in area.questions)
        ),
    )


def _reasons(whole: Report, adopted: events.QuestionnaireAdopted) -> _Reasons:
    """Question by question: the one that another hangs on stands before it."""
    reasons: _Reasons = {}
    for question in adopted.questions:
        hangs_on = question.asked_if.question if question.asked_if else ""
        agencies, services, overall = (
            _about(rows, question.code) for rows in (whole.results, whole.services, whole.overall)
        )
        for row in (*agencies, *services, *overall):
            if _is_small(row):
                reasons[_key(row)] = "small-group"
            elif (row.agency, row.service, hangs_on) in reasons:
                reasons[_key(row)] = "gives-another-away"
        for row in (*_services_along(services, reasons), *_sums_along(overall, agencies, reasons)):
            reasons.setdefault(_key(row), "gives-another-away")
    return reasons


def _services_along(rows: Sequence[Result], reasons: _Reasons) -> Iterator[Result]:
    """Withheld services of an agency take the smallest others along until they hide one another."""
    for _, each in groupby(rows, lambda row: row.agency):
        answered = sorted((row for row in each if row.by_response), key=lambda row: row.by_response)
        withheld = [row for row in answered if _key(row) in reasons]
        for other in [row for row in answered if _key(row) not in reasons]:
            if not withheld or _hide_one_another(withheld):
                break
            withheld.append(other)
            yield other


def _sums_along(
    overall: Sequence[Result], agencies: Sequence[Result], reasons: _Reasons
) -> Iterator[Result]:
    """Withheld agencies that do not hide one another take the sum over all along.

    Who knows the certified totals takes them off, and is left with the responses.
    """
    withheld = [row for row in agencies if _key(row) in reasons]
    counted = sum(bool(row.counts) for row in withheld)
    answered = sum(row.by_response > 0 for row in withheld)
    if 1 in {counted, answered} or (answered and not _hide_one_another(withheld)):
        yield from overall


def _hide_one_another(withheld: Sequence[Result]) -> bool:
    """Whether what is left of a sum, when the rest is taken off, speaks of no small group."""
    people = sum(row.by_response for row in withheld)
    return len(withheld) > 1 and people >= PUBLISHED_ANSWERS_MIN


def _is_small(row: Result) -> bool:
    # Of a certified total of several choices each, nobody says how many people it is of.
    return is_small(max((row.answered, *row.counts.values())), row.by_response)


def _shown(rows: Sequence[Row], reasons: _Reasons) -> tuple[Row, ...]:
    return tuple(
        Withheld(*_key(row), reasons[_key(row)]) if _key(row) in reasons else row for row in rows
    )


def _about(rows: Sequence[Row], question: str) -> Sequence[Result]:
    return [row for row in rows if isinstance(row, Result) and row.question == question]


def _key(row: Row) -> _Key:
    return row.agency, row.service, row.question

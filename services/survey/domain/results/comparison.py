"""Results beside those of an earlier cycle: what changed, and whether it is more than chance.

A question is compared with the one of the same code, if it is asked in the same way: the same kind
and the same options. *Satisfied* is in each cycle what its own scheme says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.survey.domain.results.interval import Interval
from services.survey.domain.results.report import Report, Row
from services.survey.domain.results.result import Result
from shared.events import survey as events


@dataclass(frozen=True, slots=True)
class Change:
    """How much a share changed; `beyond_margins` where the two intervals have nothing in common."""

    before: Fraction
    now: Fraction
    beyond_margins: bool

    @property
    def difference(self) -> Fraction:
        """What it became more, or less."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Compared:
    """One question about one agency, or all (empty), in both cycles."""

    agency: str
    question: str
    satisfied: Change
    share: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two questionnaires have in common, and what stands in one of them alone.

    What is without valid answers, or withheld, in one of them is in neither list of agencies, and
    not compared.
    """

    compared: tuple[Compared, ...]
    agencies_now: tuple[str, ...]
    agencies_before: tuple[str, ...]
    questions_now: tuple[str, ...]
    questions_before: tuple[str, ...]
    questions_changed: tuple[str, ...]


Asked = tuple[events.QuestionnaireAdopted, Report]
"""A questionnaire and what it came to."""


def compared(now: Asked, before: Asked) -> Comparison:
    """The results of now beside those of before."""
    asked_now, asked_before = _questions(now[0]), _questions(before[0])
    common = [code for code in asked_now if code in asked_before]
    changed = [code for code in common if asked_now[code] != asked_before[code]]
    agencies_now, agencies_before = _agencies(now[1]), _agencies(before[1])
    return Comparison(
        compared=tuple(_all_compared(now[1], before[1], frozenset(common) - set(changed))),
        agencies_now=tuple(sorted(agencies_now - agencies_before)),
        agencies_before=tuple(sorted(agencies_before - agencies_now)),
        questions_now=tuple(code for code in asked_now if code not in asked_before),
        questions_before=tuple(code for code in asked_before if code not in asked_now),
        questions_changed=tuple(changed),
    )


def _questions(adopted: events.QuestionnaireAdopted) -> dict[str, tuple[str, frozenset[str]]]:
    return {
        question.code: (question.kind, frozenset(option.code for option in question.options))
        for question in adopted.questions
        if question.item is not None
    }


def _agencies(report: Report) -> frozenset[str]:
    return frozenset(row.agency for row in report.results)


def _all_compared(now: Report, before: Report, questions: frozenset[str]) -> Iterator[Compared]:
    former = {(row.agency, row.question): row for row in _told(before)}
    for row in _told(now):
        earlier = former.get((row.agency, row.question))
        if row.question in questions and earlier is not None:
            yield from _compared(row, earlier)


def _compared(now: Result, before: Result) -> Iterator[Compared]:
    if now.scored is None or before.scored is None:
        return
    satisfied = _change(
        (before.satisfied, before.scored.satisfied_between),
        (now.satisfied, now.scored.satisfied_between),
    )
    share = _change(
        (before.share, before.scored.share_between), (now.share, now.scored.share_between)
    )
    if satisfied is not None and share is not None:
        yield Compared(now.agency, now.question, satisfied, share)


def _change(
    before: tuple[Fraction | None, Interval | None], now: tuple[Fraction | None, Interval | None]
) -> Change | None:
    match before, now:
        case (Fraction() as earlier, Interval() as around), (
            Fraction() as later,
            Interval() as around_later,
        ):
            return Change(earlier, later, not around.overlaps(around_later))
        case _:
            return None


def _told(report: Report) -> Sequence[Result]:
    rows: Sequence[Row] = (*report.results, *report.overall)
    return [row for row in rows if isinstance(row, Result)]

"""What the answers to one question came to: counts, shares, points, and how sure they are.

*Satisfied* (hài lòng) are valid answers whose option has the whole share, 1, in the scheme's scale
of the item. For SIPAS these are the options that the scheme calls satisfied, so that the share of
the satisfied is the mean of the shares; for officials (lãnh đạo, cán bộ) it is the best option.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.survey.domain.results.gathered import Gathered, Place
from services.survey.domain.results.interval import Interval, interval
from shared.events import survey as events
from shared.kernel.scheme import Item
from shared.kernel.scheme import Survey as SurveyRule


@dataclass(frozen=True, slots=True)
class Scored:
    """What valid answers give to their item: `share` is their mean, `points` maximum x share.

    The points are those of this question of this group alone: ranking weighs the groups of an
    item, and gathers the questions of one item.
    """

    item: str
    satisfied: int
    share: Fraction | None
    maximum: Fraction
    points: Fraction | None
    satisfied_between: Interval | None
    share_between: Interval | None


@dataclass(frozen=True, slots=True)
class Result:
    """The answers to one question about one agency, or all (empty), and a service, or any (None).

    `counts` says how often each option was chosen, in all; `imported` how much of it each source
    certifies, and `imported_forms` on how many forms that rests, where it says so. Of those
    `asked`, so many `answered`, `no_opinion` of them that they had none; the others are `valid`
    (for a question with an item: as far as the scheme knows the option).
    `shares` are the options among those who answered. How many people chose several options each,
    a certified total does not say: for such a question all of these numbers are of responses.
    `by_response` answered here, and in no certified total.
    """

    agency: str
    service: str | None
    question: str
    asked: int
    answered: int
    by_response: int
    no_opinion: int
    valid: int
    counts: Mapping[str, int]
    imported: Mapping[str, Mapping[str, int]]
    imported_forms: Mapping[str, int]
    shares: Mapping[str, Fraction]
    scored: Scored | None

    @property
    def item(self) -> str | None:
        """The item that it gives points to."""
        return None if self.scored is None else self.scored.item

    @property
    def share(self) -> Fraction | None:
        """The mean share of the valid answers; None without any."""
        return None if self.scored is None else self.scored.share

    @property
    def satisfied(self) -> Fraction | None:
        """The share of the satisfied among the valid answers; None without any."""
        if self.scored is None or self.valid == 0:
            return None
        return Fraction(self.scored.satisfied, self.valid)


def result(
    place: Place,
    question: events.Question,
    found: Gathered,
    item: Item | None,
    population: int | None,
) -> Result:
    """What was gathered in a place came to this; `population` people could have been asked."""
    certified: Counter[str] = Counter()
    for counts in found.imported.values():
        certified.update(counts)
    several = question.kind == "multiple-choice"
    told = found.chosen if several else found.chosen + certified
    elsewhere = 0 if several else certified.total()
    answered = found.answered + elsewhere
    shares = _scale(question, item)
    no_opinion = sum(told[code] for code, share in shares.items() if share is None)
    known = sum(told[code] for code in shares)
    return Result(
        agency=place.agency,
        service=place.service,
        question=question.code,
        asked=found.asked + elsewhere,
        answered=answered,
        by_response=found.answered,
        no_opinion=no_opinion,
        valid=(answered if item is None else known) - no_opinion,
        counts={code: count for code, count in (found.chosen + certified).items() if count},
        imported={source: dict(counts) for source, counts in sorted(found.imported.items())},
        imported_forms={
            source: forms for source, forms in sorted(found.forms.items()) if forms is not None
        },
        shares={code: Fraction(count, answered) for code, count in told.items() if answered},
        scored=None if item is None else _scored(item, told, shares, population),
    )


def _scale(question: events.Question, item: Item | None) -> Mapping[str, Fraction | None]:
    """The share of each option, None for "no opinion"; what is not scored has whole ones."""
    if item is None:
        return {
            option.code: None if option.no_opinion else Fraction(1) for option in question.options
        }
    return item.rule.shares if isinstance(item.rule, SurveyRule) else {}


def _scored(
    item: Item,
    counts: Mapping[str, int],
    shares: Mapping[str, Fraction | None],
    population: int | None,
) -> Scored:
    known = [(counts[code], share) for code, share in shares.items() if code in counts]
    valid = sum(count for count, share in known if share is not None)
    satisfied = sum(count for count, share in known if share == 1)
    total = sum((count * share for count, share in known if share is not None), Fraction(0))
    if valid == 0:
        return Scored(item.code, 0, None, item.maximum, None, None, None)
    share = total / valid
    return Scored(
        item=item.code,
        satisfied=satisfied,
        share=share,
        maximum=item.maximum,
        points=item.maximum * share,
        satisfied_between=interval(Fraction(satisfied, valid), valid, population),
        share_between=interval(share, valid, population),
    )

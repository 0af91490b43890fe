"""How fast answers about one agency come in, by the hour in which the ledger took them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from shared.count.flags.limits import FACTS_NAMED_MAX, WINDOW_S
from shared.count.flags.told import Ref, Told
from shared.events import survey

WINDOW = timedelta(seconds=WINDOW_S)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """The hour that runs, with its answers and batches, and how many answers came `before` it."""

    begins: datetime
    since: int
    answers: int
    before: int
    facts: tuple[Ref, ...]

    def usual(self, opened_at: datetime) -> Fraction:
        """How many answers an hour brought on average, from the opening up to this one."""
        return Fraction(self.before) * WINDOW_S / max(self.seconds_before(opened_at), 1)

    def seconds_before(self, opened_at: datetime) -> int:
        """The time between the opening and this hour, in seconds."""
        return (self.begins - opened_at) // timedelta(seconds=1)


def after(pace: Pace | None, told: Told, answers: int) -> Pace:
    """The pace with one more batch, of so many answers about the agency."""
    begins = told.taken_at - (told.taken_at - _EPOCH) % WINDOW
    if pace is None or begins != pace.begins:
        before = pace.before + pace.answers if pace else 0
        return Pace(begins, told.number, answers, before, (told.ref,))
    facts = (*pace.facts, told.ref)[:FACTS_NAMED_MAX]
    return Pace(begins, pace.since, pace.answers + answers, pace.before, facts)


def by_agency(responses: Iterable[survey.Response]) -> Mapping[str, int]:
    """How many responses are about each agency."""
    return Counter(response.agency for response in responses)

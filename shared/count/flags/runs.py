"""A member's decisions in a row, each within seconds of the one before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.count.flags.limits import FACTS_NAMED_MAX, PAUSE_S_MAX
from shared.count.flags.told import Ref, Told

Sending = tuple[str, str, datetime]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of decisions, from the first to the last by their own times.

    Those that were sent first, in one request, may have been read for as long as anybody likes;
    `behind` counts the others.
    """

    first: Sending
    since: int
    begun: datetime
    last: datetime
    decisions: int
    behind: int
    facts: tuple[Ref, ...]

    @property
    def seconds(self) -> int:
        """How long it took, from the first sending to the last."""
        return (self.last - self.begun) // timedelta(seconds=1)


def after(run: Run | None, told: Told) -> Run:
    """The member's run with one more decision; a new one where there was a pause before it.

    Requests that were made at once may be recorded the other way round, so that a time that is
    earlier by no more than the pause belongs to the run as well.
    """
    sending = (told.data.agency, *told.sending)
    if run is None or abs(told.at - run.last) > timedelta(seconds=PAUSE_S_MAX):
        return Run(sending, told.number, told.at, told.at, 1, 0, (told.ref,))
    return Run(
        first=run.first,
        since=run.since,
        begun=min(run.begun, told.at),
        last=max(run.last, told.at),
        decisions=run.decisions + 1,
        behind=run.behind + (sending != run.first),
        facts=(*run.facts, told.ref)[:FACTS_NAMED_MAX],
    )

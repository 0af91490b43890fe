"""What the council does when the submission service speaks: open, and notice what changed."""

from collections.abc import Sequence

from services.appraisal.domain.appraisal import NoteChange, OpenAppraisal
from shared.events import submission as events
from shared.events.envelope import Recorded

Reaction = OpenAppraisal | NoteChange


def react(recorded: Recorded) -> Sequence[Reaction]:
    """The commands that follow from a foreign fact; what is presented by then is laid beside them.

    Attaching evidence matters too: under the name of another it takes that one's place.
    """
    match recorded.data:
        case events.SubmissionLocked() as fact:
            return [
                OpenAppraisal(fact.cycle, fact.agency, fact.tier, recorded.id, fact.items),
            ]
        case (
            events.ScoreSubmitted()
            | events.ScoreWithdrawn()
            | events.EvidenceAttached()
            | events.EvidenceWithdrawn()
        ) as fact:
            return [NoteChange(fact.cycle, fact.agency, fact.item)]
        case _:
            return []

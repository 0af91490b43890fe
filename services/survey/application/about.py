"""What somebody is told before answering: what is asked, about whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from services.survey.domain.cycle import Cycle
from services.survey.domain.limits import EXCHANGE_ENDS_BEFORE
from shared.events import survey as events
from shared.kernel.calendar import local


@dataclass(frozen=True, slots=True)
class About:
    """A questionnaire as it is put to somebody; an agency without a known name goes by its code."""

    adopted: events.QuestionnaireAdopted
    agency: str
    agency_name: str
    closes: datetime
    is_trial: bool

    @property
    def exchange_ends(self) -> datetime:
        """Until when invitations are given for ballots; what was given can be cast to the end."""
        return self.closes - EXCHANGE_ENDS_BEFORE


def about(adopted: events.QuestionnaireAdopted, cycle: Cycle, agency: str) -> About:
    """A questionnaire as it is put to somebody who is asked about an agency."""
    name = cycle.names.get(agency, agency)
    return About(adopted, agency, name, cycle.closes(adopted.closes), cycle.is_trial)


def by_the_clock(at: datetime) -> str:
    """A time as everybody here reads it."""
    return local(at)

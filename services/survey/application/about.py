"""What somebody is told before answering: what is asked, about whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from services.survey.domain.cycle import Cycle
from shared.events import survey as events


@dataclass(frozen=True, slots=True)
class About:
    """A questionnaire as it is put to somebody; an agency without a known name goes by its code."""

    adopted: events.QuestionnaireAdopted
    agency: str
    agency_name: str
    closes: datetime
    is_trial: bool


def about(adopted: events.QuestionnaireAdopted, cycle: Cycle, agency: str) -> About:
    """A questionnaire as it is put to somebody who is asked about an agency."""
    name = cycle.names.get(agency, agency)
    return About(adopted, agency, name, cycle.closes(adopted.closes), cycle.is_trial)

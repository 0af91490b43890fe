"""The survey's use cases: from adopting a questionnaire to counting the last answer."""

from services.survey.application.about import About, by_the_clock
from services.survey.application.answering import Answering, Ballot, receipts_bytes
from services.survey.application.certified import Archive, Certified, Taken
from services.survey.application.closing import Closing
from services.survey.application.counted_receipts import CountedReceipts
from services.survey.application.counting import Counting
from services.survey.application.entering import Entering
from services.survey.application.exclusions import Exclusions, Proposed
from services.survey.application.made import Made, MadeBeside, Workbench
from services.survey.application.moderation import Moderation
from services.survey.application.paper import Paper, Pile
from services.survey.application.paper_tables import MEDIA_TYPES, PaperTables
from services.survey.application.readings import Compared, Reading, Results
from services.survey.application.rights import Link, Rights
from services.survey.application.shelf import Shelf
from services.survey.application.surveys import Copy, Surveys
from services.survey.domain.limits import BATCH_ANSWERS_MIN

__all__ = [
    "BATCH_ANSWERS_MIN",
    "MEDIA_TYPES",
    "About",
    "Answering",
    "Archive",
    "Ballot",
    "Certified",
    "Closing",
    "Compared",
    "Copy",
    "CountedReceipts",
    "Counting",
    "Entering",
    "Exclusions",
    "Link",
    "Made",
    "MadeBeside",
    "Moderation",
    "Paper",
    "PaperTables",
    "Pile",
    "Proposed",
    "Reading",
    "Results",
    "Rights",
    "Shelf",
    "Surveys",
    "Taken",
    "Workbench",
    "by_the_clock",
    "receipts_bytes",
]

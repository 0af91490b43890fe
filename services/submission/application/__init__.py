"""The use cases of submission: what people and the calendar do, and what readers ask for."""

from services.submission.application.accesses import Accesses, Justified
from services.submission.application.cycles import Cycles, Opening, Reason
from services.submission.application.given import Archive, Place, Proof, Upload
from services.submission.application.sheets import Sheets
from services.submission.application.shelf import Shelf
from services.submission.application.submissions import Submissions
from services.submission.domain.submission import MEDIA_TYPES

__all__ = [
    "MEDIA_TYPES",
    "Accesses",
    "Archive",
    "Cycles",
    "Justified",
    "Opening",
    "Place",
    "Proof",
    "Reason",
    "Sheets",
    "Shelf",
    "Submissions",
    "Upload",
]

"""The use cases of submission: what people and the calendar do, and what readers ask for."""

from services.submission.application.cycles import Cycles, Opening, Reason
from services.submission.application.scanning import Scanning
from services.submission.application.sheets import Sheets
from services.submission.application.shelf import Shelf
from services.submission.application.submissions import (
    Archive,
    Place,
    Proof,
    Submissions,
    Upload,
)
from services.submission.domain.submission import MEDIA_TYPES

__all__ = [
    "MEDIA_TYPES",
    "Archive",
    "Cycles",
    "Opening",
    "Place",
    "Proof",
    "Reason",
    "Scanning",
    "Sheets",
    "Shelf",
    "Submissions",
    "Upload",
]

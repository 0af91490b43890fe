"""What the appraisal shows of its own facts: an agency's sheet, and the history of it."""

from services.appraisal.views.history import HISTORY
from services.appraisal.views.sheet import SHEET

__all__ = ["HISTORY", "SHEET", "VIEWS"]

VIEWS = (SHEET, HISTORY)

"""What people and other services can do with the appraisal, and what they can read of it."""

from services.appraisal.application.appraisals import Appraisals, Ruling
from services.appraisal.application.papers import Papers, Place
from services.appraisal.application.readings import Readings, Status

__all__ = ["Appraisals", "Papers", "Place", "Readings", "Ruling", "Status"]

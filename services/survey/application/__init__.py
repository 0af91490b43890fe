"""The survey's use cases: from adopting a questionnaire to counting the last answer."""

from services.survey.application.counting import BATCH_ANSWERS_MIN
from services.survey.application.surveys import INVITATIONS_MAX, RESPONSES_MAX, Shelf, Surveys

__all__ = ["BATCH_ANSWERS_MIN", "INVITATIONS_MAX", "RESPONSES_MAX", "Shelf", "Surveys"]

"""What is wrong with a questionnaire, with answers to it, or with a result of it: every flaw."""

from services.survey.domain.validity.answers import of_answers, response_bytes_max
from services.survey.domain.validity.counts import of_counts
from services.survey.domain.validity.questionnaire import (
    FIRST_LANGUAGE,
    languages_of,
    of_questionnaire,
)

__all__ = [
    "FIRST_LANGUAGE",
    "languages_of",
    "of_answers",
    "of_counts",
    "of_questionnaire",
    "response_bytes_max",
]

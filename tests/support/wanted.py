"""What each service hears of the others, by the first part of its streams; ranking numbers all."""

from collections.abc import Mapping

from shared.events.ranking import PRIVACY

WANTED: Mapping[str, tuple[str, ...]] = {
    "submission": ("appraisal/", "assignment/", PRIVACY),
    "appraisal": ("cycle/", "submission/", PRIVACY),
    "survey": ("cycle/", PRIVACY),
}

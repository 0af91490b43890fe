"""What each service hears of the others, by the first part of its streams; ranking numbers all."""

from collections.abc import Mapping

WANTED: Mapping[str, tuple[str, ...]] = {
    "submission": ("appraisal/", "assignment/"),
    "appraisal": ("cycle/", "submission/"),
    "survey": ("cycle/",),
}

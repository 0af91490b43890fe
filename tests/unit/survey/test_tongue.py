"""How the pages of the survey name the time at which it closes."""

from datetime import datetime

import pytest

from services.survey.pages.sheet import Tongue
from shared.kernel.calendar import VIETNAM


@pytest.mark.parametrize(
    ("language", "hour", "expected"),
    [
        ("vi", 0, "hết ngày 20/12/2021"),
        ("en", 0, "the end of 20 December 2021"),
        ("vi", 8, "08:00 21/12/2021"),
        ("en", 8, "08:00 21/12/2021"),
    ],
)
def test_what_closes_at_midnight_is_open_until_the_end_of_the_day_before(
    language: str, hour: int, expected: str
) -> None:
    assert Tongue(language).until(datetime(2021, 12, 21, hour, tzinfo=VIETNAM)) == expected

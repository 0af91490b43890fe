"""How pages and messages of the survey name the time at which it closes: in one way."""

from datetime import date, datetime

import pytest

from services.survey.application import About, by_the_clock
from services.survey.pages.sealed_told import until_said
from services.survey.pages.sheet import Tongue
from shared.adapters import messages
from shared.kernel.calendar import VIETNAM
from tests.support.small_questionnaire import ADOPTED


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


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("9999-12-31T23:59-14:00", "23:59 31/12/9999"),
        ("0001-01-01T00:00+14:00", f"{date.min:00:00 %d/%m/%Y}"),
        ("0001-01-01T00:00+07:00", f"{date.min:00:00 %d/%m/%Y}"),
    ],
)
def test_an_end_that_has_no_equal_or_no_day_before_is_told_as_a_time(
    end: str, expected: str
) -> None:
    """Whoever writes to the topic may extend a cycle to then."""
    assert Tongue("vi").until(datetime.fromisoformat(end)) == expected


MIDNIGHT = datetime(2021, 12, 21, tzinfo=VIETNAM)
ABOUT = About(ADOPTED, "so-y-te", "Sở Y tế", MIDNIGHT, is_trial=False)


@pytest.mark.parametrize(
    ("language", "sealed", "end"),
    [
        ("vi", "23:45 20/12/2021", "hết ngày 20/12/2021"),
        ("en", "23:45 20/12/2021", "the end of 20 December 2021"),
    ],
)
def test_whatever_names_the_end_on_a_page_names_it_alike(
    language: messages.Language, sealed: str, end: str
) -> None:
    said = until_said(ABOUT, Tongue(language))

    assert sealed in said
    assert end in said
    for code in ("exchange-over", "form-closed"):
        assert end in messages.sentence(code, language, {"closes": by_the_clock(MIDNIGHT)})


def test_an_end_that_is_no_time_is_quoted_as_it_is() -> None:
    assert "until soon." in messages.sentence("form-closed", "en", {"closes": "soon"})
    assert "until {closes}." in messages.sentence("form-closed", "en", {})

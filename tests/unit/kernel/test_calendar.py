"""Phases open and close, and an extension only ever gives more time."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pytest

from shared.kernel.calendar import VIETNAM, Calendar, Window, against_time, in_zone, local

OPENS = datetime(2021, 11, 15, tzinfo=VIETNAM)
CLOSES = datetime(2021, 12, 10, tzinfo=VIETNAM)
DAY = timedelta(days=1)
CALENDAR = Calendar({"self-scoring": Window(OPENS, CLOSES)})


def test_a_phase_lasts_from_its_opening_until_just_before_its_end() -> None:
    moments = (OPENS - DAY, OPENS, CLOSES - timedelta(microseconds=1), CLOSES)

    running = [CALENDAR.is_open("self-scoring", at) for at in moments]

    assert running == [False, True, True, False]


def test_an_extension_for_one_agency_is_its_own() -> None:
    calendar = CALENDAR.extended("self-scoring", CLOSES + DAY, "so-y-te")

    assert calendar.closes("self-scoring", "so-y-te") == CLOSES + DAY
    assert calendar.closes("self-scoring", "so-noi-vu") == CLOSES
    assert calendar.closes("self-scoring") == CLOSES


def test_an_extension_for_all_is_everybodys() -> None:
    calendar = CALENDAR.extended("self-scoring", CLOSES + DAY)

    assert calendar.closes("self-scoring", "so-y-te") == CLOSES + DAY
    assert calendar.closes("self-scoring") == CLOSES + DAY


def test_the_order_of_extensions_does_not_matter() -> None:
    extensions = [(CLOSES + 3 * DAY, ""), (CLOSES + DAY, ""), (CLOSES + 2 * DAY, "so-y-te")]

    ends = set()
    for order in permutations(extensions):
        calendar = CALENDAR
        for until, agency in order:
            calendar = calendar.extended("self-scoring", until, agency)
        ends.add((calendar.closes("self-scoring", "so-y-te"), calendar.closes("self-scoring")))

    assert ends == {(CLOSES + 3 * DAY, CLOSES + 3 * DAY)}


@pytest.mark.parametrize(
    "end",
    [
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_every_time_can_be_told(end: datetime) -> None:
    assert in_zone(end, UTC) == end
    assert local(end) == end.strftime("%H:%M %d/%m/%Y")
    assert against_time(end) is not None


def test_a_time_is_told_on_the_clocks_of_vietnam() -> None:
    at = datetime(2021, 12, 9, 17, 0, tzinfo=UTC)

    assert local(at) == "00:00 10/12/2021"

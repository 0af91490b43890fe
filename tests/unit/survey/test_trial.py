"""A trial says so wherever somebody could take it for an official survey."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fastapi.responses import StreamingResponse

from services.survey.api.results_shown import shown
from services.survey.api.results_table import text_of
from services.survey.application import Compared, Reading
from services.survey.application.about import About, about
from services.survey.domain import results
from services.survey.pages import Slips, preview_page
from shared.adapters.threads import Threads
from shared.events.submission import Mode
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import batch, cycle, given, response

NOTE = "CHẠY THỬ"


def asked(mode: Mode) -> About:
    """What somebody is asked in a cycle of this mode."""
    return about(ADOPTED, replace(cycle(), mode=mode), "so-y-te")


def counted(mode: Mode) -> Reading:
    """What was answered in a cycle of this mode."""
    report = results.report(given(ADOPTED, batch(1, response())), cycle())
    return Reading(ADOPTED, 2, closed=True, mode=mode, report=report, publication=report)


@pytest.mark.parametrize(("mode", "times"), [("trial", 1), ("production", 0)])
def test_a_form_says_that_it_is_of_a_trial(mode: Mode, times: int) -> None:
    page = bytes(preview_page(asked(mode), "vi").body).decode()

    assert page.count(NOTE) == times


@pytest.mark.parametrize(("mode", "times"), [("trial", 2), ("production", 0)])
async def test_every_slip_says_that_it_is_of_a_trial(mode: Mode, times: int) -> None:
    slips = Slips("https://khaosat.example", lambda _: "<svg></svg>", Threads("slips", 1))
    tokens: Sequence[str] = ("7K2QX0M4TN9B1WERZ5HC", "8K2QX0M4TN9B1WERZ5HC")

    printing = slips.printer("text/html")
    assert printing
    printed = printing(asked(mode), tokens, "vi")

    assert isinstance(printed, StreamingResponse)
    text = "".join([str(part) async for part in printed.body_iterator])
    assert text.count(NOTE) == times


@pytest.mark.parametrize("mode", ["trial", "production"])
def test_results_and_each_row_of_their_table_say_of_which_mode_they_are(mode: Mode) -> None:
    reading = counted(mode)

    head, *rows = text_of(reading.report, reading.mode).splitlines()

    assert shown(Compared(reading, None), "vi")["mode"] == mode
    assert head.split(",")[-1] == "mode"
    assert rows
    assert {row.split(",")[-1] for row in rows} == {mode}

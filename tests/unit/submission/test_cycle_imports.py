"""Tables of past years become facts of bounded size, or are refused cell by cell."""

from datetime import timedelta

import pytest

from services.submission.domain import cycle
from services.submission.domain.cycle.imports import CHUNK_MAX, GRADE_CHARACTERS_MAX
from shared.events import codec
from shared.events import submission as events
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from tests.support.small_submission import (
    AGENCY,
    DEADLINE,
    IMPORTED,
    OPENED,
    OTHER,
    YEARS_LATER,
    at,
    cycle_after,
    extended,
    past_cycle_after,
)


def cell(agency: str, item: str, points: str | None) -> events.ImportedScore:
    return events.ImportedScore(agency=agency, item=item, points=points)


def row(agency: str, index: str | None = "80.5", rank: int | None = 1) -> events.PublishedRow:
    return events.PublishedRow(agency=agency, index=index, rank=rank)


SOURCE = IMPORTED.source
TABLE = cycle.ImportItemResults(SOURCE, IMPORTED.scores, IMPORTED.published)


def test_a_table_is_taken_over_with_its_source() -> None:
    facts = cycle.decide(TABLE, past_cycle_after())

    assert facts == (IMPORTED,)


def test_importing_the_same_table_again_is_no_news() -> None:
    facts = cycle.decide(TABLE, past_cycle_after(IMPORTED))

    assert facts == ()


def test_the_same_numbers_from_another_source_are_news() -> None:
    elsewhere = cycle.ImportItemResults("Báo cáo khác", IMPORTED.scores, IMPORTED.published)

    facts = cycle.decide(elsewhere, past_cycle_after(IMPORTED))

    assert len(facts) == 1


def test_a_corrected_table_is_news() -> None:
    corrected = cycle.ImportItemResults(SOURCE, (cell(AGENCY, "1.1", "3.25"),), ())

    facts = cycle.decide(corrected, past_cycle_after(IMPORTED))

    assert len(facts) == 1
    assert past_cycle_after(IMPORTED, *facts).imported[AGENCY]["1.1"] == "3.25"


def test_nothing_is_imported_into_a_cycle_whose_agencies_score_themselves() -> None:
    with pytest.raises(Refused, match="import-into-running-cycle"):
        cycle.decide(TABLE, cycle_after())


def test_nothing_is_imported_into_a_cycle_that_was_open_for_a_moment() -> None:
    late = cycle_after(when=DEADLINE - timedelta(microseconds=1))

    with pytest.raises(Refused, match="import-into-running-cycle"):
        cycle.decide(TABLE, late)

    assert cycle.decide(TABLE, cycle_after(when=DEADLINE)) == (IMPORTED,)


def test_nothing_is_imported_over_all_agencies_that_were_given_time_later() -> None:
    with pytest.raises(Refused, match="import-into-running-cycle"):
        cycle.decide(TABLE, past_cycle_after(extended(at(7, 1, year=2023))))


def test_nothing_is_imported_over_one_agency_that_was_given_time_later() -> None:
    given_time = past_cycle_after(extended(at(7, 1, year=2023), AGENCY))

    with pytest.raises(Refused, match="table-invalid") as refused:
        cycle.decide(TABLE, given_time)

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/scores/0", "agency-scores-itself"),
        ("/scores/1", "agency-scores-itself"),
    ]


def test_an_import_said_again_is_no_news_though_its_cycle_runs_by_now() -> None:
    facts = cycle.decide(TABLE, past_cycle_after(IMPORTED, extended(at(7, 1, year=2023))))

    assert facts == ()


def test_a_published_total_and_grade_are_kept() -> None:
    told = events.PublishedRow(agency=AGENCY, index=None, rank=None, total="81.5", grade="Tốt")

    facts = cycle.decide(
        cycle.ImportItemResults(SOURCE, IMPORTED.scores, (told,)), past_cycle_after()
    )

    assert past_cycle_after(*facts).published[AGENCY] == told


def test_a_row_without_total_and_grade_is_written_as_before_they_were_known() -> None:
    stored = codec.encode(cycle.stream("2021"), 1, Context(YEARS_LATER), IMPORTED)

    assert b'"published":[{"agency":"so-y-te","index":"80.5","rank":1}' in stored.body


def test_one_flaw_is_named_for_each_wrong_cell() -> None:
    cells = (
        cell(AGENCY, "1.1", "4.01"),
        cell(AGENCY, "7.7", "1"),
        cell("so-la", "1.1", "1"),
        cell(OTHER, "1.1", "3,5"),
        cell(OTHER, "1.2", "-1"),
        cell(OTHER, "1.3", "2"),
        cell(OTHER, "1.3", "2"),
    )
    wrong = events.PublishedRow(agency=AGENCY, index="NaN", rank=1, total="many")
    rows = (row("so-la"), wrong, row(OTHER), row(OTHER))

    with pytest.raises(Refused, match="table-invalid") as refused:
        cycle.decide(cycle.ImportItemResults(SOURCE, cells, rows), past_cycle_after())

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/scores/0", "points-above-maximum"),
        ("/scores/1", "item-unknown"),
        ("/scores/2", "agency-not-in-cycle"),
        ("/scores/3", "number-malformed"),
        ("/scores/4", "points-negative"),
        ("/scores/6", "cell-repeated"),
        ("/published/0", "agency-not-in-cycle"),
        ("/published/1/index", "number-malformed"),
        ("/published/1/total", "number-malformed"),
        ("/published/3", "row-repeated"),
    ]


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(Refused, match="table-invalid"):
        cycle.decide(cycle.ImportItemResults(SOURCE, (), ()), past_cycle_after())


def test_the_largest_chunk_fits_into_a_fact() -> None:
    code, item, number = "a" * 64, "1" * 32, "9" * 64
    largest = events.ItemResultsImported(
        cycle="c" * 64,
        source="ệ" * 300,
        scores=(cell(code, item, number),) * CHUNK_MAX,
        published=(
            events.PublishedRow(
                agency=code,
                index=number,
                rank=100_000,
                total=number,
                grade="ệ" * GRADE_CHARACTERS_MAX,
            ),
        )
        * CHUNK_MAX,
    )

    stored = codec.encode(cycle.stream("c" * 64), 1, Context(OPENED), largest)

    assert len(stored.body) <= codec.FACT_BYTES_MAX

"""Tables of past years become facts of bounded size, or are refused cell by cell."""

import pytest

from services.submission.domain import cycle
from services.submission.domain.cycle.imports import CHUNK_MAX
from shared.events import codec
from shared.events import submission as events
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from tests.support.small_submission import AGENCY, IMPORTED, OPENED, OTHER, cycle_after


def cell(agency: str, item: str, points: str | None) -> events.ImportedScore:
    return events.ImportedScore(agency=agency, item=item, points=points)


def row(agency: str, index: str | None = "80.5", rank: int | None = 1) -> events.PublishedRow:
    return events.PublishedRow(agency=agency, index=index, rank=rank)


SOURCE = IMPORTED.source
TABLE = cycle.ImportItemResults(SOURCE, IMPORTED.scores, IMPORTED.published)


def test_a_table_is_taken_over_with_its_source() -> None:
    facts = cycle.decide(TABLE, cycle_after())

    assert facts == (IMPORTED,)


def test_importing_the_same_table_again_is_no_news() -> None:
    facts = cycle.decide(TABLE, cycle_after(IMPORTED))

    assert facts == ()


def test_the_same_numbers_from_another_source_are_news() -> None:
    elsewhere = cycle.ImportItemResults("Báo cáo khác", IMPORTED.scores, IMPORTED.published)

    facts = cycle.decide(elsewhere, cycle_after(IMPORTED))

    assert len(facts) == 1


def test_a_corrected_table_is_news() -> None:
    corrected = cycle.ImportItemResults(SOURCE, (cell(AGENCY, "1.1", "3.25"),), ())

    facts = cycle.decide(corrected, cycle_after(IMPORTED))

    assert len(facts) == 1
    assert cycle_after(IMPORTED, *facts).imported[AGENCY]["1.1"] == "3.25"


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
    rows = (row("so-la"), row(AGENCY, "NaN"), row(OTHER), row(OTHER))

    with pytest.raises(Refused, match="table-invalid") as refused:
        cycle.decide(cycle.ImportItemResults(SOURCE, cells, rows), cycle_after())

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/scores/0", "points-above-maximum"),
        ("/scores/1", "item-unknown"),
        ("/scores/2", "agency-not-in-cycle"),
        ("/scores/3", "number-malformed"),
        ("/scores/4", "points-negative"),
        ("/scores/6", "cell-repeated"),
        ("/published/0", "agency-not-in-cycle"),
        ("/published/1/index", "number-malformed"),
        ("/published/3", "row-repeated"),
    ]


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(Refused, match="table-invalid"):
        cycle.decide(cycle.ImportItemResults(SOURCE, (), ()), cycle_after())


def test_the_largest_chunk_fits_into_a_fact() -> None:
    code, item, number = "a" * 64, "1" * 32, "9" * 64
    largest = events.ItemResultsImported(
        cycle="c" * 64,
        source="ệ" * 300,
        scores=(cell(code, item, number),) * CHUNK_MAX,
        published=(row(code, number, 100_000),) * CHUNK_MAX,
    )

    stored = codec.encode(cycle.stream("c" * 64), 1, Context(OPENED), largest)

    assert len(stored.body) <= codec.FACT_BYTES_MAX

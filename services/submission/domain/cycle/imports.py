"""Taking over results of a past year from a table that was published elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from services.submission.domain.cycle.changes import require_open
from services.submission.domain.cycle.commands import ImportItemResults
from services.submission.domain.cycle.state import Cycle
from shared.events import submission as events
from shared.kernel import points
from shared.kernel.calendar import local
from shared.kernel.errors import Flaw, Refused
from shared.kernel.scheme import Item

CELLS_MAX = 20_000
ROWS_MAX = 1_000
CHUNK_MAX = 400
"""How many cells, and how many rows, stand in one fact: at 250 bytes each well under its limit."""
GRADE_CHARACTERS_MAX = 60


def import_item_results(command: ImportItemResults, cycle: Cycle) -> Sequence[events.Fact]:
    """Record the table in facts of bounded size; the last word on a cell counts."""
    require_open(cycle)
    if _is_known(command, cycle):
        return ()
    refusal = against_importing(cycle)
    if refusal is not None:
        raise refusal
    flaws = (
        *_flaws_of_size(command),
        *_flaws_of_cells(command, cycle),
        *_flaws_of_rows(command, cycle),
    )
    if flaws:
        raise Refused("table-invalid", flaws=flaws, source=command.source)
    longest = max(len(command.scores), len(command.published))
    return tuple(
        events.ItemResultsImported(
            cycle=cycle.name,
            source=command.source,
            scores=command.scores[start : start + CHUNK_MAX],
            published=command.published[start : start + CHUNK_MAX],
        )
        for start in range(0, longest, CHUNK_MAX)
    )


def against_importing(cycle: Cycle) -> Refused | None:
    """Nothing is written over what agencies declare and the council decides.

    Only where self-scoring was over when the cycle was opened nobody has a sheet.
    """
    assert cycle.opened_at is not None, "an open cycle was opened"
    closes = cycle.calendar.closes("self-scoring")
    if closes <= cycle.opened_at:
        return None
    return Refused("import-into-running-cycle", cycle=cycle.name, closes=local(closes))


def _scores_itself(cycle: Cycle, agency: str) -> bool:
    """Whether the agency was given time for a sheet of its own in a cycle of a past year."""
    assert cycle.opened_at is not None, "an open cycle was opened"
    return cycle.calendar.closes("self-scoring", agency) > cycle.opened_at


def _is_known(command: ImportItemResults, cycle: Cycle) -> bool:
    unknown = "unknown"
    return (
        command.source in cycle.sources
        and all(
            cycle.imported.get(score.agency, {}).get(score.item, unknown) == score.points
            for score in command.scores
        )
        and all(cycle.published.get(row.agency) == row for row in command.published)
    )


def _flaws_of_size(command: ImportItemResults) -> Iterator[Flaw]:
    if not 1 <= len(command.scores) <= CELLS_MAX:
        yield Flaw("/scores", "cells-miscounted", {"maximum": str(CELLS_MAX)})
    if len(command.published) > ROWS_MAX:
        yield Flaw("/published", "rows-too-many", {"maximum": str(ROWS_MAX)})


def _flaws_of_cells(command: ImportItemResults, cycle: Cycle) -> Iterator[Flaw]:
    seen: set[tuple[str, str]] = set()
    for place, score in enumerate(command.scores):
        code, details = _flaw_of_cell(score, cycle)
        if (score.agency, score.item) in seen:
            code, details = "cell-repeated", {"agency": score.agency, "item": score.item}
        seen.add((score.agency, score.item))
        if code:
            yield Flaw(f"/scores/{place}", code, details)


def _flaw_of_cell(score: events.ImportedScore, cycle: Cycle) -> tuple[str, Mapping[str, str]]:
    if not cycle.takes_part(score.agency):
        return "agency-not-in-cycle", {"agency": score.agency, "cycle": cycle.name}
    if _scores_itself(cycle, score.agency):
        return "agency-scores-itself", {"agency": score.agency, "cycle": cycle.name}
    item = cycle.scheme_of(score.agency).items.get(score.item)
    if item is None:
        return "item-unknown", {"item": score.item}
    return ("", {}) if score.points is None else _flaw_of_points(score.points, item)


def _flaw_of_points(text: str, item: Item) -> tuple[str, Mapping[str, str]]:
    value = _number(text)
    if value is None:
        return "number-malformed", {"text": text}
    details = {"item": item.code, "points": text}
    if value < 0:
        return "points-negative", details
    if value > item.maximum:
        return "points-above-maximum", {**details, "maximum": points.exact(item.maximum)}
    return "", {}


def _flaws_of_rows(command: ImportItemResults, cycle: Cycle) -> Iterator[Flaw]:
    seen: set[str] = set()
    for place, row in enumerate(command.published):
        pointer = f"/published/{place}"
        if not cycle.takes_part(row.agency):
            details = {"agency": row.agency, "cycle": cycle.name}
            yield Flaw(pointer, "agency-not-in-cycle", details)
        if row.agency in seen:
            yield Flaw(pointer, "row-repeated", {"agency": row.agency})
        seen.add(row.agency)
        for name, text in (("index", row.index), ("total", row.total)):
            if text is not None and _number(text) is None:
                yield Flaw(f"{pointer}/{name}", "number-malformed", {"text": text})


def _number(text: str) -> Fraction | None:
    try:
        return points.parse(text)
    except Refused:
        return None

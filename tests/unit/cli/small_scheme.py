"""Schemes of a few items, and tables over them, for the tests of imports."""

from collections.abc import Sequence
from typing import Any

from services.cli.results import columns, entries, table
from services.cli.results.columns import Columns
from services.cli.results.entries import Entry
from shared.kernel import scheme_reader
from shared.kernel.scheme import Scheme


def document(maxima: dict[str, str], tier: str = "so", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - plain JSON
    """A scheme document with one criterion an item."""
    total = str(sum(int(maximum) for maximum in maxima.values()))
    criteria = [
        {"code": code, "title": code, "maximum": maximum, "rule": {"type": "manual", "step": "1"}}
        for code, maximum in maxima.items()
    ]
    return {
        "scheme": f"small-{tier}",
        "title": "Bộ tiêu chí nhỏ",
        "tier": tier,
        "sample": "true",
        "source": "test",
        "maximum": total,
        "areas": [{"code": "A", "title": "A", "maximum": total, "criteria": criteria}],
        "ties": {"chain": [], "rule": "ordinal"},
        "grades": [],
        **changes,
    }


def scheme(maxima: dict[str, str], tier: str = "so", **changes: Any) -> Scheme:  # noqa: ANN401 - plain JSON
    """The same as a scheme."""
    return scheme_reader.read(document(maxima, tier, **changes))


def found(text: str, schemes: Sequence[Scheme], **chosen: str) -> Columns:
    """What the columns of a table mean."""
    return columns.find(table.read(text.encode()), schemes, chosen)


def entries_of(
    text: str, *schemes: Scheme, empty_is_none: bool = False, **chosen: str
) -> tuple[Entry, ...]:
    """The entries of a table."""
    read = table.read(text.encode())
    return entries.read(
        read,
        columns.find(read, schemes, chosen),
        {scheme.tier: scheme for scheme in schemes},
        empty_is_none=empty_is_none,
    )

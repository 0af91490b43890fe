"""The report on an import, for eyes and for programs."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from services.cli.results.finding import Finding, Kind, Part, RowReport, TierReport
from services.cli.results.importing import Imported
from shared.adapters import messages
from shared.kernel.points import exact, shown

WIDTH = 120
"""Characters a line, where nobody can say how wide the screen is."""

NAME_WIDTH = 40
NOTHING = "-"

_HEADINGS = (
    "Hạng\nrank",
    "công bố\npublished",
    "Cơ quan\nagency",
    "Điểm\npoints",
    "công bố\npublished",
    "Chỉ số\nindex",
    "công bố\npublished",
    "Loại\ngrade",
    "công bố\npublished",
    "",
)
_TEXTS = frozenset({"Cơ quan\nagency", "Loại\ngrade"})
_SIGNS: Mapping[Kind, str] = {"difference": "≠", "limit": "?", "remark": "·"}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is said about one import."""

    cycle: str
    table: str
    source: str
    imported: Imported
    tiers: Sequence[TierReport]
    findings: Sequence[Finding]

    @property
    def head(self) -> Mapping[str, Any]:
        """What ranking says of the cycle as a whole."""
        return next(iter(self.imported.tables.values()))

    def count(self, kind: Kind) -> int:
        """How many findings of a kind there are."""
        own = sum(finding.kind == kind for finding in self.findings)
        return own + sum(tier.count(kind) for tier in self.tiers)


def as_json(report: Report) -> Mapping[str, Any]:
    """The report for programs; numbers are exact texts."""
    head = report.head
    return {
        "cycle": report.cycle,
        "table": report.table,
        "source": report.source,
        "news": report.imported.news,
        "facts": list(report.imported.facts),
        **{name: head[name] for name in ("mode", "sample", "provisional", "counted_to", "digest")},
        "differences": report.count("difference"),
        "limits": report.count("limit"),
        "findings": [_finding_as_json(finding) for finding in report.findings],
        "tiers": [_tier_as_json(tier) for tier in report.tiers],
    }


def _tier_as_json(tier: TierReport) -> Mapping[str, Any]:
    part = tier.part
    return {
        "tier": part.tier,
        "scheme": part.scheme.code,
        "tie_rule": part.scheme.ties.rule,
        "rows_there": len(part.entries),
        "rows_whole": part.whole,
        "findings": [_finding_as_json(finding) for finding in tier.findings],
        "rows": [_row_as_json(row) for row in tier.rows],
    }


def _row_as_json(row: RowReport) -> Mapping[str, Any]:
    computed, published = row.computed, row.entry.published
    return {
        "line": row.entry.line,
        "agency": row.entry.agency,
        "name": row.entry.name,
        "computed": {
            "points": exact(computed.points),
            "index": None if computed.index is None else exact(computed.index),
            "rank": computed.rank,
            "grade": computed.grade or None,
        },
        "published": {
            "index": published.index,
            "total": published.total,
            "rank": published.rank,
            "grade": published.grade,
        },
        "findings": [_finding_as_json(finding) for finding in row.findings],
    }


def _finding_as_json(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "kind": finding.kind,
        **finding.details,
        "vi": messages.sentence(finding.code, "vi", finding.details),
        "en": messages.sentence(finding.code, "en", finding.details),
    }


def write(report: Report) -> None:
    """Print the report for eyes."""
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=WIDTH)
    for line in _opening(report):
        console.print(line)
    for tier in report.tiers:
        console.print()
        console.print(_table(tier))
        for line in _notes(tier):
            console.print(line)
    console.print()
    for line in _closing(report):
        console.print(line)


def _opening(report: Report) -> Iterator[str]:
    head = report.head
    yield f"Đợt / cycle {report.cycle}: {report.table}"
    yield f"Nguồn / source: {report.source}"
    if head["mode"] == "trial":
        yield "CHẠY THỬ / TRIAL: không phải kết quả chính thức / not an official result"
    if head["sample"]:
        yield "BỘ TIÊU CHÍ MẪU / SAMPLE SCHEME: không phải bộ tiêu chí chính thức / not official"
    yield from (line for finding in report.findings for line in _said(finding))


def _table(tier: TierReport) -> Table:
    rows = [tuple(_cells(row)) for row in tier.rows]
    table = Table(title=_title(tier.part), title_justify="left")
    filled = [set(cells) - {NOTHING, ""} for cells in zip(*rows, strict=True)]
    for heading, cells in zip(_HEADINGS, filled, strict=True):
        if cells:
            left = heading in _TEXTS
            table.add_column(heading, justify="left" if left else "right", max_width=NAME_WIDTH)
    for row in rows:
        table.add_row(*(cell for cell, cells in zip(row, filled, strict=True) if cells))
    return table


def _title(part: Part) -> str:
    rule = f"đồng hạng / tie rule: {part.scheme.ties.rule}"
    return f"{part.tier}: {part.scheme.title} ({part.scheme.code}; {rule})"


def _cells(row: RowReport) -> Iterator[str]:
    computed, published = row.computed, row.entry.published
    yield _or_dash(computed.rank)
    yield _or_dash(published.rank)
    yield row.entry.name
    yield exact(computed.points)
    yield _or_dash(published.total)
    yield NOTHING if computed.index is None else shown(computed.index)
    yield _or_dash(published.index)
    yield computed.grade or NOTHING
    yield _or_dash(published.grade)
    yield "".join(dict.fromkeys(_SIGNS[finding.kind] for finding in row.findings))


def _or_dash(value: object) -> str:
    return NOTHING if value is None else str(value)


def _notes(tier: TierReport) -> Iterator[str]:
    for row in tier.rows:
        for finding in row.findings:
            yield from _said(finding, f"dòng / line {row.entry.line}, {row.entry.name}: ")
    for finding in tier.findings:
        yield from _said(finding)


def _said(finding: Finding, about: str = "") -> Iterator[str]:
    vietnamese, english = (
        messages.sentence(finding.code, language, finding.details) for language in ("vi", "en")
    )
    yield f"{_SIGNS[finding.kind]} {about}{vietnamese}"
    yield f"  {english}"


def _closing(report: Report) -> Iterator[str]:
    head, facts = report.head, report.imported.facts
    told = facts[0] if len(facts) == 1 else f"{facts[0]} ... {facts[-1]}"
    differences, limits = report.count("difference"), report.count("limit")
    yield f"≠ khác / differences: {differences}   ? không kiểm được / not in the table: {limits}"
    if report.imported.news:
        yield f"Đã ghi / recorded: {told}"
    else:
        yield f"Đã nhập từ trước, không có gì mới / imported before, no news: {told}"
    yield f"Tính đến số / counted to {head['counted_to']}, mã bảng / digest {head['digest']}"

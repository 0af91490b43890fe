"""The report for eyes, in Vietnamese and English, and for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.kernel.index import Table
from shared.kernel.points import exact, shown
from shared.kernel.scheme import Scheme
from shared.verify.fault import Fault
from shared.verify.report import HOLDS, Counted, Report

FAULTS_PRINTED_MAX = 200
HEADINGS = ("Hạng/rank", "Cơ quan/agency", "Điểm/points", "Chỉ số/index", "Loại/grade", "Mã/code")
NUMBERS = frozenset({"Hạng/rank", "Điểm/points", "Chỉ số/index"})
PROVISIONAL = (
    "TẠM TÍNH / PROVISIONAL: chưa phải kết quả công bố đã kiểm chứng / not a verified publication"
)


def printable(line: str) -> str:
    """A line without the control characters that a stranger's log may bring into a terminal."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in line)


def in_words(report: Report) -> Iterator[str]:
    """The report, line by line."""
    basis, state = report.result.count.basis, report.replay.state
    yield f"Đợt đánh giá / cycle {report.cycle}: {report.replay.size} dữ kiện / facts"
    if state.opened is not None and state.opened.mode == "trial":
        yield "CHẠY THỬ / TRIAL: không phải kết quả chính thức / not an official result"
    for table in report.result.count.tables:
        yield ""
        if report.provisional:
            yield PROVISIONAL
        yield from _table_in_words(report.result, table)
    yield ""
    yield f"Tính đến số / counted to   {basis.position}"
    yield f"Gốc Merkle / root          {basis.root}"
    yield f"Mã bảng / table digest     {basis.digest}"
    for claim in report.claims:
        name = "thông qua / approval" if claim.revision is None else f"công bố / {claim.revision}"
        verdict = "SAI / DIFFERS" if any(report.differences(claim)) else "đúng / holds"
        yield f"{name:24} #{claim.number} tại / at {claim.stated.position}: {verdict}"
    yield ""
    yield from _faults_in_words(report.faults())
    yield _verdict(report)


def as_json(report: Report) -> dict[str, Any]:
    """The report as one JSON object."""
    end = report.counts[report.replay.size].count.basis
    return {
        "cycle": report.cycle,
        "holds": report.exit_code == HOLDS,
        "provisional": report.provisional,
        "facts": end.position,
        "root": end.root,
        "digest": end.digest,
        "faults": [_fault_as_json(fault) for fault in report.faults()],
        "claims": [
            {
                "fact": claim.fact,
                "type": claim.kind,
                "revision": claim.revision,
                "position": claim.stated.position,
                "root": claim.stated.root,
                "digest": claim.stated.digest,
                "holds": not any(report.differences(claim)),
            }
            for claim in report.claims
        ],
        "tables": [_table_as_json(table) for table in report.result.count.tables],
    }


def _table_in_words(counted: Counted, table: Table) -> Iterator[str]:
    scheme = counted.schemes.get(table.tier)
    yield f"{table.tier}: {table.scheme}" + (" (MẪU / SAMPLE)" if scheme and scheme.sample else "")
    lines = [HEADINGS, *_cells(counted, table, scheme)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(HEADINGS, line, widths, strict=True)
        yield "  ".join(
            cell.rjust(width) if heading in NUMBERS else cell.ljust(width)
            for heading, cell, width in cells
        ).rstrip()


def _cells(counted: Counted, table: Table, scheme: Scheme | None) -> Iterator[tuple[str, ...]]:
    """The rows under `HEADINGS`, with the names that held where it was counted."""
    grades = {grade.code: grade.title for grade in scheme.grades} if scheme else {}
    for row in table.rows:
        yield (
            "-" if row.rank is None else str(row.rank),
            counted.roster[row.agency].name,
            shown(row.total.points),
            "-" if row.index is None else shown(row.index),
            grades.get(row.grade, row.grade) if row.grade else "-",
            row.agency,
        )


def _table_as_json(table: Table) -> dict[str, Any]:
    rows = [
        {
            "rank": row.rank,
            "agency": row.agency,
            "points": exact(row.total.points),
            "index": None if row.index is None else exact(row.index),
            "grade": row.grade,
        }
        for row in table.rows
    ]
    return {"tier": table.tier, "scheme": table.scheme, "rows": rows}


def _faults_in_words(faults: Sequence[Fault]) -> Iterator[str]:
    """Each fault, and below the first of its kind what that means."""
    said: set[str] = set()
    for fault in faults[:FAULTS_PRINTED_MAX]:
        details = ", ".join(f"{name} {value}" for name, value in fault.details.items())
        named = f"#{fault.number} {fault.fact or '?'}: {fault.code}"
        yield f"{named} ({details})" if details else named
        if fault.english not in said:
            said.add(fault.english)
            yield f"    {fault.vietnamese}"
            yield f"    {fault.english}"
    if len(faults) > FAULTS_PRINTED_MAX:
        yield f"... {len(faults) - FAULTS_PRINTED_MAX} lỗi nữa / more faults"


def _fault_as_json(fault: Fault) -> dict[str, Any]:
    return {
        "number": fault.number,
        "fact": fault.fact,
        "code": fault.code,
        "details": fault.details,
        "vi": fault.vietnamese,
        "en": fault.english,
    }


def _verdict(report: Report) -> str:
    faults = len(report.faults())
    if faults:
        return f"SAI: {faults} lỗi. / {faults} faults."
    if report.published:
        return "ĐÚNG: mọi công bố khớp với dữ kiện. / Everything that was published holds."
    return "CHƯA CÔNG BỐ: không có gì để đối chiếu. / Nothing was published to compare."

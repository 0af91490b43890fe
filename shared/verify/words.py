"""The report for eyes, in Vietnamese and English, and for machines."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shared.count import bundle
from shared.count.bundle import Claim
from shared.kernel.index import Table
from shared.kernel.points import exact, shown
from shared.kernel.scheme import Scheme
from shared.verify.checkpoints import Kept
from shared.verify.fault import EDITED, HOLDS, UNUSABLE, Fault, Unusable
from shared.verify.report import Counted, Report

FORMAT = "cchc-verdict.v1"
FAULTS_PRINTED_MAX = 200
HEADINGS = ("Hạng/rank", "Cơ quan/agency", "Điểm/points", "Chỉ số/index", "Loại/grade", "Mã/code")
NUMBERS = frozenset({"Hạng/rank", "Điểm/points", "Chỉ số/index"})
PROVISIONAL = (
    "TẠM TÍNH / PROVISIONAL: chưa phải kết quả công bố đã kiểm chứng / not a verified publication"
)

UNUSABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "file-unreadable": ("không đọc được", "cannot be read"),
        "zip-unreadable": (
            "không phải là tệp ZIP còn nguyên, hoặc đã bị cắt",
            "is no whole ZIP file; it may have been cut",
        ),
        "no-facts": (
            "không phải sổ cái: không dòng nào là một dữ kiện",
            "not a log: no line of it is a fact",
        ),
        "argument-malformed": (
            "điểm kiểm tra được đưa vào không đọc được",
            "a checkpoint that was given cannot be read",
        ),
    }
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
    if state.withdrawn:
        yield "ĐÃ HỦY / WITHDRAWN: đợt đánh giá không có kết quả / the cycle has no result"
    for table in report.result.count.tables:
        yield ""
        if report.provisional:
            yield PROVISIONAL
        yield from _table_in_words(report.result, table)
    yield ""
    yield f"Tính đến số / counted to   {basis.position}"
    yield f"Gốc Merkle / root          {basis.root}"
    yield f"Mã bảng / table digest     {basis.digest}"
    differing = report.differing
    for claim in report.claims:
        name = "thông qua / approval" if claim.revision is None else f"công bố / {claim.revision}"
        verdict = "SAI / DIFFERS" if claim.number in differing else "đúng / holds"
        yield f"{name:24} #{claim.number} tại / at {claim.stated.position}: {verdict}"
    yield ""
    yield from _checkpoints_in_words(report)
    if report.files is not None:
        right, named = report.files.right, report.files.named
        yield f"Tệp minh chứng có mặt và đúng: {right} trên {named}."
        yield f"Files of evidence that are there, and right: {right} of {named}."
    yield from _not_judged_in_words(report.not_judged)
    yield ""
    yield from _faults_in_words(report.faults)
    yield _verdict(report)


def _not_judged_in_words(questionnaires: Sequence[str]) -> Iterator[str]:
    if questionnaires:
        names = ", ".join(questionnaires)
        yield f"Lập theo mẫu cũ nên không đối chiếu được số phiếu: {names}."
        yield f"Adopted in a former shape, so that answers were held against nothing: {names}."


def as_json(report: Report) -> dict[str, Any]:
    """The report as one JSON object."""
    anchored, end, differing = report.anchored, report.end.basis, report.differing
    return {
        "format": FORMAT,
        "verdict": report.verdict,
        "exit": report.exit_code,
        "reason": "",
        "classes": report.classes,
        "cycle": report.cycle,
        "holds": report.exit_code == HOLDS,
        "provisional": report.provisional,
        "facts": end.position,
        "root": end.root,
        "digest": end.digest,
        "faults": [_fault_as_json(fault) for fault in report.faults],
        "claims": [
            _claim_as_json(claim, holds=claim.number not in differing) for claim in report.claims
        ],
        "checkpoints": [_checkpoint_as_json(kept) for kept in report.checkpoints],
        "anchored": {"outside": anchored.outside, "signed": anchored.signed, "facts": end.position},
        "not_judged": list(report.not_judged),
        "not_covered": list(bundle.NOT_COVERED) if report.is_bundle else [],
        "evidence_files": report.files
        and {"named": report.files.named, "right": report.files.right},
        "tables": [_table_as_json(table) for table in report.result.count.tables],
    }


def unusable_as_json(code: str) -> dict[str, Any]:
    """What is said of a file that nothing can be said of."""
    return {"format": FORMAT, "verdict": "unusable", "exit": UNUSABLE, "reason": code}


def unusable_in_words(path: Path, unusable: Unusable, reason: str) -> Iterator[str]:
    """The same, for eyes; what an editor did to the file explains it."""
    vietnamese, english = UNUSABLES[unusable.code]
    behind = f" ({reason})" if reason else ""
    yield f"{path}: {vietnamese} / {english}{behind}"
    for fault in unusable.faults:
        if fault.code in EDITED:
            yield f"{fault.code}: {fault.vietnamese}"
            yield f"{fault.code}: {fault.english}"


def _claim_as_json(claim: Claim, *, holds: bool) -> dict[str, Any]:
    return {
        "fact": claim.fact,
        "type": claim.kind,
        "number": claim.number,
        "revision": claim.revision,
        "position": claim.stated.position,
        "root": claim.stated.root,
        "digest": claim.stated.digest,
        "holds": holds,
    }


def _checkpoint_as_json(kept: Kept) -> dict[str, Any]:
    return {
        "member": kept.member,
        "size": kept.checkpoint.size,
        "root": kept.checkpoint.root.hex(),
        "holds": not kept.faults,
        "signed_by": [
            {"name": key.name, "id": key.id.hex(), "type": key.type, "given": is_given}
            for key, is_given in kept.signed_by
        ],
    }


def _checkpoints_in_words(report: Report) -> Iterator[str]:
    """Who has signed what, and who vouches for how much."""
    told = [each for each in report.checkpoints if each.is_given or each.faults]
    sound = [each for each in report.checkpoints if not (each.is_given or each.faults)]
    for kept in [*sound[-1:], *told]:
        verdict = "SAI / DIFFERS" if kept.faults else "đúng / holds"
        yield f"{kept.member:24} {kept.checkpoint.size} mục / entries: {verdict}"
        for key, is_given in kept.signed_by:
            where = "được đưa vào / given" if is_given else "trong gói / in the bundle"
            yield f"    {key.name} {key.id.hex()}: khóa / key {where}"
    if sound:
        yield f"{len(sound)} điểm kiểm tra trong gói đúng / checkpoints in the bundle hold"
    if report.checkpoints:
        yield ""
    yield from _anchored_in_words(report)


def _anchored_in_words(report: Report) -> Iterator[str]:
    outside, size = report.anchored.outside, report.end.basis.position
    if outside:
        yield f"Có bên ngoài giữ chứng cứ của các mục 1 đến {outside}."
        yield f"Entries 1 to {outside} are anchored: somebody outside vouches for them."
    if outside < size:
        yield (
            f"Các mục {outside + 1} đến {size} không ai bên ngoài giữ chứng cứ: "
            "riêng người vận hành vẫn có thể đã viết lại."
        )
        yield (
            f"Entries {outside + 1} to {size} are not anchored: "
            "the operator alone could have written them anew."
        )
    if report.is_bundle:
        named = " ".join(bundle.NOT_COVERED)
        yield f"Không được kiểm chứng / not covered: {named}"


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
        named = f"{_where(fault)}: {fault.code}"
        yield f"{named} ({details})" if details else named
        if fault.english not in said:
            said.add(fault.english)
            yield f"    {fault.vietnamese}"
            yield f"    {fault.english}"
    if len(faults) > FAULTS_PRINTED_MAX:
        yield f"... {len(faults) - FAULTS_PRINTED_MAX} lỗi nữa / more faults"


def _where(fault: Fault) -> str:
    """The entry or the member that a fault is in."""
    if not fault.member:
        return f"#{fault.number} {fault.fact or '?'}" if fault.number else "ZIP"
    return f"{fault.member}:{fault.number}" if fault.number else fault.member


def _fault_as_json(fault: Fault) -> dict[str, Any]:
    return {
        "class": fault.kind,
        "code": fault.code,
        "member": fault.member,
        "number": fault.number,
        "fact": fault.fact,
        "details": fault.details,
        "vi": fault.vietnamese,
        "en": fault.english,
    }


def _verdict(report: Report) -> str:
    faults = len(report.faults)
    if faults:
        return f"SAI: {faults} lỗi. / {faults} fault{'' if faults == 1 else 's'}."
    if report.published:
        return "ĐÚNG: mọi công bố khớp với dữ kiện. / Everything that was published holds."
    return "CHƯA CÔNG BỐ: không có gì để đối chiếu. / Nothing was published to compare."

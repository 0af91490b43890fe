"""Count a cycle again from its exported facts alone, and hold every publication against them.

    python -m shared.verify FACTS.ndjson [--json]

FACTS.ndjson holds a cycle's ledger: one fact a line, byte by byte as it is stored, in ledger order
(`GET /ranking/cycles/{cycle}/facts`). No network, no database and no service is needed. Checked
are the place of every fact (its cycle, and its version, which has to follow the one before in its
stream), for each approval and publication that stands in the facts the RFC 6962 root and the
digest of the canonical table at its position, and for each publication that it was permitted:
nothing hindered it at its position, the last approval before it is of the same digest, and its
revision is the next one. All faults are reported, not the first.

What this cannot show: that facts behind the last one were not cut off, that facts which were told
twice with different bytes, or wait for others, stood beside the ledger, or that all of history
was not written anew; for that a root is needed that somebody kept outside.

    exit 0    a result was published, and everything holds
    exit 1    there are faults
    exit 2    the file cannot be read, or the arguments are wrong
    exit 3    no fault was found, but nothing was published that could be held against the facts
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.count.replay import Count, Replay
from shared.events import codec, ranking
from shared.events.envelope import cycle_of
from shared.kernel.index import Table
from shared.kernel.points import exact, shown

HOLDS, FAULTY, UNUSABLE, UNPUBLISHED = 0, 1, 2, 3
FAULTS_PRINTED_MAX = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that says what a beginning of the ledger comes to.

    Of a publication, `due` is the revision that had to be next, and `approved` the digest that was
    approved last before it.
    """

    fact: str
    kind: str
    revision: int | None
    stated: ranking.Basis
    number: int
    due: int
    approved: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came out."""

    cycle: str
    replay: Replay
    claims: Sequence[Claim]
    counts: Mapping[int, Count]

    def faults(self) -> Iterator[str]:
        """Every fault, in words."""
        for fault in self.replay.faults:
            yield f"#{fault.number} {fault.fact or '?'}: {fault.code}"
        for claim in self.claims:
            yield from (f"#{claim.number} {claim.fact}: {said}" for said in self.differences(claim))

    def differences(self, claim: Claim) -> Iterator[str]:
        """Where a claim differs from the facts."""
        if not 0 < claim.stated.position < claim.number:
            yield f"position-impossible ({claim.stated.position})"
            return
        counted = self.counts[claim.stated.position]
        found = counted.basis
        if found.root != claim.stated.root:
            yield f"root-differs (stated {claim.stated.root}, found {found.root})"
        if found.digest != claim.stated.digest:
            yield f"digest-differs (stated {claim.stated.digest}, found {found.digest})"
        if claim.revision is not None:
            yield from _trespasses(claim, counted)

    @property
    def published(self) -> Claim | None:
        """The newest publication; None if there is none."""
        publications = [claim for claim in self.claims if claim.revision is not None]
        return publications[-1] if publications else None

    @property
    def result(self) -> Count:
        """What was last published, counted again; else all of the facts."""
        published = self.published
        position = published.stated.position if published else self.replay.size
        return self.counts.get(position, self.counts[self.replay.size])

    @property
    def exit_code(self) -> int:
        """See the module's docstring."""
        if any(self.faults()):
            return FAULTY
        return HOLDS if self.published else UNPUBLISHED


def main(arguments: Sequence[str]) -> int:
    """Verify a file and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m shared.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("facts", type=Path, metavar="FACTS.ndjson")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    chosen = parser.parse_args(arguments)
    try:
        entries = chosen.facts.read_bytes().split(b"\n")
    except OSError as error:
        sys.stderr.write(f"Không đọc được / cannot read {chosen.facts}: {error.strerror}\n")
        return UNUSABLE
    if entries[-1] == b"":
        entries.pop()
    if not entries:
        sys.stderr.write(f"Không có dữ kiện / no facts in {chosen.facts}\n")
        return UNUSABLE
    report = verify(entries)
    lines = [json.dumps(_as_json(report), ensure_ascii=False)] if chosen.json else _words(report)
    sys.stdout.write("\n".join(lines) + "\n")
    return report.exit_code


def verify(entries: Sequence[bytes]) -> Report:
    """Count the entries of one ledger, at its end and wherever something is claimed of it."""
    claims = list(_claims(entries))
    wanted = {claim.stated.position for claim in claims} | {len(entries)}
    cycle = _cycle(entries)
    replay, counts = Replay(cycle), {}
    for entry in entries:
        replay.take(entry)
        if replay.size in wanted:
            counts[replay.size] = replay.count()
    return Report(cycle, replay, claims, counts)


def _trespasses(claim: Claim, counted: Count) -> Iterator[str]:
    """Why a publication was not permitted when it was made."""
    if claim.revision != claim.due:
        yield f"revision-out-of-order (stated {claim.revision}, due {claim.due})"
    if claim.approved != claim.stated.digest:
        yield f"approval-missing (approved before: {claim.approved or 'nothing'})"
    for hindrance in counted.hindrances:
        if hindrance.code == "ledger-damaged":
            continue  # The damage is among the faults of the replay.
        yield " ".join([f"hindered ({hindrance.code}", *hindrance.details.values()]) + ")"


def _claims(entries: Sequence[bytes]) -> Iterator[Claim]:
    due, approved = 1, ""
    for number, entry in enumerate(entries, start=1):
        try:
            if not codec.head(entry).stream.startswith("result/"):
                continue
            recorded = codec.decode(entry)
        except codec.Unreadable:
            continue  # It is among the faults of the replay.
        fact: ranking.Fact = recorded.data
        revision = None if isinstance(fact, ranking.ResultApproved) else fact.revision
        yield Claim(recorded.id, recorded.type, revision, fact.basis, number, due, approved)
        if revision is None:
            approved = fact.basis.digest
        else:
            due = revision + 1


def _cycle(entries: Sequence[bytes]) -> str:
    """The cycle of the first entry that names one; every other has to agree."""
    for entry in entries:
        try:
            return cycle_of(codec.head(entry).stream)
        except codec.Unreadable:
            continue
    return ""


def _as_json(report: Report) -> dict[str, Any]:
    end = report.counts[report.replay.size].basis
    return {
        "cycle": report.cycle,
        "holds": report.exit_code == HOLDS,
        "facts": end.position,
        "root": end.root,
        "digest": end.digest,
        "faults": list(report.faults()),
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
        "tables": [_table_as_json(table) for table in report.result.tables],
    }


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


def _words(report: Report) -> Iterator[str]:
    basis, state = report.result.basis, report.replay.state
    yield f"Đợt đánh giá / cycle {report.cycle}: {report.replay.size} dữ kiện / facts"
    if state.opened is not None and state.opened.mode == "trial":
        yield "CHẠY THỬ / TRIAL: không phải kết quả chính thức / not an official result"
    for table in report.result.tables:
        yield from _table_in_words(report, table)
    yield ""
    yield f"Tính đến số / counted to   {basis.position}"
    yield f"Gốc Merkle / root          {basis.root}"
    yield f"Mã bảng / table digest     {basis.digest}"
    for claim in report.claims:
        name = "thông qua / approval" if claim.revision is None else f"công bố / {claim.revision}"
        verdict = "SAI / DIFFERS" if any(report.differences(claim)) else "đúng / holds"
        yield f"{name:24} #{claim.number} tại / at {claim.stated.position}: {verdict}"
    yield from _verdict(report)


def _table_in_words(report: Report, table: Table) -> Iterator[str]:
    scheme = report.replay.state.schemes.get(table.tier)
    yield ""
    yield f"{table.tier}: {table.scheme}" + (" (MẪU / SAMPLE)" if scheme and scheme.sample else "")
    yield f"{'Hạng/rank':>9}  {'Cơ quan/agency':28} {'Điểm/points':>12} {'Chỉ số/index':>13}  Loại"
    for row in table.rows:
        rank = "-" if row.rank is None else str(row.rank)
        index = "-" if row.index is None else shown(row.index)
        points = shown(row.total.points)
        yield f"{rank:>9}  {row.agency:28} {points:>12} {index:>13}  {row.grade or '-'}"


def _verdict(report: Report) -> Iterator[str]:
    faults = list(report.faults())
    yield ""
    yield from faults[:FAULTS_PRINTED_MAX]
    if len(faults) > FAULTS_PRINTED_MAX:
        yield f"... {len(faults) - FAULTS_PRINTED_MAX} lỗi nữa / more faults"
    if faults:
        yield f"SAI: {len(faults)} lỗi. / {len(faults)} faults."
    elif report.published:
        yield "ĐÚNG: mọi công bố khớp với dữ kiện. / Everything that was published holds."
    else:
        yield "CHƯA CÔNG BỐ: không có gì để đối chiếu. / Nothing was published to compare."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

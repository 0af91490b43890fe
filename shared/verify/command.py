"""Count a cycle again from its exported facts alone, and hold every publication against them.

    python -m shared.verify FACTS.ndjson [--json]

FACTS.ndjson holds a cycle's ledger: one fact a line, byte by byte as it is stored, in ledger order
(`GET /ranking/cycles/{cycle}/facts`). No network, no database and no service is needed. Checked
are the place of every fact (its cycle, and its version, which has to follow the one before in its
stream), for each approval and publication that stands in the facts the RFC 6962 root and the
digest of the canonical table at its position, and for each publication that it was permitted:
nothing hindered it at its position, the last approval before it is of the same digest, and its
revision is the next one. All faults are reported, not the first. A table that is not the last
publication, or stands beside a fault, is marked as provisional.

What this cannot show: that facts behind the last one were not cut off, that facts which were told
twice with different bytes, or wait for others, stood beside the ledger, or that all of history
was not written anew; for that a root is needed that somebody kept outside.

    exit 0    a result was published, and everything holds
    exit 1    there are faults
    exit 2    the file cannot be read or holds no fact at all, or the arguments are wrong
    exit 3    no fault was found, but nothing was published that could be held against the facts
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from shared.events import codec
from shared.ledger.line import from_line
from shared.verify.fault import edits
from shared.verify.report import UNUSABLE, verify
from shared.verify.words import as_json, in_words, printable


def main(arguments: Sequence[str]) -> int:
    """Verify a file and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m shared.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("facts", type=Path, metavar="FACTS.ndjson")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    chosen = parser.parse_args(arguments)
    try:
        entries = [from_line(line) for line in chosen.facts.read_bytes().split(b"\n")]
    except OSError as error:
        sys.stderr.write(f"Không đọc được / cannot read {chosen.facts}: {error.strerror}\n")
        return UNUSABLE
    if entries[-1] == b"":
        entries.pop()
    if not any(_is_fact(entry) for entry in entries):
        sys.stderr.write("\n".join(_refusal(chosen.facts, entries)) + "\n")
        return UNUSABLE
    report = verify(entries)
    if chosen.json:
        lines = [json.dumps(as_json(report), ensure_ascii=False)]
    else:
        lines = [printable(line) for line in in_words(report)]
    sys.stdout.write("\n".join(lines) + "\n")
    return report.exit_code


def _is_fact(entry: bytes) -> bool:
    """Whether a line names its place; a version of the future may tell more than is read here."""
    try:
        codec.head(entry)
    except codec.Unreadable:
        return False
    return True


def _refusal(path: Path, entries: Sequence[bytes]) -> Iterator[str]:
    if not entries:
        yield f"Không có dữ kiện / no facts in {path}"
        return
    yield (
        f"Không phải sổ cái: không dòng nào của {path} là một dữ kiện. / "
        f"Not a log: no line of {path} can be read as a fact."
    )
    for fault in edits(entries):
        yield f"{fault.code}: {fault.vietnamese}"
        yield f"{fault.code}: {fault.english}"

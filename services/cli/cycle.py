"""`cycle`: the request that opens a cycle, made of the files in which people write it."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from services.cli.command import Command
from shared.adapters import messages, scheme_file
from shared.kernel import scheme_reader
from shared.kernel.calendar import VIETNAM
from shared.kernel.errors import Refused

_EXAMPLES = """\
examples:
  python -m services cycle --year 2021 --decision 2366/QĐ-UBND --on 2021-10-14 \\
      --schemes schemes/an-giang-2021-*.sample.yaml \\
      --agencies schemes/an-giang-2021-agencies.yaml \\
      --calendar schemes/an-giang-2021-calendar.yaml > cycle-2021.json
  curl -X PUT -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
      --data @cycle-2021.json http://127.0.0.1:8400/submission/cycles/2021
"""


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--decision", required=True, metavar="NUMBER", help="e.g. 2366/QĐ-UBND")
    parser.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--schemes", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--agencies", type=Path, required=True, metavar="FILE")
    parser.add_argument("--calendar", type=Path, required=True, metavar="FILE")


def _run(options: Namespace) -> int:
    schemes = [read_scheme(path) for path in options.schemes]
    body = {
        "year": options.year,
        "decision": {"number": options.decision, "on": options.on.isoformat()},
        "schemes": {str(document["tier"]): document for document in schemes},
        "agencies": [_agency(entry) for entry in _entries(options.agencies, "agencies")],
        "calendar": [_phase(entry) for entry in _phases(options.calendar)],
    }
    json.dump(body, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def read_scheme(path: Path) -> Mapping[str, object]:
    """A scheme's document; its flaws are told with the lines on which they stand."""
    file = scheme_file.load(path.read_bytes())
    try:
        scheme_reader.read(file.document)
    except Refused as refusal:
        for flaw in refusal.flaws:
            said = messages.sentence(flaw.code, "vi", flaw.details)
            sys.stderr.write(f"{path}:{file.line(flaw.pointer)}: {flaw.pointer}: {said}\n")
        raise
    return file.document


def _entries(path: Path, name: str) -> Sequence[Mapping[str, Any]]:
    entries = scheme_file.load(path.read_bytes()).document.get(name)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused("file-without-list", file=str(path), name=name)
    return entries


def _agency(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its words as JSON has them: true and false are no texts."""
    return {**entry, "ranked": entry.get("ranked", "true") == "true"}


def _phases(path: Path) -> Sequence[Mapping[str, Any]]:
    calendar = scheme_file.load(path.read_bytes()).document.get("calendar")
    phases = calendar.get("phases") if isinstance(calendar, dict) else None
    if not isinstance(phases, list):
        raise Refused("file-without-list", file=str(path), name="calendar/phases")
    return phases


def _phase(entry: Mapping[str, Any]) -> Mapping[str, str]:
    """People write a phase's last day; the system keeps the moment after it."""
    opens, last = (date.fromisoformat(str(entry[name])) for name in ("opens", "closes"))
    return {
        "name": str(entry["name"]),
        "opens": _midnight(opens),
        "closes": _midnight(last + timedelta(days=1)),
    }


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), VIETNAM).isoformat()


COMMAND = Command(
    name="cycle",
    summary="check schemes, agencies and calendar, and print the request that opens a cycle",
    description=(
        "Read a cycle as people write it (YAML), check its schemes, and print the body of\n"
        "PUT /submission/cycles/NAME. Each flaw of a scheme is named with its file and line."
    ),
    examples=_EXAMPLES,
    add_options=_add_options,
    run=_run,
)

"""The command `cycle`: it checks the files of a cycle together, and prints the request."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from services.cli.command import Command
from services.cli.cycle import documents, roster, timetable, values
from services.cli.cycle.documents import Document

YEARS = range(2000, 2101)

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
    parser.add_argument("--year", type=_year, required=True)
    parser.add_argument("--decision", required=True, metavar="NUMBER", help="e.g. 2366/QĐ-UBND")
    parser.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--schemes", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--agencies", type=Path, required=True, metavar="FILE")
    parser.add_argument("--calendar", type=Path, required=True, metavar="FILE")


def _year(text: str) -> int:
    year = int(text)
    if year not in YEARS:
        known = f"{YEARS[0]}..{YEARS[-1]}"
        raise ArgumentTypeError(f"năm phải trong khoảng {known} / a year of {known}, not {text!r}")
    return year


def _run(options: Namespace) -> int:
    schemes = [documents.load_scheme(path) for path in options.schemes]
    by_tier = _by_tier(schemes)
    # A scheme whose tier is unknown may be the one that an agency needs.
    tiers = by_tier if all(isinstance(each.content.get("tier"), str) for each in schemes) else None
    of_agencies, of_calendar = documents.load(options.agencies), documents.load(options.calendar)
    agencies = roster.read(of_agencies.top, tiers=tiers, year=options.year)
    calendar = timetable.read(of_calendar.top)
    if agencies and not of_agencies.notes.flaws:
        _check_served(by_tier, {agency["tier"] for agency in agencies})
    documents.refuse_flawed([*schemes, of_agencies, of_calendar])
    body = {
        "year": options.year,
        "decision": {"number": options.decision, "on": options.on.isoformat()},
        "schemes": {tier: document.content for tier, document in by_tier.items()},
        "agencies": agencies,
        "calendar": calendar,
    }
    json.dump(body, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def _by_tier(schemes: Sequence[Document]) -> Mapping[str, Document]:
    """The schemes by the tiers that they name; a second one for a tier is noted."""
    by_tier: dict[str, Document] = {}
    for document in schemes:
        field = document.top.at("tier")
        tier = values.code(field)
        if tier and by_tier.setdefault(tier, document) is not document:
            field.flaw("cycle-tier-twice", tier=tier, first=str(by_tier[tier].path))
    return by_tier


def _check_served(by_tier: Mapping[str, Document], tiers: Collection[object]) -> None:
    """No scheme is there for nobody."""
    for tier, document in by_tier.items():
        if tier not in tiers:
            document.top.at("tier").flaw("tier-without-agency", tier=tier)


COMMAND = Command(
    name="cycle",
    summary="check schemes, agencies and calendar, and print the request that opens a cycle",
    description=(
        "Read a cycle as people write it (YAML), check it, and print the body of\n"
        "PUT /submission/cycles/NAME. Each flaw of a file is named with its line."
    ),
    examples=_EXAMPLES,
    add_options=_add_options,
    run=_run,
)

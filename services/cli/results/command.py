"""`import-results`: a published table becomes a cycle, and is held against what is computed."""

import asyncio
import hashlib
import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.cli import embedded, settings
from services.cli.command import Command
from services.cli.cycle import read_scheme
from services.cli.results import (
    adoption,
    columns,
    comparison,
    entries,
    importing,
    options,
    provenance,
    report,
    request,
    table,
)
from services.cli.results.adoption import Adopted
from services.cli.results.entries import Entry
from services.cli.results.finding import Finding, Part
from services.cli.results.importing import Imported
from services.cli.results.request import Act
from shared.adapters import messages
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor
from shared.kernel.code import is_code
from shared.kernel.errors import Refused

IMPORTER = Actor(id="import-results", role="administrator")
DECISION_UNKNOWN = "không nêu trong bảng / not stated in the table"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table that has been read and found to be in order; nothing has been recorded yet."""

    cycle: str
    act: Act
    source: str
    entries: Sequence[Entry]
    schemes: Mapping[str, Adopted]
    parts: Sequence[Part]


def _run(chosen: Namespace) -> int:
    prepared = _prepared(chosen)
    settings.stamp(chosen.data, chosen.mode)
    with lock_directory(chosen.data):
        imported = asyncio.run(_imported(chosen, prepared))
    compared = report.Report(
        cycle=prepared.cycle,
        table=chosen.table.name,
        source=prepared.source,
        imported=imported,
        tiers=[comparison.compare(part, imported.computed) for part in prepared.parts],
        findings=[] if chosen.decision else [_decision_unknown(prepared.act)],
    )
    if chosen.json:
        json.dump(report.as_json(compared), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        report.write(compared)
    return 0


def _prepared(chosen: Namespace) -> Prepared:
    """Read and check everything before the data directory is touched."""
    if not is_code(chosen.cycle):
        raise Refused("cycle-name-unfit", cycle=chosen.cycle)
    schemes = adoption.given([read_scheme(path) for path in chosen.scheme])
    with chosen.table.open("rb") as file:
        content = file.read(table.FILE_BYTES_MAX + 1)
    try:
        return _read(chosen, content, schemes)
    except Refused as refusal:
        _explain(chosen.table, refusal)
        raise Refused(refusal.code, flaws=(), **refusal.details) from refusal


def _read(chosen: Namespace, content: bytes, schemes: Mapping[str, Adopted]) -> Prepared:
    read = table.read(content)
    found = columns.find(
        read, [adopted.scheme for adopted in schemes.values()], dict(chosen.column)
    )
    by_given_tier = {tier: adopted.scheme for tier, adopted in schemes.items()}
    empty_is_none = chosen.empty == "not-applicable"
    listed = entries.read(read, found, by_given_tier, empty_is_none=empty_is_none)
    adopted = adoption.by_tier(schemes, (entry.tier for entry in listed))
    year = provenance.year(chosen.cycle, chosen.year)
    extent = provenance.extent(read.comments)
    source = provenance.source(read.comments, chosen.source, hashlib.sha256(content).hexdigest())
    return Prepared(
        cycle=chosen.cycle,
        act=Act(year, chosen.decision or DECISION_UNKNOWN, chosen.on or date(year, 12, 31)),
        source=source,
        entries=listed,
        schemes=adopted,
        parts=[
            Part(
                tier=tier,
                scheme=each.scheme,
                basis=found.basis,
                entries=[entry for entry in listed if entry.tier == tier],
                whole=_whole([e for e in listed if e.tier == tier], chosen.of or extent.whole),
                partial=extent.partial,
            )
            for tier, each in adopted.items()
        ],
    )


def _whole(of_tier: Sequence[Entry], said: int | None) -> int | None:
    """How many rows the whole table has for a tier: by its own column, else as it is said."""
    return max((entry.published.of for entry in of_tier if entry.published.of), default=said)


async def _imported(chosen: Namespace, prepared: Prepared) -> Imported:
    documents = {tier: adopted.document for tier, adopted in prepared.schemes.items()}
    async with embedded.opened_for(chosen.data, chosen.mode, IMPORTER) as system:
        return await importing.perform(
            system,
            prepared.cycle,
            request.opening(prepared.act, prepared.entries, documents),
            request.results(prepared.source, prepared.entries),
            {tier: adopted.scheme for tier, adopted in prepared.schemes.items()},
        )


def _decision_unknown(act: Act) -> Finding:
    return Finding("decision-unknown", "limit", {"on": act.on.strftime("%d/%m/%Y")})


def _explain(path: Path, refusal: Refused) -> None:
    """Every flaw with its file and line, as compilers write it, in both languages.

    What is wrong with the file as a whole is said by whoever catches the refusal, behind its name.
    """
    if not refusal.flaws:
        sys.stderr.write(f"{path}:\n")
    for flaw in refusal.flaws:
        vietnamese, english = (
            messages.sentence(flaw.code, language, flaw.details) for language in ("vi", "en")
        )
        column = flaw.details["column"]
        place = f"{path}:{flaw.details['line']}" + (f" [{column}]" if column else "")
        sys.stderr.write(f"{place}: {vietnamese}\n    {english}\n")


COMMAND = Command(
    name="import-results",
    summary="make a cycle of a table that was published elsewhere, and compare",
    description=options.DESCRIPTION,
    examples=options.EXAMPLES,
    add_options=options.add_options,
    run=_run,
)

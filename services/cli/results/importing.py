"""The import itself: the cycle is opened, the table recorded, counted by ranking, and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.cli.embedded import System
from services.cli.inside import Caller, encoded
from services.cli.results.finding import Computed
from services.cli.results.request import Body
from shared.kernel import points
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.scheme import Scheme
from shared.runtime.loop import Loop

IMPORT_KEY = "import-results"
"""The idempotency key of a cycle's import: the same table again is no news, another is refused."""

BODY_BYTES_MAX = 1024 * 1024
ROUNDS_MAX = 100_000

_COUNTING = ("submission.relay", "ranking.number", "ranking.count")
_TAKEN = frozenset({"cycle-exists", "idempotency-key-reused"})
_COLUMNS = {"appraised": "appraised", "self": "claimed", "sipas": "sipas", "officials": "officials"}
_AREA = "area:"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: whether it was news, its facts, and ranking's tables by tier."""

    news: bool
    facts: Sequence[str]
    tables: Mapping[str, Body]
    computed: Mapping[str, Computed]


async def perform(
    system: System, cycle: str, opening: Body, results: Body, schemes: Mapping[str, Scheme]
) -> Imported:
    """Import a table as a cycle, or find that it was imported before.

    Raises:
        Refused: `cycle-holds-something-else`, where the cycle was opened with anything else; then
            nothing has changed.
    """
    _check_size(opening, results)
    caller = Caller(system.app)
    try:
        opened = await caller.put(f"/submission/cycles/{cycle}", opening)
        recorded = await caller.post(f"/submission/cycles/{cycle}/imports", results, IMPORT_KEY)
    except Refused as refusal:
        if refusal.code in _TAKEN:
            raise Refused("cycle-holds-something-else", cycle=cycle) from refusal
        raise
    await _count(system.loops)
    tables = {
        tier: await caller.get(f"/ranking/cycles/{cycle}/table", tier=tier) for tier in schemes
    }
    return Imported(
        news=bool(opened["facts"]) or recorded["version"] > opened["version"],
        facts=recorded["facts"],
        tables=tables,
        computed={
            row["agency"]: _computed(row, await _chain(caller, cycle, row, schemes[tier]))
            for tier, table in tables.items()
            for row in table["rows"]
        },
    )


def _check_size(*bodies: Body) -> None:
    """A table that is too large for a request is refused before anything is recorded."""
    for body in bodies:
        size = len(encoded(body))
        if size > BODY_BYTES_MAX:
            raise Refused("import-too-large", size=str(size), maximum=str(BODY_BYTES_MAX))


async def _count(loops: Sequence[Loop]) -> None:
    """Run the loops that lead from a fact to the table, until there is nothing left to do.

    Those that act by the clock rest meanwhile: an import changes no other cycle.
    """
    counting = [loop for loop in loops if loop.name in _COUNTING]
    assert len(counting) == len(_COUNTING), "each of them is there"
    for _ in range(ROUNDS_MAX):
        if not any([await loop.step() for loop in counting]):
            return
    raise Unavailable("count-unfinished")


def _computed(row: Mapping[str, Any], chain: Sequence[Fraction]) -> Computed:
    index = None if row["index"] is None else points.parse_exact(row["index"])
    return Computed(
        points=points.parse_exact(row["points"]),
        index=index,
        rank=row["rank"],
        grade=row["grade_title"] or "",
        standing=(index or Fraction(0), *chain),
    )


async def _chain(
    caller: Caller, cycle: str, row: Mapping[str, Any], scheme: Scheme
) -> Sequence[Fraction]:
    """What breaks a tie of this agency, column by column; areas stand in its own document."""
    areas: Mapping[str, Any] = {}
    if any(name.startswith(_AREA) for name in scheme.ties.chain):
        agency = await caller.get(f"/ranking/cycles/{cycle}/agencies/{row['agency']}")
        areas = {f"{_AREA}{area['code']}": area for area in agency["areas"]}
    return [
        points.parse_exact((areas[name] if name in areas else row[_COLUMNS[name]])["points"])
        for name in scheme.ties.chain
    ]

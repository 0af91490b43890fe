"""Which table, and which publication, somebody asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.ranking.application.generations import CYCLES
from services.ranking.domain import Publication, Result
from shared.count.ledger import Ledger
from shared.kernel.actor import Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Missing, Refused
from shared.kernel.index import AgencyResult, Table
from shared.ports import Documents

At = int | datetime | None
"""A place of a ledger, by its number or by a time; None is where it ends now."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Which result is asked for: as of a ledger number or a time, or as it was published.

    Without either it is the present one for who may see that, and the last published one else.
    """

    at: At = None
    revision: int | None = None


def place_of(
    by: Actor, agency: str, moment: Moment
) -> int | datetime | Literal["present", "published"]:
    """What answers: the ledger as it once was, as it is, or a publication.

    Whoever may not see provisional results (of the agency, or of all where none is named) sees what
    was published, and is refused another moment.
    """
    if moment.at is not None and moment.revision is None:
        permit(by, "read-provisional", agency=agency)
        return moment.at
    if moment.revision is None and may(by, "read-provisional", agency=agency) is None:
        return "present"
    return "published"


def row_of(ledger: Ledger, agency: str) -> tuple[Table, AgencyResult]:
    """The row of an agency, and the table in which it stands; raises `Missing`."""
    for table in ledger.count().tables:
        for row in table.rows:
            if row.agency == agency:
                return table, row
    raise Missing("agency-not-in-table", name=agency)


def tier_of(tier: str | None, known: Sequence[str]) -> str:
    """The tier that is asked for, which need not be named where there is only one."""
    if tier is None and len(known) > 1:
        raise Refused("tier-required", tiers=", ".join(known))
    if not known or (tier is not None and tier not in known):
        raise Missing("table-unknown", tier=tier or "", tiers=", ".join(known))
    return tier or known[0]


def revision_of(result: Result, cycle: str, revision: int | None) -> Publication:
    """The publication of a revision; the last one where none is named."""
    published = result.publications
    if not published:
        raise Missing("result-not-published", cycle=cycle)
    wanted = len(published) if revision is None else revision
    if not 1 <= wanted <= len(published):
        raise Missing("revision-unknown", revision=str(wanted), last=str(len(published)))
    return published[wanted - 1]


async def is_withdrawn(documents: Documents, cycle: str) -> bool:
    """Whether the cycle was withdrawn, as far as was counted: then it has no result."""
    listed = await documents.get(CYCLES, cycle)
    return bool(listed and listed.body and listed.body["withdrawn"])


def require_result(by: Actor, cycle: str, *, withdrawn: bool) -> None:
    """What was published of a withdrawn cycle is no result; only who sees provisional ones sees it.

    Raises `Refused("result-withdrawn")`.
    """
    if withdrawn and may(by, "read-provisional") is not None:
        raise Refused("result-withdrawn", cycle=cycle)


def as_published(publication: Publication, *, withdrawn: bool) -> Mapping[str, Any]:
    """What a reading of a publication says of itself."""
    decision = publication.decision
    return {
        "provisional": False,
        "withdrawn": withdrawn,
        "revision": publication.revision,
        "decision": {"number": decision.number, "on": decision.on.isoformat()},
    }

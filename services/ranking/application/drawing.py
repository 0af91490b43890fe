"""What a ledger comes to as documents, whoever draws them."""

from collections.abc import Mapping

from services.ranking import views
from services.ranking.application.generations import (
    AGENCIES,
    CYCLES,
    DRAWN,
    TABLES,
    Generation,
    named,
)
from shared.count.ledger import Ledger
from shared.kernel.index import AgencyResult, Table
from shared.ports import Document, Documents

Made = Mapping[tuple[str, str], views.Body | None]
"""Bodies by collection and id; None for what is not shown any more."""

Drawn = dict[str, tuple[object, views.Body]]
"""By agency: all that its body was made of, and the body."""


def made_of(ledger: Ledger, drawn: Drawn) -> Made:
    """Every document that a ledger comes to; rows that did not change are not drawn again."""
    cycle, count = ledger.cycle, ledger.count()
    made: dict[tuple[str, str], views.Body | None] = {
        (AGENCIES, f"{cycle}/{agency}"): None for agency in sorted(ledger.replay.state.left)
    }
    for table in count.tables:
        for row in table.rows:
            made[AGENCIES, f"{cycle}/{row.agency}"] = draw(ledger, drawn, table, row)
    for table in count.tables:
        made[TABLES, f"{cycle}/{table.tier}"] = views.table_body(ledger, table)
    made[CYCLES, cycle] = views.cycle_body(ledger)
    return made


def draw(ledger: Ledger, drawn: Drawn, table: Table, row: AgencyResult) -> views.Body:
    """The body of an agency; the same one as long as nothing that it is made of has changed."""
    state = ledger.replay.state
    standing = views.standing(ledger)
    source = (row, state.roster[row.agency], state.schemes[table.tier], standing)
    if row.agency not in drawn or drawn[row.agency][0] != source:
        drawn[row.agency] = (source, views.agency_body(ledger, table, row))
    return drawn[row.agency][1]


async def put_beside(
    documents: Documents, cycle: str, generation: Generation, made: Made, position: int
) -> None:
    """Put what a cycle comes to into one of its generations, the cycle's own document last."""
    for collection in DRAWN:
        of_collection = [
            Document(key, position, body)
            for (name, key), body in made.items()
            if name == collection
        ]
        await documents.put(named(collection, cycle, generation), of_collection)

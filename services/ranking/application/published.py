"""The published revisions, each counted from its own place in the ledger once, and then kept."""

from collections.abc import Mapping

from services.ranking import views
from services.ranking.application.generations import PUBLISHED
from services.ranking.application.ledgers import Ledgers
from services.ranking.domain import Publication
from shared.count.ledger import Ledger
from shared.kernel.errors import Unavailable
from shared.ports import Document, Documents
from shared.runtime.turn import Turn


class Published:
    """Reads what was published, for anybody and any number of them.

    A revision is counted at its first reading, by one reader while the others wait, and never
    again: what comes to another result than was published comes to it every time.
    """

    def __init__(self, ledgers: Ledgers, documents: Documents) -> None:
        self._ledgers = ledgers
        self._documents = documents
        self._differing: set[str] = set()
        self._turn = Turn()

    async def tiers(self, cycle: str, publication: Publication) -> list[str]:
        """The tiers that have a table."""
        tiers: list[str] = (await self._whole(cycle, publication))["tiers"]
        return tiers

    async def table(self, cycle: str, publication: Publication, tier: str) -> views.Body | None:
        """The table of a tier; None if it had none."""
        return await self._part(cycle, publication, f"table/{tier}")

    async def agency(self, cycle: str, publication: Publication, agency: str) -> views.Body | None:
        """Everything that an agency's row was made of; None if it had none."""
        return await self._part(cycle, publication, f"agency/{agency}")

    async def _part(self, cycle: str, publication: Publication, name: str) -> views.Body | None:
        if name not in (await self._whole(cycle, publication))["parts"]:
            return None
        return await self._look(cycle, publication, f"{_place(cycle, publication)}/{name}")

    async def _whole(self, cycle: str, publication: Publication) -> views.Body:
        return await self._look(cycle, publication, _place(cycle, publication))

    async def _look(self, cycle: str, publication: Publication, place: str) -> views.Body:
        """A document that the revision has; made where it is not there, or not any more.

        Whoever starts drops all that is kept, at any moment: also just after the whole was read.
        """
        kept = await self._kept(place)
        if kept is None:
            async with self._turn.taken():
                kept = await self._kept(place) or (await self._keep(cycle, publication)).get(place)
        if kept is None:
            raise Unavailable("publication-not-reproduced", revision=str(publication.revision))
        return kept

    async def _keep(self, cycle: str, publication: Publication) -> Mapping[str, views.Body]:
        """The documents by id; none where the ledger comes to another result than was published."""
        place, basis = _place(cycle, publication), publication.basis
        if place not in self._differing:
            ledger = await self._ledgers.at(cycle, basis.position)
            if ledger.count().basis == basis:
                made = _made_of(ledger, place)
                documents = [Document(key, basis.position, body) for key, body in made.items()]
                *parts, whole = documents
                await self._documents.put(PUBLISHED, parts)
                await self._documents.put(PUBLISHED, [whole])
                return made
            self._differing.add(place)
        return {}

    async def _kept(self, place: str) -> views.Body | None:
        document = await self._documents.get(PUBLISHED, place)
        return document.body if document else None


def _place(cycle: str, publication: Publication) -> str:
    return f"{cycle}/{publication.revision}"


def _made_of(ledger: Ledger, place: str) -> Mapping[str, views.Body]:
    """The documents of a revision by id; the last one is that of the whole, with the id `place`.

    It names the others, and whoever reads it finds them: no store promises an order within a put.
    """
    tables = ledger.count().tables
    made: dict[str, views.Body] = {}
    for table in tables:
        made[f"table/{table.tier}"] = views.table_body(ledger, table)
        for row in table.rows:
            body = {**views.agency_body(ledger, table, row), "counted_to": ledger.replay.size}
            made[f"agency/{row.agency}"] = body
    whole = {"tiers": [table.tier for table in tables], "parts": sorted(made)}
    return {**{f"{place}/{name}": body for name, body in made.items()}, place: whole}

"""Piles that come as tables: typed elsewhere, and taken as what one of the two typed in."""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from services.survey.application.paper import Paper, Pile
from services.survey.application.shelf import Place, Shelf
from services.survey.domain import questionnaire as domain
from services.survey.domain import sheet
from services.survey.domain.paper import FORMS_MAX
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Flaw, Refused
from shared.ports import Column, Format, Tables

TABLE_BYTES_MAX = 4 * 1024 * 1024
FLAWS_MAX = 100

MEDIA_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        "csv": "text/csv",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)

File = tuple[AsyncIterator[bytes], str]
"""A file on its way in, and what it is said to be."""


class PaperTables:
    """A table of forms is one person's draft of a pile; another types it in, or has one too."""

    def __init__(self, shelf: Shelf, paper: Paper, tables: Tables) -> None:
        self._shelf = shelf
        self._paper = paper
        self._tables = tables

    async def type_in(self, by: Actor, at: Place, pile: str, file: File, context: Context) -> Pile:
        """Take a table as what one typed in; all of its rows or none.

        Raises `Refused("sheet-refused")` with row, column and question of each flaw, and what
        `Tables.read` and `Paper.type_in` raise.
        """
        permit(by, "enter-responses")
        adopted = domain.adopted_in(await self._shelf.questionnaire(*at))
        form = _format_of(file[1])
        is_heading = partial(sheet.is_heading, adopted)
        table = await self._tables.read(await _whole(file[0]), form, is_heading)
        _refuse(list(sheet.flaws_of_headings(adopted, table.rows)))
        if len(table.rows) - 1 > FORMS_MAX:
            raise Refused("table-beyond-rows", maximum=str(FORMS_MAX))
        agencies = domain.asked_about(adopted, await self._shelf.cycle(at[0]))
        odd = [(each.row, each.column, each.oddity) for each in table.odd]
        _refuse(list(sheet.flaws_of_rows(adopted, agencies, table.rows, odd)))
        forms = sheet.forms_in(adopted, table.rows)
        return await self._paper.type_in(by, at, pile, forms, context)

    async def blank(self, by: Actor, at: Place, form: Format) -> bytes:
        """A table to be filled in, with the codes that it takes."""
        permit(by, "enter-responses")
        adopted = domain.adopted_in(await self._shelf.questionnaire(*at))
        agencies = sorted(domain.asked_about(adopted, await self._shelf.cycle(at[0])))
        columns = [
            Column(heading.text, heading.codes, several=heading.several)
            for heading in sheet.headings(adopted, agencies)
        ]
        return await self._tables.blank(columns, form)


def _format_of(media_type: str) -> Format:
    for form, known_type in MEDIA_TYPES.items():
        if media_type == known_type:
            return form
    known = ", ".join(MEDIA_TYPES.values())
    raise Refused("file-type-forbidden", type=media_type, known=known)


async def _whole(chunks: AsyncIterator[bytes]) -> bytes:
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > TABLE_BYTES_MAX:
            raise Refused("file-too-large", maximum=str(TABLE_BYTES_MAX))
    return bytes(content)


def _refuse(flaws: Sequence[Flaw]) -> None:
    if flaws:
        told = flaws[:FLAWS_MAX]
        raise Refused("sheet-refused", flaws=told, count=str(len(flaws)), told=str(len(told)))

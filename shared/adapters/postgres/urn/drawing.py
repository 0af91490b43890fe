"""Drawing batches on PostgreSQL: what one transaction does with answers.

Only what was stirred is drawn, and from tables that were written anew after that: so the dead rows
that drawing and discarding leave, until the tables are written anew again, bear stamps that say
nothing of whose answer it was. Where more is wanted than was stirred, whoever draws stirs first,
and takes what was stirred.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString, TypeVar

from shared.adapters.batches import Size
from shared.adapters.canonical import from_json
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import row_of, rows_of
from shared.adapters.postgres.rewriting import mark, may_tell
from shared.adapters.postgres.urn.locks import draw_alone
from shared.ports import Box, Chance, Draw

Each = TypeVar("Each")

WAITING = """
    select agency, channel, count(*) from urn_answers
    where questionnaire = %s and batch is null group by agency, channel
"""
DRAWN = """
    select distinct batch from urn_answers
    where questionnaire = %s and batch is not null order by batch
"""

DRAWN_FROM = ("urn_answers", "urn_receipts")
_DISCARDED = "select discarded from urn_polls where questionnaire = %s"
# No more of them than make a difference: it costs the same however many wait.
_COUNT = """
    select count(*) from (
        select from urn_answers
        where questionnaire = %s and batch is null
            and (agency, channel) in (select * from unnest(%s::text[], %s::text[]))
        limit %s
    ) as enough
"""
_ANSWERS = """
    (select name from urn_answers
    where questionnaire = %(questionnaire)s and agency = %(agency)s and channel = %(channel)s
        and batch is null and stirred and name > %(behind)s
    order by name limit %(most)s)
    union all
    (select name from urn_answers
    where questionnaire = %(questionnaire)s and agency = %(agency)s and channel = %(channel)s
        and batch is null and stirred and name <= %(behind)s
    order by name limit %(most)s)
    limit %(most)s
"""
_RECEIPTS = """
    (select receipt from urn_receipts
    where questionnaire = %(questionnaire)s and agency = %(agency)s and channel = %(channel)s
        and batch is null and stirred and receipt > %(behind)s
    order by receipt limit %(most)s)
    union all
    (select receipt from urn_receipts
    where questionnaire = %(questionnaire)s and agency = %(agency)s and channel = %(channel)s
        and batch is null and stirred and receipt <= %(behind)s
    order by receipt limit %(most)s)
    limit %(most)s
"""
_SET_ANSWERS_ASIDE = """
    update urn_answers set batch = %s, place = drawn.place
    from unnest(%s::text[]) with ordinality as drawn (name, place)
    where urn_answers.name = drawn.name
"""
_SET_RECEIPTS_ASIDE = """
    update urn_receipts set batch = %s, place = drawn.place
    from unnest(%s::text[]) with ordinality as drawn (receipt, place)
    where urn_receipts.receipt = drawn.receipt
"""
_ANSWERS_OF_BATCH = """
    select agency, channel, answer from urn_answers
    where questionnaire = %s and batch = %s order by place
"""
_RECEIPTS_OF_BATCH = """
    select receipt from urn_receipts where questionnaire = %s and batch = %s order by place
"""
# Taken out of a batch, receipts are remembered as counted by the database itself: see `counted`.
FORGET: tuple[LiteralString, ...] = (
    "delete from urn_answers where questionnaire = %s and batch <= %s",
    "delete from urn_receipts where questionnaire = %s and batch <= %s",
)
_DISCARD = """
    insert into urn_polls (questionnaire, discarded) values (%s, %s)
    on conflict (questionnaire)
    do update set discarded = greatest(urn_polls.discarded, excluded.discarded)
"""


class NotStirred(Exception):
    """More answers are wanted than were stirred, or their tables were not written anew since."""


@dataclass(frozen=True, slots=True)
class _Stirred:
    """Names of as many answers as receipts in a box, which were stirred and nobody has drawn."""

    answers: Sequence[str]
    receipts: Sequence[str]


class Drawing:
    """Sets a batch of a questionnaire aside."""

    def __init__(
        self, chance: Chance, questionnaire: str, batch: int, boxes: Sequence[Box], taking: Size
    ) -> None:
        self._chance = chance
        self._questionnaire = questionnaire
        self._batch = batch
        self._boxes = boxes
        self._taking = taking

    async def draw_whole(self, connection: Connection) -> Draw | None:
        """The batch, set aside now if it was not before.

        Raises `NotStirred`, and does nothing, where others have to be stirred for that, or the
        tables may tell with whose right something came.
        """
        return await self._draw(connection, whole=True)

    async def draw_stirred(self, connection: Connection) -> Draw | None:
        """The same, of what was stirred, whatever has come since.

        Raises `NotStirred` where the tables may tell.
        """
        return await self._draw(connection, whole=False)

    async def _draw(self, connection: Connection, *, whole: bool) -> Draw | None:
        await draw_alone(connection, self._questionnaire)
        discarded = await row_of(connection, _DISCARDED, self._questionnaire)
        if discarded is not None and self._batch <= discarded[0]:
            return None
        if drawn := await self._drawn(connection):
            return drawn
        wanted = min(self._taking.most, await self._waiting(connection) - self._taking.leave)
        if wanted < self._taking.least:
            return None
        stirred = {box: await self._stirred(connection, box) for box in self._boxes}
        size = min(wanted, sum(len(each.answers) for each in stirred.values()))
        if (whole and size < wanted) or await may_tell(connection, DRAWN_FROM):
            raise NotStirred
        if size < self._taking.least:
            return None
        await self._set_aside(connection, stirred, size)
        return await self._drawn(connection)

    async def _waiting(self, connection: Connection) -> int:
        """How many wait, up to what a batch holds and leaves behind."""
        agencies = [box.agency for box in self._boxes]
        channels = [box.channel for box in self._boxes]
        enough = self._taking.most + self._taking.leave
        at = (self._questionnaire, agencies, channels)
        [(count,)] = await rows_of(connection, _COUNT, *at, enough)
        return int(count)

    async def _stirred(self, connection: Connection, box: Box) -> _Stirred:
        """Answers and receipts of a box; what was stirred of one table alone is left out."""
        answers = await self._names(connection, _ANSWERS, box)
        receipts = await self._names(connection, _RECEIPTS, box)
        size = min(len(answers), len(receipts))
        return _Stirred(self._shuffled(answers)[:size], self._shuffled(receipts)[:size])

    async def _names(self, connection: Connection, query: LiteralString, box: Box) -> Sequence[str]:
        values = {
            "questionnaire": self._questionnaire,
            "agency": box.agency,
            "channel": box.channel,
            "behind": self._chance.token(),
            "most": self._taking.names_max,
        }
        cursor = await connection.execute(query, values)
        return [name for (name,) in await cursor.fetchall()]

    async def _set_aside(
        self, connection: Connection, stirred: Mapping[Box, _Stirred], size: int
    ) -> None:
        """Set so many of the answers aside, and of each box as many receipts as answers."""
        named = [(name, box) for box, each in stirred.items() for name in each.answers]
        drawn = self._shuffled(named)[:size]
        counts = Counter(box for _, box in drawn)
        receipts = [name for box, count in counts.items() for name in stirred[box].receipts[:count]]
        answers = [name for name, _ in drawn]
        await connection.execute(_SET_ANSWERS_ASIDE, (self._batch, answers))
        await connection.execute(_SET_RECEIPTS_ASIDE, (self._batch, self._shuffled(receipts)))
        await mark(connection, DRAWN_FROM, tells=False)

    async def _drawn(self, connection: Connection) -> Draw | None:
        at = (self._questionnaire, self._batch)
        drawn = await rows_of(connection, _ANSWERS_OF_BATCH, *at)
        if not drawn:
            return None
        receipts = await rows_of(connection, _RECEIPTS_OF_BATCH, *at)
        return Draw(
            self._batch,
            [Box(agency, channel) for agency, channel, _ in drawn],
            [from_json(answer) for _, _, answer in drawn],
            [receipt for (receipt,) in receipts],
        )

    def _shuffled(self, kept: Sequence[Each]) -> list[Each]:
        return [kept[place] for place in self._chance.shuffled(len(kept))]


async def discard(connection: Connection, questionnaire: str, batch: int) -> None:
    """Forget what the drawn batches held, up to this one.

    Their rows are gone once the tables are written anew.
    """
    await draw_alone(connection, questionnaire)
    for forget in FORGET:
        await connection.execute(forget, (questionnaire, batch))
    await connection.execute(_DISCARD, (questionnaire, batch))
    await mark(connection, DRAWN_FROM, tells=False)

"""The urn on PostgreSQL: who may answer in one table, what was answered in others.

No row leads from a right or a ballot to an answer, a receipt or a comment. These lie each in a
table of their own under names that are random each by itself (a receipt is its own name), and carry
no time; a link carries the day of its last use. What the database still shows:

- Until it is stirred: PostgreSQL stamps every row with the number of its transaction, and right,
  answer, receipt and comments of a slip are written in one (slips of many who come at once share
  it). Stirring stamps all of a box alike, or of a large part of it (see `urn_stir`), and writes the
  tables anew, in the order of their names. Then a stamp tells of a box when the last of it came.
- For longer: the stamps of rights and ballots, and dead versions of these, which tell in which
  order rights were used and ballots cast, but of no answer.
- Until a batch is discarded: which answers and which receipts it holds, in two orders.
- For ever: which receipts were counted, as digests, and by their stamps in which batch; the log
  says so too.
- A dead version of a row that another transaction, under way when the table was written anew, could
  still see stays in the table until the next time.
- The write-ahead log shows what was written together until its segments are reused, and so does
  every archive and replica of it; so do the blocks of old files until the file system gives them
  away, and every backup that was made while something waited. See the threat model.

Several processes use an urn at once. Locks of the database keep them apart, and leave no trace:
putting in shares a questionnaire's lock, shutting it has the lock alone; drawing has another; who
changes what waits shares a third one, which stirring has alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shared.adapters import rights
from shared.adapters.postgres import urn_comments, urn_counted
from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.adapters.postgres.urn_draw import Drawing, Size, discard, write_anew
from shared.adapters.postgres.urn_exchange import (
    ballots_out,
    end_exchange,
    require_exchanging,
    require_open,
)
from shared.adapters.postgres.urn_paper import is_dropped, put_papers
from shared.adapters.postgres.urn_put import PUT, Wanted, arguments, box_key, problem
from shared.adapters.postgres.urn_stir import restamp_all
from shared.adapters.rights import Held
from shared.adapters.slips import SLIPS_MAX, SLIPS_WAITING_MAX, SPEND_TIMEOUT_S, apart
from shared.adapters.together import Together
from shared.kernel.errors import Crowded, Problem
from shared.ports import Box, Chance, Claim, Comment, Draw, Right, Slip, Standing, Turnout, Verdict


class PostgresUrn:
    """An urn in a service's database."""

    def __init__(
        self, database: PostgresDatabase, chance: Chance, *, waiting_max: int = SLIPS_WAITING_MAX
    ) -> None:
        self._database = database
        self._chance = chance
        self._putting = Together(
            self._put_all,
            weigh=lambda _: 1,
            weight_max=SLIPS_MAX,
            waiting_max=waiting_max,
            timeout_s=SPEND_TIMEOUT_S,
            full=lambda: Crowded("too-many-answers"),
        )

    async def grant(self, questionnaire: str, rights: Sequence[Right]) -> None:
        """Remember rights; those that are known already stay as they are."""
        await self._database.execute(
            sql.GRANT,
            questionnaire,
            [right.token_sha256 for right in rights],
            [right.agency for right in rights],
            [right.kind for right in rights],
            [right.uses_max for right in rights],
            [right.uses_per_day_max for right in rights],
        )

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """The right behind a token that can still be used."""
        row = await self._database.row(sql.RIGHT, token_sha256)
        return rights.usable(_held(token_sha256, row), questionnaire).right

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """Which of these are invitations to it that nobody has used yet."""
        rows = await self._database.rows(sql.UNUSED, questionnaire, list(tokens_sha256))
        return frozenset(token for (token,) in rows)

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """Let a right be used no more."""

        async def revoke(connection: Connection) -> None:
            row = await row_of(connection, sql.LOCKED_RIGHT, token_sha256)
            rights.known(_held(token_sha256, row), questionnaire)
            await connection.execute(sql.REVOKE, (token_sha256,))

        await self._database.transact(revoke)

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Use a right and put the slip in, both or neither."""
        wanted = Wanted(questionnaire, apart(slip), token_sha256=token_sha256, day=day)
        await self._putting.ask(wanted)

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """Use up an invitation for a ballot; for the same one ever again."""

        async def exchange(connection: Connection) -> Right:
            await connection.execute(sql.SHARE_LOCK, (box_key(questionnaire),))
            row = await row_of(connection, sql.LOCKED_RIGHT, token_sha256)
            held = rights.exchangeable(_held(token_sha256, row), questionnaire)
            exchanged = held.exchanged_for(blinded_sha256)
            if exchanged is not held:
                await require_exchanging(connection, questionnaire)
                used = (exchanged.used, exchanged.ballot_sha256, token_sha256)
                await connection.execute(sql.EXCHANGE, used)
            return held.right

        return await self._database.transact(exchange)

    async def end_exchange(self, questionnaire: str) -> None:
        """Give no ballot from now on."""
        await end_exchange(self._database, questionnaire)

    async def ballots_out(self, questionnaire: str) -> int:
        """How many ballots were given and not cast."""
        return await ballots_out(self._database, questionnaire)

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot, once."""
        wanted = Wanted(questionnaire, apart(slip), agency=agency, ballot_sha256=ballot_sha256)
        await self._putting.ask(wanted)

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """Put in what was collected on paper, once per key; False if the key was there already."""
        puts = [(agency, apart(slip)) for agency, slip in slips]

        async def drop(connection: Connection) -> bool:
            await connection.execute(sql.SHARE_LOCK, (box_key(questionnaire),))
            new = await connection.execute(sql.REMEMBER_DROP, (questionnaire, key, digest))
            if new.rowcount == 0:
                return not await is_dropped(connection, questionnaire, key, digest)
            await require_open(connection, questionnaire)
            await put_papers(connection, self._chance, questionnaire, puts)
            return True

        return await self._database.transact(drop)

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        return await self._database.transact(
            lambda connection: is_dropped(connection, questionnaire, key, digest)
        )

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""

        async def shut(connection: Connection) -> None:
            await connection.execute(sql.TAKE_LOCK, (box_key(questionnaire),))
            await connection.execute(sql.SHUT, (questionnaire,))

        await self._database.transact(shut)

    async def standing(self, questionnaire: str) -> Standing:
        """How far it has come."""
        [standing] = await self._database.rows(sql.STANDING, *[questionnaire] * 3)
        return Standing(*standing)

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn."""
        rows = await self._database.rows(sql.WAITING, questionnaire)
        return {Box(agency, channel): count for agency, channel, count in rows}

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded, in their order."""
        return [batch for (batch,) in await self._database.rows(sql.DRAWN, questionnaire)]

    async def draw(
        self,
        questionnaire: str,
        boxes: Sequence[Box],
        *,
        batch: int,
        least: int,
        most: int,
        leave: int = 0,
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers, and `leave` some behind."""
        assert 1 <= least <= most, "a batch holds an answer"
        taking = Size(least, most, leave)
        drawn = await self._database.transact(
            lambda connection: Drawing(connection, self._chance, questionnaire, batch).draw(
                boxes, taking
            )
        )
        if drawn is not None:
            await write_anew(self._database)
        return drawn

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget what a drawn batch held: it stands in the log now."""
        await self._database.transact(
            lambda connection: discard(connection, self._chance, questionnaire, batch)
        )
        await write_anew(self._database)

    async def know_counted(self, receipts: Sequence[str]) -> None:
        """Take none of these, which the log has, from now on."""
        await self._database.execute(urn_counted.KNOW, list(receipts))

    async def stir(self) -> int:
        """Stamp anew the boxes into which something came, and write the tables anew."""
        stirred = await restamp_all(self._database, self._chance)
        await write_anew(self._database)
        return stirred

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """Let comments be read that hide among enough others, or all once the urn is shut."""
        assert least >= 1, "who lets comments out lets out one"
        released = await self._database.transact(
            lambda connection: urn_comments.release(
                connection, self._chance, questionnaire, least, leave
            )
        )
        if released:
            await write_anew(self._database)
        return released

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that may be read, by their names."""
        rows = await self._database.rows(urn_comments.COMMENTS, questionnaire, after, limit)
        return [Comment(*row) for row in rows]

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """Decide on a comment that may be read, once."""
        return await self._database.transact(
            lambda connection: urn_comments.claim(connection, questionnaire, name, verdict, text)
        )

    async def claimed(self, *, limit: int) -> Sequence[Claim]:
        """Claims of comments that were not removed."""
        return await self._database.transact(
            lambda connection: urn_comments.claimed(connection, limit)
        )

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """Forget a comment."""
        await self._database.transact(
            lambda connection: urn_comments.remove(connection, self._chance, questionnaire, name)
        )
        await write_anew(self._database)

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """How rights were used, by agency."""
        rows = await self._database.rows(sql.TURNOUT, questionnaire)
        return {agency: Turnout(*counts) for agency, *counts in rows}

    async def _put_all(self, wanted: Sequence[Wanted]) -> Sequence[Problem | None]:
        row = await self._database.row(PUT, *arguments(wanted, self._chance))
        assert row is not None, "the outcomes are a row"
        return [problem(code) for code in row[0]]


def _held(token_sha256: str, row: Sequence[Any] | None) -> Held | None:
    if row is None:
        return None
    questionnaire, agency, kind, uses_max, uses_per_day_max, *uses = row
    return Held(questionnaire, Right(token_sha256, agency, kind, uses_max, uses_per_day_max), *uses)

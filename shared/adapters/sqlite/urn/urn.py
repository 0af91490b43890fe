"""The urn on one SQLite file."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from shared.adapters import rights
from shared.adapters.batches import Size
from shared.adapters.slips import SLIPS_MAX, SLIPS_WAITING_MAX, SPEND_TIMEOUT_S, parts_of
from shared.adapters.sqlite.database import Connection, Database
from shared.adapters.sqlite.urn import comments, former, tables
from shared.adapters.sqlite.urn.drawing import discard, draw, know_counted
from shared.adapters.sqlite.urn.putting import Cast, Putting, Spend, held_by, keep
from shared.adapters.sqlite.urn.stirring import (
    SLICE_ROWS_MAX,
    STIRRED,
    is_due,
    move,
    moving,
    undrawn,
)
from shared.adapters.together import Together
from shared.kernel.errors import Crowded, Problem, Refused
from shared.ports import Box, Chance, Claim, Comment, Draw, Right, Slip, Standing, Turnout, Verdict


class SqliteUrn:
    """An urn in one SQLite file, which forgets what is deleted.

    Raises `Refused("urn-of-earlier-version")` where answers wait that this version cannot count.
    """

    def __init__(
        self,
        path: Path,
        chance: Chance,
        *,
        waiting_max: int = SLIPS_WAITING_MAX,
        slice_rows_max: int = SLICE_ROWS_MAX,
    ) -> None:
        self._database = Database(
            path, tables.SCHEMA, durability="full", forgetting=True, before=former.move
        )
        self._chance = chance
        self._slice_rows_max = slice_rows_max
        self._stirring = asyncio.Lock()
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
        rows = [
            (
                right.token_sha256,
                questionnaire,
                right.agency,
                right.kind,
                right.uses_max,
                right.uses_per_day_max,
            )
            for right in rights
        ]
        await self._database.change(tables.GRANT, *rows)

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """The right behind a token that can still be used."""
        held = await self._database.read(lambda connection: held_by(connection, token_sha256))
        return rights.usable(held, questionnaire).right

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """Which of these are invitations to it that nobody has used yet."""
        found = await self._database.read(
            lambda connection: [held_by(connection, token) for token in tokens_sha256]
        )
        return rights.unused(filter(None, found), questionnaire)

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """Let a right be used no more."""

        def revoke(connection: Connection) -> None:
            rights.known(held_by(connection, token_sha256), questionnaire)
            connection.execute(tables.REVOKE, (token_sha256,))

        await self._database.write(revoke)

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Use a right and put the slip in, both or neither."""
        await self._putting.ask(Spend(questionnaire, token_sha256, day, parts_of(slip)))

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """Use up an invitation for a ballot; for the same one ever again."""

        def exchange(connection: Connection) -> Right:
            held = rights.exchangeable(held_by(connection, token_sha256), questionnaire)
            exchanged = held.exchanged_for(blinded_sha256)
            if exchanged is not held:
                Putting(connection, self._chance).require_exchanging(questionnaire)
                keep(connection, exchanged)
            return held.right

        return await self._database.write(exchange)

    async def end_exchange(self, questionnaire: str) -> None:
        """Give no ballot from now on."""
        await self._database.change(tables.END_EXCHANGE, (questionnaire,))

    async def ballots_out(self, questionnaire: str) -> int:
        """How many ballots were given and not cast."""
        [(count,)] = await self._rows(tables.BALLOTS_OUT, questionnaire)
        return int(count)

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot, once."""
        await self._putting.ask(Cast(questionnaire, agency, ballot_sha256, parts_of(slip)))

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """Put in what was collected on paper, once per key; False if the key was there already."""
        puts = [(Box(agency, "paper"), parts_of(slip)) for agency, slip in slips]

        def drop(connection: Connection) -> bool:
            if _is_dropped(connection, questionnaire, key, digest):
                return False
            putting = Putting(connection, self._chance)
            putting.require_open(questionnaire)
            for box, parts in puts:
                putting.put(questionnaire, box, parts)
            putting.finish()
            connection.execute(tables.REMEMBER_DROP, (questionnaire, key, digest))
            return True

        return await self._database.write(drop)

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        return await self._database.read(
            lambda connection: _is_dropped(connection, questionnaire, key, digest)
        )

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""
        await self._database.change(tables.SHUT, (questionnaire,))

    async def standing(self, questionnaire: str) -> Standing:
        """How far it has come."""
        [(exchanging, shut, *batches)] = await self._rows(tables.STANDING, questionnaire)
        return Standing(bool(exchanging), bool(shut), *batches)

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn."""
        rows = await self._rows(tables.WAITING, questionnaire)
        return {Box(agency, channel): count for agency, channel, count in rows}

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded, in their order."""
        return [batch for (batch,) in await self._rows(tables.DRAWN, questionnaire)]

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

        at, taking = (questionnaire, batch), Size(least, most, leave)
        drawn = await self._database.write(
            lambda connection: draw(connection, self._chance, at, boxes, taking)
        )
        if drawn is not None:
            await self._database.empty_log()
        return drawn

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget what the drawn batches held, up to this one: they stand in the log now."""
        await self._database.write(lambda connection: discard(connection, questionnaire, batch))
        await self._database.empty_log()

    async def know_counted(
        self, questionnaire: str, receipts: Sequence[str], *, batch: int
    ) -> None:
        """Take none of these, which the log has, from now on."""
        await self._database.write(
            lambda connection: know_counted(connection, receipts, questionnaire, batch)
        )

    async def stir(self) -> int:
        """Write all tables anew, if something came into one, and cut the write-ahead log."""
        async with self._stirring:
            came = await self._database.read(is_due)
            for table in STIRRED if came else ():
                await self._stir(table)
            await self._database.empty_log()
        return await self._database.read(undrawn) if came else 0

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """Let comments be read that hide among enough others, or all once the urn is shut."""
        assert least >= 1, "who lets comments out lets out one"
        released = await self._database.write(
            lambda connection: comments.release(
                connection, self._chance, questionnaire, least, leave
            )
        )
        if released:
            await self._database.empty_log()
        return released

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that may be read, by their names."""
        rows = await self._rows(tables.COMMENTS, questionnaire, after, limit)
        return [Comment(*row) for row in rows]

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """Decide on a comment that may be read, once."""
        return await self._database.write(
            lambda connection: comments.claim(connection, questionnaire, name, verdict, text)
        )

    async def claimed(self, *, after: str = "", limit: int) -> Sequence[Claim]:
        """Claims of comments that were not removed, behind `after` by name."""
        return await self._database.read(
            lambda connection: comments.claimed(connection, after, limit)
        )

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """Forget a comment."""
        await self._database.write(
            lambda connection: comments.remove(connection, questionnaire, name)
        )
        await self._database.empty_log()

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """How rights were used, by agency."""
        rows = await self._rows(tables.TURNOUT, questionnaire)
        return {agency: Turnout(*counts) for agency, *counts in rows}

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()

    async def _stir(self, table: str) -> None:
        """Move a table to its other side, once more if that was begun before.

        Whoever puts in, draws or discards has a turn after each slice.
        """
        way = await self._database.read(lambda connection: moving(connection, table))
        next_slice = partial(move, chance=self._chance, way=way, rows_max=self._slice_rows_max)
        while await self._database.write(next_slice):
            pass
        if way.resumed:
            await self._stir(table)

    async def _put_all(self, wanted: Sequence[Spend | Cast]) -> Sequence[Problem | None]:
        def put(connection: Connection) -> Sequence[Problem | None]:
            putting = Putting(connection, self._chance)
            outcomes = [putting.attempt(each) for each in wanted]
            putting.finish()
            return outcomes

        return await self._database.write(put)

    async def _rows(self, query: str, *values: object) -> Sequence[tuple[Any, ...]]:
        return await self._database.read(
            lambda connection: connection.execute(query, values).fetchall()
        )


def _is_dropped(connection: Connection, questionnaire: str, key: str, digest: str) -> bool:
    known = connection.execute(tables.DROPPED, (questionnaire, key)).fetchone()
    if known is not None and known[0] != digest:
        raise Refused("idempotency-key-reused", key=key)
    return known is not None

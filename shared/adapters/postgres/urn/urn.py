"""The urn on PostgreSQL: what its service asks of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from shared.adapters import rights as right_rules
from shared.adapters.batches import Size
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.adapters.postgres.urn import comments, counted, drawing, paper, polls, stamping
from shared.adapters.postgres.urn.exchange import (
    EXCHANGE,
    ballots_out,
    end_exchange,
    require_exchanging,
)
from shared.adapters.postgres.urn.held import (
    GRANT,
    LOCKED_RIGHT,
    REVOKE,
    RIGHT,
    TURNOUT,
    UNUSED,
    held,
)
from shared.adapters.postgres.urn.locks import share_box, take_box
from shared.adapters.postgres.urn.putting import PUT, Wanted, arguments, problem
from shared.adapters.postgres.urn.stirring import Stirring
from shared.adapters.slips import SLIPS_MAX, SLIPS_WAITING_MAX, SPEND_TIMEOUT_S, parts_of
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
        self._stirring = Stirring(database)
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
            GRANT,
            questionnaire,
            [right.token_sha256 for right in rights],
            [right.agency for right in rights],
            [right.kind for right in rights],
            [right.uses_max for right in rights],
            [right.uses_per_day_max for right in rights],
        )

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """The right behind a token that can still be used."""
        row = await self._database.row(RIGHT, token_sha256)
        return right_rules.usable(held(token_sha256, row), questionnaire).right

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """Which of these are invitations to it that nobody has used yet."""
        rows = await self._database.rows(UNUSED, questionnaire, list(tokens_sha256))
        return frozenset(token for (token,) in rows)

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """Let a right be used no more."""

        async def revoke(connection: Connection) -> None:
            row = await row_of(connection, LOCKED_RIGHT, token_sha256)
            right_rules.known(held(token_sha256, row), questionnaire)
            await connection.execute(REVOKE, (token_sha256,))

        await self._database.transact(revoke)

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Use a right and put the slip in, both or neither."""
        wanted = Wanted(questionnaire, parts_of(slip), token_sha256=token_sha256, day=day)
        await self._putting.ask(wanted)

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """Use up an invitation for a ballot; for the same one ever again."""

        async def exchange(connection: Connection) -> Right:
            await share_box(connection, questionnaire)
            row = await row_of(connection, LOCKED_RIGHT, token_sha256)
            kept = right_rules.exchangeable(held(token_sha256, row), questionnaire)
            exchanged = kept.exchanged_for(blinded_sha256)
            if exchanged is not kept:
                await require_exchanging(connection, questionnaire)
                used = (exchanged.used, exchanged.ballot_sha256, token_sha256)
                await connection.execute(EXCHANGE, used)
            return kept.right

        return await self._database.transact(exchange)

    async def end_exchange(self, questionnaire: str) -> None:
        """Give no ballot from now on."""
        await end_exchange(self._database, questionnaire)

    async def ballots_out(self, questionnaire: str) -> int:
        """How many ballots were given and not cast."""
        return await ballots_out(self._database, questionnaire)

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot, once."""
        wanted = Wanted(questionnaire, parts_of(slip), agency=agency, ballot_sha256=ballot_sha256)
        await self._putting.ask(wanted)

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """Put in what was collected on paper, once per key; False if the key was there already."""
        puts = [(agency, parts_of(slip)) for agency, slip in slips]

        async def drop(connection: Connection) -> bool:
            await share_box(connection, questionnaire)
            new = await connection.execute(paper.REMEMBER_DROP, (questionnaire, key, digest))
            if new.rowcount == 0:
                return not await paper.is_dropped(connection, questionnaire, key, digest)
            await polls.require_open(connection, questionnaire)
            await paper.put_papers(connection, self._chance, questionnaire, puts)
            return True

        return await self._database.transact(drop)

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        return await self._database.transact(
            lambda connection: paper.is_dropped(connection, questionnaire, key, digest)
        )

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""

        async def shut(connection: Connection) -> None:
            await take_box(connection, questionnaire)
            await connection.execute(polls.SHUT, (questionnaire,))

        await self._database.transact(shut)

    async def standing(self, questionnaire: str) -> Standing:
        """How far it has come."""
        [standing] = await self._database.rows(polls.STANDING, *[questionnaire] * 4)
        return Standing(*standing)

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn."""
        rows = await self._database.rows(drawing.WAITING, questionnaire)
        return {Box(agency, channel): count for agency, channel, count in rows}

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded, in their order."""
        return [batch for (batch,) in await self._database.rows(drawing.DRAWN, questionnaire)]

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
        size = Size(least, most, leave)
        batched = drawing.Drawing(self._chance, questionnaire, batch, boxes, size)
        try:
            return await self._database.transact(batched.draw_whole)
        except drawing.NotStirred:
            due = stamping.to_draw(questionnaire, boxes)
            return await self._stirring.draw_behind(due, batched.draw_stirred)

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget what a drawn batch held: it stands in the log now."""
        await self._database.transact(
            lambda connection: drawing.discard(connection, questionnaire, batch)
        )

    async def know_counted(
        self, questionnaire: str, receipts: Sequence[str], *, batch: int
    ) -> None:
        """Take none of these, which the log has, from now on."""
        await self._database.transact(
            lambda connection: counted.know(connection, receipts, questionnaire, batch)
        )

    async def stir(self) -> int:
        """Stamp anew the boxes into which something came, and write the tables anew."""
        return await self._stirring.stir()

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """Let comments be read that hide among enough others, or all once the urn is shut."""
        assert least >= 1, "who lets comments out lets out one"
        released = 0
        while some := await self._database.transact(
            lambda connection: comments.release(
                connection, self._chance, questionnaire, least, leave
            )
        ):
            released += some
        return released

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that may be read, by their names."""
        rows = await self._database.rows(comments.COMMENTS, questionnaire, after, limit)
        return [Comment(*row) for row in rows]

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """Decide on a comment that may be read, once."""
        return await self._database.transact(
            lambda connection: comments.claim(connection, questionnaire, name, verdict, text)
        )

    async def claimed(self, *, after: str = "", limit: int) -> Sequence[Claim]:
        """Claims of comments that were not removed, behind `after` by name."""
        return await self._database.transact(
            lambda connection: comments.claimed(connection, after, limit)
        )

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """Forget a comment."""
        await self._database.transact(
            lambda connection: comments.remove(connection, questionnaire, name)
        )

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """How rights were used, by agency."""
        rows = await self._database.rows(TURNOUT, questionnaire)
        return {agency: Turnout(*counts) for agency, *counts in rows}

    async def _put_all(self, wanted: Sequence[Wanted]) -> Sequence[Problem | None]:
        row = await self._database.row(PUT, *arguments(wanted, self._chance))
        assert row is not None, "the outcomes are a row"
        return [problem(code) for code in row[0]]

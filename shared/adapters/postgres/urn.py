"""The urn on PostgreSQL: who may answer in one table, what was answered in another.

Answers lie under random names, and nothing in a row leads to a row of the other table. But
PostgreSQL stamps every row with the number of its transaction, and both rows of an answer are
written in one, so that who holds the database can match them until the answer is drawn; answers
that come at the same time share one. A draw stamps the whole batch alike, and the table is written
anew, by its names, whenever a batch is drawn or discarded; a dead row that another transaction,
under way at that moment, could still see stays until the next time. The write-ahead log shows what
was written together until its segments are reused, and so does every archive and replica of it.

Several processes use an urn at once. Locks of the database keep them apart, and leave no trace:
putting in shares a questionnaire's lock, shutting it has the lock alone; drawing has another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.adapters.canonical import from_json, to_json
from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection, lock_key
from shared.adapters.postgres.database import PostgresDatabase, row_of, rows_of
from shared.adapters.together import Together
from shared.kernel.errors import Missing, Problem, Refused
from shared.ports import Chance, Draw, Invitation, Turnout

SPENDS_MAX = 100
"""So many answers at most are put in by one transaction."""
SPENDS_WAITING_MAX = 1_000
SPEND_TIMEOUT_S = 8.0


@dataclass(frozen=True, slots=True)
class _Spend:
    """A token, and what is to be put in for it."""

    questionnaire: str
    token: str
    answer: str


class PostgresUrn:
    """An urn in a service's database."""

    def __init__(self, database: PostgresDatabase, chance: Chance) -> None:
        self._database = database
        self._chance = chance
        self._spending = Together(
            self._spend_all,
            weigh=lambda _: 1,
            weight_max=SPENDS_MAX,
            waiting_max=SPENDS_WAITING_MAX,
            timeout_s=SPEND_TIMEOUT_S,
        )

    async def invite(self, questionnaire: str, invitations: Sequence[Invitation]) -> None:
        """Remember invitations; those that are known already stay as they are."""
        tokens = [each.token_sha256 for each in invitations]
        agencies = [each.agency for each in invitations]
        await self._database.execute(sql.INVITE, questionnaire, tokens, agencies)

    async def invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""
        row = await self._database.row(sql.INVITATION, token_sha256)
        if row is None:
            raise Missing("token-unknown")
        name, agency = row
        if name != questionnaire:
            raise Refused("token-of-another-survey")
        return Invitation(token_sha256, agency)

    async def spend(self, questionnaire: str, token_sha256: str, answer: Mapping[str, Any]) -> None:
        """Use up a token and drop the answer in, both or neither."""
        await self._spending.ask(_Spend(questionnaire, token_sha256, to_json(answer)))

    async def drop(
        self, questionnaire: str, key: str, answers: Sequence[Mapping[str, Any]], *, digest: str
    ) -> bool:
        """Put in answers collected elsewhere, once per key; False if the key was there already."""
        texts = [(questionnaire, to_json(answer)) for answer in answers]

        async def drop(connection: Connection) -> bool:
            await connection.execute(sql.SHARE_LOCK, (_box_key(questionnaire),))
            new = await connection.execute(sql.REMEMBER_DROP, (questionnaire, key, digest))
            if new.rowcount == 0:
                return not await _is_dropped(connection, questionnaire, key, digest)
            if await _shut_among(connection, [questionnaire]):
                raise Refused("survey-closed")
            await self._put(connection, texts)
            return True

        return await self._database.transact(drop)

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        return await self._database.transact(
            lambda connection: _is_dropped(connection, questionnaire, key, digest)
        )

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""

        async def shut(connection: Connection) -> None:
            await connection.execute(sql.TAKE_LOCK, (_box_key(questionnaire),))
            await connection.execute(sql.SHUT, (questionnaire,))

        await self._database.transact(shut)

    async def waiting(self, questionnaire: str) -> int:
        """How many answers have not been drawn and discarded."""
        row = await self._database.row(sql.WAITING, questionnaire)
        assert row is not None, "a count is a row"
        count: int = row[0]
        return count

    async def draw(
        self, questionnaire: str, *, batch: int, least: int, most: int, leave: int = 0
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers, and `leave` some behind."""
        assert 1 <= least <= most, "a batch holds an answer"

        async def draw(connection: Connection) -> Sequence[str]:
            await connection.execute(sql.TAKE_LOCK, (_draw_key(questionnaire),))
            discarded = await row_of(connection, sql.DISCARDED, questionnaire)
            if discarded is not None and batch <= discarded[0]:
                return ()
            drawn = await _batch(connection, questionnaire, batch)
            if drawn:
                return drawn
            names = [row[0] for row in await rows_of(connection, sql.UNDRAWN, questionnaire)]
            size = min(most, len(names) - leave)
            if size < least:
                return ()
            await self._set_aside(connection, batch, names, size)
            return await _batch(connection, questionnaire, batch)

        texts = await self._database.transact(draw)
        if not texts:
            return None
        await self._database.rewrite(sql.REWRITE)
        return Draw(batch, [from_json(text) for text in texts])

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget the answers of a drawn batch: they stand in the log now."""

        async def discard(connection: Connection) -> None:
            await connection.execute(sql.TAKE_LOCK, (_draw_key(questionnaire),))
            await connection.execute(sql.FORGET, (questionnaire, batch))
            await connection.execute(sql.DISCARD, (questionnaire, batch))

        await self._database.transact(discard)
        await self._database.rewrite(sql.REWRITE)

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """Invitations and answers by agency."""
        rows = await self._database.rows(sql.TURNOUT, questionnaire)
        return {agency: Turnout(invited, answered) for agency, invited, answered in rows}

    async def _spend_all(self, spends: Sequence[_Spend]) -> Sequence[Problem | None]:
        return await self._database.transact(lambda connection: self._spend(connection, spends))

    async def _spend(
        self, connection: Connection, spends: Sequence[_Spend]
    ) -> Sequence[Problem | None]:
        """Put in what can be, and say of each other one what hinders it.

        Nothing is tried that could fail: the rows of the tokens are locked before they are judged,
        so that whoever else wants one of them waits, and then finds it spent.
        """
        questionnaires = sorted({spend.questionnaire for spend in spends})
        for questionnaire in questionnaires:
            await connection.execute(sql.SHARE_LOCK, (_box_key(questionnaire),))
        shut = await _shut_among(connection, questionnaires)
        rows = await rows_of(connection, sql.LOCK_TOKENS, [spend.token for spend in spends])
        tokens = {token: (questionnaire, spent) for token, questionnaire, spent in rows}
        outcomes: list[Problem | None] = []
        accepted: list[_Spend] = []
        for spend in spends:
            outcome = _objection(spend, tokens, shut)
            if outcome is None:
                tokens[spend.token] = (spend.questionnaire, True)
                accepted.append(spend)
            outcomes.append(outcome)
        await connection.execute(sql.SPEND, ([spend.token for spend in accepted],))
        await self._put(connection, [(each.questionnaire, each.answer) for each in accepted])
        return outcomes

    async def _put(self, connection: Connection, answers: Sequence[tuple[str, str]]) -> None:
        names = [self._chance.token() for _ in answers]
        questionnaires = [questionnaire for questionnaire, _ in answers]
        await connection.execute(sql.PUT, (names, questionnaires, [text for _, text in answers]))

    async def _set_aside(
        self, connection: Connection, batch: int, names: Sequence[str], size: int
    ) -> None:
        order = self._chance.shuffled(len(names))[:size]
        await connection.execute(sql.SET_ASIDE, (batch, [names[number] for number in order]))


def _objection(
    spend: _Spend, tokens: Mapping[str, tuple[str, bool]], shut: frozenset[str]
) -> Problem | None:
    if spend.token not in tokens:
        return Missing("token-unknown")
    questionnaire, spent = tokens[spend.token]
    if questionnaire != spend.questionnaire:
        return Refused("token-of-another-survey")
    if spent:
        return Refused("token-spent")
    return Refused("survey-closed") if questionnaire in shut else None


async def _shut_among(connection: Connection, questionnaires: Sequence[str]) -> frozenset[str]:
    rows = await rows_of(connection, sql.SHUT_AMONG, questionnaires)
    return frozenset(row[0] for row in rows)


async def _is_dropped(connection: Connection, questionnaire: str, key: str, digest: str) -> bool:
    known = await row_of(connection, sql.DROPPED, questionnaire, key)
    if known is not None and known[0] != digest:
        raise Refused("idempotency-key-reused", key=key)
    return known is not None


async def _batch(connection: Connection, questionnaire: str, batch: int) -> Sequence[str]:
    return [row[0] for row in await rows_of(connection, sql.BATCH, questionnaire, batch)]


def _box_key(questionnaire: str) -> int:
    return lock_key("urn", questionnaire)


def _draw_key(questionnaire: str) -> int:
    return lock_key("urn-draw", questionnaire)

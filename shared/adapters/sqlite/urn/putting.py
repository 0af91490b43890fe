"""Putting slips in: what one transaction does with the rights, the ballots and the parts."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from shared.adapters import rights
from shared.adapters.rights import Held
from shared.adapters.slips import Parts
from shared.adapters.sqlite.database import Connection
from shared.adapters.sqlite.urn import tables
from shared.kernel.errors import Problem, Refused
from shared.ports import Box, Chance, Right


@dataclass(frozen=True, slots=True)
class Spend:
    """A token, and what is to be put in for it."""

    questionnaire: str
    token_sha256: str
    day: date
    parts: Parts


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot, and what is to be put in for it."""

    questionnaire: str
    agency: str
    ballot_sha256: str
    parts: Parts


@dataclass(slots=True)
class _Rows:
    """What is written at the end of a transaction, in the order of random names."""

    answers: list[tuple[str, ...]] = field(default_factory=list)
    receipts: list[tuple[str, ...]] = field(default_factory=list)
    comments: list[tuple[str, ...]] = field(default_factory=list)


class Putting:
    """One transaction: each slip is judged, and put in or refused without a trace."""

    def __init__(self, connection: Connection, chance: Chance) -> None:
        self._connection = connection
        self._chance = chance
        self._rows = _Rows()
        self._taken: set[str] = set()

    def attempt(self, wanted: Spend | Cast) -> Problem | None:
        """Put one slip in, or say what hinders it; then nothing of it was written."""
        try:
            match wanted:
                case Spend():
                    self._spend(wanted)
                case Cast():
                    self._cast(wanted)
        except Problem as problem:
            return problem
        return None

    def put(self, questionnaire: str, box: Box, parts: Parts) -> None:
        """Put the parts in, unless the receipt is taken; writing is left to `finish`."""
        self._require_new(parts.receipt)
        self._taken.add(parts.receipt)
        place = (questionnaire, box.agency, box.channel)
        self._rows.answers.append((self._chance.token(), *place, parts.answer))
        self._rows.receipts.append((parts.receipt, *place))
        self._rows.comments += [
            (self._chance.token(), questionnaire, box.agency, *comment)
            for comment in parts.comments
        ]

    def require_open(self, questionnaire: str) -> None:
        """Raises `Refused("survey-closed")`."""
        if self._finds(tables.IS_SHUT, questionnaire):
            raise Refused("survey-closed")

    def require_exchanging(self, questionnaire: str) -> None:
        """Raises what `require_open` raises, and `Refused("exchange-ended")`."""
        self.require_open(questionnaire)
        if self._finds(tables.HAS_ENDED, questionnaire):
            raise Refused("exchange-ended")

    def finish(self) -> None:
        """Write what was put in."""
        self._connection.executemany(tables.PUT_ANSWER, sorted(self._rows.answers))
        self._connection.executemany(tables.PUT_RECEIPT, sorted(self._rows.receipts))
        self._connection.executemany(tables.PUT_COMMENT, sorted(self._rows.comments))

    def _spend(self, spend: Spend) -> None:
        held = rights.known(held_by(self._connection, spend.token_sha256), spend.questionnaire)
        if held.right.kind == "link":
            self._require_new(spend.parts.receipt)
        used = rights.usable(held, spend.questionnaire).in_use_on(spend.day)
        self.require_open(spend.questionnaire)
        self.put(spend.questionnaire, Box(held.right.agency, held.right.kind), spend.parts)
        keep(self._connection, used)

    def _cast(self, cast: Cast) -> None:
        ballot = (cast.questionnaire, cast.ballot_sha256)
        if self._finds(tables.BALLOT, *ballot):
            raise Refused("ballot-spent")
        self.require_open(cast.questionnaire)
        self.put(cast.questionnaire, Box(cast.agency, "invitation"), cast.parts)
        self._connection.execute(tables.CAST, ballot)

    def _require_new(self, receipt: str) -> None:
        """Refuse a receipt that waits, or was counted."""
        if (
            receipt in self._taken
            or self._finds(tables.RECEIPT, receipt)
            or self._finds(tables.COUNTED, counted_as(receipt))
        ):
            raise Refused("receipt-taken")

    def _finds(self, query: str, *values: str | bytes) -> bool:
        return self._connection.execute(query, values).fetchone() is not None


def counted_as(receipt: str) -> bytes:
    """Under what it is remembered that a receipt was counted: short, and in no order that tells."""
    return hashlib.sha256(receipt.encode()).digest()


def held_by(connection: Connection, token_sha256: str) -> Held | None:
    """The right behind a token, as it is kept."""
    row = connection.execute(tables.RIGHT, (token_sha256,)).fetchone()
    if row is None:
        return None
    questionnaire, agency, kind, uses_max, uses_per_day_max, used, on, that_day, revoked, ballot = (
        row
    )
    return Held(
        questionnaire,
        Right(token_sha256, agency, kind, uses_max, uses_per_day_max),
        used=used,
        used_on=on and date.fromisoformat(on),
        used_that_day=that_day,
        revoked=bool(revoked),
        ballot_sha256=ballot,
    )


def keep(connection: Connection, held: Held) -> None:
    """Keep how a right was used."""
    on = held.used_on and held.used_on.isoformat()
    values = (held.used, on, held.used_that_day, held.ballot_sha256, held.right.token_sha256)
    connection.execute(tables.USE, values)

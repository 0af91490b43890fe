"""Drawing batches: what one transaction does with answers."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from shared.adapters.batches import Size
from shared.adapters.canonical import from_json
from shared.adapters.sqlite.database import Connection
from shared.adapters.sqlite.urn import tables
from shared.adapters.sqlite.urn.putting import counted_as
from shared.ports import Box, Chance, Draw

Each = TypeVar("Each")


def draw(
    connection: Connection,
    chance: Chance,
    at: tuple[str, int],
    boxes: Sequence[Box],
    taking: Size,
) -> Draw | None:
    """The batch `at` (questionnaire, number), set aside now if it was not before."""
    if _is_over(connection, *at):
        return None
    if drawn := _batch(connection, *at):
        return drawn
    drawing = _Drawing(connection, chance, *at, taking.names_max)
    size = min(taking.most, drawing.waiting(boxes) - taking.leave)
    if size < taking.least:
        return None
    drawing.set_aside(boxes, size)
    return _batch(connection, *at)


def discard(connection: Connection, *at: str | int) -> None:
    """Forget what was drawn up to `at` (questionnaire, batch), but that receipts were counted."""
    receipts = [receipt for (receipt,) in connection.execute(tables.RECEIPTS_UP_TO_BATCH, at)]
    _remember(connection, receipts)
    for forget in tables.FORGET:
        connection.execute(forget, at)
    connection.execute(tables.DISCARD, at)


def know_counted(connection: Connection, receipts: Sequence[str], *at: str | int) -> None:
    """Remember that these were counted, and with `at` (questionnaire, batch) up to where."""
    _remember(connection, receipts)
    connection.execute(tables.TELL, at)


def _remember(connection: Connection, receipts: Sequence[str]) -> None:
    """In an order that tells nothing."""
    counted = sorted(counted_as(receipt) for receipt in receipts)
    connection.executemany(tables.REMEMBER, [(each,) for each in counted])


class _Drawing:
    """One transaction that sets a batch aside."""

    def __init__(
        self,
        connection: Connection,
        chance: Chance,
        questionnaire: str,
        batch: int,
        names_max: int,
    ) -> None:
        self._connection = connection
        self._chance = chance
        self._questionnaire = questionnaire
        self._batch = batch
        self._names_max = names_max

    def waiting(self, boxes: Sequence[Box]) -> int:
        """How many answers in these boxes nobody has drawn."""
        counts = (
            self._connection.execute(tables.COUNT_OF_BOX, self._at(box)).fetchone() for box in boxes
        )
        return sum(count for (count,) in counts)

    def set_aside(self, boxes: Sequence[Box], size: int) -> None:
        """Set so many of the answers aside, and of each box as many receipts as answers."""
        waiting = [
            (name, box) for box in boxes for name in self._names(tables.ANSWERS_OF_SIDE, box)
        ]
        drawn = self._shuffled(waiting)[:size]
        self._write(tables.SET_ANSWER_ASIDE, [name for name, _ in drawn])
        receipts: list[str] = []
        for box, count in sorted(Counter(box for _, box in drawn).items(), key=_by_name):
            kept = self._names(tables.RECEIPTS_OF_SIDE, box)
            assert len(kept) >= count, "a box holds as many receipts as answers"
            receipts += self._shuffled(kept)[:count]
        self._write(tables.SET_RECEIPT_ASIDE, self._shuffled(receipts))

    def _names(self, query: str, box: Box) -> Sequence[str]:
        """A stretch of the names in a box."""
        first = self._chance.token()
        behind = self._names_behind(query, box, first)
        if len(behind) < self._names_max:
            behind += [name for name in self._names_behind(query, box, "") if name <= first]
        return behind[: self._names_max]

    def _names_behind(self, query: str, box: Box, first: str) -> list[str]:
        found = [
            name
            for side in tables.SIDES
            for (name,) in self._connection.execute(
                query, (side, *self._at(box), first, self._names_max)
            )
        ]
        return sorted(found)[: self._names_max]

    def _at(self, box: Box) -> tuple[str, str, str]:
        return self._questionnaire, box.agency, box.channel

    def _write(self, statement: str, names: Sequence[str]) -> None:
        rows = [(self._batch, place, name) for place, name in enumerate(names)]
        self._connection.executemany(statement, rows)

    def _shuffled(self, kept: Sequence[Each]) -> list[Each]:
        return [kept[place] for place in self._chance.shuffled(len(kept))]


def _is_over(connection: Connection, questionnaire: str, batch: int) -> bool:
    """Whether this batch, or a later one, was discarded."""
    row = connection.execute(tables.DISCARDED, (questionnaire,)).fetchone()
    return row is not None and batch <= row[0]


def _batch(connection: Connection, *at: str | int) -> Draw | None:
    drawn = connection.execute(tables.ANSWERS_OF_BATCH, at).fetchall()
    if not drawn:
        return None
    return Draw(
        int(at[1]),
        [Box(agency, channel) for agency, channel, _ in drawn],
        [from_json(answer) for _, _, answer in drawn],
        [receipt for (receipt,) in connection.execute(tables.RECEIPTS_OF_BATCH, at)],
    )


def _by_name(counted: tuple[Box, int]) -> tuple[str, str]:
    return counted[0].agency, counted[0].channel

"""Drawing batches: what one transaction does with answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from shared.adapters.canonical import from_json
from shared.adapters.sqlite.database import Connection
from shared.adapters.sqlite.urn import tables
from shared.adapters.sqlite.urn.putting import counted_as
from shared.ports import Box, Chance, Draw

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a batch may hold, and how much is left behind."""

    least: int
    most: int
    leave: int


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
    drawing = _Drawing(connection, chance, *at)
    waiting = drawing.names_in(boxes)
    size = min(taking.most, len(waiting) - taking.leave)
    if size < taking.least:
        return None
    drawing.set_aside(waiting, size)
    return _batch(connection, *at)


def discard(connection: Connection, *at: str | int) -> None:
    """Forget the batch `at` (questionnaire, number), but that its receipts were counted."""
    receipts = [receipt for (receipt,) in connection.execute(tables.RECEIPTS_OF_BATCH, at)]
    know_counted(connection, receipts)
    for forget in tables.FORGET:
        connection.execute(forget, at)
    connection.execute(tables.DISCARD, at)


def know_counted(connection: Connection, receipts: Sequence[str]) -> None:
    """Remember that these were counted, in an order that tells nothing."""
    counted = sorted(counted_as(receipt) for receipt in receipts)
    connection.executemany(tables.REMEMBER, [(each,) for each in counted])


class _Drawing:
    """One transaction that sets a batch aside."""

    def __init__(
        self, connection: Connection, chance: Chance, questionnaire: str, batch: int
    ) -> None:
        self._connection = connection
        self._chance = chance
        self._questionnaire = questionnaire
        self._batch = batch

    def names_in(self, boxes: Sequence[Box]) -> Sequence[tuple[str, Box]]:
        """The answers in these boxes that nobody has drawn."""
        return [(name, box) for box in boxes for name in self._select(tables.ANSWERS_OF_BOX, box)]

    def set_aside(self, waiting: Sequence[tuple[str, Box]], size: int) -> None:
        """Set so many of the answers aside, and of each box as many receipts as answers."""
        drawn = self._shuffled(waiting)[:size]
        self._write(tables.SET_ANSWER_ASIDE, [name for name, _ in drawn])
        receipts: list[str] = []
        for box, count in sorted(Counter(box for _, box in drawn).items(), key=_by_name):
            kept = self._select(tables.RECEIPTS_OF_BOX, box)
            assert len(kept) >= count, "a box holds as many receipts as answers"
            receipts += self._shuffled(kept)[:count]
        self._write(tables.SET_RECEIPT_ASIDE, self._shuffled(receipts))

    def _select(self, query: str, box: Box) -> Sequence[str]:
        values = (self._questionnaire, box.agency, box.channel)
        return [name for (name,) in self._connection.execute(query, values)]

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

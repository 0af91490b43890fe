"""Urns for tests, and what tests say to them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.adapters.memory import MemoryUrn, SeededChance
from shared.adapters.sqlite import SqliteUrn
from shared.ports import Invitation, Urn

SIPAS = "2021/sipas"
LEADERS = "2021/leaders"

Answer = Mapping[str, Any]


def in_memory(_: Path) -> Urn:
    return MemoryUrn(SeededChance(1))


def in_sqlite(folder: Path) -> Urn:
    return SqliteUrn(folder / "urn.db", SeededChance(1))


def answers(count: int, first: int = 0) -> list[Answer]:
    return [{"agency": "so-y-te", "q1": str(number)} for number in range(first, first + count)]


async def invite(urn: Urn, *tokens: str, questionnaire: str = SIPAS) -> None:
    await urn.invite(questionnaire, [Invitation(token, "so-y-te") for token in tokens])


async def draw(
    urn: Urn, batch: int, *, least: int = 1, most: int = 100, leave: int = 0
) -> list[int] | None:
    drawn = await urn.draw(SIPAS, batch=batch, least=least, most=most, leave=leave)
    assert drawn is None or drawn.batch == batch
    return [int(answer["q1"]) for answer in drawn.answers] if drawn else None

"""Urns for tests, and what tests say to them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from shared.adapters.memory import MemoryUrn, SeededChance
from shared.adapters.sqlite import SqliteUrn
from shared.ports import Box, Channel, Draw, Right, Slip, Urn

SIPAS = "2021/sipas"
LEADERS = "2021/leaders"
AGENCY = "so-y-te"
OTHER = "so-noi-vu"
DAY = date(2021, 11, 15)

INVITED = Box(AGENCY, "invitation")
PAPER = Box(AGENCY, "paper")

Answer = Mapping[str, Any]


def in_memory(_: Path) -> Urn:
    return MemoryUrn(SeededChance(1))


def in_sqlite(folder: Path) -> Urn:
    return SqliteUrn(folder / "urn.db", SeededChance(1))


def slip(number: int, *comments: str, receipt: str = "") -> Slip:
    """An answer that can be told from others, with a receipt of its own."""
    said = tuple({"question": "remark", "text": text} for text in comments)
    return Slip({"q1": str(number)}, receipt or f"receipt-{number:04}", said)


def papers(count: int, first: int = 0, agency: str = AGENCY) -> list[tuple[str, Slip]]:
    return [(agency, slip(number)) for number in range(first, first + count)]


async def invite(urn: Urn, *tokens: str, questionnaire: str = SIPAS, agency: str = AGENCY) -> None:
    await urn.grant(questionnaire, [Right(token, agency) for token in tokens])


async def link(urn: Urn, token: str, *, uses_max: int = 100, per_day_max: int = 100) -> None:
    await urn.grant(SIPAS, [Right(token, AGENCY, "link", uses_max, per_day_max)])


async def drop(
    urn: Urn, count: int, *, first: int = 0, key: str = "", agency: str = AGENCY
) -> bool:
    """Put so many answers into the paper box of an agency."""
    slips = papers(count, first, agency)
    return await urn.drop(SIPAS, key or f"paper-{first}", slips, digest="d")


async def spend(urn: Urn, token: str, number: int, *, day: date = DAY) -> None:
    await urn.spend(SIPAS, token, slip(number), day=day)


async def draw_from(
    urn: Urn,
    batch: int,
    boxes: Sequence[Box],
    *,
    least: int = 1,
    most: int = 100,
    leave: int = 0,
) -> Draw | None:
    drawn = await urn.draw(SIPAS, boxes, batch=batch, least=least, most=most, leave=leave)
    if drawn is not None:
        assert drawn.batch == batch
        assert len(drawn.boxes) == len(drawn.answers) == len(drawn.receipts)
    return drawn


async def draw(
    urn: Urn, batch: int, *, least: int = 1, most: int = 100, leave: int = 0
) -> list[int] | None:
    """The numbers of the answers of a batch from all boxes of the agency."""
    channels: tuple[Channel, ...] = ("invitation", "link", "paper")
    boxes = [Box(AGENCY, channel) for channel in channels]
    drawn = await draw_from(urn, batch, boxes, least=least, most=most, leave=leave)
    return numbers(drawn) if drawn else None


def numbers(drawn: Draw) -> list[int]:
    return [int(answer["q1"]) for answer in drawn.answers]


async def count_waiting(urn: Urn, questionnaire: str = SIPAS) -> int:
    return sum((await urn.waiting(questionnaire)).values())


def secret(number: int) -> Slip:
    """What is found again wherever it lies."""
    return Slip(
        {"q1": f"secret-{number:02}"},
        f"receipt-{number:02}",
        ({"question": "q", "text": f"comment-{number:02}"},),
    )

"""A ledger on its way out: its facts as they stand in it, page by page, however many there are."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from services.ranking.application.ledgers import Ledgers

PAGE_FACTS = 200
"""At most 50 MiB, if every fact were as large as a fact may be; more are read no faster."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Facts of a ledger, byte by byte.

    `next` is the number of the last of them, `size` and `root` are those of the whole ledger.
    """

    pages: AsyncGenerator[Sequence[bytes], None]
    next: int
    size: int
    root: str


async def pages(
    ledgers: Ledgers, cycle: str, after: int, last: int
) -> AsyncGenerator[Sequence[bytes], None]:
    """The facts behind a number, up to another one that the ledger has."""
    while after < last:
        page = await ledgers.page(cycle, after=after, limit=min(PAGE_FACTS, last - after))
        yield [each.fact for each in page]
        after += len(page)

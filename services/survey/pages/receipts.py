"""The receipts of all answers that were counted, as a page in which people look for their own.

Everybody gets the same page with all of them, and the browser searches in it: nobody is told which
receipt it is that somebody looks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.survey.application import BATCH_ANSWERS_MIN, Answering, Made, receipts_bytes
from services.survey.pages.look import drawn
from services.survey.pages.sheet import Tongue
from shared.adapters import web


@dataclass(frozen=True, slots=True)
class Group:
    """The receipts that begin alike, one a line."""

    first: str
    count: int
    text: str


class ReceiptsPage:
    """All receipts of a questionnaire, in groups that are made anew when a batch was counted."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._groups = Made(grouped, _bytes_of)

    async def shown(self, reader: web.Reader, at: tuple[str, str], wanted: str) -> web.Html:
        """The page, the same for everybody who reads the language."""
        adopted = await self._answering.adopted(*at)
        receipts = await self._answering.receipts(*at)
        shown = {
            "title": adopted.title.vi,
            "count": f"{len(receipts):_}".replace("_", " "),
            "least": str(BATCH_ANSWERS_MIN),
            "groups": self._groups.of(at, receipts),
        }
        return drawn("receipts.html", Tongue(wanted or reader.language), reader.root, shown)


def receipts_at(root: str, at: tuple[str, str], tongue: Tongue) -> str:
    """Where this page of a questionnaire (cycle, name) lies, in the language of its reader."""
    return f"{root}/form/{at[0]}/{at[1]}/receipts?language={tongue.ui}"


def grouped(receipts: Sequence[str]) -> Sequence[Group]:
    """The receipts by what they begin with, as people look them up: small letters among large."""
    groups = []
    # Sorting keeps those that are alike but for their letters in the order that they have.
    for first, alike in groupby(sorted(sorted(receipts), key=str.upper), _first):
        lines = list(alike)
        groups.append(Group(first, len(lines), "\n".join(lines)))
    return groups


def _bytes_of(receipts: Sequence[str], groups: Sequence[Group]) -> int:
    return receipts_bytes(receipts) + sum(len(each.text) for each in groups)


def _first(receipt: str) -> str:
    return receipt[0].upper()

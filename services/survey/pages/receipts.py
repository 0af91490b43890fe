"""The receipts of all answers that were counted, as a page in which people look for their own.

Everybody gets the same page with all of them, and the browser searches in it: nobody is told which
receipt it is that somebody looks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.survey.application import BATCH_ANSWERS_MIN
from services.survey.pages.look import drawn
from services.survey.pages.sheet import Tongue
from shared.adapters import web
from shared.events import survey as events


@dataclass(frozen=True, slots=True)
class Group:
    """The receipts that begin alike, one a line."""

    first: str
    count: int
    text: str


def receipts_page(
    reader: web.Reader, adopted: events.QuestionnaireAdopted, receipts: Sequence[str]
) -> web.Html:
    """All receipts of a questionnaire."""
    tongue = Tongue(reader.language)
    shown = {
        "title": adopted.title.vi,
        "count": f"{len(receipts):_}".replace("_", " "),
        "least": str(BATCH_ANSWERS_MIN),
        "groups": grouped(receipts),
    }
    return drawn("receipts.html", tongue, reader.root, shown)


def receipts_at(root: str, at: tuple[str, str]) -> str:
    """Where this page of a questionnaire (cycle, name) lies."""
    return f"{root}/form/{at[0]}/{at[1]}/receipts"


def grouped(receipts: Sequence[str]) -> Sequence[Group]:
    """The receipts by what they begin with, as people look them up: small letters among large."""
    groups = []
    for first, alike in groupby(sorted(receipts, key=_looked_up), _first):
        lines = list(alike)
        groups.append(Group(first, len(lines), "\n".join(lines)))
    return groups


def _looked_up(receipt: str) -> tuple[str, str, str]:
    return _first(receipt), receipt.upper(), receipt


def _first(receipt: str) -> str:
    return receipt[0].upper()

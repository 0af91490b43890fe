"""The story that every run tells: who says what, and with which words each of them ends.

Nothing in it depends on time or chance. In whatever order its people come to speak, and however
often they have to repeat themselves, the same words are the last ones, and the same table follows.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from tests.faults.judged.cycle import ITEMS, OPTIONS, POINTS, QUESTIONS, Cycle, other_points

TIMES_DECLARED = 3
"""How often each item is declared; the last time counts."""

WITHDRAWN = ITEMS[1]
"""It is taken back before it is declared for the last time."""

MEMBERS = (("member-1", "so-tai-chinh"), ("member-2", "so-cong-thuong"))

TWO_OFFICERS, WHOLE_SHEET, LATE = "so-y-te", "so-noi-vu", "so-tu-phap"
ALONE, LATE_TOO = "huyen-an-phu", "huyen-tri-ton"
LOCKING = (TWO_OFFICERS, WHOLE_SHEET, ALONE)
APPRAISED_BY = (
    (MEMBERS[0], (TWO_OFFICERS, WHOLE_SHEET)),
    (MEMBERS[1], (LATE, ALONE, LATE_TOO)),
)
NOTHING = (ALONE, ITEMS[3])
"""For this item of this agency the council gives nothing, which takes two members."""

CERTIFIED = "district-staff"
"""It is asked elsewhere; its results are taken over, and corrected after the first publication."""

# How many answer with a token about each agency, and how many on paper.
ASKED = {"leaders": 14, "staff": 8, "district-leaders": 10}
ON_PAPER = {"staff": 12, "district-leaders": 10}

Choice = TypeVar("Choice")


def cycle(year: int) -> Cycle:
    """The cycle of a year; all of them are the same but for their name and their days."""
    return Cycle(
        year=year,
        agencies={"department": (TWO_OFFICERS, WHOLE_SHEET, LATE), "district": (ALONE, LATE_TOO)},
        questionnaires={
            "leaders": ("department", "leaders"),
            "staff": ("department", "staff"),
            "district-leaders": ("district", "leaders"),
            CERTIFIED: ("district", "staff"),
        },
    )


def declared(agency: str, item: str, time: int) -> str:
    """The points that an agency claims for an item when it declares it for the `time`th time."""
    return _pick(POINTS, "declared", agency, item, time)


def verdict(agency: str, item: str, time: int) -> str | None:
    """The points that the council awards instead; None where it recognises what is claimed."""
    if (agency, item) == NOTHING:
        return "0"
    others = other_points(declared(agency, item, TIMES_DECLARED))
    return _pick((None, *others[:2]), "verdict", agency, item, time)


def answers(name: str, about: str, place: int) -> Mapping[str, str]:
    """What somebody answers with the token at a place."""
    return {code: _pick(OPTIONS, "answer", name, about, place, code) for code in QUESTIONS}


def papers(asked: Cycle, name: str) -> Sequence[Mapping[str, Any]]:
    """What was answered on paper."""
    tier, _ = asked.questionnaires[name]
    found = []
    for place in range(ON_PAPER[name]):
        about = _pick(asked.agencies[tier], "about", name, place)
        found.append({"agency": about, "answers": answers(f"{name} on paper", about, place)})
    return found


def certified(about: str, time: int) -> Mapping[str, Any]:
    """The result about an agency of what was asked elsewhere."""
    counts = {
        code: {
            option: _pick(range(1, 30), "count", about, code, option, time) for option in OPTIONS
        }
        for code in QUESTIONS
    }
    return {"counts": counts, "source": "Cục Thống kê", "document": f"Báo cáo số {time}"}


def _pick(among: Sequence[Choice], *what: object) -> Choice:
    """Always the same one for the same thing."""
    digest = hashlib.sha256("/".join(map(str, what)).encode()).digest()
    return among[int.from_bytes(digest[:8], "big") % len(among)]

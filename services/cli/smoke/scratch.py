"""The cycle that a smoke test plays: its documents, its addresses, and what it has to come to.

Two agencies are scored out of ten points. The first declares two items, of which the council
recognises one and gives nothing for the other; the second never declares anything. Citizens are
asked about both.
"""

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.kernel.calendar import VIETNAM
from shared.ports import Chance

PREFIX = "smoke-"
DIGITS = 8
YEAR = 2199
"""The last year of which a cycle may be: no province will come to it."""

TIER = "department"
SECOND = "smoke-b"
RECOGNISED, REJECTED, ASKED = "1.1", "1.2", "9.1"
ITEMS = (RECOGNISED, REJECTED)
QUESTIONNAIRE = "citizens"
DECLARED: Mapping[str, str] = {RECOGNISED: "3", REJECTED: "1"}
ANSWERED: Sequence[Sequence[str]] = (("5", "4", "1"), ("5", "5", "5"))
"""Of the first agency, and of the second; 4 and 5 are satisfied, so that two thirds are."""

COMES_TO = (("56.67", 1), ("40.00", 2))
"""Index and rank: 3 + 0 + 4 x 2/3, and 0 + 0 + 4 x 3/3 of ten points."""

BEFORE = timedelta(minutes=5)
"""Phases that are on opened so long ago, lest clocks differ."""
AFTER = timedelta(minutes=30)
"""So long is the council's round."""

PNG = "image/png"
TITLE = "KIỂM TRA HỆ THỐNG, không phải kết quả · SYSTEM CHECK, not a result"


@dataclass(frozen=True, slots=True)
class Scratch:
    """One scratch cycle: `phase_s` is how long people may declare and answer."""

    code: str
    year: int
    began: datetime
    phase_s: float
    first: str
    """The first agency: the one for which the officer speaks."""

    @property
    def agencies(self) -> tuple[str, str]:
        """Both, the one that declares first."""
        return (self.first, SECOND)

    @property
    def turns(self) -> datetime:
        """When nobody may declare or answer any more, and the council begins."""
        return self.began + timedelta(seconds=self.phase_s)

    @property
    def decision(self) -> Mapping[str, str]:
        """By which it was opened and is withdrawn: it names the cycle, so that it is no other's."""
        return {"number": self.code.upper(), "on": f"{self.began.astimezone(VIETNAM):%Y-%m-%d}"}

    @property
    def opening(self) -> Mapping[str, Any]:
        """What opens it."""
        agencies = [
            {"code": code, "name": f"{name} ({TITLE})", "tier": TIER, "ranked": True}
            for code, name in zip(self.agencies, ("A", "B"), strict=True)
        ]
        return {
            "year": self.year,
            "decision": self.decision,
            "agencies": agencies,
            "schemes": {TIER: _SCHEME},
            "calendar": self._calendar(),
        }

    @property
    def questionnaire(self) -> Mapping[str, Any]:
        """What citizens are asked."""
        options = [{"code": code, "title": code} for code in "54321"]
        question = {"code": "q1", "text": "Ông (bà) có hài lòng không?", "item": ASKED}
        return {
            "tier": TIER,
            "group": QUESTIONNAIRE,
            "title": TITLE,
            "questions": [{**question, "options": options}],
            "opens": (self.began - BEFORE).isoformat(),
            "closes": self.turns.isoformat(),
        }

    def sheet(self, agency: str) -> str:
        """Where an agency declares."""
        return f"/submission/cycles/{self.code}/agencies/{agency}"

    def appraisal(self, rest: str) -> str:
        """Something of the council's."""
        return f"/appraisal/cycles/{self.code}/{rest}"

    def survey(self, rest: str = "") -> str:
        """The questionnaire, or something of it."""
        return f"/survey/cycles/{self.code}/questionnaires/{QUESTIONNAIRE}{rest}"

    def ranking(self, rest: str) -> str:
        """Something of the result."""
        return f"/ranking/cycles/{self.code}/{rest}"

    def _calendar(self) -> Sequence[Mapping[str, str]]:
        opened, ends = self.began - BEFORE, self.turns + AFTER
        phases = {
            "self-scoring": (opened, self.turns),
            "survey": (opened, self.turns),
            "appraisal-1": (self.turns, ends),
            "explanation": (self.turns, ends),
            "appraisal-2": (ends, ends + AFTER),
        }
        return [
            {"name": name, "opens": opens.isoformat(), "closes": closes.isoformat()}
            for name, (opens, closes) in phases.items()
        ]


def new_code(year: int, chance: Chance) -> str:
    """A name that no cycle ever had."""
    return f"{PREFIX}{year}-{hashlib.sha256(chance.token().encode()).hexdigest()[:DIGITS]}"


def picture() -> tuple[bytes, str]:
    """A file of evidence, the smallest that there is, and its SHA-256: one white point as PNG."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff")),
        (b"IEND", b""),
    )
    content = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)
    return content, hashlib.sha256(content).hexdigest()


def _chunk(name: bytes, held: bytes) -> bytes:
    check = zlib.crc32(name + held)
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", check)


def _item(code: str, maximum: str) -> Mapping[str, Any]:
    return {
        "code": code,
        "title": f"Mục {code}",
        "maximum": maximum,
        "rule": {"type": "manual", "step": "0.25"},
        "evidence": "Một tệp bất kỳ",
    }


_SCHEME: Mapping[str, Any] = {
    "scheme": "smoke-sample",
    "title": TITLE,
    "tier": TIER,
    "sample": "true",
    "source": "Bộ tiêu chí để kiểm tra hệ thống; made up to check a deployment.",
    "maximum": "10",
    "scales": {"sipas": {"5": "100", "4": "100", "3": "0", "2": "0", "1": "0"}},
    "groups": {QUESTIONNAIRE: "Người dân"},
    "areas": [
        {
            "code": "1",
            "title": "Tự chấm",
            "maximum": "6",
            "criteria": [_item(RECOGNISED, "4"), _item(REJECTED, "2")],
        },
        {
            "code": "9",
            "title": "Mức độ hài lòng",
            "maximum": "4",
            "criteria": [
                {
                    "code": ASKED,
                    "title": "SIPAS",
                    "maximum": "4",
                    "rule": {
                        "type": "survey",
                        "part": "sipas",
                        "scale": "sipas",
                        "groups": {QUESTIONNAIRE: "1"},
                    },
                }
            ],
        },
    ],
    "ties": {"chain": ["appraised", "sipas"], "rule": "competition"},
    "grades": [{"code": "A", "title": "Đạt", "at_least": "50"}],
}

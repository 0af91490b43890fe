"""The cycle that every simulated world plays: three agencies, five items, one questionnaire."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import msgspec

from demo.papers import paper
from services.submission.application import Opening
from shared.events import submission
from shared.kernel.actor import Actor
from shared.ports import Uploads, Wanted
from tests.support import asked

CYCLE = "2021"
OTHER_CYCLE = "2018"
TIER = "department"
AGENCIES = ("so-a", "so-b", "so-c")
DECLARED = tuple(f"1.{place}" for place in range(1, 5))
PROVED = ("1.1",)
SURVEYED = "2"
MAXIMUM = 2
QUESTIONNAIRE = "leaders"
QUESTIONS = ("Q1", "Q2", "Q3")
OPTIONS = ("a", "b", "c", "d", "e")

SCORING_AT = datetime(2021, 12, 1, 2, tzinfo=UTC)
APPRAISING_AT = datetime(2021, 12, 14, 2, tzinfo=UTC)
REOPENED_UNTIL = datetime(2021, 12, 28, 2, tzinfo=UTC)

ADMINISTRATOR = Actor("admin", "administrator")
SURVEY_OFFICER = Actor("surveyor", "survey-officer")
MEMBERS = (Actor("member-1", "council", "so-z"), Actor("member-2", "council", "so-y"))

DECISION = submission.LegalAct(number="2366/QĐ-UBND", on=date(2021, 10, 14))
DOCUMENT = submission.Document(
    number="12/KH", on=date(2021, 3, 1), issuer="UBND tỉnh", section="Mục II"
)
FILE = paper("a plan")
FILE_SHA256 = hashlib.sha256(FILE).hexdigest()
FILE_TYPE = "application/pdf"


def _declared(code: str) -> dict[str, Any]:
    evidence = {"evidence": "Kế hoạch đã ban hành"} if code in PROVED else {}
    rule = {"type": "manual", "step": "0.25"}
    title = f"Tiêu chí {code}"
    return {"code": code, "title": title, "maximum": str(MAXIMUM), "rule": rule, **evidence}


SCHEME = MappingProxyType(
    {
        "scheme": "simulated-sample",
        "title": "Bộ tiêu chí MẪU để mô phỏng",
        "tier": TIER,
        "sample": "true",
        "source": "Viết cho việc kiểm thử.",
        "maximum": "10",
        "scales": {"officials": {"a": "100", "b": "60", "c": "20", "d": "0", "e": "no-opinion"}},
        "groups": {"leaders": "Lãnh đạo"},
        "areas": [
            {
                "code": "1",
                "title": "Tự chấm",
                "maximum": "8",
                "criteria": [_declared(code) for code in DECLARED],
            },
            {
                "code": "2",
                "title": "Khảo sát",
                "maximum": "2",
                "criteria": [
                    {
                        "code": "2.1",
                        "title": "Ý kiến cán bộ",
                        "maximum": "2",
                        "rule": {
                            "type": "survey",
                            "part": "officials",
                            "scale": "officials",
                            "groups": {"leaders": "1"},
                        },
                    }
                ],
            },
        ],
        "ties": {"chain": ["appraised"], "rule": "competition"},
        "grades": [{"code": "A", "title": "Tốt", "at_least": "80"}],
    }
)


_OTHER_SCHEME = {
    **SCHEME,
    "maximum": "2",
    "areas": [
        {"code": "1", "title": "Tự chấm", "maximum": "2", "criteria": [_declared("1.3")]},
    ],
}


def _at(month: int, day: int, year: int = 2021) -> datetime:
    return datetime(year, month, day, 1, tzinfo=UTC)


_AGENCIES = tuple(
    submission.Agency(code=code, name=f"Sở {code[-1].upper()}", tier=TIER, ranked=True)
    for code in AGENCIES
)
OPENING = Opening(
    year=2021,
    decision=DECISION,
    calendar=(
        submission.Phase(name="self-scoring", opens=_at(11, 15), closes=_at(12, 10)),
        submission.Phase(name="survey", opens=_at(11, 22), closes=_at(12, 20)),
        submission.Phase(name="appraisal-1", opens=_at(12, 13), closes=_at(12, 24)),
        submission.Phase(name="explanation", opens=_at(12, 25), closes=_at(1, 5, 2022)),
        submission.Phase(name="appraisal-2", opens=_at(1, 6, 2022), closes=_at(1, 14, 2022)),
    ),
    agencies=_AGENCIES,
    schemes={TIER: dict(SCHEME)},
    copy_from=None,
)

OTHER_OPENING = replace(OPENING, agencies=_AGENCIES[:1], schemes={TIER: _OTHER_SCHEME})

ASKED = msgspec.structs.replace(
    asked.questionnaire(
        QUESTIONNAIRE,
        [asked.question(code, "2.1", OPTIONS, text=f"Câu {code}") for code in QUESTIONS],
        group="leaders",
        tier=TIER,
        cycle=CYCLE,
    ),
    opens=_at(11, 22),
    closes=_at(12, 20),
)


async def bring(uploads: Uploads) -> None:
    """Every agency has brought the file."""

    async def chunks() -> AsyncIterator[bytes]:
        yield FILE

    wanted = Wanted(FILE_SHA256, len(FILE))
    for agency in AGENCIES:
        holder = hashlib.sha256(f"submission/{CYCLE}/{agency}".encode()).hexdigest()
        await uploads.put(holder, chunks(), wanted=wanted, at=SCORING_AT)

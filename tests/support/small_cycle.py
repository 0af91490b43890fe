"""A cycle small enough to hold in one's head: two agencies of one tier, three items."""

from datetime import UTC, date, datetime

from shared.events import submission as events
from shared.events.codec import WIRE_NAMES
from shared.events.envelope import Context, Recorded

CYCLE = "2021"
OPENED_AT = datetime(2021, 10, 15, 1, 0, tzinfo=UTC)

SCHEME = {
    "scheme": "small-sample",
    "title": "Bộ tiêu chí MẪU rất nhỏ",
    "tier": "department",
    "sample": "true",
    "source": "Viết cho việc kiểm thử.",
    "maximum": "10",
    "scales": {
        "sipas": {"5": "100", "4": "100", "3": "0", "2": "0", "1": "0"},
        "officials": {"a": "100", "b": "60", "c": "20", "d": "0", "e": "no-opinion"},
    },
    "groups": {"citizens": "Người dân", "organisations": "Tổ chức", "leaders": "Lãnh đạo"},
    "areas": [
        {
            "code": "1",
            "title": "Chỉ đạo, điều hành",
            "maximum": "6",
            "criteria": [
                {
                    "code": "1.1",
                    "title": "Kế hoạch",
                    "maximum": "4",
                    "rule": {"type": "manual", "step": "0.25"},
                    "evidence": "Kế hoạch đã ban hành",
                },
                {
                    "code": "1.2",
                    "title": "Ý kiến cán bộ",
                    "maximum": "2",
                    "rule": {
                        "type": "survey",
                        "part": "officials",
                        "scale": "officials",
                        "groups": {"leaders": "1"},
                    },
                },
            ],
        },
        {
            "code": "9",
            "title": "Mức độ hài lòng",
            "maximum": "4",
            "criteria": [
                {
                    "code": "9.1",
                    "title": "SIPAS",
                    "maximum": "4",
                    "rule": {
                        "type": "survey",
                        "part": "sipas",
                        "scale": "sipas",
                        "groups": {"citizens": "2", "organisations": "1"},
                    },
                }
            ],
        },
    ],
    "ties": {"chain": ["appraised", "sipas"], "rule": "competition"},
    "grades": [{"code": "A", "title": "Tốt", "at_least": "80"}],
}

AGENCIES = (
    events.Agency(code="so-y-te", name="Sở Y tế", tier="department", ranked=True),
    events.Agency(code="so-noi-vu", name="Sở Nội vụ", tier="department", ranked=True),
)


def at(month: int, day: int, hour: int = 1, year: int = 2021) -> datetime:
    """A time in the cycle, in UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC)


CALENDAR = (
    events.Phase(name="self-scoring", opens=at(11, 15), closes=at(12, 10)),
    events.Phase(name="survey", opens=at(11, 22), closes=at(12, 20)),
    events.Phase(name="appraisal-1", opens=at(12, 13), closes=at(12, 24)),
    events.Phase(name="explanation", opens=at(12, 25), closes=at(1, 5, year=2022)),
    events.Phase(name="appraisal-2", opens=at(1, 6, year=2022), closes=at(1, 14, year=2022)),
)

ADOPTED = events.SchemeAdopted(cycle=CYCLE, tier="department", scheme=SCHEME)
OPENED = events.CycleOpened(
    cycle=CYCLE,
    year=2021,
    mode="trial",
    decision=events.LegalAct(number="2366/QĐ-UBND", on=date(2021, 10, 14)),
    agencies=AGENCIES,
    calendar=CALENDAR,
)


def recorded(
    stream: str, version: int, fact: object, when: datetime = OPENED_AT, actor: str | None = None
) -> Recorded:
    """A fact as if it had been read from the log."""
    return Recorded(stream, version, WIRE_NAMES[type(fact)], Context(when, actor), fact)


def opened_cycle() -> tuple[Recorded, ...]:
    """The facts of a cycle that has just been opened."""
    stream = f"cycle/{CYCLE}"
    return (recorded(stream, 1, ADOPTED), recorded(stream, 2, OPENED))

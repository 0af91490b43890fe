"""A small cycle for the tests of submission: three agencies, six items, and times to play with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeVar

from services.submission.domain import cycle, submission
from services.submission.domain.council import Council
from services.submission.domain.council import fold as council_fold
from services.submission.domain.cycle import Cycle
from services.submission.domain.submission import Situation, Submission
from shared.events import submission as events
from shared.events.codec import WIRE_NAMES
from shared.events.envelope import Context, Recorded, Sealed
from shared.kernel.decider import Decider, Fold

CYCLE, AGENCY, OTHER = "2021", "so-y-te", "so-noi-vu"
TIER = "department"
SHA256 = "ab" * 32
PDF = "application/pdf"

State = TypeVar("State")


def at(month: int, day: int, hour: int = 1, year: int = 2021) -> datetime:
    """A time in the cycle."""
    return datetime(year, month, day, hour, tzinfo=UTC)


BEFORE, OPENED = at(10, 15), at(10, 16)
SCORING = at(11, 20)
DEADLINE = at(12, 10)
EXPLAINING = at(12, 27)
YEARS_LATER = at(6, 1, year=2023)
NO_TIME = datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))
"""The last time that Python knows, which has no equal in another zone."""


def item(code: str, maximum: str, rule: dict[str, Any], **more: object) -> dict[str, Any]:
    """An item of a scheme document."""
    return {"code": code, "title": f"Mục {code}", "maximum": maximum, "rule": rule, **more}


CHOICE = {
    "type": "choice",
    "options": [
        {"code": "yes", "title": "Có", "points": "2"},
        {"code": "no", "title": "Không", "points": "0"},
    ],
}
SURVEY = {"type": "survey", "part": "sipas", "scale": "sipas", "groups": {"citizens": "1"}}
RATIO = {"type": "ratio", "numerator": "Đúng hạn", "denominator": "Tất cả"}
COUNT = {"type": "count", "per_unit": "0.5", "unit": "văn bản"}

SCHEME: dict[str, Any] = {
    "scheme": "small-sample",
    "title": "Bộ tiêu chí MẪU rất nhỏ",
    "tier": TIER,
    "sample": "true",
    "source": "Viết cho việc kiểm thử.",
    "maximum": "20",
    "scales": {"sipas": {"5": "100", "1": "0"}},
    "groups": {"citizens": "Người dân"},
    "areas": [
        {
            "code": "1",
            "title": "Chỉ đạo, điều hành",
            "maximum": "10",
            "criteria": [
                item("1.1", "4", {"type": "manual", "step": "0.25"}, evidence="Kế hoạch"),
                item("1.2", "2", CHOICE),
                item("1.3", "3", RATIO, evidence="Báo cáo", no_task="not-applicable"),
                item("1.4", "1", COUNT, except_for=[OTHER]),
            ],
        },
        {
            "code": "9",
            "title": "Hài lòng",
            "maximum": "10",
            "criteria": [item("9.1", "10", SURVEY)],
        },
    ],
    "bonus": [item("B1", "1", {"type": "manual", "step": "0.5"}, evidence="Sáng kiến")],
    "ties": {"chain": ["appraised"], "rule": "competition"},
    "grades": [{"code": "A", "title": "Tốt", "at_least": "80"}],
}

AGENCIES = (
    events.Agency(code=AGENCY, name="Sở Y tế", tier=TIER, ranked=True),
    events.Agency(code=OTHER, name="Sở Nội vụ", tier=TIER, ranked=True),
    events.Agency(code="thanh-tra", name="Thanh tra tỉnh", tier=TIER, ranked=False),
)
CALENDAR = (
    events.Phase(name="self-scoring", opens=at(11, 15), closes=DEADLINE),
    events.Phase(name="survey", opens=at(11, 22), closes=at(12, 20)),
    events.Phase(name="appraisal-1", opens=at(12, 13), closes=at(12, 24)),
    events.Phase(name="explanation", opens=at(12, 25), closes=at(1, 5, year=2022)),
    events.Phase(name="appraisal-2", opens=at(1, 6, year=2022), closes=at(1, 14, year=2022)),
)
DECISION = events.LegalAct(number="2366/QĐ-UBND", on=date(2021, 10, 14))
BECAUSE = Sealed("key", "text")
OPEN = cycle.OpenCycle(
    cycle=CYCLE,
    year=2021,
    mode="trial",
    decision=DECISION,
    agencies=AGENCIES,
    calendar=CALENDAR,
    schemes={TIER: SCHEME},
)


def told(
    fold: Decider[Any, State, Recorded] | Fold[State, Recorded],
    stream: str,
    facts: Sequence[object],
    when: datetime = OPENED,
) -> State:
    """The state after facts of one stream."""
    state = fold.initial
    for version, fact in enumerate(facts, start=1):
        recorded = Recorded(stream, version, WIRE_NAMES[type(fact)], Context(when), fact)
        state = fold.evolve(state, recorded)
    return state


def cycle_after(*facts: object, opening: cycle.OpenCycle = OPEN, when: datetime = OPENED) -> Cycle:
    """The cycle after its opening and what followed, all of it at one time."""
    opened = cycle.decide(opening, Cycle())
    return told(cycle.decider, cycle.stream(CYCLE), [*opened, *facts], when)


def past_cycle_after(*facts: object) -> Cycle:
    """The cycle as one that was opened years later, to hold what was published then."""
    return cycle_after(*facts, when=YEARS_LATER)


def cycle_then(before: Cycle, fact: object, when: datetime) -> Cycle:
    """The cycle after one more fact at a time of its own."""
    version = before.version + 1
    name = WIRE_NAMES[type(fact)]
    return cycle.evolve(before, Recorded(cycle.stream(CYCLE), version, name, Context(when), fact))


def sheet_after(*facts: object, agency: str = AGENCY) -> Submission:
    """An agency's sheet after facts."""
    return told(submission.decider, submission.stream(CYCLE, agency), facts)


def council_after(*facts: object) -> Council:
    """What submission knows of the council after facts."""
    return told(council_fold, f"appraisal/{CYCLE}/{AGENCY}", facts)


SITUATION = Situation(AGENCY, cycle_after(), Council(), SCORING)


def situation(
    when: datetime = SCORING,
    *,
    agency: str = AGENCY,
    of: Cycle | None = None,
    council: Council | None = None,
) -> Situation:
    """A situation: mid-phase, in a plain cycle, with a silent council, unless said otherwise."""
    plain = replace(SITUATION, agency=agency, at=when)
    return replace(plain, cycle=of or plain.cycle, council=council or plain.council)


def scored(code: str = "1.1", inputs: dict[str, str] | None = None, points: str = "3") -> object:
    """An item was declared."""
    return events.ScoreSubmitted(
        cycle=CYCLE, agency=AGENCY, item=code, inputs=inputs or {"points": points}, points=points
    )


DOCUMENT = events.Document(
    number="15/KH-SYT", on=date(2021, 1, 20), issuer="Sở Y tế", section="Mục II"
)
FILE = events.StoredFile(sha256=SHA256, size_bytes=9, media_type=PDF)


def attached(
    code: str = "1.1", evidence: str = "ke-hoach", file: events.StoredFile = FILE
) -> object:
    """Evidence was attached."""
    return events.EvidenceAttached(
        cycle=CYCLE, agency=AGENCY, item=code, evidence=evidence, document=DOCUMENT, file=file
    )


def explained(code: str = "1.1", text: str = "text") -> object:
    """An item was explained."""
    return events.ExplanationGiven(cycle=CYCLE, agency=AGENCY, item=code, text=Sealed("key", text))


LOCKED = events.SubmissionLocked(
    cycle=CYCLE, agency=AGENCY, tier=TIER, locked_by="agency", items=()
)


REOPENED_UNTIL = at(12, 20)


def reopened(until: datetime = REOPENED_UNTIL) -> object:
    """The sheet was opened again."""
    return events.SubmissionReopened(cycle=CYCLE, agency=AGENCY, until=until, because=BECAUSE)


REASON: dict[str, Any] = {"decision": DECISION, "because": BECAUSE}
WITHDRAWN = events.CycleWithdrawn(cycle=CYCLE, **REASON)
OTHER_LEFT = events.AgencyWithdrawn(cycle=CYCLE, agency=OTHER, **REASON)
IMPORTED = events.ItemResultsImported(
    cycle=CYCLE,
    source="Quyết định số 1/QĐ-UBND ngày 02/01/2020",
    scores=(
        events.ImportedScore(agency=AGENCY, item="1.1", points="3.5"),
        events.ImportedScore(agency=AGENCY, item="9.1", points="8"),
        events.ImportedScore(agency=OTHER, item="1.1", points=None),
    ),
    published=(
        events.PublishedRow(agency=AGENCY, index="80.5", rank=1),
        events.PublishedRow(agency=OTHER, index=None, rank=None),
    ),
)


def extended(until: datetime, agency: str | None = None) -> events.DeadlineExtended:
    """Self-scoring closes later."""
    return events.DeadlineExtended(
        cycle=CYCLE, phase="self-scoring", agency=agency, until=until, **REASON
    )

"""A cycle told fact by fact, with people and times, and watched for red flags."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.count.flags import Flag, Watch
from shared.events import appraisal, codec, submission, survey
from shared.events.envelope import Context
from shared.ledger.entry import Entry
from tests.support import asked
from tests.support.small_cycle import CYCLE, OPENED, OPENED_AT, SCHEME, at
from tests.support.told import DECISION, DOCUMENT, FILE, SEALED

AGENCY, TIER = "so-y-te", "department"
SUBMISSION, APPRAISAL = f"submission/{CYCLE}/{AGENCY}", f"appraisal/{CYCLE}/{AGENCY}"
NAMED: Mapping[str, Any] = {"cycle": CYCLE, "agency": AGENCY}
MEMBER, OTHER = "council:m-1", "council:m-2"

SCORING, DEADLINE, LATE = at(11, 20), at(12, 10), at(12, 11)
ROUND_1, EXPLAINING, ROUND_2 = at(12, 14), at(12, 27), at(1, 6, year=2022)
SECOND = timedelta(seconds=1)

RULES: Mapping[str, Mapping[str, Any]] = {
    "2.1": {
        "type": "choice",
        "options": [
            {"code": "yes", "title": "Có", "points": "2"},
            {"code": "late", "title": "Trễ", "points": "0.5"},
        ],
    },
    "2.2": {"type": "count", "per_unit": "0.75", "unit": "việc"},
    "2.3": {
        "type": "levels",
        "bands": [
            {"code": "full", "title": "Đủ", "share": "1"},
            {"code": "half", "title": "Một nửa", "share": "0.5"},
        ],
    },
    "2.4": {"type": "deduction", "per_breach": "0.25", "breach": "lần trễ"},
    "2.5": {"type": "ratio", "numerator": "xong", "denominator": "tất cả"},
}
DECLARED = ("1.1", *RULES)
MAXIMA = {"1.1": "4", **dict.fromkeys(RULES, "2")}


def scheme() -> dict[str, Any]:
    """The small scheme with an area of one item for each type of rule, and a penalty."""
    made: dict[str, Any] = deepcopy(SCHEME)
    criteria = [
        {"code": code, "title": code, "maximum": "2", "rule": rule} for code, rule in RULES.items()
    ]
    criteria[-1]["no_task"] = "not-applicable"
    area = {"code": "2", "title": "Thể chế", "maximum": "10", "criteria": criteria}
    made["areas"].insert(1, area)
    rule = {"type": "manual", "step": "0.5"}
    penalty = {"code": "P1", "title": "Trừ điểm", "maximum": "1", "rule": rule}
    return {**made, "maximum": "20", "penalty": [penalty]}


class Story:
    """Says one thing after the other; each is one entry of the ledger."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._versions: dict[str, int] = {}
        adopted = submission.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=scheme())
        self.say(f"cycle/{CYCLE}", adopted)
        self.say(f"cycle/{CYCLE}", OPENED)

    def say(
        self,
        stream: str,
        fact: object,
        when: datetime = OPENED_AT,
        *,
        by: str | None = None,
        sending: str | None = None,
        taken_at: datetime | None = None,
    ) -> str:
        """The next fact of a stream; returns its id."""
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        context = Context(when, actor=by, correlation_id=sending)
        stored = codec.encode(stream, version, context, fact)
        self.entries.append(Entry(taken_at or when.astimezone(UTC), stored.body))
        return stored.id

    def watched(self) -> Watch:
        """Everything that was said, watched."""
        watch = Watch(CYCLE)
        for entry in self.entries:
            watch.take(entry)
        return watch

    def flags(self, kind: str = "") -> Sequence[Flag]:
        return self.watched().flags(kind)

    def kinds(self) -> list[str]:
        """The kinds that were raised, in the order in which they began."""
        return [flag.kind for flag in self.flags()]

    # ------------------------------------------------------------------------- the agency

    def declare(self, item: str = "1.1", points: str = "3", when: datetime = SCORING) -> str:
        inputs = {"points": points}
        fact = submission.ScoreSubmitted(**NAMED, item=item, inputs=inputs, points=points)
        return self.say(SUBMISSION, fact, when, by="agency:u-1")

    def attach(self, name: str = "ke-hoach", when: datetime = SCORING, item: str = "1.1") -> str:
        fact = submission.EvidenceAttached(
            **NAMED, item=item, evidence=name, document=DOCUMENT, file=FILE
        )
        return self.say(SUBMISSION, fact, when, by="agency:u-1")

    def detach(self, name: str = "ke-hoach", when: datetime = SCORING, item: str = "1.1") -> str:
        fact = submission.EvidenceWithdrawn(**NAMED, item=item, evidence=name)
        return self.say(SUBMISSION, fact, when, by="agency:u-1")

    def condemn(self, when: datetime) -> str:
        fact = submission.EvidenceCondemned(
            **NAMED, sha256=FILE.sha256, scanner="ClamAV", finding="Worm"
        )
        return self.say(SUBMISSION, fact, when, by="system:system")

    def clear(self, when: datetime) -> str:
        fact = submission.EvidenceCleared(**NAMED, sha256=FILE.sha256, scanner="ClamAV")
        return self.say(SUBMISSION, fact, when, by="system:system")

    def explain(self, when: datetime, item: str = "1.1") -> str:
        fact = submission.ExplanationGiven(**NAMED, item=item, text=SEALED)
        return self.say(SUBMISSION, fact, when, by="agency:u-1")

    def lock(self, claimed: Mapping[str, str], when: datetime = DEADLINE) -> str:
        """Lock a sheet that claims these points, and nothing for the other items."""
        items = tuple(
            submission.LockedItem(
                item=code,
                criterion=code,
                maximum=MAXIMA.get(code, "1"),
                points=claimed.get(code, "0"),
                declaration="",
                evidence=(),
                explanation="",
            )
            for code in (*DECLARED, "P1")
        )
        fact = submission.SubmissionLocked(**NAMED, tier=TIER, locked_by="agency", items=items)
        return self.say(SUBMISSION, fact, when, by="agency:u-1")

    def reopen(self, when: datetime) -> str:
        until = when + timedelta(days=3)
        fact = submission.SubmissionReopened(**NAMED, until=until, because=SEALED)
        return self.say(SUBMISSION, fact, when, by="administrator:a-1")

    # ------------------------------------------------------------------------ the council

    def decide(  # noqa: PLR0913 - what a decision says, and who says it when
        self,
        awarded: str,
        when: datetime = ROUND_1,
        *,
        recognised: bool = False,
        item: str = "1.1",
        evidence: tuple[str, ...] = (),
        declaration: str = f"{SUBMISSION}@1",
        by: str = MEMBER,
        sending: str | None = None,
    ) -> str:
        """Recognise, or reject for other points; in the round that the time is in."""
        said = {
            **NAMED,
            "item": item,
            "declaration": declaration,
            "evidence": evidence,
            "round": 2 if when >= ROUND_2 else 1,
            "awarded": awarded,
        }
        fact = (
            appraisal.ScoreRecognised(**said)
            if recognised
            else appraisal.ScoreRejected(**said, because=SEALED, legal_basis="Điều 1")
        )
        return self.say(APPRAISAL, fact, when, by=by, sending=sending)

    def ask(self, when: datetime, until: datetime, item: str = "1.1", by: str = MEMBER) -> str:
        fact = appraisal.ExplanationRequested(**NAMED, item=item, question=SEALED, until=until)
        return self.say(APPRAISAL, fact, when, by=by)

    def propose(self, when: datetime, by: str = MEMBER, item: str = "1.1") -> str:
        fact = appraisal.ActionProposed(
            **NAMED, action="action-1", kind="reject-score", because=SEALED, item=item, awarded="0"
        )
        return self.say(APPRAISAL, fact, when, by=by)

    def second(self, when: datetime, by: str = OTHER) -> str:
        fact = appraisal.ActionSeconded(
            **NAMED, action="action-1", kind="reject-score", because=SEALED
        )
        return self.say(APPRAISAL, fact, when, by=by)

    def approve(self, when: datetime, by: str = MEMBER) -> str:
        fact = appraisal.AppraisalApproved(**NAMED, decision=DECISION)
        return self.say(APPRAISAL, fact, when, by=by)

    def assign(self, member: str, agency: str) -> str:
        fact = appraisal.CriterionAssigned(
            cycle=CYCLE,
            tier=TIER,
            criterion="1.1",
            members=(appraisal.Member(id=member, agency=agency),),
        )
        return self.say(f"assignment/{CYCLE}", fact, by="administrator:a-1")

    # ------------------------------------------------------------------- the calendar, rules

    def extend(self, until: datetime, when: datetime, agency: str | None = None) -> str:
        fact = submission.DeadlineExtended(
            cycle=CYCLE,
            phase="self-scoring",
            agency=agency,
            until=until,
            decision=DECISION,
            because=SEALED,
        )
        return self.say(f"cycle/{CYCLE}", fact, when, by="administrator:a-1")

    def amend(self, when: datetime) -> str:
        fact = submission.SchemeAmended(
            cycle=CYCLE, tier=TIER, scheme=scheme(), decision=DECISION, because=SEALED
        )
        return self.say(f"cycle/{CYCLE}", fact, when, by="administrator:a-1")

    # ------------------------------------------------------------------------- the survey

    def open_survey(self, taken_at: datetime) -> str:
        fact = survey.SurveyOpened(cycle=CYCLE, questionnaire="citizens")
        return self._ask_people(fact, taken_at)

    def put_questions(self, questions: Sequence[survey.Question]) -> str:
        return self._ask_people(asked.questionnaire("citizens", questions), at(11, 1))

    def close_survey(self, taken_at: datetime) -> str:
        fact = survey.SurveyClosed(
            cycle=CYCLE, questionnaire="citizens", closed_by="survey-officer", responses=0
        )
        return self._ask_people(fact, taken_at)

    def answer(
        self, sheets: Sequence[Mapping[str, str]], taken_at: datetime, *, hasty: int = 0
    ) -> str:
        """One batch about the agency."""
        responses = [asked.response(AGENCY, each) for each in sheets]
        return self.count(asked.batch("citizens", 1, responses, hasty=hasty), taken_at)

    def count(self, batch: survey.ResponsesCounted, taken_at: datetime) -> str:
        return self._ask_people(batch, taken_at)

    def exclude(self, positions: tuple[int, ...], taken_at: datetime) -> str:
        return self._ask_people(asked.excluded("citizens", 1, *positions), taken_at)

    def import_survey(self, satisfied: int, **told: str) -> str:
        """What may be told of it otherwise is its source, and the digest of its document."""
        result = asked.imported("citizens", AGENCY, {"q1": {"5": satisfied}}, **told)
        return self._ask_people(result, at(12, 1))

    def scan_document(self, found: str = "", sha256: str = asked.CERTIFIED) -> str:
        return self._ask_people(asked.scanned("citizens", found, sha256), at(12, 1))

    def _ask_people(self, fact: object, taken_at: datetime) -> str:
        """Answers have no more of their own than a date."""
        day = taken_at.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.say(f"survey/{CYCLE}/citizens", fact, day, taken_at=taken_at)


def ids(flag: Flag) -> list[str]:
    """The facts that a flag names."""
    return [fact.id for fact in flag.facts]


def a_bit_of_everything() -> Story:
    """Much that is worth a look, of several services."""
    story = Story()
    story.lock(MAXIMA)
    story.declare(points="4")
    seen = story.attach()
    story.decide("3", evidence=(seen,))
    story.detach(when=ROUND_1 + SECOND)
    story.ask(ROUND_1 + 2 * SECOND, ROUND_1 + 3 * SECOND, item="2.1")
    for n, item in enumerate(DECLARED * 2):
        story.decide("0", ROUND_2 + n * SECOND, item=item)
    story.approve(ROUND_2 + 20 * SECOND)
    story.reopen(ROUND_2 + 21 * SECOND)
    story.declare(points="3", when=ROUND_2 + 22 * SECOND)
    story.open_survey(at(11, 22))
    story.answer([{"q1": "5"}] * 60, at(11, 24))
    story.ask(ROUND_2 + 30 * SECOND, ROUND_2 + 31 * SECOND, item="2.2")
    story.extend(LATE + timedelta(days=60), ROUND_2 + 40 * SECOND)
    return story

"""A cycle by the sample scheme of departments, in which everything happens that can be explained.

What is declared, decided and answered is drawn by a seed, so that it is the same every time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, and it guards no secret
from typing import Any

from shared.adapters import scheme_file
from shared.events import appraisal, codec, submission, survey
from shared.events.codec import Stored
from shared.events.envelope import Context
from shared.kernel import points, rules, scheme, scheme_reader
from tests.support import asked
from tests.support.small_cycle import CALENDAR, CYCLE, OPENED_AT
from tests.support.small_questionnaire import wording
from tests.support.told import DECISION, SEALED

SEED = 2366
TIER = "department"
NAMES = {
    "so-y-te": "Sở Y tế",
    "so-noi-vu": "Sở Nội vụ",
    "so-tu-phap": "Sở Tư pháp",
    "thanh-tra-tinh": "Thanh tra tỉnh",
}
UNRANKED = "thanh-tra-tinh"
RESPONSES = 12
BATCH = 5
LEGAL_BASIS = "Điều 5, Quyết định 2366/QĐ-UBND"

_FILE = Path(__file__).parents[2] / "schemes" / "an-giang-2021-department.sample.yaml"
_STEP = timedelta(minutes=7)


class Clerk:
    """Writes facts down, each a little later than the one before."""

    def __init__(self) -> None:
        self.told: list[Stored] = []
        self._at = OPENED_AT
        self._versions: dict[str, int] = {}

    def tell(self, stream: str, fact: object, actor: str | None) -> str:
        """Record a fact; returns its id."""
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        self._at += _STEP
        at = self._at if actor else datetime(2021, 12, 1, tzinfo=self._at.tzinfo)
        self.told.append(codec.encode(stream, version, Context(at, actor), fact))
        return self.told[-1].id


@lru_cache(maxsize=1)
def sample_scheme() -> Mapping[str, Any]:
    """The document of the scheme."""
    return scheme_file.load(_FILE.read_bytes()).document


@lru_cache(maxsize=1)
def sample_cycle() -> Sequence[Stored]:
    """All facts, from the scheme to the approval of each agency."""
    clerk, chance = Clerk(), Random(SEED)
    read = scheme_reader.read(sample_scheme())
    _open(clerk)
    for agency in NAMES:
        for item in read.items.values():
            if isinstance(item.rule, scheme.Survey) or not item.applies_to(agency):
                continue
            _speak_of(clerk, chance, agency, item)
    for group, items in _asked(read).items():
        _ask(clerk, chance, group, items)
    for agency in NAMES:
        approved = appraisal.AppraisalApproved(cycle=CYCLE, agency=agency, decision=DECISION)
        clerk.tell(f"appraisal/{CYCLE}/{agency}", approved, "council:m-01")
    return tuple(clerk.told)


def _open(clerk: Clerk) -> None:
    agencies = tuple(
        submission.Agency(code=code, name=name, tier=TIER, ranked=code != UNRANKED)
        for code, name in NAMES.items()
    )
    stream, by = f"cycle/{CYCLE}", "administrator:a-01"
    document = dict(sample_scheme())
    adopted = submission.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=document)
    opened = submission.CycleOpened(
        cycle=CYCLE,
        year=2021,
        mode="trial",
        decision=DECISION,
        agencies=agencies,
        calendar=CALENDAR,
    )
    clerk.tell(stream, adopted, by)
    clerk.tell(stream, opened, by)


def _speak_of(clerk: Clerk, chance: Random, agency: str, item: scheme.Item) -> None:
    """Mostly an item is declared, proved and decided; some are not, and some decisions fall."""
    named = {"cycle": CYCLE, "agency": agency, "item": item.code}
    stream, by = f"submission/{CYCLE}/{agency}", f"agency:u-{agency}"
    course = chance.random()
    if course < 0.04:
        return
    inputs, claimed = _drawn(chance, item)
    said = submission.ScoreSubmitted(**named, inputs=inputs, points=points.exact(claimed))
    declared = clerk.tell(stream, said, by)
    evidence = (clerk.tell(stream, _evidence(named, "tai-lieu"), by),)
    if course < 0.08:
        return
    verdict = {**named, "declaration": declared, "evidence": evidence, "round": 1}
    _decide(clerk, chance, verdict, (item, claimed))
    if course > 0.97:
        clerk.tell(stream, said, by)
    elif course > 0.94:
        clerk.tell(stream, submission.EvidenceWithdrawn(**named, evidence="tai-lieu"), by)


def _decide(
    clerk: Clerk, chance: Random, verdict: Mapping[str, Any], of: tuple[scheme.Item, Any]
) -> None:
    item, claimed = of
    stream = f"appraisal/{CYCLE}/{verdict['agency']}"
    if chance.random() < 0.8:
        recognised = appraisal.ScoreRecognised(**verdict, awarded=points.exact(claimed))
        clerk.tell(stream, recognised, "council:m-02")
        return
    awarded = points.exact(item.maximum * chance.randint(0, 4) / 4)
    rejected = appraisal.ScoreRejected(
        **verdict, awarded=awarded, because=SEALED, legal_basis=LEGAL_BASIS
    )
    clerk.tell(stream, rejected, "council:m-03")


def _evidence(named: Mapping[str, str], name: str) -> submission.EvidenceAttached:
    item = named["item"]
    content = sha256(f"{named['agency']}/{item}".encode()).hexdigest()
    return submission.EvidenceAttached(
        **named,
        evidence=name,
        document=submission.Document(
            number=f"{item}/BC", on=DECISION.on, issuer="Văn phòng Sở", section="Mục I"
        ),
        file=submission.StoredFile(sha256=content, size_bytes=1_024, media_type="application/pdf"),
    )


def _drawn(chance: Random, item: scheme.Item) -> tuple[dict[str, str], Any]:
    if item.no_task and chance.random() < 0.1:
        inputs = {rules.NO_TASK: "yes"}
    else:
        assert not isinstance(item.rule, scheme.Survey), "nothing is declared for a survey"
        inputs = dict(_inputs(chance, item.rule, item))
    return inputs, rules.evaluate(item, inputs).points


def _inputs(chance: Random, rule: scheme.DeclaredRule, of: Any) -> Mapping[str, str]:  # noqa: ANN401 - an item or an addend
    match rule:
        case scheme.Ratio():
            denominator = chance.randint(1, 60)
            return {
                "numerator": str(chance.randint(denominator // 2, denominator)),
                "denominator": str(denominator),
            }
        case scheme.Manual(step):
            steps = int(of.maximum / step)
            return {"points": points.exact(step * chance.randint(0, steps))}
        case scheme.Sum(addends):
            return {
                f"{addend.code}.{name}": value
                for addend in addends
                for name, value in _inputs(chance, addend.rule, addend).items()
            }
        case _:
            return {spec.name: _input(chance, spec) for spec in rules.inputs_of(rule)}


def _input(chance: Random, spec: rules.InputSpec) -> str:
    match spec.kind:
        case "code":
            return chance.choice(spec.choices)
        case "count":
            return str(chance.randint(0, 6))
        case "decimal":
            return str(chance.randint(1, 100))


def _asked(read: scheme.Scheme) -> Mapping[str, list[scheme.Item]]:
    asked: dict[str, list[scheme.Item]] = {}
    for item in read.items.values():
        if isinstance(item.rule, scheme.Survey):
            for group in item.rule.groups:
                asked.setdefault(group.code, []).append(item)
    return asked


def _ask(clerk: Clerk, chance: Random, group: str, items: Sequence[scheme.Item]) -> None:
    stream, named = f"survey/{CYCLE}/{group}", {"cycle": CYCLE, "questionnaire": group}
    options = {item.code: _options(item) for item in items}
    adopted = asked.questionnaire(group, [_question(item) for item in items])
    clerk.tell(stream, adopted, "survey-officer:s-01")
    clerk.tell(stream, survey.SurveyOpened(**named), "survey-officer:s-01")
    responses = [
        asked.response(
            agency,
            {f"q{code}": chance.choice(choices) for code, choices in options.items()},
        )
        for agency in NAMES
        for _ in range(RESPONSES)
    ]
    chance.shuffle(responses)
    for batch, first in enumerate(range(0, len(responses), BATCH), start=1):
        some = tuple(responses[first : first + BATCH])
        clerk.tell(stream, asked.batch(group, batch, some), None)
    clerk.tell(stream, asked.excluded(group, 1, 0, 2), "survey-officer:s-01")
    closed = survey.SurveyClosed(**named, closed_by="calendar", responses=len(responses))
    clerk.tell(stream, closed, "system:system")


def _question(item: scheme.Item) -> survey.Question:
    return survey.Question(
        code=f"q{item.code}",
        text=wording(f"Ông/Bà đánh giá thế nào: {item.title}?"),
        kind="scale",
        required=True,
        item=item.code,
        options=tuple(
            survey.AnswerOption(code=code, title=wording(f"Mức {code}"), no_opinion=False)
            for code in _options(item)
        ),
        asked_if=None,
    )


def _options(item: scheme.Item) -> Sequence[str]:
    assert isinstance(item.rule, scheme.Survey), "the caller has looked"
    return tuple(item.rule.shares)

"""The facts of a cycle that goes on and on: as many as are wanted, always the same ones.

In a round every agency declares each of its items (anew), proves it and is recognised, and twenty
people answer about it. There are as many rounds as it takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count, islice

import msgspec

from services.submission.domain import cycle as domain
from services.submission.domain.cycle import Cycle
from shared.events import appraisal, codec, submission, survey
from shared.events.codec import Stored
from shared.events.envelope import Context
from tests.bench import cycle
from tests.bench.cycle import CYCLE, Declared, Json
from tests.support import asked

AT = datetime(2021, 11, 22, 1, tzinfo=UTC)
RESPONSES = 20
YEARS = 4
"""After so many rounds agencies declare again what they declared in the first."""

_ACT = submission.LegalAct(number="2366/QĐ-UBND", on=date(2021, 10, 14))
_FILE = submission.StoredFile(sha256="ab" * 32, size_bytes=90_000, media_type=cycle.PDF)
_DOCUMENT = submission.Document(
    number="7/BC-SYT", on=date(2021, 5, 15), issuer="Sở Y tế", section="mục 3"
)


@cache
def told(wanted: int) -> Sequence[Stored]:
    """The first so many facts of the cycle, in an order in which causes stand before effects."""
    return tuple(flowing(wanted))


def flowing(wanted: int) -> Iterator[Stored]:
    """The same, one after the other, where so many are wanted that they had better not be kept."""
    return islice(_Teller().all(), wanted)


def opened() -> Sequence[submission.Fact]:
    """What opening the cycle comes to."""
    body = cycle.opening()
    command = domain.OpenCycle(
        cycle=CYCLE,
        year=body["year"],
        mode="trial",
        decision=_ACT,
        agencies=msgspec.convert(body["agencies"], tuple[submission.Agency, ...]),
        calendar=msgspec.convert(body["calendar"], tuple[submission.Phase, ...]),
        schemes=body["schemes"],
    )
    return domain.decide(command, Cycle())


class _Teller:
    """Gives each fact the next version of its stream, and a context as calls have it."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}

    def all(self) -> Iterator[Stored]:
        for fact in opened():
            yield self._tell(f"cycle/{CYCLE}", fact, "administrator")
        for tier in cycle.opening()["schemes"]:
            yield from self._survey(tier)
        for number in count():
            for agency in cycle.agencies():
                for declared in cycle.sheet(agency, number % YEARS):
                    yield from self._item(declared)
                yield self._answers(agency)

    def _survey(self, tier: str) -> Iterator[Stored]:
        group, surveyed, options = cycle.asked(tier)
        questions = [
            asked.question(f"q{item['code']}", item["code"], options, text=item["title"])
            for item in surveyed
        ]
        stream = f"survey/{CYCLE}/{tier}"
        fact = asked.questionnaire(tier, questions, group=group, tier=tier, cycle=CYCLE)
        yield self._tell(stream, fact, "survey-officer")
        yield self._tell(
            stream, survey.SurveyOpened(cycle=CYCLE, questionnaire=tier), "survey-officer"
        )

    def _item(self, declared: Declared) -> Iterator[Stored]:
        named = {"cycle": CYCLE, "agency": declared.agency, "item": declared.item}
        stream = f"submission/{CYCLE}/{declared.agency}"
        scored = self._tell(
            stream,
            submission.ScoreSubmitted(**named, inputs=dict(declared.inputs), points="1"),
            "agency",
        )
        attached = self._tell(
            stream,
            submission.EvidenceAttached(
                **named, evidence="tai-lieu-1", document=_DOCUMENT, file=_FILE
            ),
            "agency",
        )
        yield from (scored, attached)
        recognised = appraisal.ScoreRecognised(
            **named, declaration=scored.id, evidence=(attached.id,), round=1, awarded="1"
        )
        yield self._tell(f"appraisal/{CYCLE}/{declared.agency}", recognised, "council")

    def _answers(self, agency: Json) -> Stored:
        tier, code = agency["tier"], agency["code"]
        stream = f"survey/{CYCLE}/{tier}"
        responses = [
            asked.response(code, cycle.answers(tier, code, respondent))
            for respondent in range(RESPONSES)
        ]
        number = self._versions[stream] - 1
        counted = asked.batch(tier, number, responses, cycle=CYCLE, channel="paper")
        return self._tell(stream, counted, "")

    def _tell(self, stream: str, fact: object, role: str) -> Stored:
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        context = Context(AT)
        if role:
            correlation = f"{stream.replace('/', '.')}.{version}"
            context = Context(AT, actor=f"{role}:trial-{role}", correlation_id=correlation)
        return codec.encode(stream, version, context, fact)


def owners(facts: Sequence[Stored]) -> Mapping[str, Sequence[Stored]]:
    """The facts by the service that recorded them."""
    found: dict[str, list[Stored]] = {}
    for fact in facts:
        found.setdefault(fact.type.partition(".")[0], []).append(fact)
    return found

"""What people and workers do to a survey, for Hypothesis to do in any order.

The machine does to the survey what its people and its workers do, in any order. A crash is another
process over what the stores have; counting is also cut short between any two calls of the urn.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from services.survey.application import Exclusions, Link
from services.survey.domain.filled import Filled
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryUrn
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem, Unavailable
from shared.ports import Urn
from tests.support.balanced import imbalances
from tests.support.survey_desk import CITIZENS, OFFICER, Desk, desk_over, opened_desk

FACTS_MAX = 1_000
CALLS_MAX = 8
"""So many calls of the urn at most are done before a counting is cut short."""

SECOND = Actor(id="a-1", role="administrator")
AGENCIES = ("so-y-te", "so-noi-vu")
LINK = (60, 40)
"""How often an open link is used here, in all and a day."""

Result = TypeVar("Result")


class Cut:
    """An urn that is away from a call on."""

    def __init__(self, urn: Urn) -> None:
        self.urn = urn
        self.calls_left: int | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever an urn has
        called = getattr(self.urn, name)

        async def call(*args: object, **named: object) -> object:
            if self.calls_left is not None:
                if self.calls_left == 0:
                    raise Unavailable("database-unavailable")
                self.calls_left -= 1
            return await called(*args, **named)

        return call


@dataclass(slots=True)
class Told:
    """What those who answered were told."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    receipts: list[str] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The agency that a token is about, and how often it may be used."""


class SurveyMachine(RuleBasedStateMachine):
    """A survey with an urn in memory, whose processes end without a goodbye."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._numbers = itertools.count()
        self.folder = Path(tempfile.mkdtemp(prefix="cchc-survey-"))
        self._told = Told()
        self.cut = Cut(self.begin())
        self.desk = self.run(self._open())
        self._closed = False

    def begin(self) -> Urn:
        """The urn of a survey."""
        return MemoryUrn(SecretChance())

    def end(self) -> None:
        """Let go of it."""

    def teardown(self) -> None:
        """Close the survey, and hold what was counted against what people were told."""
        try:
            self.run(self._close())
            self._check_end()
        finally:
            self.end()
            self._runner.close()
            shutil.rmtree(self.folder)

    @initialize(count=st.integers(1, 2 * BATCH_ANSWERS_MIN + 5))
    def begin_with(self, count: int) -> None:
        """Some are asked, and answer, from the beginning."""
        self._invite(AGENCIES[0], count)
        self._answer_all([*self._told.tokens][:count])

    @rule(agency=st.sampled_from(AGENCIES), count=st.integers(1, 2 * BATCH_ANSWERS_MIN + 5))
    def invite(self, agency: str, count: int) -> None:
        """People are invited."""
        if not self._closed:
            self._invite(agency, count)

    @rule(agency=st.sampled_from(AGENCIES))
    def open_link(self, agency: str) -> None:
        """A link is opened, or asked for again."""
        if not self._closed:
            link = Link(f"link-{agency}", agency, *LINK)
            context = self._context()
            token = self.run(self.desk.rights.open_link(OFFICER, CITIZENS, link, context))
            self._told.tokens[token] = (agency, min(LINK))

    @rule(first=st.integers(0, 200), count=st.integers(1, 50))
    def answer(self, first: int, count: int) -> None:
        """Many answer, all at once; some have answered before."""
        self._answer_all([*self._told.tokens][first : first + count])

    @rule(place=st.integers(0, 200), times=st.integers(2, 5))
    def send_at_once(self, place: int, times: int) -> None:
        """Somebody sends an answer several times at once."""
        self._answer_all([*self._told.tokens][place : place + 1] * times)

    @rule(place=st.integers(0, 200))
    def answer_wrongly(self, place: int) -> None:
        """An answer that does not fit uses nothing up."""
        for token in [*self._told.tokens][place : place + 1]:
            outcome = self.run(self._ask(token, "there is no such option", self._receipt()))
            assert outcome in {"answers-invalid", "survey-closed"}

    @rule()
    def count(self) -> None:
        """A worker counts."""
        self.run(self.desk.surveys.count_waiting())

    @rule(calls=st.integers(0, CALLS_MAX))
    def count_cut_short(self, calls: int) -> None:
        """A worker dies while it counts; another one follows."""
        self.cut.calls_left = calls
        with suppress(Unavailable):
            self.run(self.desk.surveys.count_waiting())
        self.cut.calls_left = None
        self.crash()

    @rule(calls=st.integers(0, CALLS_MAX))
    def close_cut_short(self, calls: int) -> None:
        """The survey is to be closed, and whoever does it dies on the way."""
        self.cut.calls_left = calls
        with suppress(Unavailable):
            self.run(self._close())
        self.cut.calls_left = None
        self.crash()

    @rule()
    def stir(self) -> None:
        """It is time to stir."""
        self.run(self.desk.surveys.stir_urn())

    @rule(place=st.integers(0, BATCH_ANSWERS_MIN - 1))
    def exclude(self, place: int) -> None:
        """Somebody proposes to exclude an answer, and another agrees: it stays in the log."""
        self.run(self._exclude(place))

    @rule()
    def crash(self) -> None:
        """The process ends without a goodbye; another one has its stores."""
        self.desk = self.desk.restarted()

    @invariant()
    def every_batch_hides_its_answers(self) -> None:
        """While it is open, a batch is of one agency, is numbered, and is large enough."""
        for number, batch in enumerate(self._batches(), start=1):
            assert batch.batch == number
            assert len(batch.responses) == len(batch.receipts)
            assert list(batch.receipts) == sorted(batch.receipts)
            assert len({response.agency for response in batch.responses}) == 1

    @invariant()
    def nothing_is_counted_that_was_not_answered(self) -> None:
        """Each answer at most once, and each receipt."""
        assert not _counted(self._batches()) - self._told.answers
        assert not Counter(_receipts(self._batches())) - Counter(self._told.receipts)

    @invariant()
    def a_token_answers_as_often_as_it_may(self) -> None:
        """An invitation once, a link up to its limits."""
        for token, used in self._told.uses.items():
            assert used <= self._told.tokens[token][1]

    def _check_end(self) -> None:
        batches = self._batches()
        assert imbalances(self.run(self.desk.stored())) == []
        assert _counted(batches) == self._told.answers
        assert sorted(_receipts(batches)) == sorted(self._told.receipts)
        by_agency = Counter(agency for agency, _ in self._told.answers.elements())
        for batch in batches:
            agency = batch.responses[0].agency
            assert len(batch.responses) >= min(BATCH_ANSWERS_MIN, by_agency[agency])

    async def _open(self) -> Desk:
        desk = await opened_desk()
        return desk_over(replace(desk.outside, urn=self.cut), desk.clock)

    async def _close(self) -> None:
        await self.desk.surveys.close(OFFICER, *CITIZENS, "survey-officer", self._context())
        self._closed = True

    async def _exclude(self, place: int) -> None:
        state = await self.desk.shelf.questionnaire(*CITIZENS)
        if not state.batches or place >= len(state.batches[0]) or (1, place) in state.excluded:
            return
        exclusions, places = Exclusions(self.desk.shelf, self.desk.outside.seals), (1, (place,))
        await exclusions.propose(OFFICER, CITIZENS, places, "sent twice", self._context())
        *_, last = await exclusions.listed(OFFICER, CITIZENS)
        await exclusions.second(
            SECOND, CITIZENS, last.exclusion.proposed.exclusion, self._context()
        )

    def _invite(self, agency: str, count: int) -> None:
        context = self._context()
        tokens = self.run(self.desk.rights.invite(OFFICER, CITIZENS, agency, count, context))
        self._told.tokens.update(dict.fromkeys(tokens, (agency, 1)))

    def _answer_all(self, tokens: Sequence[str]) -> None:
        """Each with an option of their own, all at once; what is acknowledged is noted."""
        sent = [(token, str(next(self._numbers) % 5 + 1), self._receipt()) for token in tokens]
        for (token, option, receipt), outcome in zip(sent, self.run(self._all(sent)), strict=True):
            agency, uses_max = self._told.tokens[token]
            if outcome is None:
                self._told.answers[agency, option] += 1
                self._told.receipts.append(receipt)
                self._told.uses[token] += 1
            elif outcome in {"token-spent", "link-full", "link-full-today"}:
                assert self._told.uses[token] == uses_max or tokens.count(token) > 1
            else:
                assert outcome == "survey-closed"

    async def _all(self, sent: Sequence[tuple[str, str, str]]) -> Sequence[str | None]:
        return await asyncio.gather(*itertools.starmap(self._ask, sent))

    async def _ask(self, token: str, option: str, receipt: str) -> str | None:
        filled = Filled({"q1": option})
        try:
            await self.desk.answering.answer(CITIZENS, token, filled, receipt=receipt)
        except Problem as refusal:
            return refusal.code
        return None

    def _batches(self) -> Sequence[events.ResponsesCounted]:
        facts = self.run(self.desk.facts())
        return [fact for fact in facts if isinstance(fact, events.ResponsesCounted)]

    def _receipt(self) -> str:
        return f"receipt-of-somebody-{next(self._numbers):06}"

    def _context(self) -> Context:
        key = f"key-{next(self._numbers)}"
        return Context(self.desk.clock.now(), OFFICER.reference, idempotency_key=key)

    def run(self, asked: Coroutine[Any, Any, Result]) -> Result:
        """Wait for something."""
        return self._runner.run(asked)


def _counted(batches: Sequence[events.ResponsesCounted]) -> Counter[tuple[str, str]]:
    return Counter(
        (response.agency, response.answers["q1"])
        for batch in batches
        for response in batch.responses
    )


def _receipts(batches: Sequence[events.ResponsesCounted]) -> list[str]:
    return [receipt for batch in batches for receipt in batch.receipts]

"""Whatever is done to an urn, and wherever it crashes: what was put in is what is drawn, once.

A machine does to an urn what its users do, in any order, and ends its process in between. A crash
is a copy of the files as they are at that moment, which another process opens.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shared.adapters.memory import MemoryUrn, SeededChance
from shared.adapters.sqlite import SqliteUrn
from shared.kernel.errors import Problem
from shared.ports import Box, Channel, Right, RightKind, Slip, Urn
from tests.support.opened import Closable
from tests.support.urn_model import UrnModel
from tests.support.urns import AGENCY, OTHER, SIPAS

EXAMPLES_MAX = 15
STEPS_MAX = 30
LINK = (4, 2)
"""How often an open link is used here, in all and a day."""

Result = TypeVar("Result")

CHANNELS: Sequence[Channel] = ("invitation", "link", "paper")
BOXES = [Box(agency, channel) for agency in (AGENCY, OTHER) for channel in CHANNELS]
KINDS: Sequence[RightKind] = ("invitation", "invitation", "link")

agencies = st.sampled_from((AGENCY, OTHER))
tokens = st.sampled_from([f"token-{number}" for number in range(6)])
receipts = st.sampled_from([f"receipt-{number}" for number in range(40)])
blinded = st.sampled_from(("one", "another"))


class UrnMachine(RuleBasedStateMachine):
    """An urn in memory, where nothing crashes, beside the model of it."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._numbers = itertools.count()
        self._model = UrnModel()
        self._folder = Path(tempfile.mkdtemp(prefix="cchc-urn-"))
        self._urn = self.begin()

    def begin(self) -> Urn:
        """The urn."""
        return MemoryUrn(SeededChance(1))

    def teardown(self) -> None:
        """Draw all that is left, and count."""
        try:
            self._count_all()
        finally:
            self._end()
            self._runner.close()
            shutil.rmtree(self._folder)

    def _count_all(self) -> None:
        self._run(self._urn.shut(SIPAS))
        self._model.shut = True
        last = max([self._model.discarded, *self._model.drawn]) + 1
        self._draw(last, BOXES, (1, 1_000, 0))
        assert sorted(self._model.counted) == sorted(set(self._model.counted))
        assert len(self._model.counted) == self._model.put
        assert not self._model.receipts

    @rule(token=tokens, agency=agencies, kind=st.sampled_from(KINDS))
    def grant(self, token: str, agency: str, kind: RightKind) -> None:
        """Somebody is invited, or a link is opened."""
        right = Right(token, agency, kind, *LINK) if kind == "link" else Right(token, agency)
        self._run(self._urn.grant(SIPAS, [right]))
        self._model.grant(right)

    @rule(token=tokens, receipt=receipts)
    def spend(self, token: str, receipt: str) -> None:
        """Somebody answers."""
        number = next(self._numbers)
        expected = self._model.refuses_spending(token, receipt)

        assert self._told(self._spend(token, number, receipt)) == expected

        if expected is None:
            self._note_use(token, number, receipt)

    @rule(token=tokens, wanted=st.lists(receipts, min_size=2, max_size=5, unique=True))
    def spend_at_once(self, token: str, wanted: list[str]) -> None:
        """Somebody sends an answer several times, or several come by a link."""
        slips = [(next(self._numbers), receipt) for receipt in wanted]
        before = [self._model.refuses_spending(token, receipt) for receipt in wanted]

        outcomes = self._run(self._together(token, slips))

        for (number, receipt), outcome in zip(slips, outcomes, strict=True):
            if outcome is None:
                assert self._model.refuses_spending(token, receipt) is None
                self._note_use(token, number, receipt)
        for receipt, former, outcome in zip(wanted, before, outcomes, strict=True):
            if outcome is not None:
                # It came before those that were put in, or after them.
                assert isinstance(outcome, Problem)
                assert outcome.code in {former, self._model.refuses_spending(token, receipt)}

    @rule(token=tokens, ballot=blinded)
    def exchange(self, token: str, ballot: str) -> None:
        """Somebody wants a ballot for an invitation."""
        expected = self._model.refuses_exchange(token, ballot)

        assert self._told(self._urn.exchange(SIPAS, token, ballot)) == expected

        if expected is None and token not in self._model.exchanged:
            self._model.exchanged[token] = ballot
            self._model.uses[token].append(self._model.today)

    @rule(ballot=tokens, agency=agencies, receipt=receipts)
    def cast(self, ballot: str, agency: str, receipt: str) -> None:
        """A ballot is cast."""
        number, slip = self._slip(receipt)
        spent = ballot in self._model.ballots
        expected = "ballot-spent" if spent else self._model.refuses_slip(receipt)

        assert self._told(self._urn.cast(SIPAS, agency, ballot, slip)) == expected

        if expected is None:
            self._model.ballots.add(ballot)
            self._model.put_in(Box(agency, "invitation"), number, receipt)

    @rule(ballot=tokens, agency=agencies, place=st.integers(0, 39))
    def cast_again(self, ballot: str, agency: str, place: int) -> None:
        """A ballot is cast with a receipt that there was before, be it counted or not."""
        if taken := sorted(self._model.taken):
            self.cast(ballot, agency, taken[place % len(taken)])

    @rule(
        key=st.sampled_from("abc"),
        papers=st.lists(st.tuples(agencies, receipts), max_size=8),
    )
    def drop(self, key: str, papers: list[tuple[str, str]]) -> None:
        """An operator enters papers, perhaps once more."""
        slips = [(agency, *self._slip(receipt)) for agency, receipt in papers]
        known = key in self._model.keys
        taken = self._model.refuses_slip(*(receipt for _, receipt in papers))
        expected = None if known else taken

        put = self._urn.drop(SIPAS, key, [(agency, each) for agency, _, each in slips], digest="d")
        assert self._told(put) == expected

        if expected is None and not known:
            self._model.keys.add(key)
            for agency, number, slip in slips:
                self._model.put_in(Box(agency, "paper"), number, slip.receipt)

    @rule(
        ahead=st.integers(-1, 2),
        boxes=st.lists(st.sampled_from(BOXES), unique=True),
        least=st.integers(1, 3),
        more=st.integers(0, 5),
        leave=st.integers(0, 2),
    )
    def draw(self, ahead: int, boxes: list[Box], least: int, more: int, leave: int) -> None:
        """A worker draws a batch: a new one, or one that it drew before."""
        batch = max(1, self._model.discarded + 1 + ahead)
        self._draw(batch, boxes, (least, least + more, leave))

    @rule()
    def count(self) -> None:
        """A worker has recorded the first batch that was drawn; if none was, it draws one."""
        if not self._model.drawn:
            self._draw(self._model.discarded + 1, BOXES, (1, 5, 0))
        if self._model.drawn:
            batch = min(self._model.drawn)
            if batch == self._model.discarded + 1:
                self._run(self._urn.discard(SIPAS, batch))
                self._model.discard(batch)

    @rule()
    def stir(self) -> None:
        """It is time to stir."""
        self._run(self._urn.stir())

    @rule(really=st.sampled_from((False, False, False, True)))
    def shut(self, really: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """The survey ends, now and then."""
        if really:
            self._run(self._urn.shut(SIPAS))
            self._model.shut = True

    @rule(really=st.sampled_from((False, False, False, True)))
    def end_exchange(self, really: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """Nobody is to be given a ballot any more, now and then."""
        if really:
            self._run(self._urn.end_exchange(SIPAS))
            self._model.exchanging = False

    @rule()
    def sleep(self) -> None:
        """A night goes by."""
        self._model.tomorrow()

    @invariant()
    def knows_what_waits(self) -> None:
        """The urn and the model agree."""
        assert self._run(self._urn.waiting(SIPAS)) == self._model.waiting()
        assert self._run(self._urn.drawn(SIPAS)) == sorted(self._model.drawn)
        assert self._run(self._urn.turnout(SIPAS)) == self._model.turnout()
        assert self._run(self._urn.standing(SIPAS)) == self._model.standing()
        assert self._run(self._urn.ballots_out(SIPAS)) == self._model.ballots_out()

    def _draw(self, batch: int, boxes: Sequence[Box], sizes: tuple[int, int, int]) -> None:
        least, most, leave = sizes
        draw = self._run(
            self._urn.draw(SIPAS, boxes, batch=batch, least=least, most=most, leave=leave)
        )
        self._model.check_draw(batch, boxes, sizes, draw)

    async def _together(
        self, token: str, slips: Sequence[tuple[int, str]]
    ) -> Sequence[BaseException | None]:
        spending = (self._spend(token, number, receipt) for number, receipt in slips)
        return await asyncio.gather(*spending, return_exceptions=True)

    async def _spend(self, token: str, number: int, receipt: str) -> None:
        slip = Slip({"q1": str(number)}, receipt)
        await self._urn.spend(SIPAS, token, slip, day=self._model.today)

    def _slip(self, receipt: str) -> tuple[int, Slip]:
        number = next(self._numbers)
        return number, Slip({"q1": str(number)}, receipt)

    def _note_use(self, token: str, number: int, receipt: str) -> None:
        right = self._model.rights[token]
        self._model.uses[token].append(self._model.today)
        self._model.put_in(Box(right.agency, right.kind), number, receipt)

    def _told(self, asked: Coroutine[Any, Any, object]) -> str | None:
        try:
            self._run(asked)
        except Problem as problem:
            return problem.code
        return None

    def _run(self, asked: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(asked)

    def _end(self) -> None:
        if isinstance(self._urn, Closable):
            self._run(self._urn.close())


class SqliteUrnMachine(UrnMachine):
    """An urn on a file, whose process crashes."""

    def begin(self) -> Urn:
        """The urn of a new process."""
        return SqliteUrn(self._folder / "urn.db", SeededChance(next(self._numbers)))

    @rule()
    def crash(self) -> None:
        """The process ends without a goodbye; another one opens what it left."""
        left = Path(tempfile.mkdtemp(prefix="cchc-urn-"))
        for name in ("urn.db", "urn.db-wal"):
            shutil.copyfile(self._folder / name, left / name)
        self._end()
        shutil.rmtree(self._folder)
        self._folder = left
        self._urn = self.begin()


@pytest.mark.parametrize("machine", [UrnMachine, SqliteUrnMachine])
def test_what_is_put_into_an_urn_is_drawn_once(machine: type[UrnMachine]) -> None:
    examples = min(settings().max_examples, EXAMPLES_MAX)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=STEPS_MAX, deadline=None),
    )

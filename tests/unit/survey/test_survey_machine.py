"""Whatever people do, and wherever it crashes: what was acknowledged is counted, once per token."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryUrn
from shared.adapters.sqlite import SqliteUrn
from shared.kernel.errors import Problem
from shared.ports import Box, Slip, Urn
from tests.support.opened import Closable
from tests.support.survey_machine import SurveyMachine

EXAMPLES_MAX = 12
EXAMPLES_TO_FIND_MAX = 150
STEPS_MAX = 30


class SqliteSurveyMachine(SurveyMachine):
    """A survey whose urn is a file, which another process opens as it was left."""

    def begin(self) -> Urn:
        """The urn on its file."""
        return SqliteUrn(self.folder / "urn.db", SecretChance())

    def end(self) -> None:
        """Close the file."""
        assert isinstance(self.cut.urn, Closable)
        self.run(self.cut.urn.close())

    @rule()
    def crash(self) -> None:
        """The process ends; another one opens a copy of what it left."""
        left = Path(tempfile.mkdtemp(prefix="cchc-survey-"))
        for name in ("urn.db", "urn.db-wal"):
            shutil.copyfile(self.folder / name, left / name)
        self.end()
        shutil.rmtree(self.folder)
        self.folder = left
        self.cut.urn = self.begin()
        self.desk = self.desk.restarted()


class ForgetsDiscards(MemoryUrn):
    """A planted fault: what was counted stays drawn."""

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Do nothing."""


class ForgetsUses(MemoryUrn):
    """A planted fault: a right is as good after its use as before."""

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Put the slip in, and let the right be."""
        before = self._rights.get(token_sha256)
        await super().spend(questionnaire, token_sha256, slip, day=day)
        assert before is not None, "it was spent"
        self._rights[token_sha256] = before


class LosesASlip(MemoryUrn):
    """A planted fault: in a while, what is acknowledged is not put in."""

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Put the slip in, unless enough wait."""
        if sum((await self.waiting(questionnaire)).values()) < BATCH_ANSWERS_MIN:
            await super().spend(questionnaire, token_sha256, slip, day=day)


class MixesAgencies(MemoryUrn):
    """A planted fault: a batch is of whatever waits."""

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """All of it, as if it were about one agency."""
        boxes = await super().waiting(questionnaire)
        return {next(iter(boxes)): sum(boxes.values())} if boxes else {}


@pytest.mark.slow
@pytest.mark.parametrize("machine", [SurveyMachine, SqliteSurveyMachine])
def test_what_was_acknowledged_is_counted_once(machine: type[SurveyMachine]) -> None:
    examples = min(settings().max_examples, EXAMPLES_MAX)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=STEPS_MAX, deadline=None),
    )


@pytest.mark.slow
@pytest.mark.parametrize("fault", [ForgetsDiscards, ForgetsUses, LosesASlip, MixesAgencies])
def test_the_machine_finds_a_planted_fault(fault: type[MemoryUrn]) -> None:
    class Faulty(SurveyMachine):
        def begin(self) -> Urn:
            return fault(SecretChance())

    with pytest.raises((AssertionError, Problem)):
        run_state_machine_as_test(
            Faulty,
            settings=settings(
                max_examples=EXAMPLES_TO_FIND_MAX,
                stateful_step_count=STEPS_MAX,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
            ),
        )

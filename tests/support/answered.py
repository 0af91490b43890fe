"""Samples of a tier in which nothing counts but what people answered, and small ones of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.adapters import bootstrap
from shared.count.sample import Drawing, Rounds, Sample, sample_of
from shared.count.table import tables
from shared.events import submission
from shared.kernel.index import Table
from tests.support import asked
from tests.support.counted import replayed
from tests.support.small_cycle import ADOPTED, CYCLE, OPENED
from tests.support.told import Teller

TIER = "department"
ITEM = "1.2"
SEED = 2021
ROUNDS = 400


class Answered:
    """A cycle whose agencies are answered about; `table` and `sample` are what it comes to."""

    def __init__(
        self,
        *agencies: str,
        unranked: Sequence[str] = (),
        scheme: Mapping[str, Any] = ADOPTED.scheme,
    ) -> None:
        roster = [
            submission.Agency(code=code, name=code, tier=TIER, ranked=code not in unranked)
            for code in (*agencies, *unranked)
        ]
        self.teller = Teller()
        adopted = submission.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=dict(scheme))
        self.teller.tell(f"cycle/{CYCLE}", adopted)
        opened = submission.CycleOpened(
            cycle=CYCLE,
            year=2021,
            mode="trial",
            decision=OPENED.decision,
            agencies=tuple(roster),
            calendar=OPENED.calendar,
        )
        self.teller.tell(f"cycle/{CYCLE}", opened)
        self._batches: dict[str, int] = {}

    def ask(self, group: str, *items: str, name: str = "") -> "Answered":
        """A questionnaire for a group, with a question for each item, called like it or ITEM/x."""
        questions = [asked.question(code, code.partition("/")[0]) for code in items]
        adopted = asked.questionnaire(name or group, questions, group=group)
        self.teller.tell(f"survey/{CYCLE}/{name or group}", adopted)
        return self

    def answer(self, name: str, agency: str, *answers: Mapping[str, str]) -> "Answered":
        """A batch of responses about one agency."""
        number = self._batches[name] = self._batches.get(name, 0) + 1
        responses = [asked.response(agency, each) for each in answers]
        self.teller.tell(f"survey/{CYCLE}/{name}", asked.batch(name, number, responses))
        return self

    def exclude(self, name: str, batch: int, *positions: int) -> "Answered":
        """Responses of a batch do not count."""
        self.teller.tell(f"survey/{CYCLE}/{name}", asked.excluded(name, batch, *positions))
        return self

    def certify(self, name: str, agency: str, counts: dict[str, dict[str, int]]) -> "Answered":
        """A certified result of a survey run elsewhere."""
        imported = asked.imported(name, agency, counts, source="Bưu điện")
        self.teller.tell(f"survey/{CYCLE}/{name}", imported)
        return self

    @property
    def table(self) -> Table:
        """The table of the tier."""
        [table] = tables(replayed(self.teller.told).state)
        return table

    @property
    def sample(self) -> Sample:
        """What can be drawn again."""
        state = replayed(self.teller.told).state
        [table] = tables(state)
        return sample_of(state, table)


def led(*options: str) -> Sequence[Mapping[str, str]]:
    """What leaders answered to the one question that they are asked here."""
    return [{ITEM: option} for option in options]


def surely(agency: str, *options: str) -> tuple[str, Sequence[Mapping[str, str]]]:
    """An agency, and what leaders answered about it."""
    return agency, led(*options)


def about_leaders(*said: tuple[str, Sequence[Mapping[str, str]]]) -> Answered:
    """Agencies about which leaders alone were asked."""
    answered = Answered(*(agency for agency, _ in said)).ask("leaders", ITEM)
    for agency, answers in said:
        answered.answer("leaders", agency, *answers)
    return answered


def drawn(answered: Answered, *, seed: int = SEED, rounds: int = ROUNDS) -> Rounds:
    """What comes of some rounds."""
    return bootstrap.resample(answered.sample, Drawing(seed, rounds))

"""What the embedded mode keeps tells nobody whose answer is whose, once it has left the urn.

160 people answer one after the other, and most of them write a comment. Who holds every file and
every line of the log, and is told in which order they sent, guesses no better than by lot. Before
that a window is open, in which the same attack succeeds: its length is tested too.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.main import STIR_EVERY_S
from tests.linking.about_comments import best_about_comments
from tests.linking.attack import Held, Person, guesses
from tests.linking.files import held_in
from tests.linking.poll import Poll, batches, open_cycle, opened_poll
from tests.support.running import Running, running

PEOPLE = 160
ROUNDS = 4
"""After each, what can be counted is."""

WAITING_MAX = 2 * BATCH_ANSWERS_MIN - 1
"""So many may wait then: it depends on when the worker looked."""

FEW = 18
"""Fewer than let a batch go, even twice, so that they wait."""

SLACK_S = 5.0
POLL_S = 0.5
GUESSES_MIN = 20

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Office:
    """A running system in which people are asked, and where it keeps things."""

    system: Running
    data: Path
    poll: Poll

    def held(self) -> Held:
        """All that is kept."""
        return held_in(self.data, self.system.errors)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The survey has begun, and nobody has answered yet."""
    data = tmp_path / "data"
    with running(data) as system:
        root = system.url.rstrip("/")
        open_cycle(root.__add__)
        with opened_poll(root.__add__) as poll:
            yield Office(system, data, poll)


def test_what_is_kept_links_nobody_to_an_answer_a_receipt_or_a_comment(office: Office) -> None:
    poll = office.poll
    for _ in range(ROUNDS):
        poll.answer(PEOPLE // ROUNDS)
        poll.wait_until_counted(len(poll.receipts) - WAITING_MAX)
    poll.close()
    facts = poll.facts()

    held = office.held()

    for found in (poll.answers(), poll.receipts_by_person()):
        mixed = batches(facts, found)
        made = guesses(held, found, mixed)
        print(f"{made[0]}, the best of {len(made)} guesses")  # noqa: T201 - a figure for people
        assert len(made) >= GUESSES_MIN
        assert max((guess.of, guess.chance) for guess in made) == (PEOPLE, len(mixed))
        assert len(mixed) > ROUNDS
        assert not made[0].succeeds, str(made[0])
    for best in best_about_comments(held, poll):
        assert not best.succeeds, str(best)


def test_the_window_in_which_a_copy_of_the_files_links_is_as_short_as_is_said(
    office: Office,
) -> None:
    found, answered_s = _answered_within_the_window(office)

    open_s = _until_closed(office, found) - answered_s

    assert open_s <= STIR_EVERY_S + SLACK_S


def _answered_within_the_window(office: Office) -> tuple[Mapping[Person, bytes], float]:
    """The answers of few, and when the last had answered: all of them are linked now.

    If all is stirred just meanwhile, it is not for a while, in which others answer.
    """
    for first in (0, FEW):
        office.poll.answer(FEW)
        answered_s = time.monotonic()
        found = dict(list(office.poll.answers().items())[first:])
        at_once, *_ = guesses(office.held(), found, [list(found)])
        if at_once.right == FEW:
            return found, answered_s
    pytest.fail("the files linked nobody before they were stirred")


def _until_closed(office: Office, found: Mapping[Person, bytes]) -> float:
    """When nothing that is kept links any more, by the monotonic clock."""
    while any(guess.succeeds for guess in guesses(office.held(), found, [list(found)])):
        time.sleep(POLL_S)
    return time.monotonic()

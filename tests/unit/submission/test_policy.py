"""What submission does when the council has spoken."""

from datetime import timedelta

from services.submission import policy
from services.submission.policy import REOPENED_FOR, ReopenAsSeconded
from shared.events import appraisal as events
from shared.events.codec import WIRE_NAMES
from shared.events.envelope import Context, Recorded, Sealed
from tests.support.small_submission import AGENCY, CYCLE, at

BECAUSE = Sealed("key", "text")
SECONDED = events.ActionSeconded(
    cycle=CYCLE,
    agency=AGENCY,
    action="a1",
    kind="reopen-submission",
    because=BECAUSE,
    until=at(12, 20),
)


def heard(fact: object) -> Recorded:
    stream = f"appraisal/{CYCLE}/{AGENCY}"
    return Recorded(stream, 3, WIRE_NAMES[type(fact)], Context(at(12, 18)), fact)


def test_a_seconded_reopening_reopens_the_sheet() -> None:
    commands = policy.react(heard(SECONDED))

    assert commands == (ReopenAsSeconded(CYCLE, AGENCY, at(12, 20), BECAUSE),)


def test_a_reopening_without_an_end_gets_one() -> None:
    endless = events.ActionSeconded(
        cycle=CYCLE, agency=AGENCY, action="a1", kind="reopen-submission", because=BECAUSE
    )

    [command] = policy.react(heard(endless))

    assert command.until == at(12, 18) + REOPENED_FOR
    assert timedelta(days=1) <= REOPENED_FOR


def test_a_reopening_that_was_heard_after_its_end_gets_another() -> None:
    [command] = policy.react(heard(SECONDED))

    assert command.ends(at(12, 19)) == at(12, 20)
    assert command.ends(at(12, 20)) == at(12, 20) + REOPENED_FOR
    assert command.ends(at(12, 25)) == at(12, 25) + REOPENED_FOR


def test_other_seconded_actions_are_not_submissions_business() -> None:
    other = events.ActionSeconded(
        cycle=CYCLE, agency=AGENCY, action="a1", kind="reject-score", because=BECAUSE
    )

    assert policy.react(heard(other)) == ()

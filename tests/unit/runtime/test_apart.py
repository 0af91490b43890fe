"""One place in trouble holds up no other, and a server that is away holds up all."""

import pytest

from shared.kernel.errors import Conflict, Problem, Refused, Unavailable
from shared.runtime.apart import apart


async def does(outcome: int | Exception) -> int:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def test_what_was_done_is_told() -> None:
    assert await apart(does(3), "cycle/2021") == 3


@pytest.mark.parametrize(
    "problem", [Refused("survey-closed"), Conflict("busy"), Unavailable("stream-unreadable")]
)
async def test_what_is_wrong_in_one_place_is_named_and_left(
    problem: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    assert await apart(does(problem), "cycle/2021") == 0
    [said] = caplog.messages
    assert said.startswith("cycle/2021 is left as it is")
    assert problem.code in said


@pytest.mark.parametrize("error", [Unavailable("database-unavailable"), KeyError("a mistake")])
async def test_a_server_that_is_away_and_a_mistake_are_told_to_all(error: Exception) -> None:
    with pytest.raises(type(error)):
        await apart(does(error), "cycle/2021")

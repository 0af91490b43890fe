"""Declarations as the handler records them: each judged by the real rules."""

from collections.abc import Sequence

from services.submission.domain import submission
from services.submission.domain.council import Council
from services.submission.domain.cycle import Cycle, evolve
from services.submission.domain.submission import Situation
from shared.events import codec
from shared.events.envelope import Context
from shared.runtime.handle import Handler
from tests.bench import facts
from tests.bench.cycle import CYCLE, Declared


def opened() -> Cycle:
    """The cycle that is declared in."""
    state = Cycle()
    for stored in facts.told(len(facts.opened())):
        state = evolve(state, codec.decode(stored.body))
    return state


async def declare(handler: Handler, cycle: Cycle, declared: Sequence[Declared]) -> None:
    """One after the other, as one caller does it."""
    for each in declared:
        situation = Situation(each.agency, cycle, Council(), facts.AT)
        command = submission.SubmitScore(situation, each.item, each.inputs, None)
        context = Context(facts.AT, actor="agency:trial-agency", correlation_id=each.item)
        stream = submission.stream(CYCLE, each.agency)
        await handler.handle(stream, submission.decider, command, context)

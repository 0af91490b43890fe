"""From the urn into the log: batches, each counted once, whatever crashes in between."""

from services.survey.domain import questionnaire as domain
from services.survey.domain.validity import response_bytes_max
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Conflict
from shared.ports import Clock, Urn
from shared.runtime.handle import Handler

BATCH_ANSWERS_MIN = 20
"""A batch hides each answer among at least so many, unless a survey has no more in all."""

BATCH_ANSWERS_MAX = 250
BATCH_BYTES_MAX = 200 * 1024
"""What a batch may come to in a fact, which holds 256 KiB and its envelope."""

IDLE_DRAWS_MAX = 3
"""How often a closing draws nothing from an urn that is not empty before it gives up."""


class Counting:
    """Draws batches from the urn and records them."""

    def __init__(self, own: Handler, urn: Urn, clock: Clock) -> None:
        self._own = own
        self._urn = urn
        self._clock = clock

    async def count_some(self, cycle: str, name: str) -> int:
        """Count a batch if enough answers wait to leave enough behind for the last one."""
        enough = 2 * BATCH_ANSWERS_MIN
        if await self._urn.waiting(f"{cycle}/{name}") < enough:
            return 0
        return await self._count(cycle, name, least=BATCH_ANSWERS_MIN, leave=BATCH_ANSWERS_MIN)

    async def count_all(self, cycle: str, name: str) -> None:
        """Count everything in an urn that is shut.

        Raises `Conflict("busy")` where it does not become empty: another worker is at it, or the
        store of facts was put back to a time before the urn's.
        """
        fits, idle = await self._fits(cycle, name), 0
        while waiting := await self._urn.waiting(f"{cycle}/{name}"):
            leave = 0 if waiting <= fits else BATCH_ANSWERS_MIN
            counted = await self._count(cycle, name, least=1, leave=leave)
            idle = 0 if counted else idle + 1
            if idle == IDLE_DRAWS_MAX:
                raise Conflict("busy", stream=stream(cycle, name))

    async def _count(self, cycle: str, name: str, *, least: int, leave: int) -> int:
        """Count one batch; a batch drawn before a crash is drawn again, and counted once."""
        urn_name = f"{cycle}/{name}"
        batch = len((await self._questionnaire(cycle, name)).batches) + 1
        await self._urn.discard(urn_name, batch - 1)
        most = await self._fits(cycle, name)
        draw = await self._urn.draw(urn_name, batch=batch, least=least, most=most, leave=leave)
        if draw is None:
            return 0
        responses = tuple(
            events.Response(agency=answer["agency"], answers=dict(answer["answers"]))
            for answer in draw.answers
        )
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        command = domain.CountBatch(batch, responses)
        await self._own.handle(stream(cycle, name), domain.decider, command, Context(at=day))
        await self._urn.discard(urn_name, batch)
        return len(responses)

    async def _fits(self, cycle: str, name: str) -> int:
        """How many answers of this questionnaire a fact holds, however long they are."""
        adopted = domain.adopted_in(await self._questionnaire(cycle, name))
        fits = min(BATCH_ANSWERS_MAX, BATCH_BYTES_MAX // response_bytes_max(adopted))
        assert fits >= 2 * BATCH_ANSWERS_MIN, "the longest questionnaire leaves room to hide in"
        return fits

    async def _questionnaire(self, cycle: str, name: str) -> domain.Questionnaire:
        return await self._own.load(stream(cycle, name), domain.decider)


def stream(cycle: str, name: str) -> str:
    """The stream of a questionnaire."""
    return f"survey/{cycle}/{name}"

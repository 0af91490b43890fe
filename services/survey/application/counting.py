"""From the urn into the log: batches, each counted once, whatever crashes in between."""

from collections.abc import Mapping

from services.survey.application.counted_receipts import CountedReceipts
from services.survey.application.shelf import Place, Shelf, stream, urn_name
from services.survey.domain import mixing
from services.survey.domain import questionnaire as domain
from services.survey.domain.limits import BATCH_ANSWERS_MAX, BATCH_ANSWERS_MIN, BATCH_BYTES_MAX
from services.survey.domain.validity import response_bytes_max
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Box, Clock, Draw, Urn

COMMENTS_MIN = BATCH_ANSWERS_MIN
"""So many comments about an agency may be read together at least, and stay behind, until the survey
is closed."""

IDLE_DRAWS_MAX = 3
"""How often a closing draws nothing from an urn that is not empty before it gives up."""

LOG_BEHIND_URN = "log-behind-urn"
"""The log was put back to a time before the urn's: it lacks batches that the urn has forgotten."""

HOLDS = frozenset({LOG_BEHIND_URN, domain.RECEIPT_COUNTED})
"""What holds up the counting of a questionnaire until people have mended it."""


class Counting:
    """Draws batches from the urn and records them."""

    def __init__(self, shelf: Shelf, urn: Urn, counted: CountedReceipts, clock: Clock) -> None:
        self._shelf = shelf
        self._urn = urn
        self._counted = counted
        self._clock = clock

    async def count_some(self, cycle: str, name: str) -> int:
        """Count what can be spared of every box that leaves enough behind for its last batch."""
        # Before anybody asks: processes of an earlier version take answers too, while they last.
        await self._counted.tell(cycle, name)
        counted = await self._finish(cycle, name)
        waiting = _by_place(await self._urn.waiting(urn_name(cycle, name)))
        for taking in mixing.while_open(waiting, await self._fits(cycle, name)):
            counted += await self._count(cycle, name, taking)
        return counted

    async def count_all(self, cycle: str, name: str) -> None:
        """Count everything in an urn that is shut.

        Raises `Conflict("busy")` where it does not become empty: another worker is at it.
        """
        await self._counted.tell(cycle, name)
        idle, fits = 0, await self._fits(cycle, name)
        await self._finish(cycle, name)
        while waiting := _by_place(await self._urn.waiting(urn_name(cycle, name))):
            taking, *_ = mixing.at_closing(waiting, fits)
            counted = await self._count(cycle, name, taking)
            idle = 0 if counted else idle + 1
            if idle == IDLE_DRAWS_MAX:
                raise Conflict("busy", stream=stream(cycle, name))
        if await self._urn.drawn(urn_name(cycle, name)):
            raise Conflict("busy", stream=stream(cycle, name))
        await self.release(cycle, name)

    async def release(self, cycle: str, name: str) -> int:
        """Let moderators read comments that hide among enough others, or all that are left."""
        at = urn_name(cycle, name)
        return await self._urn.release(at, least=COMMENTS_MIN, leave=COMMENTS_MIN)

    async def stir(self) -> None:
        """Leave no trace in the urn of how its answers came."""
        await self._urn.stir()

    async def is_log_behind(self, cycle: str, name: str) -> bool:
        """Whether the urn has discarded batches, as recorded, that the log does not have.

        It draws none of their numbers again, so that nothing is counted before people have mended
        this; a batch of the same number would be taken for the one that is lost.
        """
        # First the urn, then the log, which others may have told of one more batch meanwhile.
        standing = await self._urn.standing(urn_name(cycle, name))
        return standing.discarded > len((await self._shelf.questionnaire(cycle, name)).batches)

    async def is_held(self, at: Place, code: str) -> bool:
        """Whether a questionnaire that was held up by this is so still."""
        if code == LOG_BEHIND_URN:
            return await self.is_log_behind(*at)
        # The batch with a receipt that was counted before is the one that stays drawn.
        return bool(await self._urn.drawn(urn_name(*at)))

    async def require_log(self, cycle: str, name: str) -> None:
        """Raises `Unavailable("log-behind-urn")` where nothing can be counted."""
        if await self.is_log_behind(cycle, name):
            raise Unavailable(LOG_BEHIND_URN, stream=stream(cycle, name))

    async def _finish(self, cycle: str, name: str) -> int:
        """Count what was drawn before a crash; what was drawn is drawn again, and counted once."""
        if not await self._urn.drawn(urn_name(cycle, name)):
            return 0
        return await self._count(cycle, name, mixing.Taking((), 1, 0))

    async def _count(self, cycle: str, name: str, taking: mixing.Taking) -> int:
        """Count one batch, of these boxes unless another was drawn before."""
        batch = len((await self._shelf.questionnaire(cycle, name)).batches) + 1
        await self._urn.discard(urn_name(cycle, name), batch - 1)
        draw = await self._urn.draw(
            urn_name(cycle, name),
            [Box(*place) for place in taking.boxes],
            batch=batch,
            least=taking.least,
            most=await self._fits(cycle, name),
            leave=taking.leave,
        )
        if draw is None:
            return 0
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        await self._shelf.decide(cycle, name, _command(draw), Context(at=day))
        await self._urn.discard(urn_name(cycle, name), batch)
        return len(draw.answers)

    async def _fits(self, cycle: str, name: str) -> int:
        """How many answers of this questionnaire a fact holds, however long they are."""
        adopted = domain.adopted_in(await self._shelf.questionnaire(cycle, name))
        fits = min(BATCH_ANSWERS_MAX, BATCH_BYTES_MAX // response_bytes_max(adopted))
        assert fits >= 2 * BATCH_ANSWERS_MIN, "the longest questionnaire leaves room to hide in"
        return fits


def _command(draw: Draw) -> domain.CountBatch:
    return domain.CountBatch(
        batch=draw.batch,
        channel=mixing.channel_of((box.agency, box.channel) for box in draw.boxes),
        responses=tuple(
            events.Response(
                agency=box.agency,
                answers=dict(answer["answers"]),
                choices={code: tuple(chosen) for code, chosen in answer["choices"].items()},
            )
            for box, answer in zip(draw.boxes, draw.answers, strict=True)
        ),
        receipts=tuple(draw.receipts),
        hasty=sum(answer["hasty"] for answer in draw.answers),
    )


def _by_place(waiting: Mapping[Box, int]) -> Mapping[mixing.Box, int]:
    return {(box.agency, box.channel): count for box, count in waiting.items()}

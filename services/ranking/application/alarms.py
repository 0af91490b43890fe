"""The acknowledgement of an alarm that nothing can end: a checkpoint that nobody has any more.

It is an authorised act by a decision, kept beside the alarm for ever and shown with it. Only the
record of what was signed may have a hole: of a ledger that was cut or rewritten, and of one that
was not held against all that is kept (`checkpoint-damaged`), nothing is ever published.
"""

from collections.abc import Mapping
from typing import Any

from services.ranking.application.notes import Act, Alarm, Notes
from shared.events.submission import LegalAct
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Refused
from shared.ports import Clock

ACKNOWLEDGED = frozenset({"checkpoint-lost", "checkpoint-unsigned"})
"""What is found once the ledger was held against every checkpoint that is kept."""


class Alarms:
    """The alarms of all ledgers."""

    def __init__(self, notes: Notes, clock: Clock) -> None:
        self._notes = notes
        self._clock = clock

    async def acknowledge(
        self, by: Actor, cycle: str, number: int, decision: LegalAct
    ) -> Mapping[str, Any]:
        """Let the cycle be published in spite of the alarm that stands; again it is no news.

        Raises `Refused` with `alarm-over` where another one stands or none, and with
        `alarm-not-acknowledgeable` where it is one that only a repair may end.
        """
        permit(by, "acknowledge-alarm")
        alarm = await self._notes.alarm(cycle)
        if alarm is None or not alarm.code or alarm.named != number:
            raise Refused("alarm-over", cycle=cycle, number=str(number))
        if alarm.code not in ACKNOWLEDGED:
            raise Refused("alarm-not-acknowledgeable", alarm=alarm.code)
        if alarm.act is None:
            act = Act(number, by.reference, decision.number, decision.on.isoformat())
            alarm = Alarm(alarm.number + 1, self._clock.now(), alarm.code, act)
            await self._notes.raise_alarm(cycle, alarm)
        return {"cycle": cycle, "alarm": alarm.body}

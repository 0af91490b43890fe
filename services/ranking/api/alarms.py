"""Alarms over HTTP: the acknowledgement of one that nothing can end."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from services.ranking.api.moment import NUMBER_MAX
from services.ranking.application import Alarms
from shared.adapters import web
from shared.events import submission


class ActBody(web.Body):
    """The decision (quyết định) by which a result is to be published all the same."""

    number: web.Line
    on: web.Day


class AcknowledgementBody(web.Body):
    """An acknowledgement; it stands beside the alarm for ever, and everybody can read it."""

    decision: ActBody


def add_alarms(router: APIRouter, alarms: Alarms) -> None:
    """What can be done about an alarm."""

    @router.post(
        "/cycles/{cycle}/alarms/{alarm}/acknowledgement",
        dependencies=[web.needs("acknowledge-alarm")],
    )
    async def acknowledge_alarm(
        cycle: web.Code,
        alarm: Annotated[int, Path(ge=1, le=NUMBER_MAX)],
        body: AcknowledgementBody,
        call: web.KeyedCall,
    ) -> dict[str, Any]:
        """Let the cycle be published although a checkpoint is lost for good.

        It counts for the alarm of this number alone, and is shown in `/ledger` and `/log-key`. A
        ledger that was cut or rewritten cannot be acknowledged.
        """
        decision = submission.LegalAct(number=body.decision.number, on=body.decision.on)
        return dict(await alarms.acknowledge(call.actor, cycle, alarm, decision))

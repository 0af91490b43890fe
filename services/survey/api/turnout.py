"""How many answered, beside how many were to."""

from typing import Any

from fastapi import APIRouter

from services.survey.application import Results
from services.survey.domain.turnout import Quota, Turnout
from shared.adapters import web


def add_turnout(router: APIRouter, results: Results) -> None:
    """The turnout against the plan."""

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/turnout",
        dependencies=[web.needs("read-turnout")],
    )
    async def read_turnout(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> dict[str, Any]:
        """How many were to answer, were invited, answered and are counted, by agency."""
        turnouts = await results.turnout(call.actor, (cycle, questionnaire))
        return {
            "margin": turnouts.margin,
            "total": _shown(turnouts.total),
            "agencies": {agency: _shown(each) for agency, each in turnouts.agencies.items()},
        }


def _shown(turnout: Turnout) -> dict[str, Any]:
    return {
        "invited": turnout.used.invited,
        "answered": turnout.used.answered,
        "by_link": turnout.used.by_link,
        "batches": dict(turnout.batches),
        "excluded": turnout.excluded,
        **_quota(turnout.quota),
        "services": {service: _quota(quota) for service, quota in turnout.services.items()},
    }


def _quota(quota: Quota) -> dict[str, Any]:
    """`reached` and `missing` are null where nothing was planned."""
    return {
        "planned": quota.planned,
        "counted": quota.counted,
        "missing": quota.missing,
        "reached": None if quota.missing is None else quota.missing == 0,
    }

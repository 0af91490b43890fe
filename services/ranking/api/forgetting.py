"""Forgetting over HTTP: who somebody is, and what people wrote."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.ranking.application import Forgetting, Somebody, WantedTexts
from services.ranking.domain import TEXTS_MAX
from shared.adapters import web
from shared.events.envelope import ID_CHARACTERS_MAX

PERSON_CHARACTERS_MAX = 255
SHREDDING_CHARACTERS_MAX = 40

_PERSON = r"^[\x21-\x7e]+$"
Person = Annotated[str, Field(pattern=_PERSON, max_length=PERSON_CHARACTERS_MAX)]
FactId = Annotated[str, Field(max_length=ID_CHARACTERS_MAX, description="A fact by its id")]
PersonPlace = Annotated[str, Path(pattern=_PERSON, max_length=PERSON_CHARACTERS_MAX)]
ShreddingPlace = Annotated[
    str, Path(pattern=r"^shredding-[0-9]+$", max_length=SHREDDING_CHARACTERS_MAX)
]


class ForgettingBody(web.Body):
    """Why a person is to be forgotten, though perhaps nothing here tells of them."""

    reason: web.Text
    despite_unknown: bool = False


class ShreddingBody(web.Body):
    """Whose texts are to go, or else those of which facts, and why."""

    person: Person | None = None
    facts: Annotated[web.Many[FactId], Field(max_length=TEXTS_MAX)] = ()
    reason: web.Text


def add_forgetting(router: APIRouter, forgetting: Forgetting) -> None:
    """What administrators can have forgotten."""

    @router.post(
        "/cycles/{cycle}/people/{person}/forgetting",
        dependencies=[web.needs("forget-person")],
        status_code=201,
    )
    async def forget_person(
        cycle: web.Code,
        person: PersonPlace,
        body: ForgettingBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Have every service forget who stands behind an opaque id.

        It stands in the log of this cycle, one in which the person acted; who did not is
        `person-unknown` (404), unless `despite_unknown`: they may have been at another service, and
        looked or been refused. The id stays in the facts. Whoever acts again is written down again:
        close the account first.
        """
        outcome = await forgetting.forget(
            call.actor,
            Somebody(cycle=cycle, person=call.id_of(person)),
            body.reason,
            call.context,
            despite_unknown=body.despite_unknown,
        )
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/shreddings", dependencies=[web.needs("propose-shredding")], status_code=201
    )
    async def propose_shredding(
        cycle: web.Code,
        body: ShreddingBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Propose that sealed texts go for good: all that a person wrote, or those of facts.

        Of a person's texts those are proposed that may go: what was written after the last
        publication carries what is still to be decided.
        """
        wanted = WantedTexts(call.id_of(body.person) if body.person else "", body.facts)
        outcome = await forgetting.propose(call.actor, cycle, wanted, body.reason, call.context)
        return web.written(response, outcome)

    @router.post(
        "/cycles/{cycle}/shreddings/{shredding}/seconding",
        dependencies=[web.needs("second-shredding")],
    )
    async def second_shredding(
        cycle: web.Code, shredding: ShreddingPlace, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Agree, as another person than proposed it: the keys go, and cannot come back."""
        outcome = await forgetting.second(call.actor, cycle, shredding, call.context)
        return web.written(response, outcome)

    @router.get("/cycles/{cycle}/shreddings", dependencies=[web.needs("read-shreddings")])
    async def list_shreddings(cycle: web.Code, call: web.Call) -> dict[str, Any]:
        """Every proposal to shred texts, and who agreed."""
        found = await forgetting.shreddings(call.actor, cycle)
        return {"cycle": cycle, "shreddings": found}

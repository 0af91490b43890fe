"""Who stands behind an opaque id: read by those whose duty it is, and each reading is kept.

What is kept of a look stands beside the directory, and not in the log: it says why somebody wanted
to know who a person is. Who looks at what people declared and decided is another matter.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import Field

from shared.adapters import web
from shared.adapters.identity import Identity, Meeting, id_of
from shared.ports import Directory, Entry, Look
from shared.runtime.service import Outside, Service

SUBJECT_CHARACTERS_MAX = 255


class LookBody(web.Body):
    """Whom somebody wants to know, by an id of facts or as the provider calls them, and why."""

    person: Annotated[
        str,
        Field(pattern=r"^[\x21-\x7e]+$", max_length=SUBJECT_CHARACTERS_MAX),
    ]
    reason: web.Line


class EntryBody(web.Body):
    """What the directory of this service holds of a person."""

    issuer: str
    subject: str
    name: str
    role: str
    first_on: date
    last_on: date

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """As callers get it."""
        return cls(
            issuer=entry.person.issuer,
            subject=entry.person.subject,
            name=entry.person.name,
            role=entry.role,
            first_on=entry.first_on,
            last_on=entry.last_on,
        )


class KeptLookBody(web.Body):
    """A look that was kept; its reason is gone where the person was forgotten meanwhile."""

    at: datetime
    by: str
    reason: str


class FoundBody(web.Body):
    """The id of a person in all facts, who it is, if anybody here knows, and who looked."""

    person: str
    entry: EntryBody | None
    looks: Sequence[KeptLookBody]


def door_of(outside: Outside, identity: Identity, turnstile: web.Turnstile) -> web.Door:
    """The door of a service, at which whoever acts is written down in its directory.

    All doors of a process count their callers at one turnstile.
    """
    return web.Door(
        identity.identify,
        outside.clock,
        outside.chance,
        outside.seals,
        discovery=identity.discovery,
        meet=Meeting(identity, outside.directory, outside.clock).meet,
        id_of=partial(id_of, identity),
        turnstile=turnstile,
    )


def routes_of(service: Service, outside: Outside) -> Any:  # noqa: ANN401 - a router, by whichever service
    """What a service answers under its name: what it is for, and who acted at it."""
    router = service.router
    router.routes.extend(people_routes(outside.directory).routes)
    return router


def people_routes(directory: Directory) -> APIRouter:
    """The routes of a directory."""
    router = web.new_router()

    @router.post("/people/looks", dependencies=[web.needs("read-directory")])
    async def look_up_person(body: LookBody, call: web.Call) -> FoundBody:
        """Who stands behind an id here; that you looked, and why, is kept and shown from then on.

        Each service knows those who acted at it. By a subject of the identity provider its id is
        found as well, whether anybody knows the person or not. Whoever looked as often as anybody
        may within a day waits.
        """
        person = call.id_of(body.person)
        look = Look(call.context.at, call.actor.reference, body.reason)
        entry = await directory.look_up(person, look)
        return FoundBody(
            person=person,
            entry=None if entry is None else EntryBody.of(entry),
            looks=[
                KeptLookBody(at=kept.at, by=kept.by, reason=kept.because)
                for kept in await directory.looks(person)
            ],
        )

    return router

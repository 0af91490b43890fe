"""Which result is read: the present one, that of another moment, or a published one."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from services.ranking.application import Moment
from shared.adapters import web

NUMBER_MAX = 2**53
REVISION_MAX = 1_000

Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
Revision = Annotated[int, Field(ge=1, le=REVISION_MAX)]
At = Annotated[
    Number | web.Instant | None,
    Query(description="As of a ledger number, or of a time (RFC 3339)"),
]
AsRevision = Annotated[Revision | None, Query(description="As it was published")]


async def _moment(at: At = None, revision: AsRevision = None) -> Moment:
    return Moment(at, revision)


Asked = Annotated[Moment, Depends(_moment)]

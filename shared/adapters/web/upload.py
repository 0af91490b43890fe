"""A file on its way in: streamed, never held whole, limited by who stores it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.adapters.web.stay import INTAKE, Intake
from shared.adapters.web.turnstile import CALLER, Caller


@dataclass(frozen=True, slots=True)
class _Upload:
    """The body of a request as a file; pass `chunks` to `Files.put`, which limits and hashes it."""

    media_type: str
    chunks: AsyncIterator[bytes]


async def _upload(request: Request) -> _Upload:
    caller: Caller = request.scope[CALLER]
    caller.count("uploads")
    intake: Intake = request.scope[INTAKE]
    intake.expect_file()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _Upload(media_type, request.stream())


Upload = Annotated[_Upload, Depends(_upload)]

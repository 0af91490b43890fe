"""A service of a province as an application, for tools that ask it in their own order."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from shared.adapters.ending import with_over
from tests.golden.documents import path_of
from tests.support.province import Province
from tests.support.stages import reached

Spoil = Callable[[Scope, Message], Message]
"""Makes something else of a part of an answer: how a fault is planted."""

DOCUMENT = "/openapi.json"
ENDS = ("/withdrawal", "/lock", "/closing", "/approvals")
"""Behind them little more can be done: whoever asks for something else finds the state anew."""
ALL_TOLD = b"event: head\n"
"""Behind it whoever follows hears only of what comes, and here nothing does."""


def untouched(_: Scope, message: Message) -> Message:
    """The part of an answer as it is."""
    return message


class Served:
    """A service in a state of a cycle, which is reached again when something has ended it.

    The province is made where requests are answered, in the loop of whoever asks. A live stream
    ends when it has told all that there is.
    """

    def __init__(self, service: str, state: str, spoil: Spoil = untouched) -> None:
        self._service = service
        self._state = state
        self._spoil = spoil
        self._province: Province | None = None
        self._ended = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # No lifespan, which is how an application says that it has none.
        path = scope["path"]
        if path == DOCUMENT:
            # As it is committed, for it takes long to make; tests/golden holds that it is the same.
            document = path_of(self._service).read_bytes()
            answer = Response(document, media_type="application/json")
            await answer(scope, receive, send)
            return
        if self._province is None or (self._ended and not path.endswith(self._ended)):
            self._ended = ""
            self._province = await reached(self._state)

        over = asyncio.Event()

        async def spoiled(message: Message) -> None:
            if path.endswith(ENDS) and message.get("status", 500) < 300:
                self._ended = path[path.rindex("/") :]
            await send(self._spoil(scope, message))
            if ALL_TOLD in message.get("body", b""):
                over.set()

        await self._province.serve(self._service, with_over(scope, over), receive, spoiled)

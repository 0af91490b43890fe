"""Server-sent events: an answer that goes on while its reader takes it.

    id: 57                     the number behind which the reader goes on when it comes back
    event: fact                what kind of event it is
    data: {"actor":...}        one line, byte by byte as it was given

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from shared.adapters.ending import over_of
from shared.kernel.errors import Problem

RETRY_MS = 2_000
"""How long a reader is asked to wait before it comes back."""
LAST_S_MAX = 0.5
"""How long a reader may take, once an answer is to end, for what it was told before."""
SILENT = b":\n\n"
"""A comment, by which a reader that hears nothing else knows that the line is alive."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer goes on at most, and how long its reader may take for a part of it.

    It ends before the gate ends it (`Limits.transfer_s_max`): nothing is cut in two then.
    """

    lasts_s_max: float = 600.0
    taking_s_max: float = 30.0


DEFAULT_PATIENCE = Patience()


def event(name: str, data: bytes, *, number: int | None = None) -> bytes:
    """One event; one without a number leaves the reader where it was."""
    assert b"\n" not in data, "data of several lines would be put together otherwise"
    assert b"\r" not in data, "this ends a line too"
    identity = b"" if number is None else b"id: %d\n" % number
    return b"%bevent: %b\ndata: %b\n\n" % (identity, name.encode(), data)


class EventStream(StreamingResponse):
    """Events until the reader leaves, the process ends, or the answer has lasted long.

    The answer begins with the first of them, so that what is refused before it is a problem like
    any other. What fails later ends the answer; the reader comes back, and is told then. No more is
    asked of `events` than the reader takes, and they are closed when the answer ends.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[bytes, None], patience: Patience = DEFAULT_PATIENCE
    ) -> None:
        # The second header keeps a proxy from collecting what is to be seen at once.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, headers=headers)
        self._events = events
        self._patience = patience
        self._has_begun = False
        self._is_stalled = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        telling = asyncio.create_task(self._tell(send))
        leaving = asyncio.create_task(_left(receive))
        tasks = [telling, leaving, asyncio.create_task(_over(scope))]
        lasts_s_max, first = self._patience.lasts_s_max, asyncio.FIRST_COMPLETED
        try:
            await asyncio.wait(tasks, timeout=lasts_s_max, return_when=first)
            has_left = leaving.done()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled():
                task.result()
        if not (has_left or self._is_stalled):
            await self._end(send)

    async def _tell(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            try:
                async for part in events:
                    await self._begin(send)
                    async with asyncio.timeout(self._patience.taking_s_max):
                        await send(_part(part))
                    # A connection that is lost takes anything at once; that it is has to be heard.
                    await asyncio.sleep(0)
            except Problem as problem:
                if not self._has_begun:
                    raise
                _log.warning("who follows is told no more: %s", problem)
            except TimeoutError:
                self._is_stalled = True
                _log.info("who follows takes nothing, and is left")

    async def _begin(self, send: Send) -> None:
        if not self._has_begun:
            self._has_begun = True
            start = {"type": "http.response.start", "status": self.status_code}
            await send({**start, "headers": self.raw_headers})
            await send(_part(b"retry: %d\n\n" % RETRY_MS))

    async def _end(self, send: Send) -> None:
        """Say that this is all, to a reader that takes it at once."""
        await self._begin(send)
        try:
            async with asyncio.timeout(LAST_S_MAX):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            _log.info("who follows has not taken everything, and is left")


def _part(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": True}


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _over(scope: Scope) -> None:
    await over_of(scope).wait()

"""The rooms of a service: how many requests are in it, for how long, and how large they may be."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from shared.adapters.web.problem import TooLarge
from shared.kernel.errors import Crowded, Unavailable

REQUESTS_MAX = 256
REQUEST_S_MAX = 30.0
UPLOADS_MAX = 64
TRANSFER_S_MAX = 900.0
BODY_BYTES_MAX = 1024 * 1024
CLIENTS_MIN = 4
"""So many clients at least have room beside each other: none has more than its part of a room."""
INTAKE = "cchc.intake"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a service takes at once, and how long each may take.

    `request_s_max` counts until the answer begins. Files on their way in, and answers on their way
    out, have `transfer_s_max`, and leave room for other requests meanwhile.
    """

    requests_max: int = REQUESTS_MAX
    request_s_max: float = REQUEST_S_MAX
    uploads_max: int = UPLOADS_MAX
    transfer_s_max: float = TRANSFER_S_MAX


class Room:
    """How many requests are in it, and how many of each client that is known."""

    def __init__(self, requests_max: int) -> None:
        self._requests_max = requests_max
        self._share_max = max(1, requests_max // CLIENTS_MIN)
        self._requests = 0
        self._of: Counter[bytes] = Counter()

    def enter(self) -> None:
        """Let a request in; raises `Unavailable`."""
        if self._requests >= self._requests_max:
            raise Unavailable("too-busy", maximum=str(self._requests_max))
        self._requests += 1

    def name(self, client: bytes) -> None:
        """Say of a request within whose it is; raises `Crowded`, where too many are."""
        if self._of[client] >= self._share_max:
            raise Crowded("too-many-at-once", maximum=str(self._share_max))
        self._of[client] += 1

    def leave(self, client: bytes) -> None:
        """Let a request go; one that was never named is nobody's."""
        self._requests -= 1
        if client:
            self._of[client] -= 1
            if not self._of[client]:
                del self._of[client]


class Rooms:
    """Where a request is: at work, or on its way in as a file."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.working = Room(limits.requests_max)
        self.uploading = Room(limits.uploads_max)


class Stay:
    """One request's stay in these rooms."""

    def __init__(self, rooms: Rooms) -> None:
        rooms.working.enter()
        self._rooms = rooms
        self._client = b""
        self._in: dict[Room, bytes] = {rooms.working: b""}

    def name(self, client: bytes) -> None:
        """Say whose request it is, if that can be told; raises `Crowded`."""
        self._client = client
        self._name(self._rooms.working)

    def begin_upload(self) -> None:
        """Make room for others while a file comes in."""
        uploading = self._rooms.uploading
        uploading.enter()
        self._in[uploading] = b""
        self._name(uploading)
        self.end_work()

    def end_work(self) -> None:
        """Make room for others: what remains is to be sent."""
        self._leave(self._rooms.working)

    def end(self) -> None:
        """Leave."""
        for room in [*self._in]:
            self._leave(room)

    def _name(self, room: Room) -> None:
        if self._client:
            room.name(self._client)
            self._in[room] = self._client

    def _leave(self, room: Room) -> None:
        if room in self._in:
            room.leave(self._in.pop(room))


class Intake:
    """The body of one request on its way in, up to a limit that a route for files lifts."""

    def __init__(
        self, receive: Receive, stay: Stay, timeout: asyncio.Timeout, file_s: float
    ) -> None:
        self._receive = receive
        self._stay = stay
        self._timeout = timeout
        self._file_s = file_s
        self._taken_bytes = 0
        self._bytes_max: int | None = BODY_BYTES_MAX

    def expect_file(self) -> None:
        """Take a file: as large as who stores it allows, and in the time that takes."""
        self._stay.begin_upload()
        self._bytes_max = None
        self._timeout.reschedule(asyncio.get_running_loop().time() + self._file_s)

    async def receive(self) -> Message:
        """The next part of the body; raises `TooLarge` once it is more than the limit."""
        message = await self._receive()
        self._taken_bytes += len(message.get("body", b""))
        if self._bytes_max is not None and self._taken_bytes > self._bytes_max:
            raise TooLarge("body-too-large", maximum=str(self._bytes_max))
        return message

    async def whole(self) -> bytes:
        """All of the body at once."""
        parts = []
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        return b"".join(parts)

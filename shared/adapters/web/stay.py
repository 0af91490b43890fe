"""A request's stay in the rooms of a service, and its body on its way in."""

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from shared.adapters.web.problem import TooLarge
from shared.adapters.web.rooms import Anteroom, Guest, Room, Rooms
from shared.kernel.errors import Crowded, Unavailable

BODY_BYTES_MAX = 1024 * 1024
INTAKE = "cchc.intake"
"""In the scope of a request: its `Intake`."""


class Stay:
    """Where one request is, until when it may stay, and whose it is."""

    def __init__(self, rooms: Rooms, timeout: asyncio.Timeout) -> None:
        self._rooms = rooms
        self._timeout = timeout
        self._guest = Guest()
        self._room: Room | Anteroom | None = None
        self._is_going_out = False
        self._let_go: Crowded | Unavailable | None = None

    def arrive(self, guest: Guest) -> None:
        """Be on the way in as somebody, or from now on as somebody else; raises `Crowded`."""
        self._guest = guest
        self._go(self._rooms.arriving)

    def wait_for_body(self) -> None:
        """Be on the way in again; raises `Crowded`."""
        self._go(self._rooms.arriving)

    def begin_work(self) -> None:
        """All that is needed is there; raises `Crowded` or `Unavailable`."""
        self._go(self._rooms.working)

    def begin_upload(self) -> None:
        """A file comes in, in the time that takes; raises `Crowded` or `Unavailable`."""
        self._go(self._rooms.uploading)
        self._have(self._rooms.limits.transfer_s_max)

    def go_out(self) -> None:
        """What remains is to be sent, in the time that takes."""
        self._is_going_out = True
        self.end()
        self._have(self._rooms.limits.transfer_s_max)

    def be_taken(self) -> None:
        """What remains is large, and in memory until it was taken; raises `Unavailable`."""
        if self._room is None:
            self._rooms.taking.enter(self, self._guest)
            self._room = self._rooms.taking

    def let_go(self, why: Crowded | Unavailable) -> None:
        """Make room for another: whatever is being waited for is given up, for this reason."""
        self._let_go = why
        self.end()
        self._have(0.0)

    def end(self) -> None:
        """Be nowhere."""
        if self._room is not None:
            self._room.leave(self)
            self._room = None

    def given_up(self) -> Crowded | Unavailable:
        """Why it was waited for no longer."""
        seconds = self._rooms.limits.request_s_max
        return self._let_go or Unavailable("took-too-long", seconds=f"{seconds:.0f}")

    def _go(self, room: Room | Anteroom) -> None:
        """Leave one for the other; an answer on its way out stays on it."""
        if self._let_go:
            raise self._let_go
        if not self._is_going_out:
            self.end()
            room.enter(self, self._guest)
            self._room = room

    def _have(self, seconds: float) -> None:
        if not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + seconds)


class Intake:
    """The body of one request on its way in: whole, up to a limit; in parts, where it is a file."""

    def __init__(self, receive: Receive, stay: Stay) -> None:
        self._receive = receive
        self._stay = stay
        self._is_file = False
        self._is_whole = False

    def expect_file(self) -> None:
        """Take a file: as large as who stores it allows, and in the time that takes."""
        self._stay.begin_upload()
        self._is_file = True

    async def receive(self) -> Message:
        """All of the body, or a part of a file; then who hangs up. Raises `TooLarge`.

        Where it comes slowly the request is on its way in again meanwhile.
        """
        if self._is_file or self._is_whole:
            return await self._receive()
        self._stay.wait_for_body()
        return await self._whole()

    async def whole(self) -> bytes:
        """All of the body at once; raises `TooLarge`, or `ClientDisconnect`."""
        message = await self._whole()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body: bytes = message["body"]
        return body

    async def _whole(self) -> Message:
        body, more = bytearray(), True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return message
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > BODY_BYTES_MAX:
                raise TooLarge("body-too-large", maximum=str(BODY_BYTES_MAX))
        self._is_whole = True
        self._stay.begin_work()
        return {"type": "http.request", "body": bytes(body), "more_body": False}

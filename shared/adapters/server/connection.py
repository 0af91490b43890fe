"""A connection, and how long and how much of it nobody has to wait for.

uvicorn waits for the first head as long as it takes, takes heads of any size, without a host or
with two, of any version and with codings that it does not know, and takes what stands behind a body
for a part of the head (against RFC 9110, 6.5.1). Here a head has `HEAD_S_MAX`, and
nobody sends more than `SILENT_BYTES_MAX` that neither end a head nor bring a body.
"""

from collections import Counter
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared.adapters.addresses import Networks, own_address
from shared.adapters.web.headers import guard
from shared.adapters.web.problem import Malformed, TooLarge, response_to, status_of
from shared.adapters.web.rooms import TRANSFER_S_MAX
from shared.kernel.errors import Problem

HEAD_S_MAX = 20.0
"""From the connection, or the answer before, until a head has come whole; longer than it is kept
alive when nothing is said."""
SILENT_BYTES_MAX = 64 * 1024
PIPELINED_MAX = 16
"""So many requests wait in a connection, at most, for the answer to the one before them."""
PER_ADDRESS_MAX = 256
CLOSING_S_MAX = 60.0
"""So long is waited for who is to take the rest of an answer, once it is the last one."""
CLOSING_LOOK_S = 1.0


class Crowd:
    """The connections of a server: how many each address has, and who waits for a head."""

    def __init__(self, connections_max: int, proxies: Networks = ()) -> None:
        self._connections_max = connections_max
        self._proxies = proxies
        self._of: Counter[str] = Counter()
        self._waiting: dict[Connection, float] = {}
        self._all: set[Connection] = set()
        self._closing: dict[Connection, float] = {}
        self._looked_s = 0.0

    def enter(self, connection: "Connection", now_s: float) -> str:
        """Let a connection in, or somebody go; gives the address that it counts for.

        Where there are too many, who has waited longest for a head makes room, and not who comes.
        """
        peer = own_address((connection.client or ("",))[0], self._proxies)
        self.wait(connection, now_s)
        self._all.add(connection)
        if peer:
            self._of[peer] += 1
        if self._of[peer] > PER_ADDRESS_MAX:
            self._leave(connection)
        elif len(connection.connections) > self._connections_max:
            self._leave(next(iter(self._waiting)))
        return peer

    def leave(self, connection: "Connection", peer: str) -> None:
        """A connection is gone."""
        self.go_on(connection)
        self._all.discard(connection)
        self._closing.pop(connection, None)
        if peer:
            self._of[peer] -= 1
            if not self._of[peer]:
                del self._of[peer]

    def wait(self, connection: "Connection", now_s: float) -> None:
        """It is to send a head."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = now_s

    def go_on(self, connection: "Connection") -> None:
        """It has sent one."""
        self._waiting.pop(connection, None)

    def sweep(self, now_s: float) -> None:
        """Leave those whose heads took too long; they stand in the order in which they began.

        Who still takes the answer before begins anew: no head can be expected of them yet. Also
        those that are over, and of whom the rest of what was said is not taken.
        """
        if now_s - self._looked_s >= CLOSING_LOOK_S:
            self._looked_s = now_s
            self._sweep_closing(now_s)
        while self._waiting:
            connection, since_s = next(iter(self._waiting.items()))
            if now_s - since_s < HEAD_S_MAX:
                return
            if connection.is_taking(now_s):
                self.wait(connection, now_s)
            else:
                self._leave(connection)

    def _sweep_closing(self, now_s: float) -> None:
        for connection in [each for each in self._all if each.transport.is_closing()]:
            if now_s - self._closing.setdefault(connection, now_s) >= CLOSING_S_MAX:
                self._leave(connection)

    def _leave(self, connection: "Connection") -> None:
        self.go_on(connection)
        connection.transport.abort()


class Connection(HttpToolsProtocol):
    """One connection of a crowd."""

    crowd: Crowd
    """Of all connections of a server; each server has a class of its own."""

    _peer = ""
    _answered_s = 0.0
    _is_in_head = False
    _silent_bytes = 0

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Begin."""
        super().connection_made(transport)
        self._peer = self.crowd.enter(self, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self.crowd.leave(self, self._peer)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless it says nothing for too long."""
        self._silent_bytes += len(data)
        super().data_received(data)
        if self._silent_bytes > SILENT_BYTES_MAX and not self.transport.is_closing():
            self._refuse(TooLarge("headers-too-large", maximum=str(SILENT_BYTES_MAX)))

    def on_message_begin(self) -> None:
        """A head begins."""
        self._is_in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; those behind a body are nobody's."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head has come whole; raising here is a malformed request."""
        self._is_in_head = False
        self._silent_bytes = 0
        self.crowd.go_on(self)
        if len(self.pipeline) >= PIPELINED_MAX or not self._is_plain():
            raise Malformed("request-malformed")
        super().on_headers_complete()
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False

    def _is_plain(self) -> bool:
        """Whether everybody reads this head alike (RFC 9112, 2.3, 3.2 and 6.1).

        A version of ours, one host, and no coding but the one that is understood here: what a proxy
        reads otherwise than we do could be another request.
        """
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        match version:
            case "1.1":
                return hosts == 1 and codings in ([], [b"chunked"])
            case "1.0":
                return hosts <= 1 and not codings
            case _:
                return False

    def on_body(self, body: bytes) -> None:
        """A part of a body."""
        self._silent_bytes = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """An answer is out; whatever comes before the next head, that has to come soon."""
        self._answered_s = self.loop.time()
        is_last = not self.pipeline
        super().on_response_complete()
        if is_last and not self.transport.is_closing():
            self.crowd.wait(self, self.loop.time())

    def is_taking(self, now_s: float) -> bool:
        """Whether an answer is still on its way, for which there is as much time as for any."""
        is_sent = not self.transport.get_write_buffer_size()
        return not is_sent and now_s - self._answered_s < TRANSFER_S_MAX

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing is to be said of it: the request is answered as it is, and then we hang up."""

    def send_400_response(self, msg: str) -> None:
        """Say that it is no HTTP; what uvicorn would say of it is said in our words."""
        del msg
        self._refuse(Malformed("request-malformed"))

    def _refuse(self, problem: Problem) -> None:
        """Answer what has no request, and hang up.

        Where a request is being answered nothing is said: it would be taken for its answer.
        """
        answering: RequestResponseCycle | None = self.cycle
        if answering is None or answering.response_complete:
            self.transport.write(_written(problem))
        self.transport.close()


def _written(problem: Problem) -> bytes:
    """A problem as it goes over the wire, with what every answer has."""
    nowhere: dict[str, Any] = {"type": "http", "method": "", "path": "", "headers": ()}
    response, status = response_to(nowhere, problem), HTTPStatus(status_of(problem))
    headers = guard({"headers": response.raw_headers}, nowhere)["headers"]
    said = [*headers, (b"connection", b"close")]
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
    lines += [name + b": " + value for name, value in said]
    return b"\r\n".join([*lines, b"", bytes(response.body)])

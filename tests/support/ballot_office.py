"""A small survey that speaks the two requests of ballot.js over HTTP, with our own ballot keys.

It stands for the survey service, as far as a respondent sees it, and can lose replies and lie.
"""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.memory import MemoryKeys
from shared.kernel.errors import Problem, Refused
from shared.ports import BallotKeys

AGENCY = "so-noi-vu"
OTHER = "so-y-te"
TOKEN = "a-token-that-somebody-got"  # noqa: S105 - an example
END_S_MAX = 5.0

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Body


@dataclass
class Office:
    """Invitations to one agency, each good for one ballot; ballots, each good for one answer.

    `lose` is how many of the next replies are lost, and `lies` what the next ones say otherwise.
    """

    ballots: BallotKeys = field(default_factory=lambda: RsaBallotKeys(MemoryKeys()))
    invited: dict[str, str | None] = field(default_factory=dict)
    cast: dict[str, Body] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    lose: int = 0
    lies: Body = field(default_factory=dict)
    url: str = ""

    def key(self, agency: str = AGENCY) -> str:
        """The key that is published for an agency."""
        return asyncio.run(self.ballots.make(agency))

    def sign(self, blinded: bytes, agency: str = AGENCY) -> bytes:
        """The blind signature by the key of an agency, whoever asks for it."""
        return asyncio.run(self.ballots.sign(agency, blinded))

    def invite(self, *tokens: str) -> None:
        """Let people answer."""
        self.invited |= dict.fromkeys(tokens)

    def answer(self, asked: Asked) -> Body:
        """The reply to a request, or a `Problem`."""
        match asked.path.rpartition("/")[2]:
            case "ballots":
                return self._exchange(**asked.body)
            case "ballot-responses":
                return self._take(**asked.body)
            case _:
                raise Refused("path-unknown")

    def _exchange(self, token: str, blinded: str) -> Body:
        if self.invited.get(token) not in {None, blinded}:
            raise Refused("token-spent")
        self.invited[token] = blinded
        signature = self.sign(from_base64url(blinded))
        return {"agency": AGENCY, "signature": to_base64url(signature), "key": self.key()}

    def _take(self, agency: str, ballot: str, signature: str, **slip: object) -> Body:
        key = self.key(agency)
        if not self.ballots.verify(key, from_base64url(ballot), from_base64url(signature)):
            raise Refused("ballot-malformed")
        if ballot in self.cast:
            raise Refused("ballot-spent")
        self.cast[ballot] = slip
        return {"receipt": slip["receipt"]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        office = self.server.office
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        office.asked.append(asked)
        status, reply = _reply(office, asked)
        if office.lose:
            office.lose -= 1
            self.close_connection = True
            return
        written = json.dumps({**reply, **(office.lies if status == 200 else {})}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, office: Office) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.office = office


def _reply(office: Office, asked: Asked) -> tuple[int, Body]:
    try:
        return 200, office.answer(asked)
    except Problem as problem:
        return 409, {"code": problem.code}


@contextmanager
def serving() -> Iterator[Office]:
    """An office that answers at its `url`, as long as the context lasts."""
    office = Office()
    with _Server(office) as server:
        office.url = f"http://127.0.0.1:{server.server_port}/cycles/2026/questionnaires/citizens"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join(timeout=END_S_MAX)


def to_base64url(content: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """What that says."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

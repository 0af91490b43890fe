"""The system's own HTTP API, called within the process: the same doors and rules, and no socket."""

import asyncio
import json
from typing import Any, BinaryIO
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

from shared.kernel.errors import Flaw, Refused

FLAW_SAID = "flaw-said"
"""The code of a flaw that has been put into words by the service that found it."""

_HOST = "inside"
_LANGUAGE = "vi"
_FIRST_ERROR_STATUS = 400


class Caller:
    """Calls an application; whatever it refuses is raised as `Refused` with the same code."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - plain JSON
        """Read what stands at a path."""
        return await self._call("GET", path, query=urlencode(query))

    async def save(self, path: str, file: BinaryIO) -> None:
        """Write what stands at a path into a file, as it comes."""
        answer = _Answer(b"", file)
        await self._app(_scope("GET", path, "", ""), answer.receive, answer.send)
        if answer.status >= _FIRST_ERROR_STATUS:
            raise _refusal(json.loads(answer.body))

    async def put(self, path: str, body: object) -> Any:  # noqa: ANN401 - plain JSON
        """Put a resource there."""
        return await self._call("PUT", path, body=body)

    async def post(self, path: str, body: object, key: str) -> Any:  # noqa: ANN401 - plain JSON
        """Give a command, once for each idempotency key."""
        return await self._call("POST", path, body=body, key=key)

    async def _call(
        self, method: str, path: str, *, query: str = "", body: object = None, key: str = ""
    ) -> Any:  # noqa: ANN401 - plain JSON
        content = b"" if body is None else encoded(body)
        answer = _Answer(content)
        await self._app(_scope(method, path, query, key), answer.receive, answer.send)
        said = json.loads(answer.body)
        if answer.status >= _FIRST_ERROR_STATUS:
            raise _refusal(said)
        return said


def encoded(body: object) -> bytes:
    """A body as it is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class _Answer:
    """One request on its way in, and the answer that came back; a file takes what is no refusal."""

    def __init__(self, content: bytes, file: BinaryIO | None = None) -> None:
        self._content = content
        self._file = file
        self._asked = False
        self._over = asyncio.Event()
        self.status = 0
        self.body = b""

    async def receive(self) -> Message:
        """The request, once; and then, when all was said, that nobody listens any more."""
        if self._asked:
            await self._over.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": self._content, "more_body": False}

    async def send(self, message: Message) -> None:
        """The answer, part by part."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self._file is not None and self.status < _FIRST_ERROR_STATUS:
            self._file.write(message.get("body", b""))
        else:
            self.body += message.get("body", b"")
        if not message.get("more_body", False):
            self._over.set()


def _scope(method: str, path: str, query: str, key: str) -> Scope:
    headers = {
        "host": _HOST,
        "content-type": "application/json",
        "accept-language": _LANGUAGE,
        "authorization": f"Bearer {_HOST}",
        **({"idempotency-key": key} if key else {}),
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": None,
        "server": (_HOST, None),
    }


def _refusal(problem: Any) -> Refused:  # noqa: ANN401 - plain JSON
    flaws = [
        Flaw(error.get("pointer", ""), FLAW_SAID, {"said": error["detail"]})
        for error in problem.get("errors", ())
    ]
    return Refused(problem["code"], flaws=flaws, **problem.get("details", {}))

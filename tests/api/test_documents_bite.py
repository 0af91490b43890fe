"""A fault that is planted into answers is found by the requests made from the documents."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
import pytest
from starlette.types import Message, Scope

from tests.support.documented import Asking, ask
from tests.support.served import Served

pytestmark = pytest.mark.slow

LISTED: Mapping[str, object] = {"items": [], "next": None}
WRITTEN = {"facts": [], "version": 1}
REFUSED = {
    "type": "/problems/request-invalid",
    "title": "T",
    "status": 422,
    "detail": "D",
    "instance": "/cycles",
    "code": "request-invalid",
}


def _without_token(scope: Scope, _: int) -> bool:
    return b"authorization" not in dict(scope["headers"])


def _refused(_: Scope, status: int) -> bool:
    return status == 422


def _answered(_: Scope, status: int) -> bool:
    return status == 200


@dataclass
class Fault:
    """Instead of what is answered, where it is such an answer: this."""

    status: int = 200
    body: object = None
    media_type: str = "application/json"
    headers: Mapping[str, str] | None = None
    where: Callable[[Scope, int], bool] = _answered
    _is_planted: bool = False

    def __call__(self, scope: Scope, message: Message) -> Message:
        """Plant it."""
        content = json.dumps(self.body).encode()
        if message["type"] == "http.response.start":
            self._is_planted = self.where(scope, message["status"])
            said = {"content-type": self.media_type, "content-language": "vi"}
            headers = {**said, **(self.headers or {}), "content-length": str(len(content))}
            told = [(name.encode(), value.encode()) for name, value in headers.items()]
            planted = {**message, "status": self.status, "headers": told}
        else:
            planted = {**message, "body": content, "more_body": False}
        return planted if self._is_planted else message


PLANTED: Mapping[str, tuple[str, Fault, str]] = {
    "an error of the server": (
        "list_cycles",
        Fault(500, REFUSED, "application/problem+json"),
        "not_a_server_error",
    ),
    "a status that no document has": (
        "list_cycles",
        Fault(299, LISTED),
        "status_code_conformance",
    ),
    "another media type": (
        "list_cycles",
        Fault(200, LISTED, "text/plain"),
        "content_type_conformance",
    ),
    "a member that is missing": (
        "list_cycles",
        Fault(200, {"items": []}),
        "response_schema_conformance",
    ),
    "a tag that is missing": (
        "read_score",
        Fault(200, {}),
        "response_headers_conformance",
    ),
    "a tag that is none": (
        "read_score",
        Fault(200, {}, headers={"etag": "57"}),
        "response_headers_conformance",
    ),
    "a code without a sentence": (
        "submit_score",
        Fault(422, {**REFUSED, "code": "made-up"}, "application/problem+json", where=_refused),
        "problem_conformance",
    ),
    "whoever has no token is let in": (
        "list_cycles",
        Fault(200, LISTED, where=_without_token),
        "ignored_auth",
    ),
    "what is wrong is taken": (
        "submit_score",
        Fault(200, WRITTEN, headers={"etag": '"1"'}, where=_refused),
        "negative_data_rejection",
    ),
    "what is right is refused": (
        "list_cycles",
        Fault(422, REFUSED, "application/problem+json"),
        "positive_data_acceptance",
    ),
}


EDGES = {"negative_data_rejection", "problem_conformance"}
"""What is invalid is made at the edges."""
SOON_S = 60.0


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    operation, spoil, check = PLANTED[fault]
    asking = Asking("submission", "scoring", "agency", 3, 7, edges=check in EDGES, only=[operation])

    asked = ask(asking, Served(asking.service, asking.state, spoil))

    assert check in asked.wrong, asked


def test_without_a_fault_nothing_is_found() -> None:
    operations = sorted({operation for operation, _, _ in PLANTED.values()})
    asking = Asking("submission", "scoring", "agency", 3, 7, only=operations)

    asked = ask(asking, Served(asking.service, asking.state))

    assert asked.wrong == {}, asked.told()
    assert len(asked.done) == len(operations)


async def test_a_live_stream_is_waited_for_no_longer_than_it_has_something_to_tell() -> None:
    transport = httpx.ASGITransport(Served("ranking", "scoring"))
    who = {"authorization": "Bearer administrator"}

    async with asyncio.timeout(SOON_S), httpx.AsyncClient(transport=transport) as client:
        answer = await client.get("http://ranking/cycles/2020/facts/live", headers=who)

    assert [line for line in answer.text.splitlines() if line.startswith("event: ")][-1] == (
        "event: head"
    )

"""The API is called within the process as it would be from outside."""

import json

import pytest
from starlette.types import Receive, Scope, Send

from services.cli.inside import Caller
from shared.kernel.errors import Flaw, Refused


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Say what was asked; or no, at one path."""
    content = (await receive())["body"]
    refused = scope["path"] == "/refused"
    said = {
        "method": scope["method"],
        "query": scope["query_string"].decode(),
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
        "body": json.loads(content) if content else None,
    }
    problem = {
        "code": "table-strange",
        "details": {"source": "x"},
        "errors": [{"pointer": "/scores/0", "detail": "Sai"}],
    }
    answer = json.dumps(problem if refused else said).encode()
    await send({"type": "http.response.start", "status": 409 if refused else 200})
    await send({"type": "http.response.body", "body": answer[:5], "more_body": True})
    await send({"type": "http.response.body", "body": answer[5:]})


async def test_a_command_carries_its_body_and_its_key() -> None:
    said = await Caller(_echo).post("/imports", {"tên": "Sở Y tế"}, "once")

    assert said["method"] == "POST"
    assert said["body"] == {"tên": "Sở Y tế"}
    assert said["headers"]["idempotency-key"] == "once"


async def test_a_reading_carries_its_query() -> None:
    said = await Caller(_echo).get("/table", tier="so")

    assert (said["method"], said["query"], said["body"]) == ("GET", "tier=so", None)
    assert "idempotency-key" not in said["headers"]


async def test_what_is_refused_outside_is_refused_inside() -> None:
    with pytest.raises(Refused) as refused:
        await Caller(_echo).put("/refused", {})

    assert refused.value.code == "table-strange"
    assert refused.value.details == {"source": "x"}
    assert refused.value.flaws == (Flaw("/scores/0", "flaw-said", {"said": "Sai"}),)

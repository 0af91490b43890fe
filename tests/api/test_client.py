"""A program that calls the API: what it says again, and what it understands of a no."""

import httpx
import pytest

from shared.adapters import client
from shared.kernel import errors
from shared.kernel.errors import Problem
from tests.support import echo


class Unsteady(httpx.AsyncBaseTransport):
    """A way to the service on which the first requests, or their answers, are lost."""

    def __init__(self, losses: int, *, answered: bool) -> None:
        self._steady = echo.transport()
        self._losses = losses
        self._answered = answered
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests > self._losses:
            return await self._steady.handle_async_request(request)
        if self._answered:
            return httpx.Response(503, json={"code": "database-unavailable"})
        raise httpx.ReadError("the line is dead", request=request)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE_S_MIN", 0)


async def test_a_version_that_was_read_goes_with_a_change() -> None:
    async with client.connect("http://echo", "so-y-te", transport=echo.transport()) as api:
        written = await api.put("/said/so-y-te", {}, based_on=57)
        seen = await api.get("/call")

    assert written == {"facts": ["so-y-te@58"], "version": 58}
    assert seen["actor"] == echo.OFFICER.reference


async def test_parameters_and_keys_arrive() -> None:
    async with client.connect("http://echo", transport=echo.transport()) as api:
        page = await api.get("/numbers", limit=1)
        told = await api.post("/said", {"line": "é"}, key="import-1")

    assert page["items"] == [{"number": 1}]
    assert (told["key"], told["said"]["line"]) == ("import-1", "é")


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("answered", [True, False])
async def test_what_got_no_answer_is_said_again(*, answered: bool) -> None:
    transport = Unsteady(client.ATTEMPTS_MAX - 1, answered=answered)

    async with client.connect("http://echo", transport=transport) as api:
        told = await api.post("/said", {}, key="import-1")

    assert told["key"] == "import-1"
    assert transport.requests == client.ATTEMPTS_MAX


@pytest.mark.usefixtures("patience")
async def test_a_server_that_stays_away_is_given_up() -> None:
    transport = Unsteady(100, answered=False)

    async with client.connect("http://echo", transport=transport) as api:
        with pytest.raises(errors.Unavailable) as refused:
            await api.get("/call")

    assert refused.value.code == "server-unreachable"
    assert transport.requests == client.ATTEMPTS_MAX


@pytest.mark.parametrize("kind", ["refused", "missing", "forbidden", "stale", "flawed"])
async def test_a_no_arrives_as_it_was_said(kind: str) -> None:
    said = echo.PROBLEMS[kind]

    async with client.connect("http://echo", transport=echo.transport()) as api:
        with pytest.raises(Problem) as refused:
            await api.get(f"/problems/{kind}")

    heard = refused.value
    assert (type(heard), heard.code, heard.details) == (type(said), said.code, said.details)
    assert [flaw.pointer for flaw in heard.flaws] == [flaw.pointer for flaw in said.flaws]


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"code": 1, "details": 2}'])
async def test_an_answer_by_somebody_else_is_no_riddle(content: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(502, content=content))

    async with client.connect("http://echo", transport=transport) as api:
        with pytest.raises(errors.Refused) as refused:
            await api.get("/call")

    assert refused.value.code == "answer-not-understood"

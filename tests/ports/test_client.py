"""A program that calls the API: what it says again, what it understands of a no, how long it waits.

Held against the service in memory and against a process that serves it, on a way on which the first
requests, or their answers, are lost.
"""

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

import httpx
import pytest

from shared.adapters import client, server
from shared.adapters.client import PATIENCE, Client, Patience
from shared.kernel import errors
from shared.kernel.errors import Problem
from tests.support import echo
from tests.support.running import PROJECT, STOPPED_S_MAX
from tests.support.unsteady import HOST, Way

TOKEN = echo.OFFICER.agency or ""
QUICK = replace(PATIENCE, pause_s=0.001)
HASTY = replace(QUICK, read_s=0.3, call_s=30.0)
TIMES = 6
SLACK_S = 5.0
"""What a machine may add that has much else to do."""


class Server(Protocol):
    """A server, and how many requests it got."""

    def connect(
        self, *fates: str, token: str = "", patience: Patience = QUICK
    ) -> AbstractAsyncContextManager[Client]:
        """A client whose first requests have these fates (tests/support/unsteady.py)."""

    async def requests(self) -> int:
        """How many came from the last client."""


class Memory:
    """The service in this process."""

    def __init__(self) -> None:
        self._way = Way(())

    def connect(
        self, *fates: str, token: str = "", patience: Patience = QUICK
    ) -> AbstractAsyncContextManager[Client]:
        """A client on a way of its own."""
        self._way = Way(fates)
        return client.connect("http://echo", token, patience=patience, transport=self._way)

    async def requests(self) -> int:
        """How many came by that way."""
        return self._way.requests


@dataclass
class Process:
    """The service in a process of its own."""

    url: str
    runs: Iterator[int] = field(default_factory=itertools.count)
    run: int = 0

    def connect(
        self, *fates: str, token: str = "", patience: Patience = QUICK
    ) -> AbstractAsyncContextManager[Client]:
        """A client with an address of its own."""
        self.run = next(self.runs)
        url = f"{self.url}/{self.run}/{'-'.join([*fates, 'served'])}"
        return client.connect(url, token, patience=patience)

    async def requests(self) -> int:
        """How many came to that address."""
        async with client.connect(f"{self.url}/{self.run}/asked") as asking:
            number: int = await asking.get("/requests")
        return number


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    serving = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.support.unsteady"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None, "opened with a pipe"
    try:
        yield Process(serving.stdout.readline().strip())
    finally:
        serving.terminate()
        serving.communicate(timeout=STOPPED_S_MAX)


@pytest.fixture(params=["memory", pytest.param("process", marks=pytest.mark.slow)])
def service(request: pytest.FixtureRequest) -> Server:
    if request.param == "memory":
        return Memory()
    process: Process = request.getfixturevalue("process")
    return process


async def test_a_version_that_was_read_goes_with_a_change(service: Server) -> None:
    async with service.connect(token=TOKEN) as api:
        written = await api.put("/said/so-y-te", {}, based_on=57)
        seen = await api.get("/call")

    assert written == {"facts": ["so-y-te@58"], "version": 58}
    assert seen["actor"] == echo.OFFICER.reference


async def test_parameters_and_keys_arrive(service: Server) -> None:
    async with service.connect() as api:
        page = await api.get("/numbers", limit=1)
        told = await api.post("/said", {"line": "é"}, key="import-1")

    assert page["items"] == [{"number": 1}]
    assert (told["key"], told["said"]["line"]) == ("import-1", "é")


@pytest.mark.parametrize("fate", ["away", "drop", "429", "502", "504"])
async def test_what_got_no_answer_is_said_again(service: Server, fate: str) -> None:
    async with service.connect(*[fate] * (TIMES - 1)) as api:
        told = await api.post("/said", {}, key="import-1")

    assert told["key"] == "import-1"
    assert await service.requests() == TIMES


async def test_a_server_that_says_nothing_in_time_is_asked_again(service: Server) -> None:
    async with service.connect("slow", patience=HASTY) as api:
        told = await api.post("/said", {}, key="import-1")

    assert told["key"] == "import-1"
    assert await service.requests() == 2


@pytest.mark.parametrize(
    ("fate", "code"),
    [
        ("away", "database-unavailable"),
        ("drop", "server-unreachable"),
        ("503", "answer-not-understood"),
    ],
)
async def test_a_server_that_stays_away_is_given_up(service: Server, fate: str, code: str) -> None:
    async with service.connect(*[fate] * 20, patience=replace(QUICK, call_s=2.0)) as api:
        with pytest.raises(errors.Unavailable, match=code):
            await api.get("/call")

    assert TIMES < await service.requests() < 20


@pytest.mark.parametrize("fate", ["drip", "slow"])
async def test_no_call_takes_longer_than_its_time(service: Server, fate: str) -> None:
    began = time.monotonic()

    async with service.connect(*[fate] * 20, patience=replace(QUICK, call_s=0.5)) as api:
        with pytest.raises(errors.Unavailable) as refused:
            await api.get("/call")

    assert (refused.value.code, refused.value.details) == (
        "server-unreachable",
        {"reason": "0.5 s"},
    )
    assert time.monotonic() - began < SLACK_S
    assert await service.requests() == 1


async def test_pauses_count_into_the_time_of_a_call(service: Server) -> None:
    impatient = replace(PATIENCE, pause_s=60.0, call_s=0.2)

    async with service.connect("away", patience=impatient) as api:
        with pytest.raises(errors.Unavailable, match="database-unavailable"):
            await api.get("/call")

    assert await service.requests() == 1


async def test_a_client_goes_on_once_a_call_was_given_up(service: Server) -> None:
    async with service.connect("drip", "drop", patience=replace(QUICK, call_s=1.0)) as api:
        with pytest.raises(errors.Unavailable):
            await api.get("/call")

        assert (await api.get("/numbers", limit=1))["items"] == [{"number": 1}]
        assert (await api.get("/numbers", limit=2))["items"][1:] == [{"number": 2}]


@pytest.mark.slow
async def test_the_environment_sends_nobody_elsewhere(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.listen(HOST, 0) as listening:
        monkeypatch.setenv("HTTP_PROXY", f"http://{HOST}:{listening.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")

        async with process.connect(patience=HASTY) as api:
            assert (await api.get("/numbers", limit=1))["items"] == [{"number": 1}]


@pytest.mark.parametrize("kind", ["refused", "missing", "forbidden", "stale", "flawed"])
async def test_a_no_arrives_as_it_was_said(service: Server, kind: str) -> None:
    said = echo.PROBLEMS[kind]

    async with service.connect() as api:
        with pytest.raises(Problem) as refused:
            await api.get(f"/problems/{kind}")

    heard = refused.value
    assert (type(heard), heard.code, heard.details) == (type(said), said.code, said.details)
    assert [flaw.pointer for flaw in heard.flaws] == [flaw.pointer for flaw in said.flaws]
    assert await service.requests() == 1


@pytest.mark.parametrize("status", ["200", "302", "404", "500"])
async def test_an_answer_by_somebody_else_is_no_riddle(service: Server, status: str) -> None:
    async with service.connect(status) as api:
        with pytest.raises(Problem) as refused:
            await api.get("/call")

    assert refused.value.code == "answer-not-understood"
    assert refused.value.details == {"status": status}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"code": 1, "details": 2}', b"\xff"])
async def test_a_reason_of_another_shape_is_no_riddle(content: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(400, content=content))

    async with client.connect("http://echo", transport=transport) as api:
        with pytest.raises(errors.Refused, match="answer-not-understood"):
            await api.get("/call")


async def test_an_answer_of_any_length_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_BYTES_MAX", 9)

    async with Memory().connect("drip") as api:
        with pytest.raises(errors.Refused, match="answer-not-understood"):
            await api.get("/call")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_server_that_is_away_is_asked_again_whatever_the_length_of_what_it_says(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ANSWER_BYTES_MAX", 9)
    answers = iter([httpx.Response(status, content=b"<html>" * 2), httpx.Response(200, json={})])

    transport = httpx.MockTransport(lambda _: next(answers))
    async with client.connect("http://echo", patience=QUICK, transport=transport) as api:
        assert await api.get("/call") == {}


async def test_the_beginning_of_a_long_text_is_not_passed_off_as_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "ANSWER_BYTES_MAX", 9)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"0123456789"))

    async with client.connect("http://echo", transport=transport) as api:
        with pytest.raises(errors.Refused, match="answer-not-understood"):
            await api.text("/call")


@pytest.mark.slow
async def test_where_nobody_listens_nobody_is_reached() -> None:
    with server.listen(HOST, 0) as listening:
        port = listening.getsockname()[1]

    impatient = replace(QUICK, call_s=0.5)
    async with client.connect(f"http://{HOST}:{port}", patience=impatient) as api:
        with pytest.raises(errors.Unavailable, match="server-unreachable"):
            await api.get("/call")


@pytest.mark.slow
async def test_where_somebody_listens_and_never_answers_the_wait_ends() -> None:
    began = time.monotonic()

    with server.listen(HOST, 0) as listening:
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        async with client.connect(url, patience=replace(HASTY, read_s=0.05, call_s=0.5)) as api:
            with pytest.raises(errors.Unavailable, match="server-unreachable"):
                await api.get("/call")

    assert time.monotonic() - began < SLACK_S

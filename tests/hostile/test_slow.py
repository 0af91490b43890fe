"""Clients that are slow, that are many, and that ask without end, all at once, on real sockets.

Meanwhile somebody honest asks again and again, and is answered each time. Afterwards nothing has
changed, and the process holds no more than it did.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from shared.adapters.server.connection import HEAD_S_MAX
from shared.adapters.web.rates import Rate
from shared.adapters.web.rooms import CLIENTS_MIN, REQUEST_S_MAX, REQUESTS_MAX, UPLOADS_MAX
from tests.support import tally
from tests.support.raw import head
from tests.support.slow_clients import BREATH_S, Slow, Told, slowly
from tests.support.tally import Record
from tests.support.telltale import MARK
from tests.support.town import ASKED, CYCLE, PDF, SHEET, Town, stored_at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("besieged")]

TITLE = "hostile clients"
LINES = 40
SLACK_S = 60.0
"""For a machine that does much else; whoever is slow goes on as long."""
HONEST_S = 0.5
"""Between two questions of who is honest."""
ANSWERED_S_MAX = 60.0
UNDER_WAY_S = 10.0
RESPONSES = f"{ASKED}/citizens/responses"
SETTLED_S_MAX = 30.0
GROWTH_BYTES_MAX = 64 * 1024 * 1024
MANY = 3_000
READING = Rate(300, 60)
"""As `conftest` has it."""
HONEST, SLOW, OTHER, THIRD = (f"198.51.100.{place}" for place in (1, 2, 3, 4))
FLOODING = "198.51.100.5"


@dataclass
class Asked:
    """What somebody honest was answered, and how long it took."""

    statuses: list[int] = field(default_factory=list)
    taken_s: list[float] = field(default_factory=list)

    def is_served(self) -> bool:
        """Whether they were answered each time, and never waited until the slow are given up."""
        return {*self.statuses} == {200} and max(self.taken_s) < min(HEAD_S_MAX, REQUEST_S_MAX)


def _by(address: str, *fields: str) -> Sequence[str]:
    return (f"X-Forwarded-For: {address}", "Content-Type: application/json", *fields)


def _posted(address: str, framing: str) -> bytes:
    return head("POST", RESPONSES, _by(address, framing))


def _slow_ones(town: Town) -> Mapping[str, Slow]:
    bearer = f"Authorization: Bearer {town.bearers['agency']}"
    file = head("PUT", stored_at(PDF + b"x"), (bearer, "Content-Length: 1000000"))
    begun, length = b"GET /readyz HTTP/1.1\r\nHost: town\r\n", "Content-Length: 5000"
    coded, huge = "Transfer-Encoding: chunked", "Content-Length: 99999999"
    return {
        "heads that never end": Slow(begun, b"X: a\r\n", HEAD_S_MAX),
        "nothing at all": Slow(b"", b"", HEAD_S_MAX),
        "bodies byte by byte": Slow(_posted(SLOW, length), b"{", REQUEST_S_MAX),
        "bodies that never come": Slow(_posted(OTHER, length), b"", REQUEST_S_MAX),
        "chunks one by one": Slow(_posted(THIRD, coded), b"1\r\n \r\n", REQUEST_S_MAX),
        "bodies that go on when they are refused": Slow(
            _posted(SLOW, huge), b"a" * 100, HEAD_S_MAX, insists=True
        ),
        "files that never end": Slow(file, b"a"),
    }


def _client(town: Town) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=town.system.url, timeout=ANSWERED_S_MAX)


async def _ask_on(town: Town, asked: Asked) -> None:
    """Somebody honest, by token and without, until cancelled."""
    bearer = {"Authorization": f"Bearer {town.bearers['foreign']}", "X-Forwarded-For": HONEST}
    async with _client(town) as client:
        while True:
            for path, headers in (
                (f"{CYCLE}/agencies/so-noi-vu", bearer),
                (f"{ASKED}/citizens", {"X-Forwarded-For": HONEST}),
                ("/readyz", {}),
            ):
                began_s = time.monotonic()
                asked.statuses.append((await client.get(path, headers=headers)).status_code)
                asked.taken_s.append(time.monotonic() - began_s)
            await asyncio.sleep(HONEST_S)


async def _beside_somebody_honest(town: Town, work: Callable[[], Awaitable[None]]) -> Asked:
    asked = Asked()
    asking = asyncio.create_task(_ask_on(town, asked))
    try:
        await work()
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
    return asked


def _opened(town: Town) -> int:
    """How many sockets the process has."""
    found = Path(f"/proc/{town.system.process.pid}/fd").iterdir()
    return sum(_target(each).startswith("socket:") for each in found)


def _target(descriptor: Path) -> str:
    """What a descriptor stands for; nothing, where it was closed just now."""
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


def _resident_bytes(town: Town) -> int:
    pages = Path(f"/proc/{town.system.process.pid}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def _let_go(town: Town, opened: int) -> None:
    async with asyncio.timeout(SETTLED_S_MAX):
        while _opened(town) > opened:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(BREATH_S)


async def test_who_is_slow_is_left_and_holds_up_nobody(
    besieged: Town, record_property: Record
) -> None:
    before, opened = besieged.remains(), _opened(besieged)
    resident = _resident_bytes(besieged)
    slow_ones = _slow_ones(besieged)
    told = {title: Told() for title in slow_ones}

    async def attack() -> None:
        async with asyncio.TaskGroup() as group:
            for title, slow in slow_ones.items():
                for _ in range(LINES):
                    seconds = REQUEST_S_MAX if slow.seconds is None else slow.seconds + SLACK_S
                    group.create_task(slowly(besieged.system.url, slow, told[title], seconds))

    asked = await _beside_somebody_honest(besieged, attack)
    await _let_go(besieged, opened)

    for title, slow in slow_ones.items():
        came = told[title]
        assert (came.lines, came.inside) == (LINES, 0), (title, came)
        assert {*came.statuses} <= {413, 429, 503}, (title, came)
        if slow.seconds is not None:
            ended = came.cut_off if slow.insists else came.cut_off + len(came.statuses)
            assert ended == LINES, (title, came)
            assert came.longest_s < slow.seconds + SLACK_S, (title, came)
    files = told["files that never end"]
    assert files.statuses == [429] * (LINES - UPLOADS_MAX // CLIENTS_MIN)
    assert asked.is_served(), asked
    assert besieged.remains() == before
    assert _resident_bytes(besieged) - resident < GROWTH_BYTES_MAX
    tally.count(record_property, TITLE, {title: each.row for title, each in told.items()})
    _count_honest(record_property, asked)


def _count_honest(record: Record, asked: Asked) -> None:
    """Tallies are summed up, and a longest time cannot be."""
    row = {"lines": len(asked.statuses), "answered": asked.statuses.count(200)}
    tally.count(record, TITLE, {"somebody honest meanwhile": row})


async def test_who_has_more_under_way_than_their_part_is_refused_and_others_are_not(
    besieged: Town, record_property: Record
) -> None:
    """One client begins as many requests as all of them together may have."""
    share, told = REQUESTS_MAX // CLIENTS_MIN, Told()
    first = head("POST", RESPONSES, _by(SLOW, "Content-Length: 5000"))

    async def attack() -> None:
        await asyncio.gather(
            *(
                slowly(besieged.system.url, Slow(first), told, UNDER_WAY_S)
                for _ in range(REQUESTS_MAX)
            )
        )

    asked = await _beside_somebody_honest(besieged, attack)

    assert {*told.statuses} <= {429, 503}
    assert told.statuses.count(429) >= REQUESTS_MAX - 2 * share
    assert asked.is_served(), asked
    _count_honest(record_property, asked)
    tally.count(record_property, TITLE, {"one with everything under way": told.row})


async def test_who_asks_without_end_is_refused_and_others_are_not(
    besieged: Town, record_property: Record
) -> None:
    allowed = READING
    statuses: list[int] = []
    sent = allowed.requests + 900

    async def flood() -> None:
        began_s = time.monotonic()
        fields = {"X-Forwarded-For": FLOODING}
        async with httpx.AsyncClient(
            base_url=besieged.system.url, timeout=ANSWERED_S_MAX
        ) as client:
            for _ in range(sent):
                answer = await client.get(f"{ASKED}/citizens", headers=fields)
                statuses.append(answer.status_code)
        back = round((time.monotonic() - began_s) * allowed.requests / allowed.seconds)
        assert statuses.count(200) in range(allowed.requests, allowed.requests + back + 2)

    asked = await _beside_somebody_honest(besieged, flood)

    refused = statuses.count(429)
    assert refused
    assert {*statuses} == {200, 429}
    assert asked.is_served(), asked
    _count_honest(record_property, asked)
    row = {"lines": sent, "refused": refused, "inside": 0}
    tally.count(record_property, TITLE, {"one that asks without end": row})


async def test_a_flood_from_many_addresses_takes_no_memory_and_nobody_s_turn(
    besieged: Town, record_property: Record
) -> None:
    resident = _resident_bytes(besieged)
    statuses: list[int] = []

    async def flood() -> None:
        async with httpx.AsyncClient(
            base_url=besieged.system.url, timeout=ANSWERED_S_MAX
        ) as client:
            for place in range(MANY):
                by = {"X-Forwarded-For": f"203.0.{place // 250}.{place % 250 + 1}"}
                forged = {"Authorization": f"Bearer {MARK}-{place}"} if place % 2 else {}
                answer = await client.get(SHEET, headers={**by, **forged})
                statuses.append(answer.status_code)

    asked = await _beside_somebody_honest(besieged, flood)

    assert {*statuses} == {401}
    assert asked.is_served(), asked
    assert _resident_bytes(besieged) - resident < GROWTH_BYTES_MAX
    _count_honest(record_property, asked)
    row = {"lines": MANY, "refused": MANY, "inside": 0}
    tally.count(record_property, TITLE, {"a flood from many addresses": row})


def test_no_address_and_nothing_that_was_said_stands_in_the_log(besieged: Town) -> None:
    client = besieged.client
    for path in (f"/survey/form/2021/citizens/{MARK}?language={MARK}", f"/{MARK}?{MARK}={MARK}"):
        answer = client.get(path, headers={"X-Forwarded-For": HONEST, "Cookie": f"a={MARK}"})
        assert answer.status_code >= 400

    log = besieged.system.errors.read_text("utf-8")

    said = (MARK, HONEST, SLOW, FLOODING, "203.0.", "/readyz", *besieged.bearers.values())
    assert log
    assert not [each for each in said if each in log]

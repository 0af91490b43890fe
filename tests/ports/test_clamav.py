"""What a daemon says that is neither clean nor found, or does not say, never makes a file clean."""

import asyncio

import pytest

from demo.papers import paper
from shared.adapters.clamav import ANSWER_BYTES_MAX, Address, ClamAV, address_of, scanner_of
from shared.kernel.errors import Refused, Unavailable
from tests.support import small_clamd
from tests.support.evidence import chunks
from tests.support.small_clamd import HOST, at_port

CONTENT = paper("x")
LONG = b"x" * (2 * ANSWER_BYTES_MAX)
ENDLESS_S = 5.0
"""Whoever waits for so long would wait for ever."""


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: ok",
        b"stream: OKAY",
        b"OK",
        b"fd[10]: OK",
        b"stream: FOUND",
        b"",
        b"stream: Can't allocate memory ERROR",
        b"INSTREAM size limit exceeded. ERROR",
        b"UNKNOWN COMMAND",
        b"\xff\xfe",
    ],
)
async def test_an_answer_that_is_no_verdict_is_none(answer: bytes) -> None:
    async with at_port(lambda _: answer + b"\0") as address:
        with pytest.raises(Refused, match="scanner-refused"):
            await ClamAV(address).scan(chunks(CONTENT))


async def test_what_is_named_ok_is_found() -> None:
    async with at_port(lambda _: b"stream: OK FOUND\0") as address:
        assert (await ClamAV(address).scan(chunks(CONTENT))).finding == "OK"


async def test_the_name_of_a_finding_may_stand_in_a_fact() -> None:
    async with at_port(lambda _: b"stream: A\x07\xff\n" + b"b" * 900 + b" FOUND\0") as address:
        with pytest.raises(Refused, match="scanner-refused"):
            await ClamAV(address).scan(chunks(CONTENT))
    async with at_port(lambda _: b"stream: A\x07\xffb FOUND\0") as address:
        scan = await ClamAV(address).scan(chunks(CONTENT))
    assert scan.finding is not None
    assert scan.finding.isprintable()


@pytest.mark.parametrize(
    "answer",
    [None, b"", b"stream: OK", LONG, LONG + b"\0"],
)
async def test_a_daemon_that_hangs_up_or_never_ends_is_away(answer: bytes | None) -> None:
    async with at_port(lambda _: answer) as address:
        with pytest.raises(Unavailable, match="scanner-unavailable"):
            await ClamAV(address).scan(chunks(CONTENT))


async def test_a_daemon_that_does_not_answer_is_away_in_time() -> None:
    silent = asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    async with await asyncio.start_server(listen, HOST, 0) as server:
        address = Address(HOST, server.sockets[0].getsockname()[1], "")
        with pytest.raises(Unavailable, match="scanner-unavailable"):
            await ClamAV(address, scan_s_max=0.2).scan(chunks(bytes(9_000_000)))
        silent.set()


async def test_a_daemon_that_stands_still_in_the_midst_of_a_file_is_away_in_time() -> None:
    stood_still = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readuntil(b"\0") == b"zVERSION\0":
            writer.write(small_clamd.VERSION + b"\0")
        else:
            await stood_still.wait()
        writer.close()

    async with await asyncio.start_server(listen, HOST, 0) as server, asyncio.timeout(ENDLESS_S):
        address = Address(HOST, server.sockets[0].getsockname()[1], "")
        with pytest.raises(Unavailable, match="scanner-unavailable"):
            await ClamAV(address, scan_s_max=0.2).scan(chunks(bytes(9_000_000)))
        stood_still.set()


async def test_a_file_larger_than_the_daemon_takes_is_refused_or_waits() -> None:
    async with at_port() as address:
        with pytest.raises((Refused, Unavailable)):
            await ClamAV(address).scan(chunks(bytes(small_clamd.LIMIT + 1), bytes(1_000_000)))


@pytest.mark.parametrize("address", ["clamd://127.0.0.1:1", "unix:/nowhere/clamd.ctl"])
async def test_a_daemon_that_is_not_there_is_away(address: str) -> None:
    with pytest.raises(Unavailable, match="scanner-unavailable"):
        await ClamAV(address_of(address)).scan(chunks(CONTENT))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("clamd://scanner.example:3310", Address("scanner.example", 3310, "")),
        ("clamd://[::1]:3310", Address("::1", 3310, "")),
        ("unix:/run/clamav/clamd.ctl", Address("", 0, "/run/clamav/clamd.ctl")),
    ],
)
def test_an_address_is_a_port_or_a_socket(text: str, address: Address) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("clamd://", "clamd://host", "clamd://host:0", "clamd://host:99999", "http://host:3310"),
        *("unix:", "unix:clamd.ctl", "clamd://user@host:1", "clamd://host:1/x", "None"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="clamd://host:3310"):
        address_of(text)


@pytest.mark.parametrize("text", ["", "none"])
def test_none_is_no_scanner(text: str) -> None:
    assert scanner_of(text) is None

"""What a scanner promises, held against memory, a small daemon, and ClamAV itself."""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from demo.papers import paper
from real.processes import PROJECT
from real.servers.clamav import ClamAV as Daemon
from shared.adapters.clamav import CHUNK_BYTES, ClamAV, address_of
from shared.adapters.memory import MemoryScanner
from shared.adapters.memory.scanner import EICAR, FINDING
from shared.kernel.errors import Missing, Unavailable
from shared.ports import Content, Scanner
from tests.support import small_clamd
from tests.support.evidence import chunks
from tests.support.opened import opened
from tests.support.sample_files import SOUND
from tests.support.servers import REAL, open_folder, start

Opened = AbstractAsyncContextManager[Scanner]

BEYOND_BYTES = 130_000_000
"""More than what ClamAV looks at of one file, as long as nobody sets it."""


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """The real one, with the one signature that the tests need."""
    with open_folder() as folder:
        daemon = Daemon(folder, small_clamd.SIGNATURES)
        try:
            start(daemon)
            yield daemon
        finally:
            daemon.stop()


def in_memory(_: pytest.FixtureRequest) -> Opened:
    return opened(MemoryScanner())


@asynccontextmanager
async def at_a_small_port(_: pytest.FixtureRequest) -> AsyncIterator[Scanner]:
    async with small_clamd.at_port() as address:
        yield ClamAV(address)


@asynccontextmanager
async def at_a_small_socket(_: pytest.FixtureRequest) -> AsyncIterator[Scanner]:
    with open_folder() as folder:
        async with small_clamd.at_socket(folder) as address:
            yield ClamAV(address)


def at_a_port(request: pytest.FixtureRequest) -> Opened:
    return opened(ClamAV(address_of(request.getfixturevalue("daemon").url)))


def at_a_socket(request: pytest.FixtureRequest) -> Opened:
    return opened(ClamAV(address_of(request.getfixturevalue("daemon").socket)))


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="memory"),
        pytest.param(at_a_small_port, id="small port"),
        pytest.param(at_a_small_socket, id="small socket"),
        pytest.param(at_a_port, id="ClamAV port", marks=REAL),
        pytest.param(at_a_socket, id="ClamAV socket", marks=REAL),
    ]
)
async def scanner(request: pytest.FixtureRequest) -> AsyncIterator[Scanner]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    async with make(request) as scanner:
        yield scanner


async def test_what_is_clean_is_said_to_be_by_a_scanner_with_a_name(scanner: Scanner) -> None:
    for _, content in SOUND.values():
        scan = await scanner.scan(chunks(content[:9], content[9:]))

        assert scan.finding is None
        assert scan.scanner.isprintable()
        assert 0 < len(scan.scanner) < 200


async def test_an_empty_file_is_clean(scanner: Scanner) -> None:
    assert (await scanner.scan(chunks())).finding is None
    assert (await scanner.scan(chunks(b""))).finding is None


@pytest.mark.parametrize("before", [0, CHUNK_BYTES - 9, 3_000_000])
async def test_what_is_found_is_named_wherever_it_stands(scanner: Scanner, before: int) -> None:
    content = b"%PDF-1.4\n" + bytes(before) + EICAR + paper("x")

    scan = await scanner.scan(chunks(content[: before + 20], content[before + 20 :]))

    assert scan.finding is not None
    assert scan.finding.startswith(FINDING)


async def test_files_are_scanned_side_by_side(scanner: Scanner) -> None:
    contents = [paper("x") + (EICAR if number % 2 else b"") for number in range(8)]

    scans = await asyncio.gather(*(scanner.scan(chunks(each)) for each in contents))

    assert [scan.finding is not None for scan in scans] == [False, True] * 4


async def test_a_file_that_cannot_be_read_to_its_end_is_not_called_clean(scanner: Scanner) -> None:
    async def broken() -> Content:
        yield paper("x")
        raise Missing("file-unknown")

    with pytest.raises(Missing, match="file-unknown"):
        await scanner.scan(broken())

    assert (await scanner.scan(chunks(paper("x")))).finding is None


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_a_daemon_that_stands_still_or_is_gone_is_away_and_comes_back(
    daemon: Daemon,
) -> None:
    scanner = ClamAV(address_of(daemon.url), scan_s_max=0.5)
    daemon.pause()
    began_s = time.monotonic()
    with pytest.raises(Unavailable, match="scanner-unavailable"):
        await scanner.scan(chunks(paper("x")))
    waited_s = time.monotonic() - began_s
    daemon.resume()
    resumed = await scanner.scan(chunks(paper("x")))
    daemon.kill()
    with pytest.raises(Unavailable, match="scanner-unavailable"):
        await scanner.scan(chunks(paper("x")))
    daemon.start()

    again = await scanner.scan(chunks(paper("x")))

    assert waited_s < 3
    assert resumed == again
    assert again.finding is None


def _with_a_stream(content: bytes) -> bytes:
    """A PDF with one stream, which is packed."""
    packed = zlib.compress(content, 9)
    stream = b"<< /Type /EmbeddedFile /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream"
    body = b"%%PDF-1.4\n1 0 obj\n" + stream % (len(packed), packed) + b"\nendobj\n"
    return body.replace(b"%%PDF", b"%PDF") + b"trailer\n<< /Size 2 >>\n%%EOF\n"


@pytest.mark.parametrize("filler_bytes", [pytest.param(BEYOND_BYTES, marks=REAL)])
async def test_what_the_daemon_gives_up_on_is_not_clean(filler_bytes: int, daemon: Daemon) -> None:
    scanner = ClamAV(address_of(daemon.url))
    beyond = _with_a_stream(bytes(filler_bytes) + EICAR)

    scan = await scanner.scan(chunks(beyond))

    assert scan.finding is not None
    assert "Limits.Exceeded" in scan.finding


@pytest.mark.parametrize("setting", ["AlertExceedsMax yes", "AlertEncrypted yes"])
def test_a_deployed_daemon_says_so_too(setting: str) -> None:
    told = PROJECT / "deploy" / "k8s" / "components" / "clamav" / "clamd.conf"

    assert setting in told.read_text("utf-8").splitlines()

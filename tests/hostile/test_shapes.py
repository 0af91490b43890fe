"""Requests of every wrong shape, on real sockets: each is refused, and none gets inside.

Behind each stands a second one, by somebody who may do it, that would change a score if it were
taken for a request of its own.
"""

import json
from collections.abc import Mapping, Sequence

import httpx
import pytest

from tests.support import tally
from tests.support.raw import Heard, head, said
from tests.support.tally import Record
from tests.support.town import ASKED, SCORE, Town

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("besieged")]

TITLE = "hostile requests"
MORE_S = 2.0
"""So long another answer is waited for behind the first."""
CLOSE = "Connection: close"
"""Whoever says so hears all that there is, however long that takes."""
KIB = 1024
FLOOD = [b"a" * 64 * KIB] * 160
"""Ten mebibytes."""
RESPONSES = f"{ASKED}/citizens/responses"
CHANGE = {"inputs": {"points": "1"}}
REFUSALS = range(400, 500)


def _inner(town: Town, *more: str) -> bytes:
    """A request that changes a score, if it is one."""
    body = json.dumps(CHANGE).encode()
    bearer = f"Authorization: Bearer {town.bearers['agency']}"
    fields = [bearer, "Content-Type: application/json", 'If-Match: "1"']
    return head("PUT", SCORE, [*fields, *more, f"Content-Length: {len(body)}"]) + body


def _post(*fields: str) -> bytes:
    return head("POST", RESPONSES, ["Content-Type: application/json", *fields])


def _get(*fields: str, path: str = "/readyz") -> bytes:
    return head("GET", path, fields)


EMPTY_CHUNK = b"0\r\n\r\n"
CODINGS = (
    *("Transfer-Encoding: xchunked", "Transfer-Encoding: identity", "Transfer-Encoding: ,chunked"),
    *("Transfer-Encoding: chunked, identity", "Transfer-Encoding: gzip, chunked"),
    *("Transfer-Encoding: \x0bchunked", "Transfer-Encoding : chunked", "Transfer-Encoding: chunk"),
    *("Transfer-Encoding:\r\n\tchunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x"),
)
LENGTHS = (
    *("2, 2", "+2", "-2", "0x2", "2.0", "\xb2", "9" * 40, "2\r\nContent-Length: 40"),
    *("2\r\nContent-Length: 2", "", "two"),
)


def _shapes(inner: bytes) -> Mapping[str, Sequence[bytes]]:
    """What is sent, by what is wrong with it; each is refused, or the line is cut."""
    chunked = _post("Transfer-Encoding: chunked")
    return {
        **_smuggled(inner),
        "no HTTP of ours": [
            b"GET /readyz\r\n\r\n",
            b"GET /readyz HTTP/2.0\r\nHost: town\r\n\r\n",
            b"GET /readyz HTTP/1.1\r\n\r\n",
            _get("Host: elsewhere"),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            head("CONNECT", "elsewhere.example:443"),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
            bytes(range(256)) * 4,
        ],
        "bodies that are too large, or not as long as they say": [
            _post(f"Content-Length: {99 * KIB * KIB}"),
            _post(f"Content-Length: {KIB * KIB}") + b"{" * 2 * KIB * KIB,
            _post("Content-Length: 1") + b"{}" + inner,
            chunked + b"1\r\n \r\n" * 2 * KIB * KIB,
        ],
        "JSON that is deep": [
            _post(f"Content-Length: {2 * each}") + b"[" * each + b"]" * each
            for each in (65, 1_000, 500_000)
        ],
        "more requests at once than are waited for": [_get() * 5_000, _get() * 20_000],
    }


def _smuggled(inner: bytes) -> Mapping[str, Sequence[bytes]]:
    """What two servers could read otherwise, with a second request inside."""
    both = ("Content-Length: 5", "Transfer-Encoding: chunked")
    coded = [_post(each) + EMPTY_CHUNK + inner for each in CODINGS]
    long = [_post(f"Content-Length: {each}") + b"{}" + inner for each in LENGTHS]
    chunked = _post("Transfer-Encoding: chunked")
    older = chunked.replace(b"HTTP/1.1", b"HTTP/1.0")
    return {
        "smuggled: a length and a coding": [
            _post(*both) + EMPTY_CHUNK + inner,
            _post(*reversed(both)) + EMPTY_CHUNK + inner,
            older + EMPTY_CHUNK + inner,
        ],
        "smuggled: codings that are none": coded,
        "smuggled: lengths that are none": long,
        "smuggled: in a chunk": [
            chunked + b"FFFFFFFFFFFFFFFFF\r\n" + inner,
            chunked + b"-1\r\n" + inner,
            chunked + b"2\r\n{}XX0\r\n\r\n" + inner,
            chunked + b"2;\n{}\r\n0\r\n\r\n" + inner,
            chunked + b"0x2\r\n{}\r\n0\r\n\r\n" + inner,
        ],
        "smuggled: in a field": [
            _get("X: a\rY: b") + inner,
            _get("X: a\0b") + inner,
            _get("X : a") + inner,
            _get(" X: a") + inner,
            b"GET /readyz HTTP/1.1\nHost: town\n\n" + inner,
        ],
        "smuggled: behind an upgrade": [
            _get("Connection: Upgrade", f"Upgrade: {each}") + inner for each in ("websocket", "h2c")
        ],
    }


def _floods() -> Mapping[str, Sequence[Sequence[bytes]]]:
    """What goes on for ten mebibytes, or has no end that anybody waits for."""
    chunked = _post("Transfer-Encoding: chunked")
    return {
        "heads that are huge": [
            [_get("X: " + "a" * 200 * KIB)],
            [_get(*(f"X{place}: 1" for place in range(20_000)))],
            [_get("X: " + "a" * 17 * KIB)],
            [b"GET /readyz HTTP/1.1\r\nX: ", *FLOOD],
            [b"GET /", *FLOOD],
            [*FLOOD],
        ],
        "queries that are huge": [
            [_get(path=f"/submission/cycles?{'a' * size}")] for size in (17 * KIB, 100 * KIB)
        ],
        "floods beside a body": [
            [chunked + b"1;x=", *FLOOD],
            [chunked + b"2\r\n{}\r\n0\r\nX: ", *FLOOD],
            [chunked + b"2\r\n{}\r\n0\r\n", *[b"X: a\r\n" * 10_000] * 160],
        ],
    }


def _is_let_in(heard: Heard) -> bool:
    """Whether more was answered than a refusal, or a look at how the process is."""
    return any(status not in REFUSALS for status in heard.statuses)


async def test_no_request_of_a_wrong_shape_gets_inside(
    besieged: Town, record_property: Record
) -> None:
    before = besieged.remains()
    upgraded = "smuggled: behind an upgrade"
    rows: dict[str, dict[str, int]] = {}
    shapes = {
        **{title: [[each] for each in sent] for title, sent in _shapes(_inner(besieged)).items()},
        **_floods(),
    }
    for title, sent in shapes.items():
        heard = [await said(besieged.system.url, *parts, more_s=MORE_S) for parts in sent]
        # Who wants another protocol is answered in ours, and what stands behind it is not read.
        inside = [each for each in heard if _is_let_in(each) and title != upgraded]
        rows[title] = {
            "sent": len(sent),
            "answered": sum(bool(each.statuses) for each in heard),
            "cut off": sum(each.is_ended and not each.statuses for each in heard),
            "inside": len(inside),
        }
        assert not inside, (title, inside)
        assert all(len(each.statuses) <= 1 for each in heard), (title, heard)
        assert all(each.is_ended or each.statuses for each in heard), title

    assert besieged.remains() == before
    assert await _answers(besieged)
    tally.count(record_property, TITLE, rows)


async def test_the_request_behind_them_is_one_that_would_be_done(besieged: Town) -> None:
    """So that it says something that nothing was changed."""
    heard = await said(besieged.system.url, _get() + _inner(besieged, CLOSE))

    assert heard.statuses == [200, 200]


async def test_fields_behind_a_body_are_no_part_of_its_head(besieged: Town) -> None:
    body = json.dumps(CHANGE).encode()
    fields = [
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        'If-Match: "2"',
        CLOSE,
    ]
    chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n"
    bearer = f"Authorization: Bearer {besieged.bearers['agency']}\r\n\r\n".encode()

    heard = await said(besieged.system.url, head("PUT", SCORE, fields) + chunk + bearer)

    assert heard.statuses == [401]


async def test_requests_one_behind_the_other_are_answered_in_their_order(besieged: Town) -> None:
    *paths, last = [f"/problems/{code}" for code in ("busy", "nothing", "too-busy", "path-unknown")]
    asked = [*(_get(path=path) for path in paths), _get(CLOSE, path=last)]

    heard = await said(besieged.system.url, b"".join(asked))

    assert heard.statuses == [200, 404, 200, 200]
    assert heard.content.index(b'"too-busy"') < heard.content.index(b'"path-unknown"')


async def test_what_is_no_request_is_refused_in_words_and_guarded(besieged: Town) -> None:
    heard = await said(besieged.system.url, b"nonsense\r\n\r\n")

    top, _, body = heard.content.partition(b"\r\n\r\n")
    fields = (line.partition(b": ") for line in top.split(b"\r\n")[1:])
    told = httpx.Headers([(name, value) for name, _, value in fields])
    assert heard.is_ended
    assert heard.statuses == [400]
    assert told["content-type"] == "application/problem+json"
    assert told["x-content-type-options"] == "nosniff"
    assert told["cache-control"] == "no-store"
    assert json.loads(body)["code"] == "request-malformed"


async def _answers(town: Town) -> bool:
    async with httpx.AsyncClient(base_url=town.system.url) as client:
        return (await client.get("/readyz")).status_code == 200

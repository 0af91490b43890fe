"""What the HTTP door lets in of a body: how much, which JSON, which texts and times."""

import json
import unicodedata
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from shared.adapters.web.gate import HEADERS_BYTES_MAX
from shared.adapters.web.stay import BODY_BYTES_MAX
from shared.kernel.scheme_reader.field import CODE, CODE_LENGTH_MAX
from tests.support import echo
from tests.support.echo import ENGLISH, KEY

JSON = {**KEY, "Content-Type": "application/json"}
MIB = 1024 * 1024


@pytest.fixture
async def caller() -> AsyncIterator[httpx.AsyncClient]:
    async with echo.caller() as client:
        yield client


def _code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def _flaws(answer: httpx.Response) -> Mapping[str, str]:
    assert _code(answer) == (422, "request-invalid")
    return {flaw["pointer"]: flaw["code"] for flaw in answer.json()["errors"]}


async def _in_parts(size: int) -> AsyncIterator[bytes]:
    for _ in range(0, size, 64 * 1024):
        yield b" " * (64 * 1024)


async def test_the_largest_body_is_let_in(caller: httpx.AsyncClient) -> None:
    content = b'{"count": 2}'.ljust(BODY_BYTES_MAX)

    answer = await caller.post("/said", content=content, headers=JSON)

    assert answer.status_code == 200


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
@pytest.mark.parametrize("size", [BODY_BYTES_MAX + 1, 10 * MIB])
async def test_a_larger_body_is_refused(
    size: int, media_type: str, caller: httpx.AsyncClient
) -> None:
    headers = {**KEY, "Content-Type": media_type}

    answer = await caller.post("/said", content=b" " * size, headers=headers)

    assert _code(answer) == (413, "body-too-large")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
async def test_a_larger_body_is_refused_also_where_nobody_says_how_large(
    media_type: str, caller: httpx.AsyncClient
) -> None:
    headers = {**KEY, "Content-Type": media_type}

    answer = await caller.post("/said", content=_in_parts(2 * MIB), headers=headers)

    assert _code(answer) == (413, "body-too-large")


async def test_a_route_for_files_takes_more(caller: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "Application/PDF; name=x"}

    answer = await caller.put("/file", content=_in_parts(3 * MIB), headers=headers)

    assert answer.json() == {"media_type": "application/pdf", "size": 3 * MIB}


@pytest.mark.parametrize("where", ["header", "query"])
async def test_a_long_head_is_refused(where: str, caller: httpx.AsyncClient) -> None:
    long = "a" * HEADERS_BYTES_MAX
    headers = {"X-Long": long} if where == "header" else {}
    params = {"q": long} if where == "query" else {}

    answer = await caller.get("/call", headers=headers, params=params)

    assert _code(answer) == (431, "headers-too-large")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "json-malformed"),
        ("{'line': 1}", "json-malformed"),
        ("\ufeff{}", "json-malformed"),
        ('{"count": NaN}', "number-not-finite"),
        ('{"count": -Infinity}', "number-not-finite"),
        ('{"count": 1e400}', "number-not-finite"),
        ('{"count": 1' + "0" * 18 + "}", "number-too-long"),
        ('{"count": ' + "9" * 5_000 + "}", "number-too-long"),
        ("[" * 65 + "]" * 65, "json-too-deep"),
        ("[" * 200_000, "json-too-deep"),
        ('{"a":' * 100_000, "json-too-deep"),
        ('{"count": 1, "count": 2}', "json-key-twice"),
        ('{"é": 1, "e\u0301": 2}', "json-key-twice"),
        ("null", "request-invalid"),
        ("[]", "request-invalid"),
        ('"text"', "request-invalid"),
        ("", "request-invalid"),
    ],
)
async def test_json_that_is_not_strict_is_refused(
    content: str, code: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.post("/said", content=content.encode(), headers=JSON)

    assert _code(answer) == (422 if code == "request-invalid" else 400, code)


@pytest.mark.parametrize("content", [b'{"line": "\xff"}', b'{"line": "\xed\xa0\x80"}', b"\x80"])
async def test_bytes_that_are_no_utf8_are_refused(
    content: bytes, caller: httpx.AsyncClient
) -> None:
    answer = await caller.post("/said", content=content, headers=JSON)

    assert _code(answer) == (400, "encoding-malformed")


@pytest.mark.parametrize("escape", [r"\u0000", r"\u0007", r"\u009f", r"\ud800", r"\udc00\ud800"])
async def test_characters_that_are_no_text_are_refused_by_their_place(
    escape: str, caller: httpx.AsyncClient
) -> None:
    content = f'{{"words": {{"a/b": "x{escape}"}}, "parts": [{{"code": "{escape}"}}]}}'

    answer = await caller.post("/said", content=content, headers=JSON)

    assert _flaws(answer) == {
        "/words/a~1b": "character-forbidden",
        "/parts/0/code": "character-forbidden",
    }


async def test_no_name_of_a_field_holds_what_is_no_text(caller: httpx.AsyncClient) -> None:
    answer = await caller.post("/said", content=r'{"words": {"\u0000": "x"}}', headers=JSON)

    assert _flaws(answer) == {"": "character-forbidden"}


async def test_decomposed_letters_become_whole(caller: httpx.AsyncClient) -> None:
    whole = {"line": "Sở Y tế", "words": {"tế": "ổn"}}
    decomposed = unicodedata.normalize("NFD", json.dumps(whole, ensure_ascii=False))

    answer = await caller.post("/said", content=decomposed.encode(), headers=JSON)

    said = answer.json()["said"]
    assert {"line": said["line"], "words": said["words"]} == whole


async def test_letters_beyond_the_first_plane_are_text(caller: httpx.AsyncClient) -> None:
    answer = await caller.post("/said", content=r'{"line": "\ud842\udfb7"}', headers=JSON)

    assert answer.json()["said"]["line"] == "𠮷"


async def test_a_text_keeps_its_lines_and_ends_them_in_one_way(
    caller: httpx.AsyncClient,
) -> None:
    answer = await caller.post("/said", json={"text": "một\r\nhai\rba\n\tbốn"}, headers=KEY)

    assert answer.json()["said"]["text"] == "một\nhai\nba\n\tbốn"


@pytest.mark.parametrize("item", ["1", "1.1.2", "A1_b-2", "a" * CODE_LENGTH_MAX])
async def test_whatever_a_scheme_may_call_an_item_can_be_said(
    item: str, caller: httpx.AsyncClient
) -> None:
    assert CODE.fullmatch(item)

    answer = await caller.post("/said", json={"item": item}, headers=KEY)

    assert answer.json()["said"]["item"] == item


REFUSED_FIELDS = [
    ({"line": "two\nlines"}, "/line", "line-broken"),
    ({"line": "two\u2028lines"}, "/line", "line-broken"),
    ({"line": " "}, "/line", "text-blank"),
    ({"line": ""}, "/line", "string-too-short"),
    ({"line": "a" * 301}, "/line", "string-too-long"),
    ({"text": "a" * 4_001}, "/text", "string-too-long"),
    ({"text": 7}, "/text", "type-wrong"),
    ({"short": "a" * 10}, "/short", "string-too-long"),
    ({"short": "a"}, "/short", "string-too-short"),
    ({"one": ["a"]}, "/one", "answers-take-one"),
    ({"item": "1.1/2"}, "/item", "pattern-differs"),
    ({"item": "1.1\n"}, "/item", "pattern-differs"),
    ({"item": "1..1"}, "/item", "pattern-differs"),
    ({"item": "a" * 65}, "/item", "string-too-long"),
    ({"count": "1"}, "/count", "type-wrong"),
    ({"count": True}, "/count", "type-wrong"),
    ({"count": 1.5}, "/count", "type-wrong"),
    ({"count": 0}, "/count", "number-below"),
    ({"count": 6}, "/count", "number-above"),
    ({"at": "2021-11-15T08:00:00"}, "/at", "time-zone-missing"),
    ({"at": "9999-12-31T23:59:59Z"}, "/at", "time-out-of-range"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "/at", "time-out-of-range"),
    ({"on": "1899-12-31"}, "/on", "time-out-of-range"),
    ({"on": "2200-01-01"}, "/on", "time-out-of-range"),
    ({"at": "tomorrow"}, "/at", "time-malformed"),
    ({"at": "1636938000"}, "/at", "time-malformed"),
    ({"at": 1_636_938_000}, "/at", "time-malformed"),
    ({"at": "2021-02-30T00:00:00Z"}, "/at", "time-malformed"),
    ({"on": "2021-11-15T08:00:00Z"}, "/on", "time-malformed"),
    ({"on": "15/11/2021"}, "/on", "time-malformed"),
    ({"parts": {}}, "/parts", "type-wrong"),
    ({"parts": [{"code": "a"}] * 3}, "/parts", "array-too-long"),
    ({"parts": [{"code": "a"}, {}]}, "/parts/1/code", "member-missing"),
    ({"parts": ["a"]}, "/parts/0", "type-wrong"),
    ({"words": {"a": 1}}, "/words/a", "type-wrong"),
    ({"unheard-of": 1}, "/unheard-of", "member-unknown"),
    ("text", "", "body-not-json"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), REFUSED_FIELDS)
async def test_a_field_that_does_not_fit_is_refused_by_its_place(
    body: object, pointer: str, code: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.post("/said", content=json.dumps(body), headers={**JSON, **ENGLISH})

    assert _flaws(answer) == {pointer: code}
    assert "{" not in answer.json()["errors"][0]["detail"].replace("{0,", "")


async def test_a_body_that_does_not_say_that_it_is_json_is_refused(
    caller: httpx.AsyncClient,
) -> None:
    answer = await caller.post("/said", content="{}", headers=KEY)

    assert _flaws(answer) == {"": "body-not-json"}


async def test_a_code_in_the_path_has_its_form(caller: httpx.AsyncClient) -> None:
    answer = await caller.put("/said/Sở%20Y%20tế", json={})

    assert _code(answer) == (422, "request-invalid")
    assert answer.json()["errors"][0]["parameter"] == "code"


async def test_a_member_says_itself_how_it_is_missed_whatever_it_is_called(
    caller: httpx.AsyncClient,
) -> None:
    answer = await caller.post("/received", json={}, headers=KEY)

    assert _flaws(answer) == {"/receipt": "member-missing", "/voucher": "receipt-missing"}

"""What the running system refuses before any rule is asked: bytes, JSON, texts and paths."""

import unicodedata
from typing import Any

import pytest

from tests.support.town import (
    CYCLE,
    EVIDENCE,
    FOREIGN,
    OWN,
    PDF,
    SCORE,
    SHEET,
    Request,
    Town,
    evidence_of,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quiet")]

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json", "If-Match": '"1"'}
RIGHT = b'{"inputs":{"points":"2"}}'
AGENCIES = f"{CYCLE}/agencies"


def points(written: bytes) -> bytes:
    """A body that says so of the points."""
    return b'{"inputs":{"points":' + written + b"}}"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        pytest.param(points(b"NaN"), 400, "number-not-finite", id="nan"),
        pytest.param(points(b"-Infinity"), 400, "number-not-finite", id="infinity"),
        pytest.param(points(b"1e400"), 400, "number-not-finite", id="huge-exponent"),
        pytest.param(points(b"9" * 5_000), 400, "number-too-long", id="huge-integer"),
        pytest.param(points(b'"' + b"9" * 10 * MIB + b'"'), 413, "body-too-large", id="10-mb"),
        pytest.param(b"[" * 200_000, 400, "json-too-deep", id="deep"),
        pytest.param(b'{"a":' * 100_000, 400, "json-too-deep", id="deep-objects"),
        pytest.param(b"[" * 65 + b"]" * 65, 400, "json-too-deep", id="just-too-deep"),
        pytest.param(points(b'"\x00"'), 400, "json-malformed", id="nul-byte"),
        pytest.param(points(b'"\xff"'), 400, "encoding-malformed", id="broken-utf-8"),
        pytest.param(points(b'"\xed\xa0\x80"'), 400, "encoding-malformed", id="surrogate-bytes"),
        pytest.param(RIGHT.decode().encode("utf-16"), 400, "encoding-malformed", id="utf-16"),
        pytest.param(b"\xef\xbb\xbf" + RIGHT, 400, "json-malformed", id="byte-order-mark"),
        pytest.param(RIGHT[:-1], 400, "json-malformed", id="cut-off"),
        pytest.param(b'{"inputs":{},"inputs":{}}', 400, "json-key-twice", id="key-twice"),
    ],
)
def test_bytes_that_are_no_json_of_ours(
    content: bytes, status: int, code: str, quiet: Town
) -> None:
    quiet.refused(Request("PUT", SCORE, content=content, headers=JSON), status, code)


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        pytest.param(points(rb'"\u0000"'), "/inputs/points", "character-forbidden", id="nul"),
        pytest.param(points(rb'"\ud800"'), "/inputs/points", "character-forbidden", id="surrogate"),
        pytest.param(rb'{"\udc00":1}', "", "character-forbidden", id="surrogate-in-a-key"),
        pytest.param(rb'{"inputs\u0000":{}}', "", "character-forbidden", id="nul-in-a-key"),
        pytest.param(points(b"3"), "/inputs/points", "type-wrong", id="number-for-text"),
        pytest.param(points(b"null"), "/inputs/points", "type-wrong", id="null-for-text"),
        pytest.param(
            points(b'"' + b"9" * 999 + b'"'), "/inputs/points", "string-too-long", id="long"
        ),
        pytest.param(b'{"inputs":[]}', "/inputs", "type-wrong", id="list-for-object"),
        pytest.param(b"{}", "/inputs", "member-missing", id="missing-field"),
        pytest.param(b'{"inputs":{},"x":1}', "/x", "member-unknown", id="unknown-field"),
        pytest.param(b'{"inputs":{},"__class__":1}', "/__class__", "member-unknown", id="dunder"),
        pytest.param(b"", "", "body-missing", id="empty"),
        pytest.param(b"null", "", "body-not-json", id="null"),
        pytest.param(b"[]", "", "body-not-json", id="list"),
    ],
)
def test_json_that_does_not_say_what_is_asked(
    content: bytes, pointer: str, code: str, quiet: Town
) -> None:
    request = Request("PUT", SCORE, content=content, headers=JSON)

    problem = quiet.refused(request, 422, "request-invalid")

    assert [(flaw["pointer"], flaw["code"]) for flaw in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ],
)
def test_json_that_does_not_say_so(media_type: str, quiet: Town) -> None:
    headers = {**JSON, "Content-Type": media_type}

    problem = quiet.refused(
        Request("PUT", SCORE, content=RIGHT, headers=headers), 422, "request-invalid"
    )

    assert [flaw["code"] for flaw in problem["errors"]] == ["body-not-json"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{AGENCIES}/{OWN}%2f..%2f{FOREIGN}", 404, "path-unknown"),
        (f"{AGENCIES}/..%2f..%2f2020", 404, "path-unknown"),
        (f"{SHEET}/files/..%2f..%2ffacts.db", 404, "path-unknown"),
        (f"/submission/cycles/2021%2fagencies%2f{FOREIGN}", 403, "agency-not-yours"),
        (f"{AGENCIES}/%2e%2e", 422, "request-invalid"),
        (f"{AGENCIES}/%252e%252e", 422, "request-invalid"),
        (f"{AGENCIES}/..%5c{FOREIGN}", 422, "request-invalid"),
        (f"{AGENCIES}/{OWN}%00", 422, "request-invalid"),
        (f"{AGENCIES}/{OWN}%0a", 404, "path-unknown"),
        (f"{AGENCIES}/{OWN};x=1", 422, "request-invalid"),
        (f"{AGENCIES}/{OWN.upper()}", 422, "request-invalid"),
        (f"{AGENCIES}/%ff%fe", 422, "request-invalid"),
        (f"{AGENCIES}/so-y-te%CC%81", 422, "request-invalid"),
        (f"{AGENCIES}/{'a' * 65}", 422, "request-invalid"),
        (f"{AGENCIES}/{'a' * 10_000}", 422, "request-invalid"),
        (f"{AGENCIES}/{'a' * 20_000}", 431, "headers-too-large"),
        ("//submission//cycles", 404, "path-unknown"),
        ("/submission/cycles?limit=0", 422, "request-invalid"),
        ("/submission/cycles?limit=1e9", 422, "request-invalid"),
        ("/submission/cycles?cursor=%00", 400, "cursor-malformed"),
        ("/ranking/cycles/2021/table?at=NaN", 422, "request-invalid"),
        (f"/ranking/cycles/2021/table?at={'9' * 30}", 422, "request-invalid"),
        ("/ranking/cycles/2021/table?at=9999-12-31T23:59:59-23:59", 422, "request-invalid"),
        ("/ranking/cycles/2021/table?revision=-1", 422, "request-invalid"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_paths_that_lead_nowhere_else(path: str, status: int, code: str, quiet: Town) -> None:
    quiet.refused(Request("GET", path), status, code)


@pytest.mark.parametrize("method", ["PATCH", "POST", "TRACE"])
def test_a_method_that_nobody_takes(method: str, quiet: Town) -> None:
    quiet.refused(Request(method, SCORE), 405, "method-not-allowed")


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("Basic eDp5", "bearer-token-expected"),
        ("Bearer", "bearer-token-expected"),
        ("Bearer x.y.z", "token-invalid"),
        ("Bearer eyJhbGciOiJub25lIiwia2lkIjoidHJpYWwifQ.eyJzdWIiOiJ4In0.", "token-invalid"),
    ],
)
def test_a_token_that_proves_nothing(authorization: str, code: str, quiet: Town) -> None:
    headers = {"Authorization": authorization}

    quiet.refused(Request("GET", CYCLE, who="", headers=headers), 401, code)


def test_decomposed_letters_are_taken_and_kept_composed(quiet: Town) -> None:
    said = "Sở Y tế tỉnh An Giang"
    path = EVIDENCE.replace("ke-hoach", "nfd")
    decomposed = unicodedata.normalize("NFD", said)
    assert decomposed != said

    first = quiet.send(Request("PUT", path, _issued_by(decomposed)))
    again = quiet.send(Request("PUT", path, _issued_by(said)))
    quiet.settle()

    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert again.json()["facts"] == [], "the same letters are no news"
    [sheet] = quiet.done(Request("GET", SHEET))
    kept = {
        each["evidence"]: each["document"]["issuer"]
        for item in sheet["items"]
        for each in item["evidence"]
    }
    assert kept["nfd"] == said


def _issued_by(issuer: str) -> dict[str, Any]:
    body: dict[str, Any] = dict(evidence_of(PDF))
    return {**body, "document": {**body["document"], "issuer": issuer}}

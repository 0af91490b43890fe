"""What comes through the HTTP door: callers, conditions, pages and problems."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from shared.adapters.memory.clock import BEGINNING
from tests.support import echo
from tests.support.echo import ENGLISH, KEY, TOKEN


@pytest.fixture
async def caller() -> AsyncIterator[httpx.AsyncClient]:
    async with echo.caller() as client:
        yield client


def _is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    said = answer.json()
    return (
        answer.status_code == said["status"] == status
        and answer.headers["content-type"] == "application/problem+json"
        and said["type"] == f"/problems/{code}"
        and said["code"] == code
        and said["instance"] == answer.url.path
    )


async def test_a_token_makes_its_holder_the_actor(caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/call", headers=TOKEN)

    assert answer.json()["actor"] == echo.OFFICER.reference


async def test_without_a_token_the_caller_is_the_public(caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/call")

    assert answer.json()["actor"] == "public:"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("Bearer nonsense", "token-invalid"),
        ("Basic bmFtZTpzZWNyZXQ=", "bearer-token-expected"),
        ("so-y-te", "bearer-token-expected"),
        ("", "bearer-token-expected"),
    ],
)
async def test_a_token_that_proves_nothing_is_refused_rather_than_ignored(
    authorization: str, code: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.get("/call", headers={"Authorization": authorization})

    assert _is_problem(answer, 401, code)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_call_has_its_time_from_the_clock(caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/call")

    assert answer.json()["at"] == BEGINNING.isoformat()
    assert BEGINNING.utcoffset() == timedelta(0)


async def test_a_correlation_is_the_callers_or_a_new_one(caller: httpx.AsyncClient) -> None:
    named = await caller.get("/call", headers={"X-Correlation-Id": "import-2021.1"})
    first = await caller.get("/call")
    second = await caller.get("/call")

    assert named.json()["correlation"] == "import-2021.1"
    assert first.json()["correlation"] != second.json()["correlation"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("X-Correlation-Id", "two words", "correlation-id-malformed"),
        ("X-Correlation-Id", "a" * 65, "correlation-id-malformed"),
        ("If-Match", "57", "if-match-malformed"),
        ("If-Match", '"057"', "if-match-malformed"),
        ("If-Match", 'W/"57"', "if-match-malformed"),
        ("If-Match", '"56", "57"', "if-match-malformed"),
        ("If-Match", '"' + "9" * 30 + '"', "if-match-malformed"),
    ],
)
async def test_a_condition_that_cannot_be_read_is_refused(
    name: str, value: str, code: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.get("/call", headers={name: value})

    assert _is_problem(answer, 400, code)


async def test_whoever_would_change_any_version_is_told_to_name_the_one_that_was_read(
    caller: httpx.AsyncClient,
) -> None:
    answer = await caller.put("/said/so-y-te", json={}, headers={"If-Match": "*"})

    assert _is_problem(answer, 428, "version-unnamed")


async def test_a_write_answers_with_its_facts_and_the_tag_to_change_next(
    caller: httpx.AsyncClient,
) -> None:
    answer = await caller.put("/said/so-y-te", json={}, headers={"If-Match": '"57"'})

    assert answer.json() == {"facts": ["so-y-te@58"], "version": 58}
    assert answer.headers["etag"] == '"58"'


@pytest.mark.parametrize("key", ["", "two words", "a" * 129, "khóa"])
async def test_a_key_that_cannot_be_kept_is_refused(key: str, caller: httpx.AsyncClient) -> None:
    headers = [(b"Idempotency-Key", key.encode())]

    answer = await caller.post("/said", json={}, headers=headers)

    assert _is_problem(answer, 400, "idempotency-key-malformed")


async def test_a_command_needs_a_key(caller: httpx.AsyncClient) -> None:
    answer = await caller.post("/said", json={})

    assert _is_problem(answer, 400, "idempotency-key-required")


async def test_the_same_request_written_otherwise_has_the_same_digest(
    caller: httpx.AsyncClient,
) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    first = await caller.post("/said", content='{"line":"é","count":2}', headers=headers)
    again = await caller.post(
        "/said", content='{ "count": 2, "line": "e\\u0301" }', headers=headers
    )
    other = await caller.post("/said", content='{"line":"é","count":3}', headers=headers)

    assert first.json()["key"] == "a-key"
    assert again.json()["digest"] == first.json()["digest"]
    assert other.json()["digest"] != first.json()["digest"]


async def test_the_same_request_of_another_person_has_another_digest(
    caller: httpx.AsyncClient,
) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    content = '{"line":"é","count":2}'

    first = await caller.post("/said", content=content, headers=headers)
    other = await caller.post("/said", content=content, headers={**headers, **TOKEN})

    assert other.json()["digest"] != first.json()["digest"]


async def test_an_anonymous_call_knows_the_time_and_nobody(caller: httpx.AsyncClient) -> None:
    answer = await caller.post("/answers", headers={"Authorization": "Bearer nonsense"})

    assert answer.json() == ["at", "language"]


async def test_pages_follow_one_another_by_their_cursors(caller: httpx.AsyncClient) -> None:
    first = (await caller.get("/numbers?limit=2")).json()
    second = (await caller.get(f"/numbers?limit=2&cursor={first['next']}")).json()
    third = (await caller.get(f"/numbers?limit=2&cursor={second['next']}")).json()

    pages = [[item["number"] for item in page["items"]] for page in (first, second, third)]
    assert pages == [[1, 2], [3, 4], [5]]
    assert third["next"] is None


@pytest.mark.parametrize("cursor", ["!", "bg==", "bh", "b", "_w", "Cg", "é"])
async def test_a_cursor_that_was_never_given_is_refused(
    cursor: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.get("/numbers", params={"cursor": cursor})

    assert _is_problem(answer, 400, "cursor-malformed")


@pytest.mark.parametrize("limit", ["0", "201", "two", "1.5"])
async def test_a_page_has_a_limited_length(limit: str, caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/numbers", params={"limit": limit})

    assert _is_problem(answer, 422, "request-invalid")
    assert [flaw["parameter"] for flaw in answer.json()["errors"]] == ["limit"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("refused", 409, "submission-locked"),
        ("missing", 404, "file-unknown"),
        ("conflict", 409, "version-taken"),
        ("forbidden", 403, "agency-not-yours"),
        ("stale", 412, "version-stale"),
        ("crowded", 429, "too-many-answers"),
        ("unread", 428, "version-required"),
        ("away", 503, "database-unavailable"),
        ("too-large", 413, "file-too-large"),
        ("flawed", 409, "scheme-invalid"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_what_a_room_refuses_is_a_problem_in_the_callers_language(
    kind: str, status: int, code: str, language: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.get(f"/problems/{kind}", headers={"Accept-Language": language})

    assert _is_problem(answer, status, code)
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept, Accept-Language"


async def test_a_stale_change_learns_what_is_current(caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/problems/stale")

    assert answer.json()["details"] == {"current": "57"}


@pytest.mark.parametrize("kind", ["away", "crowded"])
async def test_who_cannot_be_served_now_learns_when_to_come_again(
    kind: str, caller: httpx.AsyncClient
) -> None:
    answer = await caller.get(f"/problems/{kind}")

    assert int(answer.headers["retry-after"]) > 0


async def test_flaws_are_listed_by_their_pointers(caller: httpx.AsyncClient) -> None:
    answer = await caller.get("/problems/flawed", headers=ENGLISH)

    [flaw] = answer.json()["errors"]
    assert (flaw["pointer"], flaw["code"]) == ("/areas/0/criteria", "list-too-long")


async def test_what_is_not_there_is_a_problem_too(caller: httpx.AsyncClient) -> None:
    path = await caller.get("/nothing/here")
    method = await caller.delete("/call", headers=ENGLISH)

    assert _is_problem(path, 404, "path-unknown")
    assert _is_problem(method, 405, "method-not-allowed")
    assert method.headers["allow"] == "GET"


async def test_our_own_fault_is_logged_and_told_to_nobody(
    caller: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await caller.get("/broken", headers=TOKEN)

    assert _is_problem(answer, 500, "unexpected")
    assert "swordfish" not in answer.text
    assert "GET /broken failed" in caplog.text
    assert "so-y-te" not in caplog.text


async def test_the_document_of_the_api_tells_of_problems_and_tokens(
    caller: httpx.AsyncClient,
) -> None:
    document = (await caller.get("/openapi.json")).json()

    post = document["paths"]["/said"]["post"]
    required = [each["name"] for each in post["parameters"] if each["required"]]
    assert document["openapi"].startswith("3.1.")
    assert post["security"] == [{"bearer": []}]
    assert required == ["idempotency-key"]
    assert list(post["responses"]) == ["200", "4XX", "5XX", "429"]
    assert list(post["responses"]["4XX"]["content"]) == ["application/problem+json"]
    assert document["components"]["schemas"]["Problem"]["examples"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "security" not in document["paths"]["/answers"]["post"]

"""What would cost more to read, or to refuse, than it costs to send is refused early."""

import sys
import unicodedata
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from shared.adapters.web.characters import FORBIDDEN, MARKS_MAX
from shared.adapters.web.json_body import (
    ALL_MEMBERS_MAX,
    ALL_MEMBERS_OF_STRANGERS_MAX,
    KEY_CHARACTERS_MAX,
    MEMBERS_MAX,
)
from tests.support import echo
from tests.support.echo import KEY, TOKEN


@pytest.fixture
async def caller() -> AsyncIterator[httpx.AsyncClient]:
    async with echo.caller() as client:
        yield client


def _flaws(answer: httpx.Response) -> Mapping[str, str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")
    return {flaw["pointer"]: flaw["code"] for flaw in answer.json()["errors"]}


def _marked(marks: int) -> str:
    """A letter under marks of two orders, which are sorted when it is normalised."""
    return "e" + "\u0301" * (marks - marks // 2) + "\u0316" * (marks // 2)


async def test_a_letter_has_only_so_many_marks(caller: httpx.AsyncClient) -> None:
    few = await caller.post("/said", json={"text": _marked(MARKS_MAX)}, headers=KEY)
    many = await caller.post("/said", json={"text": _marked(20_000)}, headers=KEY)
    key = await caller.post("/said", json={_marked(MARKS_MAX + 1): 2}, headers=KEY)

    assert few.status_code == 200
    assert _flaws(many) == {"/text": "character-forbidden"}
    assert _flaws(key) == {"": "character-forbidden"}


async def test_a_long_key_is_refused(caller: httpx.AsyncClient) -> None:
    answer = await caller.post("/said", json={"k" * (KEY_CHARACTERS_MAX + 1): 2}, headers=KEY)

    assert _flaws(answer) == {"": "string-too-long"}


async def test_an_object_has_only_so_many_members_wherever_it_stands(
    caller: httpx.AsyncClient,
) -> None:
    largest = {f"{place:x}": "a" for place in range(MEMBERS_MAX)}

    taken = await caller.post("/said", json={"words": largest}, headers=KEY)
    within = await caller.post("/said", json={"words": {**largest, "x": "a"}}, headers=KEY)
    unknown = await caller.post("/said", json={**largest, "x": "a"}, headers=KEY)

    assert taken.status_code == 200
    assert {(each.status_code, each.json()["code"]) for each in (within, unknown)} == {
        (400, "json-too-wide")
    }


async def test_an_answer_is_no_larger_than_what_it_answers(caller: httpx.AsyncClient) -> None:
    deep: object = ["\u0001"] * 50_000
    for _ in range(60):
        deep = {"k" * KEY_CHARACTERS_MAX: deep}

    answer = await caller.post("/said", json=deep, headers=KEY)

    assert set(_flaws(answer).values()) == {"character-forbidden"}
    assert len(answer.content) < len(answer.request.content)


def test_what_counts_as_a_mark_is_whatever_has_an_order_among_marks() -> None:
    every = map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)])

    assert all(
        bool(FORBIDDEN.fullmatch(each * (MARKS_MAX + 1))) == bool(unicodedata.combining(each))
        for each in every
        if not FORBIDDEN.fullmatch(each)
    )


@pytest.mark.parametrize(
    ("headers", "maximum"),
    [(KEY, ALL_MEMBERS_OF_STRANGERS_MAX), ({**KEY, **TOKEN}, ALL_MEMBERS_MAX)],
)
async def test_all_objects_together_have_only_so_many_members(
    headers: Mapping[str, str], maximum: int, caller: httpx.AsyncClient
) -> None:
    objects = [{f"{place:x}": 1 for place in range(500)}] * (maximum // 500)

    taken = await caller.post("/call", json=[*objects], headers=headers)
    refused = await caller.post("/call", json=[*objects, {"x": 1}], headers=headers)

    assert taken.json()["code"] != "json-too-wide"
    assert (refused.status_code, refused.json()["code"]) == (400, "json-too-wide")
    assert str(maximum) in refused.json()["detail"]

"""A questionnaire is replaced by whoever has read the edition that it replaces."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.small_cycle import CYCLE
from tests.support.survey_office import (
    ASKED_OF_CITIZENS,
    CITIZENS,
    LISTED,
    Office,
    code_of,
    open_office,
)

OTHER = {**ASKED_OF_CITIZENS, "title": "Phiếu khác"}
THIRD = {**ASKED_OF_CITIZENS, "title": "Phiếu thứ ba"}
COPY = {
    "cycle": CYCLE,
    "questionnaire": "people",
    "opens": ASKED_OF_CITIZENS["opens"],
    "closes": ASKED_OF_CITIZENS["closes"],
}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A questionnaire is adopted, and not open yet."""
    async with open_office() as office:
        adopted = await office.put(CITIZENS, ASKED_OF_CITIZENS)
        assert (adopted.status_code, adopted.headers["ETag"]) == (200, '"1"')
        yield office


async def test_to_replace_one_needs_the_edition_that_was_read(office: Office) -> None:
    unread = await office.put(CITIZENS, OTHER)
    unnamed = await office.put(CITIZENS, OTHER, tag="*")
    stale = await office.put(CITIZENS, OTHER, tag='"7"')

    assert code_of(unread) == (428, "version-required")
    assert code_of(unnamed) == (428, "version-unnamed")
    assert code_of(stale) == (412, "version-stale")
    assert stale.json()["details"] == {"current": "1"}
    assert len(await office.facts()) == 1


async def test_where_there_is_none_nobody_is_told_of_a_version(office: Office) -> None:
    answer = await office.put(f"{LISTED}/citisens", OTHER, tag='"1"')

    assert code_of(answer) == (412, "version-of-nothing")


async def test_who_read_it_replaces_it_whatever_else_was_said_of_it(office: Office) -> None:
    read = await office.get(CITIZENS)
    await office.invite(2)

    replaced = await office.put(CITIZENS, OTHER, tag=read.headers["ETag"])

    assert (replaced.status_code, replaced.headers["ETag"]) == (200, '"2"')
    shown = await office.get(CITIZENS)
    assert (shown.headers["ETag"], shown.json()["title"]) == ('"2"', OTHER["title"])


async def test_of_two_officers_who_read_the_same_one_is_told_what_the_other_did(
    office: Office,
) -> None:
    answers = await asyncio.gather(
        office.put(CITIZENS, OTHER, tag='"1"'),
        office.as_("survey-officer/2").put(CITIZENS, THIRD, tag='"1"'),
    )

    refused, taken = sorted(answers, key=lambda answer: answer.is_success)
    assert (taken.status_code, code_of(refused)) == (200, (412, "version-stale"))
    assert len(await office.facts()) == 2


async def test_the_same_again_is_no_news_whatever_was_read(office: Office) -> None:
    for tag in (None, '"1"', '"7"'):
        again = await office.put(CITIZENS, ASKED_OF_CITIZENS, tag=tag)

        assert (again.json()["facts"], again.headers["ETag"]) == ([], '"1"')


async def test_a_copy_replaces_what_was_read_alone(office: Office) -> None:
    await office.put(f"{LISTED}/people", OTHER)

    unread = await office.put(f"{CITIZENS}/copy", COPY)
    read = await office.put(f"{CITIZENS}/copy", COPY, tag='"1"')

    assert code_of(unread) == (428, "version-required")
    assert (read.status_code, read.headers["ETag"]) == (200, '"2"')
    assert (await office.get(CITIZENS)).json()["copied_from"] == f"{CYCLE}/people"

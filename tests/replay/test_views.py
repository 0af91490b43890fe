"""Documents are the same bytes, however the facts came to be shown.

Live, fact by fact; from zero at once; by two projectors that race; and shown a second time over
documents that are there already. The facts are those of a cycle played over HTTP.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import get_args

import pytest

from services.appraisal.views import VIEWS as APPRAISAL_VIEWS
from services.submission.views import VIEWS as SUBMISSION_VIEWS
from services.survey.views import VIEWS as SURVEY_VIEWS
from shared.adapters.canonical import to_json
from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events import appraisal, codec, submission, survey
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.kernel.view import View
from shared.ports import Documents
from shared.runtime.project import POSITIONS, Projector
from tests.support import stories

DOCUMENTS_MAX = 10_000

Views = Sequence[View[Recorded]]
Shown = Mapping[tuple[str, str], bytes]
Story = tuple[Sequence[Stored], Views]

STORIES: Mapping[str, tuple[Callable[[], Awaitable[Sequence[Stored]]], Views, object]] = {
    "submission": (stories.submission_story, SUBMISSION_VIEWS, submission.Fact),
    "appraisal": (stories.appraisal_story, APPRAISAL_VIEWS, appraisal.Fact),
    "survey": (stories.survey_story, SURVEY_VIEWS, survey.Fact),
}


@pytest.fixture(params=STORIES)
async def story(request: pytest.FixtureRequest) -> Story:
    """The facts of a service, and its views."""
    tell, views, _ = STORIES[request.param]
    return await tell(), views


def in_steps(told: Sequence[Stored], size: int) -> Iterator[Sequence[Stored]]:
    """The facts, a few at a time."""
    for start in range(0, len(told), size):
        yield told[start : start + size]


async def shown(documents: Documents, views: Views) -> Shown:
    """Every document in canonical bytes, with the position that it was made from."""
    found: dict[tuple[str, str], bytes] = {}
    for view in views:
        page = await documents.page(view.collection, prefix="", limit=DOCUMENTS_MAX)
        for each in page:
            body = {"position": each.position, "body": each.body}
            found[view.collection, each.id] = to_json(body).encode()
    return found


async def from_zero(told: Sequence[Stored], views: Views) -> Shown:
    """All facts at once, into nothing."""
    store, documents = MemoryEventStore(), MemoryDocuments()
    await store.append(told)
    await Projector(store, documents, views).fresh()
    return await shown(documents, views)


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_has_every_fact_of_its_service(name: str) -> None:
    tell, _, facts = STORIES[name]

    told = await tell()

    assert {type(codec.decode(stored.body).data) for stored in told} == set(get_args(facts))


@pytest.mark.parametrize("step", [1, 3, 7])
async def test_documents_shown_live_are_those_shown_from_zero(story: Story, step: int) -> None:
    told, views = story
    store, documents = MemoryEventStore(), MemoryDocuments()
    projector = Projector(store, documents, views)

    for few in in_steps(told, step):
        await store.append(few)
        await projector.step()

    assert await shown(documents, views) == await from_zero(told, views)
    assert await shown(documents, views)


async def test_facts_shown_twice_change_no_document(story: Story) -> None:
    told, views = story
    store, documents = MemoryEventStore(), MemoryDocuments()
    await store.append(told)
    await Projector(store, documents, views).fresh()

    await documents.drop(POSITIONS)
    await Projector(store, documents, views).fresh()

    assert await shown(documents, views) == await from_zero(told, views)


async def test_two_projectors_that_race_show_the_same(story: Story) -> None:
    told, views = story
    store, documents = MemoryEventStore(), MemoryDocuments()
    one, two = (Projector(store, documents, views) for _ in range(2))

    for few in in_steps(told, 3):
        await store.append(few)
        await asyncio.gather(one.step(), two.step(), one.step(), two.step())

    assert await shown(documents, views) == await from_zero(told, views)


async def test_a_projector_that_is_behind_takes_nothing_back(story: Story) -> None:
    told, views = story
    store, documents = MemoryEventStore(), MemoryDocuments()
    late = Projector(store, documents, views)
    await store.append(told[: len(told) // 2])
    await late.step()
    await store.append(told[len(told) // 2 :])
    await Projector(store, documents, views).fresh()

    await asyncio.gather(late.fresh(), late.step())

    assert await shown(documents, views) == await from_zero(told, views)

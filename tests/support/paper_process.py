"""Processes that put piles of paper forms into an urn, one after the other or at once."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from services.survey.application import Paper, Shelf, Surveys
from services.survey.domain.filled import Filled
from services.survey.domain.paper import Form
from services.survey.views import VIEWS
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events.envelope import Context
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from shared.runtime.service import Outside
from tests.support.frail import Line
from tests.support.outside import memory_outside
from tests.support.paper_desk import (
    ASKING,
    CLOSING,
    HEALTH,
    HOME,
    NAME,
    PEOPLE,
    STREAM,
)
from tests.support.small_cycle import CYCLE, opened_cycle
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_desk import surveys_of

ONE, OTHER, THIRD = PEOPLE["one"], PEOPLE["other"], PEOPLE["third"]
AT = (CYCLE, NAME)
PILE = "p-1"
FORMS = (Form(HEALTH, Filled({"q1": "5"})), Form(HOME, Filled({"q1": "1"})))

WRONG = (FORMS[0], Form(HOME, Filled({"q1": "2"})))
"""As many forms, and one of them otherwise."""


def shelf(outside: Outside) -> Shelf:
    """What every use case reads."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    return Shelf(Handler(outside.store), Handler(outside.inbox), projector)


def paper(outside: Outside) -> Paper:
    """A process, which remembers nothing of the one before."""
    ports = (outside.urn, outside.drafts, outside.seals, outside.clock, outside.chance)
    return Paper(shelf(outside), *ports)


def surveys(outside: Outside) -> Surveys:
    """Who opens surveys and closes them."""
    return surveys_of(outside, shelf(outside))


def over(line: Line, outside: Outside) -> Outside:
    """The outside world of a process that reaches it by this line."""
    return replace(
        outside,
        store=line.to(outside.store),
        urn=line.to(outside.urn),
        drafts=line.to(outside.drafts),
    )


def context(key: str | None = None) -> Context:
    """Who says something, by a key of its own."""
    return Context(ASKING, ONE.reference, idempotency_key=key, request_digest=key)


async def opened() -> Outside:
    """A survey that takes answers, of one question."""
    clock = MemoryClock(ASKING)
    outside = memory_outside(clock=clock)
    for fact in opened_cycle():
        stored = codec.encode(fact.stream, fact.version, fact.context, fact.data)
        await outside.inbox.append([stored])
    adopted = msgspec.structs.replace(
        ADOPTED, cycle=CYCLE, questionnaire=NAME, opens=ASKING.replace(day=22), closes=CLOSING
    )
    await surveys(outside).adopt(ONE, adopted, context())
    await surveys(outside).open(ONE, *AT, context())
    return outside


async def facts(outside: Outside, kind: type) -> Sequence[object]:
    """The facts of one kind that were recorded."""
    stored = await outside.store.stream(STREAM, limit=1_000)
    decoded = [codec.decode(fact.body).data for fact in stored]
    return [fact for fact in decoded if isinstance(fact, kind)]

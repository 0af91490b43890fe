"""One judgement of rights, said twice: in Python for two urns, and in PostgreSQL's own language.

Whatever is done with rights, in whatever order, an urn on PostgreSQL answers as one in memory does.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.memory import MemoryUrn, SeededChance
from shared.kernel.errors import Problem
from shared.ports import Right, Slip, Urn
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import AGENCY, DAY, LEADERS, OTHER, SIPAS

pytestmark = REAL

EXAMPLES_MAX = 60
STEPS_MIN, STEPS_MAX = 10, 30
TOKENS = ("one", "other", "third")

Outcome = object
Step = Callable[["Place"], Awaitable[Outcome]]
Steps = st.SearchStrategy[Step]


@dataclass(frozen=True, slots=True)
class Place:
    """An urn, and what names begin with there that no other example has."""

    urn: Urn
    own: str

    def named(self, name: str) -> str:
        """A name that means the same in both urns."""
        return f"{self.own}-{name}"


questionnaires = st.sampled_from((SIPAS, SIPAS, SIPAS, LEADERS))
tokens = st.sampled_from(TOKENS)
agencies = st.sampled_from((AGENCY, OTHER))
receipts = st.sampled_from([f"receipt-{number}" for number in range(40)])
ballots = st.sampled_from(("blinded", "other"))
days = st.integers(0, 2).map(lambda later: DAY + timedelta(days=later))


async def invite(questionnaire: str, token: str, agency: str, at: Place) -> None:
    await at.urn.grant(at.named(questionnaire), [Right(at.named(token), agency)])


async def link(questionnaire: str, token: str, limits: tuple[int, int], at: Place) -> None:
    right = Right(at.named(token), AGENCY, "link", *limits)
    await at.urn.grant(at.named(questionnaire), [right])


async def revoke(questionnaire: str, token: str, at: Place) -> None:
    await at.urn.revoke(at.named(questionnaire), at.named(token))


async def spend(questionnaire: str, token: str, receipt: str, day: date, at: Place) -> None:
    slip = Slip({"q1": "5"}, at.named(receipt))
    await at.urn.spend(at.named(questionnaire), at.named(token), slip, day=day)


async def exchange(questionnaire: str, token: str, ballot: str, at: Place) -> Outcome:
    right = await at.urn.exchange(at.named(questionnaire), at.named(token), ballot)
    return right.agency, right.kind


async def cast(questionnaire: str, agency: str, ballot: str, receipt: str, at: Place) -> None:
    slip = Slip({"q1": "5"}, at.named(receipt))
    await at.urn.cast(at.named(questionnaire), agency, ballot, slip)


async def shut(questionnaire: str, at: Place) -> None:
    await at.urn.shut(at.named(questionnaire))


async def look(questionnaire: str, token: str, at: Place) -> Outcome:
    right = await at.urn.right(at.named(questionnaire), at.named(token))
    return right.agency, right.kind


def does(what: Callable[..., Awaitable[Outcome]], *with_: st.SearchStrategy[Any]) -> Steps:
    """A step that waits for its place."""
    return st.builds(partial, st.just(what), *with_)


# Most of what happens is about one link, lest its limits are hardly ever met.
limits = st.sampled_from(((4, 1), (4, 2), (2, 3)))
granting = does(invite, questionnaires, tokens, agencies) | does(
    link, questionnaires, tokens, limits
)
spending = does(spend, questionnaires, tokens, receipts, days)
spending_link = does(spend, st.just(SIPAS), st.just("one"), receipts, days)
steps = st.one_of(
    granting,
    *(spending, spending_link, spending_link, spending_link),
    does(exchange, questionnaires, tokens, ballots),
    does(cast, questionnaires, agencies, ballots, receipts),
    does(revoke, questionnaires, tokens),
    does(look, questionnaires, tokens),
    does(shut, st.just(LEADERS)),
)
stories = st.tuples(
    does(link, st.just(SIPAS), st.just("one"), limits),
    st.lists(steps, min_size=STEPS_MIN, max_size=STEPS_MAX),
).map(lambda parts: [parts[0], *parts[1]])


async def _outcomes(at: Place, story: Sequence[Step]) -> Sequence[Outcome]:
    """What became of each step, and how the rights stand in the end."""
    told: list[Outcome] = []
    for step in story:
        try:
            told.append(await step(at))
        except Problem as problem:
            told.append((type(problem), problem.code))
    for questionnaire in (SIPAS, LEADERS):
        name = at.named(questionnaire)
        told += [await at.urn.turnout(name), await at.urn.waiting(name)]
        told.append(await at.urn.unused(name, list(map(at.named, TOKENS))))
    return told


def test_postgres_judges_rights_as_memory_does(fresh_postgres: str) -> None:
    numbers = itertools.count()

    async def both(urn: Urn, story: Sequence[Step]) -> tuple[Sequence[Outcome], Sequence[Outcome]]:
        own = f"{next(numbers)}"
        in_memory = Place(MemoryUrn(SeededChance(1)), own)
        return await _outcomes(Place(urn, own), story), await _outcomes(in_memory, story)

    with asyncio.Runner() as runner:
        opened = postgres.urn(fresh_postgres)
        urn = runner.run(opened.__aenter__())

        @settings(max_examples=min(settings().max_examples, EXAMPLES_MAX), deadline=None)
        @given(stories)
        def same(story: Sequence[Step]) -> None:
            on_postgres, in_memory = runner.run(both(urn, story))
            assert on_postgres == in_memory

        try:
            same()
        finally:
            runner.run(opened.__aexit__(None, None, None))

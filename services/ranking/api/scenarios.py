"""Scenarios over HTTP: the table as it would be, and how sure the one that counts is."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.ranking.api.moment import AsRevision, At, Number
from services.ranking.application import Moment, Scenarios, WantedDrawing
from services.ranking.application.scenarios import ROUNDS_MAX, ROUNDS_MIN
from shared.adapters import web
from shared.count import whatif
from shared.kernel.points import parse
from shared.kernel.scheme import TieRule

CHANGES_MAX = 100
COLUMNS_MAX = 20

Points = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$", examples=["3.5"])]
Part = Annotated[web.ItemCode, Field(examples=["9"])]
Column = Annotated[str, Field(pattern=r"^[A-Za-z0-9:.-]{1,64}$", examples=["sipas"])]
Seed = Annotated[
    Number | None, Query(description="Where chance begins; from the ledger's root if not given")
]
Rounds = Annotated[
    Annotated[int, Field(ge=ROUNDS_MIN, le=ROUNDS_MAX)] | None,
    Query(description="How often the answers are drawn"),
]


async def _wanted(seed: Seed = None, rounds: Rounds = None) -> WantedDrawing:
    return WantedDrawing(seed, rounds)


class AwardBody(web.Body):
    """The council had given an item of an agency these points of the scheme in force."""

    change: Literal["award"]
    agency: web.Code
    item: web.ItemCode
    points: Points

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.DecideOtherwise(self.agency, self.item, parse(self.points))


class RecogniseBody(web.Body):
    """The council had recognised what an agency declares for an item."""

    change: Literal["recognise"]
    agency: web.Code
    item: web.ItemCode

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.DecideOtherwise(self.agency, self.item, "recognised")


class LeaveUndecidedBody(web.Body):
    """The council had not decided on an item of an agency."""

    change: Literal["leave-undecided"]
    agency: web.Code
    item: web.ItemCode

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.DecideOtherwise(self.agency, self.item, "undecided")


class WeighBody(web.Body):
    """An area, a criterion or an item had another maximum, and all that it gives changed alike."""

    change: Literal["weigh"]
    tier: web.Code
    part: Part
    maximum: Points

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.Weigh(self.tier, self.part, parse(self.maximum))


class LeaveOutBody(web.Body):
    """An area, a criterion or an item did not count."""

    change: Literal["leave-out"]
    tier: web.Code
    part: Part

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.LeaveOut(self.tier, self.part)


class BreakTiesBody(web.Body):
    """Equal indices were told apart by these columns, and what stays equal numbered by a rule."""

    change: Literal["break-ties"]
    tier: web.Code
    rule: TieRule
    chain: Annotated[web.Many[Column], Field(max_length=COLUMNS_MAX)]

    def change_meant(self) -> whatif.Change:
        """As the count takes it."""
        return whatif.BreakTiesBy(self.tier, self.rule, self.chain)


ChangeBody = Annotated[
    AwardBody | RecogniseBody | LeaveUndecidedBody | WeighBody | LeaveOutBody | BreakTiesBody,
    Field(discriminator="change"),
]
EXAMPLE = [
    {"change": "award", "agency": "so-y-te", "item": "1.1.2", "points": "0.5"},
    {"change": "weigh", "tier": "department", "part": "9", "maximum": "48"},
    {"change": "break-ties", "tier": "department", "rule": "ordinal", "chain": ["sipas"]},
]


class WhatIfBody(web.Body):
    """What is supposed, all of it together; the order means nothing."""

    changes: Annotated[web.Many[ChangeBody], Field(max_length=CHANGES_MAX, examples=[EXAMPLE])]


def add_scenarios(router: APIRouter, scenarios: Scenarios) -> None:
    """What may be asked of a result without changing it."""

    @router.post("/cycles/{cycle}/what-if", dependencies=[web.needs("read-provisional")])
    async def suppose(
        cycle: web.Code,
        body: WhatIfBody,
        call: web.Call,
        tier: web.Code | None = None,
        at: At = None,
    ) -> dict[str, Any]:
        """The tables as they would be under changes, beside those that count; nothing is written.

        An item of another maximum keeps its share of it: whatever was declared, decided, imported
        or answered counts by the same factor, as do the options of its rule. `swaps` are agencies
        that change places. `digest` and `counted_to` are those of the tables that count.
        """
        changes = [each.change_meant() for each in body.changes]
        return dict(await scenarios.what_if(call.actor, cycle, tier, at, changes))

    @router.get("/cycles/{cycle}/rank-ranges", dependencies=[web.FOR_ANYBODY])
    async def read_rank_ranges(
        cycle: web.Code,
        call: web.Call,
        wanted: Annotated[WantedDrawing, Depends(_wanted)],
        tier: web.Code | None = None,
        at: At = None,
        revision: AsRevision = None,
    ) -> dict[str, Any]:
        """How far each rank hangs on who was asked in the survey, beside the official rank.

        The answers are drawn again and again from those that came (a bootstrap), and each round is
        ranked; `method` says how, and what it cannot say. The same ledger and seed give the same.
        For a published result anybody may ask, without a seed and rounds of their own.
        """
        moment = Moment(at, revision)
        return dict(await scenarios.rank_ranges(call.actor, cycle, tier, moment, wanted))

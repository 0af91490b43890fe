"""A small cycle on real servers, with people who ask once and note how long an answer took."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from time import monotonic
from typing import Any

import httpx

from tests.faults.judged import steps
from tests.faults.judged.client import TOKEN_HOURS, Client
from tests.faults.judged.cycle import ITEMS, POINTS, QUESTIONS, Cycle
from tests.faults.real import story
from tests.faults.real.play import callers_of
from tests.support.deployed import Deployed
from tests.support.survey_office import answer_body

TIMEOUT_S = 40.0
"""Longer than any answer may take: who is not answered at all is found out too."""

ASKED = "leaders"
TOKENS = 20


@dataclass(slots=True)
class Town:
    """A cycle in which agencies declare and people answer; `slowest_s` is the slowest answer."""

    deployed: Deployed
    cycle: Cycle
    invitations: list[str]
    slowest_s: float = 0.0
    calls: int = 0
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT_S))
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _places: Iterator[tuple[str, str]] = field(
        default_factory=lambda: product((story.LATE, story.ALONE, story.LATE_TOO), ITEMS)
    )

    def call(
        self,
        method: str,
        path: str,
        *,
        by: tuple[str, str] = ("auditor", ""),
        at: str = "",
        **sent: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """One attempt by somebody in a role, of an agency; `at` a given process, or at any."""
        headers = {"Authorization": f"Bearer {self.token(*by)}", **sent.pop("headers", {})}
        url = at + path if at else self.deployed.at(path)
        began_s = monotonic()
        try:
            return self.http.request(method, url, headers=headers, **sent)
        finally:
            self.calls += 1
            self.slowest_s = max(self.slowest_s, monotonic() - began_s)

    def token(self, role: str, agency: str) -> str:
        """A token, which is asked for once."""
        if (role, agency) not in self._tokens:
            wanted: Mapping[str, Any] = {"role": role, "hours": TOKEN_HOURS}
            body = {**wanted, **({"agency": agency} if agency else {})}
            answer = self.http.post(self.deployed.at("/trial/tokens"), json=body)
            self._tokens[role, agency] = answer.raise_for_status().json()["token"]
        return self._tokens[role, agency]

    # ------------------------------------------------------------------------------ writing

    def declare(self) -> tuple[str, str, httpx.Response]:
        """An agency declares an item for the first time: the agency, the item, and the answer."""
        agency, item = next(self._places)
        path = f"{self.cycle.sheet(agency)}/items/{item}/score"
        body = {"inputs": {"points": POINTS[0]}}
        return agency, item, self.call("PUT", path, by=("agency", agency), json=body)

    def answer(self) -> httpx.Response:
        """Somebody answers who was invited."""
        body = answer_body(self.invitations.pop(), dict.fromkeys(QUESTIONS, "a"))
        return self.call("POST", f"{self.cycle.survey(ASKED)}/responses", json=body)

    def assign(self) -> httpx.Response:
        """The council is given a criterion."""
        path = f"/appraisal/cycles/{self.cycle.code}/tiers/district/criteria/{ITEMS[0]}/assignment"
        members = [{"id": f"member-{self.calls}", "agency": "so-tai-chinh"}]
        return self.call("PUT", path, by=("administrator", ""), json={"members": members})

    # ------------------------------------------------------------------------------ reading

    def answers(self, agency: str) -> bool:
        """Whether the agency's own sheet can be read."""
        return self.call("GET", self.cycle.sheet(agency)).is_success

    def sheet(self, agency: str) -> tuple[int, Mapping[str, str | None]]:
        """The version of an agency's sheet, and the points of each item."""
        sheet = self.call("GET", self.cycle.sheet(agency)).raise_for_status().json()
        return sheet["version"], {each["item"]: each["points"] for each in sheet["items"]}

    def answered(self) -> int:
        """How many have answered, of whom was asked about."""
        path = f"{self.cycle.survey(ASKED)}/turnout"
        turnout = self.call("GET", path, by=("survey-officer", "")).raise_for_status().json()
        return sum(each["answered"] for each in turnout["agencies"].values())

    def questionnaire(self) -> httpx.Response:
        """A reading of a document."""
        return self.call("GET", self.cycle.survey(ASKED))

    def table(self) -> httpx.Response:
        """Another one, of ranking."""
        return self.call("GET", self.cycle.ranking("table?tier=department"))

    def numbered(self) -> str:
        """The ids of all facts of the ledger, and whatever else stands in them."""
        return self.call("GET", self.cycle.ranking("facts")).raise_for_status().text


def founded(deployed: Deployed) -> Town:
    """Open the cycle, and invite people."""
    return asyncio.run(_founded(deployed, story.cycle(deployed.next_year())))


async def _founded(deployed: Deployed, cycle: Cycle) -> Town:
    async with callers_of(deployed, seed=0) as world:
        await steps.go_to(world, cycle.declaring)
        await steps.open_cycle(world, cycle)
        await steps.open_surveys(world, cycle)
        await steps.assign(world, cycle, story.MEMBERS)
        officer = Client(world, "inviter", "survey-officer")
        invitations = await steps.invite(officer, cycle, ASKED, cycle.every_agency[0], TOKENS)
        auditor = Client(world, "auditor", "auditor")
        await auditor.until_found(cycle.ranking("table?tier=department"))
    return Town(deployed, cycle, list(invitations))

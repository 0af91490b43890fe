"""What can be read of the appraisal: sheets, queues, progress, history, assignments."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Literal

from services.appraisal.application.desk import Desk, opened, present
from services.appraisal.application.papers import Papers, Place
from services.appraisal.domain.assignments import Assignments
from services.appraisal.domain.cycle import Cycle
from services.appraisal.domain.sheet import Sheet
from services.appraisal.views import HISTORY, SHEET
from services.appraisal.views.summary import by_criterion, summary
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing
from shared.kernel.view import Body
from shared.ports import Clock, Document, Seals
from shared.runtime.project import Projector

AGENCIES_MAX = 1_000

Status = Literal["pending", "proposed", "recognised", "rejected", "all"]


class Readings:
    """One method for each thing that can be read; own writes are shown at once."""

    def __init__(self, papers: Papers, shown: Projector, seals: Seals, clock: Clock) -> None:
        self._papers = papers
        self._shown = shown
        self._seals = seals
        self._clock = clock

    async def assignments(self, by: Actor, cycle: str) -> Sequence[Body]:
        """Every criterion that the council appraises, with its members, if it has any."""
        permit(by, "read-progress")
        copy = await self._papers.cycle(cycle)
        assigned = await self._papers.assignments(cycle)
        return [
            _assignment(copy, assigned, tier, criterion)
            for tier in sorted(copy.schemes)
            for criterion, items in copy.criteria(tier).items()
            if any(item.part == "self" for item in items)
        ]

    async def assignment(self, by: Actor, cycle: str, tier: str, criterion: str) -> Body:
        """One criterion with its members."""
        permit(by, "read-progress")
        copy = await self._papers.cycle(cycle)
        if criterion not in copy.criteria(tier):
            raise Missing("criterion-unknown", criterion=criterion, tier=tier)
        return _assignment(copy, await self._papers.assignments(cycle), tier, criterion)

    async def sheet(self, by: Actor, place: Place) -> Body:
        """The appraisal of one agency, with its notes; both sides see them."""
        permit(by, "read-appraisal", agency=place.agency)
        body = await self._sheet(place)
        sitting = await self._papers.sitting(by, place, self._clock.now())
        penalties = _penalties(sitting.cycle, body["tier"])
        desk = Desk(self._seals, sitting, await self._papers.appraisal(place))
        return {
            **body,
            "locked": sitting.sheet.locked,
            "items": [await desk.item(item) for item in body["items"]],
            "proposals": [await desk.proposal(proposal) for proposal in body["proposals"]],
            "summary": summary(body["items"], penalties),
            "criteria": by_criterion(body["items"], penalties),
            "actions": desk.actions(),
        }

    async def item(self, by: Actor, place: Place, code: str) -> Body:
        """One item of an agency's appraisal; its `version` is what a change is based on."""
        permit(by, "read-appraisal", agency=place.agency)
        body = await self._sheet(place)
        item = next((each for each in body["items"] if each["item"] == code), None)
        if item is None:
            raise Missing("item-unknown", item=code)
        sitting = await self._papers.sitting(by, place, self._clock.now())
        return await Desk(self._seals, sitting, await self._papers.appraisal(place)).item(item)

    async def queue(
        self, by: Actor, cycle: str, status: Status, window: tuple[str, int]
    ) -> Sequence[Document]:
        """The items assigned to the member who asks, of every agency but their own.

        The window is the id behind which to begin, and how many to read.
        """
        permit(by, "read-queue")
        after, limit = window
        copy = await self._papers.cycle(cycle)
        assigned = await self._papers.assignments(cycle)
        own = {by.agency, *assigned.agencies_of(by.id)}
        mine = (
            (f"{sheet['agency']}/{item['item']}", sheet, item)
            for sheet in await self._sheets(cycle)
            if sheet["agency"] in copy.agencies and sheet["agency"] not in own
            for item in sheet["items"]
            if assigned.is_assigned(by.id, sheet["tier"], item["criterion"])
            and status in {item["status"], "all"}
        )
        page: list[Document] = []
        presented: dict[str, Sheet] = {}
        for identity, sheet, item in sorted(mine, key=itemgetter(0)):
            if len(page) == limit:
                break
            if identity > after:
                agency = sheet["agency"]
                if agency not in presented:
                    presented[agency] = await self._papers.sheet(Place(cycle, agency))
                if by.id not in presented[agency].hands:
                    body = await self._queued(sheet, item, presented[agency])
                    page.append(Document(identity, 0, body))
        return page

    async def progress(self, by: Actor, cycle: str) -> Sequence[Body]:
        """How far the council is with each agency of the cycle, by their codes."""
        permit(by, "read-progress")
        copy = await self._papers.cycle(cycle)
        sheets = {sheet["agency"]: sheet for sheet in await self._sheets(cycle)}
        return [_progress(copy, agency, sheets.get(agency)) for agency in sorted(copy.agencies)]

    async def history(self, by: Actor, place: Place, window: tuple[str, int]) -> Sequence[Document]:
        """Everything that happened to the agency's appraisal, in its order; windowed alike."""
        permit(by, "read-appraisal", agency=place.agency)
        after, limit = window
        await self._sheet(place)
        documents = await self._shown.fresh()
        prefix = f"{place.cycle}/{place.agency}/"
        page = await documents.page(HISTORY.collection, prefix=prefix, after=after, limit=limit)
        return [
            Document(entry.id, entry.position, await opened(self._seals, entry.body or {}))
            for entry in page
        ]

    async def _sheet(self, place: Place) -> Body:
        documents = await self._shown.fresh()
        document = await documents.get(SHEET.collection, f"{place.cycle}/{place.agency}")
        if document is None or document.body is None:
            raise Missing("appraisal-unknown", agency=place.agency, cycle=place.cycle)
        return document.body

    async def _sheets(self, cycle: str) -> Sequence[Body]:
        documents = await self._shown.fresh()
        page = await documents.page(SHEET.collection, prefix=f"{cycle}/", limit=AGENCIES_MAX)
        return [document.body for document in page if document.body is not None]

    async def _queued(self, sheet: Body, item: Body, presented: Sheet) -> Body:
        return {
            "agency": sheet["agency"],
            "tier": sheet["tier"],
            "locked": presented.locked,
            **await opened(self._seals, item),
            **present(item, presented.item(item["item"]), self._clock.now()),
        }


def _assignment(copy: Cycle, assigned: Assignments, tier: str, criterion: str) -> Body:
    members = assigned.members.get((tier, criterion), ())
    return {
        "tier": tier,
        "criterion": criterion,
        "items": [item.code for item in copy.criteria(tier)[criterion] if item.part == "self"],
        "members": [{"id": member.id, "agency": member.agency} for member in members],
    }


def _penalties(copy: Cycle, tier: str) -> frozenset[str]:
    scheme = copy.schemes.get(tier)
    return frozenset(item.code for item in scheme.penalty) if scheme else frozenset()


def _progress(copy: Cycle, agency: str, sheet: Body | None) -> Body:
    head = {"agency": agency, "tier": copy.agencies[agency]}
    if sheet is None:
        return {**head, "status": "not-opened", "approved": None, **summary((), ())}
    status = "approved" if sheet["approved"] else "open"
    sums = summary(sheet["items"], _penalties(copy, sheet["tier"]))
    return {**head, "status": status, "approved": sheet["approved"], **sums}

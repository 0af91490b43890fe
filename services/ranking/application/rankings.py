"""What people can do with a cycle's result, and what each of them may see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.ranking import domain, views
from services.ranking.application.asked import (
    At,
    Moment,
    as_published,
    is_withdrawn,
    place_of,
    require_result,
    revision_of,
    row_of,
    tier_of,
)
from services.ranking.application.exported import Exported, pages
from services.ranking.application.generations import AGENCIES, CYCLES, TABLES
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.notes import Notes
from services.ranking.application.published import Published
from services.ranking.domain import Present, Publication, Result
from shared.count.hindrance import Hindrance
from shared.count.ledger import Ledger
from shared.events import ranking, submission
from shared.events.envelope import Context, Sealed
from shared.kernel.actor import Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Missing, Refused
from shared.ports import Document, Documents, Seals, read_out
from shared.runtime.handle import Handler, Outcome
from shared.runtime.project import Projector

LISTED_MAX = 1_000

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stores of ranking: its own streams, its documents, and the ledgers."""

    own: Handler
    shown: Projector
    documents: Documents
    ledgers: Ledgers


class Rankings:
    """The results of all cycles."""

    def __init__(self, shelf: Shelf, seals: Seals, notes: Notes) -> None:
        self._own = shelf.own
        self._shown = shelf.shown
        self._documents = shelf.documents
        self._ledgers = shelf.ledgers
        self._published = Published(shelf.ledgers, shelf.documents)
        self._seals = seals
        self._notes = notes

    # -------------------------------------------------------------------------- decisions

    async def approve(self, by: Actor, cycle: str, seen: str, context: Context) -> Outcome:
        """Approve the tables whose digest the council has seen."""
        permit(by, "approve-result")
        command = domain.ApproveResult(cycle, seen, await self._present(cycle))
        return await self._decide(cycle, command, context)

    async def publish(
        self,
        by: Actor,
        at: tuple[str, int],
        decision: submission.LegalAct,
        because: str | None,
        context: Context,
    ) -> Outcome:
        """Make the approved result public as the revision `at` (cycle, revision).

        The first takes no reason; every later one corrects the one before, and says why.
        """
        cycle, revision = at
        permit(by, "publish-result" if revision == 1 else "correct-result")
        if (because is None) != (revision == 1):
            raise Refused("reason-required" if because is None else "reason-not-taken")
        present = await self._present(cycle)
        if because is None:
            return await self._decide(
                cycle, domain.PublishResult(cycle, by.reference, decision, present), context
            )
        sealed = await self._sealed(await self._result(cycle), because)
        command = domain.CorrectResult(cycle, by.reference, revision, decision, sealed, present)
        return await self._decide(cycle, command, context)

    # --------------------------------------------------------------------------- readings

    async def cycles(self, by: Actor, after: str, limit: int) -> Sequence[Document]:
        """The counted cycles, by code; for the public, those with a result."""
        listed = await self._documents.page(CYCLES, prefix="", after=after, limit=LISTED_MAX)
        seen = [each for each in listed if each.body]
        if may(by, "read-cycle") is not None:
            seen = [each for each in seen if _has_result(each.body or {})]
        return seen[:limit]

    async def table(self, by: Actor, cycle: str, tier: str | None, moment: Moment) -> Body:
        """The table of a tier, which need not be named where there is only one."""
        withdrawn = await is_withdrawn(self._documents, cycle)
        more = {"withdrawn": withdrawn, "actions": await self._actions(by, cycle)}
        match await self._asked(by, cycle, "", moment):
            case Ledger() as ledger:
                tables = {table.tier: table for table in ledger.count().tables}
                table = tables[tier_of(tier, list(tables))]
                return {**views.table_body(ledger, table), **more}
            case Publication() as publication:
                require_result(by, cycle, withdrawn=withdrawn)
                known = await self._published.tiers(cycle, publication)
                published = await self._published.table(cycle, publication, tier_of(tier, known))
                said = as_published(publication, withdrawn=withdrawn)
                return {**(published or {}), **said, **more}
            case _:
                known = (await self._document(CYCLES, cycle, "cycle-not-counted"))["tiers"]
                key = f"{cycle}/{tier_of(tier, known)}"
                return {**await self._document(TABLES, key, "table-unknown"), **more}

    async def agency(self, by: Actor, cycle: str, agency: str, moment: Moment) -> Body:
        """Everything that an agency's row is made of.

        Who may not see the other rows yet does not learn how many of them are better.
        """
        alone = {} if may(by, "read-provisional") is None else {"rank": None}
        withdrawn = await is_withdrawn(self._documents, cycle)
        more = {"withdrawn": withdrawn, **alone}
        match await self._asked(by, cycle, agency, moment):
            case Ledger() as ledger:
                body = views.agency_body(ledger, *row_of(ledger, agency))
                return {**body, "counted_to": ledger.replay.size, **more}
            case Publication() as publication:
                require_result(by, cycle, withdrawn=withdrawn)
                published = await self._published.agency(cycle, publication, agency)
                if published is None:
                    raise Missing("agency-not-in-table", name=agency)
                return {**published, **as_published(publication, withdrawn=withdrawn)}
            case _:
                whole = await self._document(CYCLES, cycle, "cycle-not-counted")
                body = await self._document(AGENCIES, f"{cycle}/{agency}", "agency-not-in-table")
                return {**body, "counted_to": whole["counted_to"], **more}

    async def hindrances(self, by: Actor, cycle: str, at: At = None) -> Body:
        """What forbids a publication, and the digest that the council would approve."""
        permit(by, "read-provisional")
        alarmed = await self._alarmed(cycle) if at is None else ()
        ledger = await self._ledger(cycle, at)
        count = ledger.count()
        return {
            "cycle": cycle,
            "counted_to": count.basis.position,
            "digest": count.basis.digest,
            "hindrances": [
                {"code": hindrance.code, **hindrance.details}
                for hindrance in (*count.hindrances, *alarmed)
            ],
            "notes": [asdict(note) for note in ledger.notes()],
            "actions": await self._actions(by, cycle),
        }

    async def publications(self, by: Actor, cycle: str) -> Body:
        """Every revision that was published, each with its reason, and the present approval."""
        documents = await self._shown.fresh()
        kept = await documents.get(views.PUBLICATIONS.collection, cycle)
        body: Body = kept.body if kept and kept.body else {"cycle": cycle, "publications": []}
        if not body["publications"] and may(by, "read-provisional") is not None:
            raise Missing("result-not-published", cycle=cycle)
        opened = [await self._opened(each) for each in body["publications"]]
        withdrawn = await is_withdrawn(self._documents, cycle)
        actions = await self._actions(by, cycle)
        return {**body, "publications": opened, "withdrawn": withdrawn, "actions": actions}

    async def ledger(self, by: Actor, cycle: str, at: At = None) -> Body:
        """How long the ledger is, its root, and what is wrong with it.

        The alarm is that of today, whatever place is asked about.
        """
        permit(by, "read-log")
        alarm = await self._notes.alarm(cycle)
        ledger = await self._ledger(cycle, at)
        return {
            "cycle": cycle,
            "size": ledger.replay.size,
            "root": ledger.replay.root,
            "gaps": [
                {"stream": gap.stream, "version": gap.version, "parked": gap.parked}
                for gap in ledger.gaps
            ],
            "altered": list(ledger.altered),
            "alarm": alarm and alarm.body,
            "acknowledged": await self._notes.acknowledged(cycle),
            "faults": [
                {"number": fault.number, "code": fault.code, "fact": fault.fact}
                for fault in ledger.replay.faults
            ],
        }

    async def export(self, by: Actor, cycle: str, after: int, limit: int | None) -> Exported:
        """The facts behind a ledger number, as they stand in the ledger; all, or so many."""
        permit(by, "read-log")
        ledger = await self._ledgers.now(cycle)
        size, root = ledger.replay.size, ledger.replay.root
        first = min(after, size)
        last = size if limit is None else min(size, first + limit)
        return Exported(pages(self._ledgers, cycle, first, last), last, size, root)

    # ---------------------------------------------------------------------------- helpers

    async def _decide(self, cycle: str, command: domain.Command, context: Context) -> Outcome:
        return await self._own.handle(ranking.result_of(cycle), domain.decider, command, context)

    async def _result(self, cycle: str) -> Result:
        return await self._own.load(ranking.result_of(cycle), domain.decider)

    async def _ledger(self, cycle: str, at: At) -> Ledger:
        if at is None:
            return await self._ledgers.now(cycle)
        return await self._ledgers.as_of(cycle, at)

    async def _present(self, cycle: str) -> Present:
        alarmed = await self._alarmed(cycle)
        count = (await self._ledgers.now(cycle)).count()
        return Present(count.basis, (*count.hindrances, *alarmed))

    async def _alarmed(self, cycle: str) -> Sequence[Hindrance]:
        """Nothing is made public of a ledger that is not the one which was signed."""
        alarm = await self._notes.alarm(cycle)
        return [Hindrance("ledger-alarm")] if alarm and alarm.hinders else ()

    async def _sealed(self, result: Result, because: str) -> Sealed:
        before = [each.because for each in result.publications if each.because]
        return await self._seals.seal(because, like=before)

    async def _opened(self, publication: Body) -> Body:
        sealed = publication["because"]
        because = await read_out(self._seals, Sealed(**sealed)) if sealed else None
        return {**publication, "because": because}

    async def _asked(
        self, by: Actor, cycle: str, agency: str, moment: Moment
    ) -> Ledger | Publication | None:
        """What answers: the ledger as it once was, a publication, or None, the present."""
        match place_of(by, agency, moment):
            case "present":
                return None
            case "published":
                return revision_of(await self._result(cycle), cycle, moment.revision)
            case place:
                return await self._ledgers.as_of(cycle, place)

    async def _document(self, collection: str, key: str, unknown: str) -> Body:
        document = await self._documents.get(collection, key)
        if document is None or document.body is None:
            raise Missing(unknown, name=key.rpartition("/")[2])
        return document.body

    async def _actions(self, by: Actor, cycle: str) -> Mapping[str, str | None]:
        forbidden = {
            action: may(by, action)
            for action in ("approve-result", "publish-result", "correct-result")
        }
        if all(forbidden.values()):
            return forbidden
        result, present = await self._result(cycle), await self._present(cycle)
        allowed = domain.actions(result, present, by.reference)
        return {action: code or allowed[action] for action, code in forbidden.items()}


def _has_result(listed: Body) -> bool:
    return bool(listed["revision"]) and not listed["withdrawn"]

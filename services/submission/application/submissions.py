"""What an agency does with its sheet, and what a superior and the calendar do with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.submission.application.given import Archive, Inputs, Place, Proof, Upload
from services.submission.application.shelf import Shelf
from services.submission.domain import submission as domain
from services.submission.domain.council import Council
from services.submission.policy import ReopenAsSeconded
from services.submission.views import PROGRESS, WATCH, progress, watch
from shared.events import submission as events
from shared.events.envelope import Context, Recorded, caused_by
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Refused
from shared.kernel.view import Body
from shared.ports import (
    Clock,
    Content,
    Documents,
    Scan,
    Seals,
    Tracking,
    Wanted,
)
from shared.runtime.apart import apart
from shared.runtime.handle import Outcome

CYCLES_MAX = 1_000


class Submissions:
    """The sheets of the agencies: declared, proved, locked and reopened."""

    def __init__(self, shelf: Shelf, archive: Archive, seals: Seals, clock: Clock) -> None:
        self._shelf = shelf
        self._archive = archive
        self._seals = seals
        self._clock = clock

    # --- Agencies

    async def submit_score(
        self, by: Actor, place: Place, inputs: Inputs, based_on: int | None, context: Context
    ) -> Outcome:
        """Declare one item."""
        permit(by, "submit-score", agency=place.agency)
        situation = await self._situation(place, context.at)
        command = domain.SubmitScore(situation, place.item, inputs, based_on)
        return await self._decide(place, command, context)

    async def submit_scores(
        self,
        by: Actor,
        place: Place,
        scores: Mapping[str, Inputs],
        based_on: int | None,
        context: Context,
    ) -> Outcome:
        """Declare a whole sheet, all or nothing."""
        permit(by, "submit-score", agency=place.agency)
        situation = await self._situation(place, context.at)
        return await self._decide(place, domain.SubmitScores(situation, scores, based_on), context)

    async def withdraw_score(
        self, by: Actor, place: Place, based_on: int | None, context: Context
    ) -> Outcome:
        """Take a declaration back."""
        permit(by, "submit-score", agency=place.agency)
        situation = await self._situation(place, context.at)
        command = domain.WithdrawScore(situation, place.item, based_on)
        return await self._decide(place, command, context)

    async def store_file(self, by: Actor, place: Place, file: Upload) -> bool:
        """Hold a file that streams in, if it is what may prove something, for a month at least.

        True unless the sheet has it already; what others have stored is not the agency's to know.
        It is kept for ever once it is attached to an item.
        """
        permit(by, "attach-evidence", agency=place.agency)
        now = self._clock.now()
        situation, sheet = await self._shelf.reading(place.cycle, place.agency, now)
        domain.require(domain.against_storing(situation, sheet))

        async def check(content: Content) -> None:
            found = await self._archive.inspector.media_type(content)
            domain.require(domain.against_type(file.media_type, found))

        await self._archive.intray.bring(
            domain.stream(place.cycle, place.agency),
            file.chunks,
            wanted=Wanted(file.sha256, domain.FILE_BYTES_MAX),
            check=check,
            at=now,
            filed=sheet.files,
        )
        return not sheet.has_file(file.sha256)

    async def attach_evidence(
        self, by: Actor, place: Place, proof: Proof, context: Context
    ) -> Outcome:
        """Attach a file to an item that was brought to this sheet, or stood on it already.

        To know the hash of what others attached is not to have it. The file is looked into again:
        an earlier version of the system may have stored anything. It is kept for ever before a fact
        names it, unless the fact is refused.
        """
        permit(by, "attach-evidence", agency=place.agency)
        situation = await self._situation(place, context.at)
        sheet = await self._shelf.submission(place.cycle, place.agency)
        stream, intray = domain.stream(place.cycle, place.agency), self._archive.intray
        if known := sheet.files.get(proof.sha256):
            size_bytes: int | None = known.size_bytes
            content = self._archive.files.read(proof.sha256)
        else:
            size_bytes = await intray.size(stream, proof.sha256)
            content = intray.read(stream, proof.sha256)
        if size_bytes is None:
            domain.require(domain.against_storing(situation, sheet))
            raise Refused("file-not-stored", sha256=proof.sha256)
        command = domain.AttachEvidence(
            situation,
            place.item,
            proof.evidence,
            proof.document,
            events.StoredFile(
                sha256=proof.sha256, size_bytes=size_bytes, media_type=proof.media_type
            ),
            found=await self._archive.inspector.media_type(content),
            waits=self._archive.scans,
        )
        if known is None and domain.decide(command, sheet):
            await intray.file(stream, proof.sha256, domain.FILE_BYTES_MAX)
        outcome = await self._decide(place, command, context)
        await intray.clear(stream, proof.sha256)
        return outcome

    async def withdraw_evidence(
        self, by: Actor, place: Place, evidence: str, based_on: int | None, context: Context
    ) -> Outcome:
        """Detach a piece of evidence; its file stays."""
        permit(by, "attach-evidence", agency=place.agency)
        situation = await self._situation(place, context.at)
        command = domain.WithdrawEvidence(situation, place.item, evidence, based_on)
        return await self._decide(place, command, context)

    async def give_explanation(
        self, by: Actor, place: Place, text: str, context: Context
    ) -> Outcome:
        """Explain an item; the text is sealed before it is recorded."""
        permit(by, "give-explanation", agency=place.agency)
        situation = await self._situation(place, context.at)
        sheet = await self._shelf.submission(place.cycle, place.agency)
        before = sheet.entry(place.item).explanation
        sealed = await self._seals.seal(text, like=[before.text] if before else [])
        command = domain.GiveExplanation(situation, place.item, sealed)
        return await self._decide(place, command, context)

    async def lock(self, by: Actor, place: Place, context: Context) -> Outcome:
        """Close the sheet as the agency."""
        permit(by, "lock-submission", agency=place.agency)
        situation = await self._situation(place, context.at)
        return await self._decide(place, domain.Lock(situation), context)

    # --- Superiors, the council and the calendar

    async def reopen(
        self, by: Actor, place: Place, until: datetime, because: str, context: Context
    ) -> Outcome:
        """Let the agency work on its locked sheet again."""
        permit(by, "reopen-submission", agency=place.agency)
        situation = await self._situation(place, context.at)
        sealed = await self._seals.seal(because)
        return await self._decide(place, domain.Reopen(situation, until, sealed), context)

    async def perform(
        self, command: ReopenAsSeconded, cause: Recorded, tracking: Tracking | None
    ) -> None:
        """Do what the policy wants of a fact that another service told."""
        place = Place(command.cycle, command.agency)
        context = caused_by(cause, self._as_system())
        situation = await self._shelf.situation_or_nothing(place.cycle, place.agency, context.at)
        ends = command.ends(context.at)
        reopen = domain.Reopen(situation, ends, command.because, seconded=True)
        await self._decide(place, reopen, context, tracking)

    async def take_scan(self, sheet: Body, sha256: str, said: Scan) -> None:
        """Record what the scanner says of a file of a sheet, in quarantine or later."""
        permit(SYSTEM, "scan-evidence")
        place, context = Place(sheet["cycle"], sheet["agency"]), self._as_system()
        situation = await self._situation(place, context.at)
        command = domain.TakeScan(situation, sha256, said.scanner, said.finding)
        await self._decide(place, command, context)

    async def sweep_uploads(self) -> int:
        """Forget some of what was brought and attached to nothing for too long."""
        permit(SYSTEM, "sweep-uploads")
        return await self._archive.intray.sweep(self._clock.now())

    async def lock_overdue(self) -> int:
        """Lock every sheet whose time is over, and reopen those to which more was given since.

        Returns how many there were. What is refused for one agency holds up no other.
        """
        permit(SYSTEM, "lock-overdue")
        documents = await self._shelf.documents()
        cycles = await documents.page(WATCH.collection, prefix="", limit=CYCLES_MAX)
        kept = [
            await apart(self._keep_time_in(cycle.id, agencies, documents), f"cycle/{cycle.id}")
            for cycle in cycles
            if (agencies := watch.watched(cycle.body))
        ]
        return sum(kept)

    async def _keep_time_in(self, name: str, agencies: Sequence[str], documents: Documents) -> int:
        """Look at the progress of all first, so that only sheets to be changed are loaded."""
        at = self._clock.now()
        cycle = await self._shelf.cycle(name)
        keys = {agency: progress.key(name, agency) for agency in agencies}
        known = await documents.many(PROGRESS.collection, list(keys.values()))
        changed = 0
        for agency, key in keys.items():
            sheet = progress.outline(known[key].body if key in known else None)
            situation = domain.Situation(agency, cycle, Council(), at)
            if domain.is_overdue(situation, sheet) or domain.is_cut_short(situation, sheet):
                place = Place(name, agency)
                changed += await apart(self._keep_time_of(place), domain.stream(name, agency))
        return changed

    async def _keep_time_of(self, place: Place) -> int:
        """Lock first: an extension that comes meanwhile is seen afterwards, and reopens."""
        changed = 0
        context = self._as_system()
        for kind in (domain.LockOverdue, domain.ReopenExtended):
            situation = await self._situation(place, context.at)
            outcome = await self._decide(place, kind(situation), context)
            changed += len(outcome.facts)
        return changed

    def _as_system(self) -> Context:
        return Context(at=self._clock.now(), actor=SYSTEM.reference)

    async def _situation(self, place: Place, at: datetime) -> domain.Situation:
        return await self._shelf.situation(place.cycle, place.agency, at)

    async def _decide(
        self,
        place: Place,
        command: domain.Command,
        context: Context,
        tracking: Tracking | None = None,
    ) -> Outcome:
        stream = domain.stream(place.cycle, place.agency)
        return await self._shelf.own.handle(
            stream, domain.decider, command, context, tracking=tracking
        )

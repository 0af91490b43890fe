"""What an agency does with its sheet, and what a superior and the calendar do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.application.brought import Brought
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
from shared.ports import Clock, Content, Documents, Files, Inspector, Scan, Seals, Tracking
from shared.runtime.apart import apart
from shared.runtime.handle import Outcome

CYCLES_MAX = 1_000

Inputs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a cycle, an agency's sheet in it, and mostly one item."""

    cycle: str
    agency: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence by its name: what the document is, and the stored file that holds it."""

    evidence: str
    document: events.Document
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, by its SHA-256; it need not say what it is."""

    sha256: str
    media_type: str | None
    chunks: Content


@dataclass(frozen=True, slots=True)
class Archive:
    """Where files are kept, and who looks into them before.

    Where there is a scanner, what is attached waits for it.
    """

    files: Files
    inspector: Inspector
    scans: bool


class Submissions:
    """The sheets of the agencies: declared, proved, locked and reopened."""

    def __init__(self, shelf: Shelf, archive: Archive, seals: Seals, clock: Clock) -> None:
        self._shelf = shelf
        self._archive = archive
        self._brought = Brought(archive.files, seals)
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
        """Keep a file while it streams in, if it is what may prove something.

        True unless the sheet has it already; what others have stored is not the agency's to know.
        Evidence names it afterwards.
        """
        permit(by, "attach-evidence", agency=place.agency)
        now = self._clock.now()
        situation, sheet = await self._shelf.reading(place.cycle, place.agency, now)
        domain.require(domain.against_storing(situation, sheet))

        async def check(content: Content) -> None:
            found = await self._archive.inspector.media_type(content)
            domain.require(domain.against_type(file.media_type, found))

        await self._archive.files.put(
            file.chunks, sha256=file.sha256, bytes_max=domain.FILE_BYTES_MAX, check=check
        )
        await self._brought.mark(domain.stream(place.cycle, place.agency), file.sha256)
        return not sheet.has_file(file.sha256)

    async def attach_evidence(
        self, by: Actor, place: Place, proof: Proof, context: Context
    ) -> Outcome:
        """Attach a file to an item that was brought to this sheet.

        It is looked into again: an earlier version of the system may have stored anything.
        """
        permit(by, "attach-evidence", agency=place.agency)
        situation = await self._situation(place, context.at)
        size_bytes = await self._archive.files.size(proof.sha256)
        sheet = await self._shelf.submission(place.cycle, place.agency)
        stream = domain.stream(place.cycle, place.agency)
        brought = await self._brought.has(stream, sheet, proof.sha256)
        if size_bytes is None or not brought:
            domain.require(domain.against_storing(situation, sheet))
            raise Refused("file-not-stored", sha256=proof.sha256)
        content = self._archive.files.read(proof.sha256)
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
        return await self._decide(place, command, context)

    async def withdraw_evidence(
        self, by: Actor, place: Place, evidence: str, context: Context
    ) -> Outcome:
        """Detach a piece of evidence; its file stays."""
        permit(by, "attach-evidence", agency=place.agency)
        situation = await self._situation(place, context.at)
        command = domain.WithdrawEvidence(situation, place.item, evidence)
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
        """Record what the scanner says of a file that waits on a sheet in quarantine."""
        permit(SYSTEM, "scan-evidence")
        place = Place(sheet["cycle"], sheet["agency"])
        command = domain.TakeScan(place.cycle, place.agency, sha256, said.scanner, said.finding)
        await self._decide(place, command, self._as_system())

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

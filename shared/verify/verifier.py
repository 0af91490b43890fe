"""The verification, step by step: the file, its lines, the count, and what was said of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.count import bundle
from shared.count.balance import Balance, Imbalance
from shared.count.bundle import Claim, Claims, Manifest
from shared.count.replay import Count, Replay
from shared.verify import checkpoints, container, files, reading
from shared.verify.checkpoints import Given, Kept, Keys
from shared.verify.container import Container
from shared.verify.content import of_file
from shared.verify.fault import EXITS, Fault, Unusable
from shared.verify.reading import Lines, Read, entries, of_entries
from shared.verify.report import Counted, Report


@dataclass(slots=True)
class Subject:
    """What is verified: a bundle, or the lines of a ledger alone."""

    lines: Lines
    container: Container = field(default_factory=Container)
    manifest: Manifest | None = None
    is_bundle: bool = False


def verify(path: Path, given: Given) -> Report:
    """Verify a file; raises `Unusable` where nothing can be said of it, and OSError."""
    if not container.is_container(path):
        subject = Subject(of_file(path).lines)
    else:
        held = container.opened(path)
        subject = Subject(_lines(held), held, _manifest(held), is_bundle=True)
    return _verified(subject, given)


def verify_entries(ledger: Sequence[bytes], given: Given) -> Report:
    """Verify the entries of a ledger that are in memory."""
    return _verified(Subject(of_entries(ledger)), given)


def _verified(subject: Subject, given: Given) -> Report:
    held, manifest = subject.container, subject.manifest
    if manifest is not None:
        names = [bundle.checkpoint_name(size) for size in manifest.checkpoints]
        held.compare(bundle.CHECKPOINTS, names)
    keys = Keys(given, manifest)
    kept, malformed = checkpoints.read(held, given, keys, manifest)
    read = reading.read(subject.lines, _evidence(held), manifest.cycle if manifest else "")
    if not (subject.is_bundle or read.named):
        raise Unusable("no-facts", read.faults)
    recount = _recount(entries(subject.lines()), read, kept)
    faults = [*keys.faults, *malformed, *read.faults, *recount.faults]
    faults += [Fault(each.code, each.number, each.fact) for each in recount.replay.faults]
    faults += _history(manifest, recount, kept)
    faults += [fault for claim in read.claims.listed for fault in _differences(claim, recount)]
    faults += _copies(subject, read, recount) if subject.is_bundle else []
    faults += [*held.faults, *(fault for each in kept for fault in each.faults)]
    beside = files.compare(given.files, entries(subject.lines())) if given.files else None
    faults += beside.faults if beside else ()
    faults.sort(key=lambda fault: (EXITS[fault.kind], fault.member, fault.number))
    return Report(
        cycle=read.cycle,
        replay=recount.replay,
        end=recount.end,
        result=recount.result,
        claims=read.claims.listed,
        checkpoints=kept,
        faults=faults,
        files=beside,
        is_bundle=subject.is_bundle,
        not_judged=recount.not_judged,
    )


# --- What is read


def _lines(held: Container) -> Lines:
    content = held.members.get(bundle.FACTS)
    return content.lines if content else tuple


def _manifest(held: Container) -> Manifest | None:
    content = held.members.get(bundle.MANIFEST)
    if content is None:
        return None
    manifest = bundle.manifest_of(content.whole())
    if manifest is None:
        held.find("bundle-malformed", bundle.MANIFEST)
    return manifest


def _evidence(held: Container) -> Iterable[bytes]:
    content = held.members.get(bundle.EVIDENCE)
    return content.lines() if content else ()


# --- The count


@dataclass(slots=True)
class Recount:
    """The ledger counted again, at its end and wherever something is said of it."""

    replay: Replay
    counts: dict[int, Count] = field(default_factory=dict)
    roots: dict[int, str] = field(default_factory=dict)
    shown: dict[int, Counted] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    not_judged: Sequence[str] = ()

    @property
    def end(self) -> Count:
        """All of the facts."""
        return self.counts[self.replay.size]

    @property
    def result(self) -> Counted:
        """What is shown: what was published last, or all of the facts."""
        return self.shown[min(self.shown)]


def _recount(ledger: Iterable[bytes], read: Read, kept: Sequence[Kept]) -> Recount:
    claimed = {claim.stated.position for claim in read.claims.listed if claim.is_possible}
    positions = claimed | {read.size}
    sizes = {each.checkpoint.size for each in kept}
    published = [claim for claim in read.claims.publications[-1:] if claim.is_possible]
    shown = {read.size, *(claim.stated.position for claim in published)}
    recount, balance = Recount(Replay(read.cycle)), Balance(read.cycle)
    _look(recount, positions, sizes, shown)
    for entry in ledger:
        counted = recount.replay.take(entry)
        if counted is not None:
            recount.faults += _imbalances(balance.take(recount.replay.size, counted))
        _look(recount, positions, sizes, shown)
    recount.faults += _imbalances(balance.end())
    recount.not_judged = balance.not_judged
    return recount


def _imbalances(found: Iterable[Imbalance]) -> Iterator[Fault]:
    return (Fault(each.code, each.number, each.fact, details=each.details) for each in found)


def _look(recount: Recount, positions: set[int], sizes: set[int], shown: set[int]) -> None:
    replay = recount.replay
    if replay.size in sizes:
        recount.roots[replay.size] = replay.root
    if replay.size not in positions:
        return
    count = replay.count()
    # What is damaged is among the faults of the entries, and need not be kept for each place.
    hindrances = tuple(each for each in count.hindrances if each.code != "ledger-damaged")
    recount.counts[replay.size] = Count((), hindrances, count.basis)
    if replay.size in shown:
        state = replay.state
        recount.shown[replay.size] = Counted(count, dict(state.roster), dict(state.schemes))


# --- What was said of it


def _history(manifest: Manifest | None, recount: Recount, kept: Sequence[Kept]) -> Iterator[Fault]:
    size, root = recount.replay.size, recount.replay.root
    if manifest is not None and manifest.size != size:
        details = {"stated": str(manifest.size), "found": str(size)}
        yield Fault("size-differs", member=bundle.MANIFEST, details=details)
    if manifest is not None and manifest.root != root:
        details = {"stated": manifest.root, "found": root}
        yield Fault("bundle-root-differs", member=bundle.MANIFEST, details=details)
    for each in kept:
        checkpoints.compare(each, size, recount.roots.get(each.checkpoint.size, ""))


def _differences(claim: Claim, recount: Recount) -> Iterator[Fault]:
    """Where a claim differs from the facts."""
    position = {"position": str(claim.stated.position)}
    if not claim.is_possible:
        yield _fault(claim, "position-impossible", position)
        return
    counted = recount.counts[claim.stated.position]
    stated, found = claim.stated, counted.basis
    if found.root != stated.root:
        roots = {"stated": stated.root, "found": found.root}
        yield _fault(claim, "root-differs", position | roots)
    if found.digest != stated.digest:
        digests = {"stated": stated.digest, "found": found.digest}
        yield _fault(claim, "digest-differs", position | digests)
    if claim.revision is not None:
        yield from _trespasses(claim, counted)


def _trespasses(claim: Claim, counted: Count) -> Iterator[Fault]:
    """Why a publication was not permitted when it was made."""
    if claim.revision != claim.due:
        revisions = {"stated": str(claim.revision), "due": str(claim.due)}
        yield _fault(claim, "revision-out-of-order", revisions)
    if claim.approved != claim.stated.digest:
        approved = {"published": claim.stated.digest, "approved": claim.approved or "-"}
        yield _fault(claim, "approval-missing", approved)
    for hindrance in counted.hindrances:
        because = " ".join([hindrance.code, *hindrance.details.values()])
        yield _fault(claim, "hindered", {"because": because})


def _fault(claim: Claim, code: str, details: Mapping[str, str]) -> Fault:
    return Fault(code, claim.number, claim.fact, details=details)


# --- What is copied from it


def _copies(subject: Subject, read: Read, recount: Recount) -> Iterator[Fault]:
    """Hold schemes, evidence and tables against the facts; the tables by their digests."""
    held = subject.container
    tables = dict(_tables(read.claims, recount))
    for kind, code, expected in (
        (bundle.SCHEMES, "scheme-differs", read.schemes),
        (bundle.TABLES, "table-differs", tables),
    ):
        held.compare(kind, list(expected))
        for _, name, content in held.of_kind(kind):
            if content is not None and content.sha256() != expected[name]:
                yield Fault(code, member=name)
    if held.members.get(bundle.EVIDENCE) is not None and read.evidence:
        yield Fault("evidence-differs", read.evidence, member=bundle.EVIDENCE)


def _tables(claims: Claims, recount: Recount) -> Iterator[tuple[str, str]]:
    for place, claim in enumerate(claims.publications, start=1):
        if claim.is_possible:
            digest = recount.counts[claim.stated.position].basis.digest
            yield bundle.table_name(place), digest

"""A cycle's bundle: one file with everything that its published results rest on.

It speaks of the ledger as it is when it is asked for, whatever comes meanwhile. The ledger is read
once before the first byte, so that every size is known, and then again for each large member; no
more of it than a page, and one table, is ever in memory. `shared.count.bundle` says what it holds.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from services.ranking.application.exported import PAGE_FACTS
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.notes import Notes
from services.ranking.views import readme
from shared.count import bundle
from shared.count.bundle import Claims, Manifest
from shared.count.canonical import canonical
from shared.events import catalogue
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Refused
from shared.ledger import archive, note
from shared.ledger.archive import Member
from shared.ledger.line import to_line
from shared.ledger.note import Note
from shared.ports import Notary

Content = Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle on its way out: so many bytes, of a ledger of this size and root."""

    length: int
    size: int
    root: str
    parts: AsyncGenerator[bytes, None]


@dataclass(slots=True)
class _Seen:
    """What one reading of the ledger of a cycle has found."""

    cycle: str
    facts: Member = field(default=Member(bundle.FACTS.encode(), 0, 0))
    evidence: Member = field(default=Member(bundle.EVIDENCE.encode(), 0, 0))
    schemes: dict[int, Member] = field(default_factory=dict)
    claims: Claims = field(default_factory=Claims)

    def take(self, number: int, entry: bytes) -> None:
        """Look at the next entry."""
        self.facts = _longer(self.facts, to_line(entry) + b"\n")
        recorded = bundle.told(entry)
        if recorded is None:
            return
        self.claims.take(number, recorded, self.cycle)
        self.evidence = _longer(self.evidence, bundle.evidence_line(number, recorded) or b"")
        scheme = bundle.scheme_text(recorded)
        if scheme is not None:
            self.schemes[number] = _member(bundle.scheme_name(number), scheme)


class Bundles:
    """The bundles of all cycles."""

    def __init__(self, ledgers: Ledgers, notes: Notes, notary: Notary) -> None:
        self._ledgers = ledgers
        self._notes = notes
        self._notary = notary

    async def bundle(self, by: Actor, cycle: str) -> Bundle:
        """The bundle of a cycle as it is now.

        Raises `Refused("bundle-too-large")` before the first byte.
        """
        permit(by, "read-log")
        ledger = await self._ledgers.now(cycle)
        size, root = ledger.replay.size, ledger.replay.root
        seen = _Seen(cycle)
        async for number, page in self._pages(cycle, size):
            for place, entry in enumerate(page):
                seen.take(number + place, entry)
        contents = await self._contents(cycle, size, root, seen)
        members = [member for member, _ in contents]
        length = archive.size_of(members)
        if length > archive.BYTES_MAX or len(members) > archive.MEMBERS_MAX:
            raise Refused("bundle-too-large", bytes=str(length), maximum=str(archive.BYTES_MAX))
        return Bundle(length, size, root, _written(contents))

    async def _contents(
        self, cycle: str, size: int, root: str, seen: _Seen
    ) -> Sequence[tuple[Member, Content]]:
        notes = await self._signed(cycle, size)
        manifest = await self._manifest(cycle, size, root, list(notes))
        said = readme.text(manifest, len(seen.claims.publications))
        held = {bundle.README: said, bundle.MANIFEST: bundle.manifest_bytes(manifest)}
        held[bundle.CATALOGUE] = catalogue.text().encode()
        held |= {bundle.checkpoint_name(each): written for each, written in notes.items()}
        found = [(_member(name, content), _once(content)) for name, content in held.items()]
        found.append((seen.facts, lambda: self._facts(cycle, size)))
        found.append((seen.evidence, lambda: self._evidence(cycle, size)))
        for number, member in seen.schemes.items():
            found.append((member, _when_asked(self._scheme, cycle, number)))
        for place, claim in enumerate(seen.claims.publications, start=1):
            if claim.is_possible:
                table = _when_asked(self._table, cycle, claim.stated.position)
                name = bundle.table_name(place)
                found.append((await _measured(name, table), table))
        return sorted(found, key=_place)

    # ------------------------------------------------------------------------- what it holds

    async def _manifest(
        self, cycle: str, size: int, root: str, checkpoints: Sequence[int]
    ) -> Manifest:
        last = await self._notes.last(cycle)
        origin = last.checkpoint.origin if last else f"{self._notary.origin}/{cycle}"
        return Manifest(
            format=bundle.FORMAT,
            cycle=cycle,
            origin=origin,
            size=size,
            root=root,
            checkpoints=tuple(checkpoints),
            log_keys=tuple(await self._notes.keys(cycle)),
            witness_keys=tuple(note.to_verifier_key(key) for key in self._notary.witnesses),
            evidence_files=bundle.EVIDENCE_FILES,
        )

    async def _signed(self, cycle: str, size: int) -> dict[int, bytes]:
        """The checkpoints of up to a size, each with the lines of those whose keys are known.

        A line by a key that the bundle does not name could not be checked by who has the bundle.
        """
        cosigned = await self._notes.cosignatures(cycle)
        known = {(key.name, key.id) for key in self._notary.witnesses}
        signed: dict[int, bytes] = {}
        for kept in await self._notes.checkpoints(cycle):
            if kept.checkpoint.size <= size:
                lines = [
                    line
                    for line in cosigned.get(kept.note.text, ())
                    if (line.name, line.key_id) in known
                ]
                whole = Note(kept.note.text, (*kept.note.signatures, *lines))
                signed[kept.checkpoint.size] = note.to_bytes(whole)
        return signed

    async def _facts(self, cycle: str, size: int) -> AsyncIterator[bytes]:
        async for _, page in self._pages(cycle, size):
            yield b"".join(to_line(entry) + b"\n" for entry in page)

    async def _evidence(self, cycle: str, size: int) -> AsyncIterator[bytes]:
        async for first, page in self._pages(cycle, size):
            lines = [
                bundle.evidence_line(number, recorded) or b""
                for number, entry in enumerate(page, start=first)
                if (recorded := bundle.told(entry)) is not None
            ]
            yield b"".join(lines)

    async def _scheme(self, cycle: str, number: int) -> bytes:
        [kept] = await self._ledgers.page(cycle, after=number - 1, limit=1)
        recorded = bundle.told(kept.fact)
        return (bundle.scheme_text(recorded) if recorded else None) or b""

    async def _table(self, cycle: str, position: int) -> bytes:
        return canonical(cycle, (await self._ledgers.at(cycle, position)).count().tables)

    async def _pages(self, cycle: str, size: int) -> AsyncIterator[tuple[int, Sequence[bytes]]]:
        """The first entries of a ledger, page by page, each with the number that it begins with."""
        after = 0
        while after < size:
            limit = min(PAGE_FACTS, size - after)
            page = await self._ledgers.page(cycle, after=after, limit=limit)
            yield after + 1, [each.fact for each in page]
            after += len(page)


async def _written(contents: Sequence[tuple[Member, Content]]) -> AsyncGenerator[bytes, None]:
    """The file; whoever rewrites the ledger meanwhile gets no file that ends well."""
    for member, content in contents:
        yield archive.header(member)
        size = crc = 0
        async for part in content():
            size, crc = size + len(part), archive.crc_of(part, crc)
            yield part
        assert (size, crc) == (member.size, member.crc), "a ledger is never rewritten"
    yield archive.directory([member for member, _ in contents])


def _place(found: tuple[Member, Content]) -> bundle.Place:
    place = bundle.place_of(found[0].name.decode())
    assert place is not None, "every member has one"
    return place


def _member(name: str, content: bytes) -> Member:
    return Member(name.encode(), len(content), archive.crc_of(content))


def _longer(member: Member, part: bytes) -> Member:
    return Member(member.name, member.size + len(part), archive.crc_of(part, member.crc))


async def _measured(name: str, content: Content) -> Member:
    member = _member(name, b"")
    async for part in content():
        member = _longer(member, part)
    return member


def _once(content: bytes) -> Content:
    async def parts() -> AsyncIterator[bytes]:
        yield content

    return parts


def _when_asked(make: Callable[[str, int], Awaitable[bytes]], cycle: str, number: int) -> Content:
    """A content that is made anew each time, and not kept."""

    async def parts() -> AsyncIterator[bytes]:
        yield await make(cycle, number)

    return parts

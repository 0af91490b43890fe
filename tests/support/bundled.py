"""Bundles for tests: one as the service gives it, taken apart, put together and told anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from shared.adapters.signature import Ed25519Signer
from shared.count import bundle
from shared.count.bundle import Claims, Manifest
from shared.count.canonical import canonical
from shared.count.replay import Replay
from shared.events import codec
from shared.events import ranking as ranking_events
from shared.events.envelope import Context
from shared.events.ranking import Basis
from shared.ledger import archive, checkpoint, note
from shared.ledger.archive import END, LOCAL, RECORD, Member
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.line import from_line, to_line
from shared.ledger.merkle import Tree
from shared.ledger.note import ED25519, Key, Note
from tests.support.outside import NOTARY, ORIGIN, SIGNER
from tests.support.ranking import ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle
from tests.support.witness import WITNESS

AT = f"/cycles/{CYCLE}"
LOG = f"{ORIGIN}/{CYCLE}"
WITNESSED = replace(NOTARY, witnesses=(WITNESS.key,))
WITNESS_KEY = note.to_verifier_key(WITNESS.key)

Members = dict[str, bytes]


def key_of(signer: Ed25519Signer) -> Key:
    """The key of the log, if this one signs for it."""
    return Key(LOG, ED25519, signer.public_key)


LOG_KEY = note.to_verifier_key(key_of(SIGNER))


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle of a published cycle, and what somebody kept outside: its newest checkpoint."""

    content: bytes
    checkpoint: bytes

    @property
    def members(self) -> Members:
        """What it holds."""
        return unpacked(self.content)

    @property
    def entries(self) -> list[bytes]:
        """The entries of the ledger."""
        return entries_of(self.members)


async def published_bundle() -> Bundled:
    """The bundle of a cycle whose newest checkpoint a witness has countersigned."""
    async with ranking(WITNESSED) as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        newest = (await service.get(f"{AT}/checkpoints/latest")).content
        size = checkpoint.from_text(note.from_bytes(newest).text).size
        path = f"{AT}/checkpoints/{size}/cosignatures"
        await service.client.post(path, json={"line": WITNESS.line(newest)})
        kept = (await service.get(f"{AT}/checkpoints/{size}")).content
        return Bundled((await service.get(f"{AT}/bundle", "auditor")).content, kept)


# --- Taken apart, and put together


def packed(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """The file with these members in this order; a name may come twice."""
    listed = list(members.items() if isinstance(members, Mapping) else members)
    headers = [
        Member(name.encode(), len(content), archive.crc_of(content)) for name, content in listed
    ]
    said = (
        archive.header(header) + content
        for header, (_, content) in zip(headers, listed, strict=True)
    )
    return b"".join(said) + archive.directory(headers)


def unpacked(content: bytes) -> Members:
    """The members of a file that is sound."""
    *_, count, _, place, _ = END.unpack(content[-END.size :])
    members: Members = {}
    for _ in range(count):
        record = RECORD.unpack_from(content, place)
        size, name_bytes, offset = record[9], record[10], record[16]
        name = content[place + RECORD.size :][:name_bytes]
        start = offset + LOCAL.size + name_bytes
        members[name.decode()] = content[start : start + size]
        place += RECORD.size + name_bytes
    return members


def entries_of(members: Members) -> list[bytes]:
    """The entries that a bundle holds."""
    return [from_line(line) for line in members[bundle.FACTS].split(b"\n")[:-1]]


def facts_of(entries: Iterable[bytes]) -> bytes:
    """The member with some entries."""
    return b"".join(to_line(entry) + b"\n" for entry in entries)


def in_order(members: Members) -> Members:
    """The members as a bundle has them, one behind the other."""
    found = [(bundle.place_of(name), name) for name in members]
    known = sorted((place, name) for place, name in found if place is not None)
    return {name: members[name] for _, name in known}


# --- Told anew


def told_anew(
    members: Members,
    entries: Sequence[bytes],
    *,
    signer: Ed25519Signer = SIGNER,
    sizes: Sequence[int] = (),
) -> Members:
    """What a bundle of other entries holds, made and signed by whoever has a key."""
    sizes = sizes or (len(entries),)
    told = {name: members[name] for name in bundle.NOT_COVERED}
    told[bundle.FACTS] = facts_of(entries)
    told |= _copies(entries)
    told |= {bundle.checkpoint_name(size): _signed(entries, size, signer) for size in sizes}
    manifest = Manifest(
        format=bundle.FORMAT,
        cycle=CYCLE,
        origin=LOG,
        size=len(entries),
        root=Tree(entries).root().hex(),
        checkpoints=tuple(sizes),
        log_keys=(note.to_verifier_key(key_of(signer)),),
        witness_keys=(WITNESS_KEY,),
        evidence_files=bundle.EVIDENCE_FILES,
    )
    told[bundle.MANIFEST] = bundle.manifest_bytes(manifest)
    return in_order(told)


def republished(facts: Sequence[bytes], *without: str) -> list[bytes]:
    """The facts with a ledger that somebody made fit: what is left out never was."""
    replay, told = Replay(CYCLE), []
    for fact in facts:
        if any(name.encode() in fact for name in without):
            continue
        if b'"basis":' in fact:
            told.append(_rebased(fact, replay.count().basis))
        else:
            told.append(fact)
        replay.take(told[-1])
    return told


def approved(facts: Sequence[bytes]) -> list[bytes]:
    """The facts, and an approval of what they come to."""
    replay = Replay(CYCLE)
    for fact in facts:
        replay.take(fact)
    said = ranking_events.ResultApproved(cycle=CYCLE, basis=replay.count().basis)
    return [*facts, codec.encode(f"result/{CYCLE}", 1, Context(OPENED_AT), said).body]


def _rebased(fact: bytes, basis: Basis) -> bytes:
    recorded = codec.decode(fact)
    data = msgspec.structs.replace(recorded.data, basis=basis)
    return codec.encode(recorded.stream, recorded.version, recorded.context, data).body


def _signed(entries: Sequence[bytes], size: int, signer: Ed25519Signer) -> bytes:
    text = checkpoint.to_text(Checkpoint(LOG, size, Tree(entries[:size]).root()))
    return note.to_bytes(Note(text, (note.signed(text, key_of(signer), signer.sign),)))


def _copies(entries: Sequence[bytes]) -> Members:
    """Schemes, evidence and tables."""
    claims, evidence, copies = Claims(), b"", Members()
    for number, entry in enumerate(entries, start=1):
        recorded = bundle.told(entry)
        if recorded is None:
            continue
        claims.take(number, recorded, CYCLE)
        evidence += bundle.evidence_line(number, recorded) or b""
        if scheme := bundle.scheme_text(recorded):
            copies[bundle.scheme_name(number)] = scheme
    for place, claim in enumerate(claims.publications, start=1):
        if claim.is_possible:
            replay = Replay(CYCLE)
            for entry in entries[: claim.stated.position]:
                replay.take(entry)
            copies[bundle.table_name(place)] = canonical(CYCLE, replay.count().tables)
    return {**copies, bundle.EVIDENCE: evidence}

"""What a bundle of a cycle consists of; whoever writes one and whoever verifies it ask here.

`shared/verify/FORMAT.md` says the same, in words and down to the byte.
"""

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from shared.events import codec, ranking, submission
from shared.events.envelope import Recorded
from shared.kernel import scheme_reader
from shared.kernel.errors import Refused

FORMAT: Literal["cchc-bundle.v1"] = "cchc-bundle.v1"
EVIDENCE_FILES: Literal["left-out"] = "left-out"
"""They belong to another service, which ranking asks for nothing; their hashes are there."""

README, MANIFEST, FACTS = "README.md", "bundle.json", "facts.ndjson"
EVIDENCE, CATALOGUE = "evidence.ndjson", "catalogue.json"
ALWAYS = (README, MANIFEST, FACTS, EVIDENCE, CATALOGUE)
NOT_COVERED = (README, CATALOGUE)
SCHEMES, CHECKPOINTS, TABLES = "schemes", "checkpoints", "tables"

SIZE_MAX = 2**53

_ORDER = (README, MANIFEST, FACTS, SCHEMES, EVIDENCE, CHECKPOINTS, TABLES, CATALOGUE)
_NUMBERED = re.compile(
    r"(?:(schemes)/([1-9][0-9]{0,14})\.json"
    r"|(checkpoints)/([1-9][0-9]{0,14})\.note"
    r"|(tables)/([1-9][0-9]{0,14})\.json)"
)
_ROOT = re.compile(r"[0-9a-f]{64}")
_ENCODER = msgspec.json.Encoder(order="sorted")


# --- Names


def scheme_name(number: int) -> str:
    """The member with the scheme that an entry brings."""
    return f"{SCHEMES}/{number}.json"


def checkpoint_name(size: int) -> str:
    """The member with the checkpoint of a size."""
    return f"{CHECKPOINTS}/{size}.note"


def table_name(place: int) -> str:
    """The member with the table of a publication: of the first, the second, ..."""
    return f"{TABLES}/{place}.json"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a member stands among the others: by its kind, then by its number."""

    order: int
    number: int

    @property
    def kind(self) -> str:
        """Its name, or the folder that it lies in."""
        return _ORDER[self.order]


def place_of(name: str) -> Place | None:
    """The place of a member; None if no bundle has one of that name."""
    if name in ALWAYS:
        return Place(_ORDER.index(name), 0)
    found = _NUMBERED.fullmatch(name)
    if found is None:
        return None
    kind, number = (part for part in found.groups() if part is not None)
    return Place(_ORDER.index(kind), int(number))


# --- What a bundle says of itself


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is in a bundle; `size` and `root` are those of the ledger when it was begun."""

    cycle: str
    origin: str
    size: int
    root: str
    checkpoints: tuple[int, ...]
    log_keys: tuple[str, ...]
    witness_keys: tuple[str, ...]
    evidence_files: Literal["left-out"]
    format: Literal["cchc-bundle.v1"]


_MANIFEST = msgspec.json.Decoder(Manifest)


def manifest_bytes(manifest: Manifest) -> bytes:
    """How it is written."""
    return _ENCODER.encode(manifest)


def manifest_of(written: bytes) -> Manifest | None:
    """The inverse of `manifest_bytes`; None for anything else."""
    try:
        manifest = _MANIFEST.decode(written)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None
    is_written_so = manifest_bytes(manifest) == written
    return manifest if is_written_so and _is_sound(manifest) else None


def _is_sound(manifest: Manifest) -> bool:
    before = (0, *manifest.checkpoints)
    return (
        bool(manifest.cycle)
        and manifest.origin.endswith(f"/{manifest.cycle}")
        and len(manifest.origin) > len(manifest.cycle) + 1
        and 0 <= manifest.size <= SIZE_MAX
        and bool(_ROOT.fullmatch(manifest.root))
        and all(a < b <= SIZE_MAX for a, b in zip(before, manifest.checkpoints, strict=False))
    )


# --- What stands in entries


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that says what a beginning of the ledger comes to.

    Of a publication, `due` is the revision that had to be next, and `approved` the digest that was
    approved last before it.
    """

    number: int
    fact: str
    kind: str
    revision: int | None
    stated: ranking.Basis
    due: int
    approved: str

    @property
    def is_possible(self) -> bool:
        """Whether it speaks of entries that stand before it."""
        return 0 < self.stated.position < self.number


class Claims:
    """All claims of a ledger, in its order."""

    def __init__(self) -> None:
        self.listed: list[Claim] = []
        self._due = 1
        self._approved = ""

    @property
    def publications(self) -> list[Claim]:
        """Those that made a result public."""
        return [claim for claim in self.listed if claim.revision is not None]

    def take(self, number: int, recorded: Recorded, cycle: str) -> None:
        """Look at a fact that `told` has found in the ledger of a cycle."""
        if is_misplaced(recorded, cycle):
            return
        fact = recorded.data
        match fact:
            case ranking.ResultApproved(basis=basis):
                self._add(number, recorded, None, basis)
                self._approved = basis.digest
            case ranking.ResultPublished() | ranking.ResultCorrected():
                self._add(number, recorded, fact.revision, fact.basis)
                self._due = fact.revision + 1
            case _:
                pass

    def _add(
        self, number: int, recorded: Recorded, revision: int | None, basis: ranking.Basis
    ) -> None:
        stands = (self._due, self._approved)
        self.listed.append(Claim(number, recorded.id, recorded.type, revision, basis, *stands))


def is_misplaced(recorded: Recorded, cycle: str) -> bool:
    """Whether a result is told where no results are, so that it claims nothing."""
    return isinstance(recorded.data, ranking.ResultFact) and (
        recorded.stream != ranking.result_of(cycle) or recorded.data.cycle != cycle
    )


_TOLD = (
    "ranking.Result",
    "submission.EvidenceAttached.",
    "submission.SchemeAdopted.",
    "submission.SchemeAmended.",
)


def told(entry: bytes) -> Recorded | None:
    """The fact in an entry, if it is one of those that a bundle is made from."""
    try:
        return codec.decode(entry) if codec.head(entry).type.startswith(_TOLD) else None
    except codec.Unreadable:
        return None


def scheme_text(recorded: Recorded) -> bytes | None:
    """The scheme that a fact brings; None where it brings none that can be read."""
    match recorded.data:
        case submission.SchemeAdopted(scheme=scheme) | submission.SchemeAmended(scheme=scheme):
            try:
                scheme_reader.read(scheme)
            except Refused:
                return None
            return _ENCODER.encode(scheme)
        case _:
            return None


def evidence_line(number: int, recorded: Recorded) -> bytes | None:
    """The line of a piece of evidence, with its end; None for every other fact."""
    match recorded.data:
        case submission.EvidenceAttached() as fact:
            said = {
                "agency": fact.agency,
                "evidence": fact.evidence,
                "fact": recorded.id,
                "item": fact.item,
                "media_type": fact.file.media_type,
                "number": number,
                "sha256": fact.file.sha256,
                "size_bytes": fact.file.size_bytes,
            }
            return _ENCODER.encode(said) + b"\n"
        case _:
            return None

"""Keys and signed checkpoints: who has signed what, and which key that was checked by."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from shared.count import bundle
from shared.count.bundle import Manifest
from shared.ledger import checkpoint, cosignature, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.note import COSIGNATURE, ED25519, Illegible, Key, Note, Signature, Verify
from shared.verify.container import Container
from shared.verify.fault import Fault, Unusable

GIVEN = "given:"
"""How a checkpoint that came from outside is called, with its number among those that did."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the verifier is given beside the file, by somebody who kept it elsewhere.

    `files` is a folder with files of evidence.
    """

    verify: Verify
    keys: Sequence[Key] = ()
    checkpoints: Sequence[bytes] = ()
    files: Path | None = None


class SignedBy(NamedTuple):
    """A key that has signed rightly, and whether it came from outside."""

    key: Key
    is_given: bool


@dataclass(slots=True)
class Kept:
    """A checkpoint from the bundle or from outside, and what is wrong with it."""

    member: str
    checkpoint: Checkpoint
    signed_by: list[SignedBy] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_given(self) -> bool:
        """Whether it came from outside."""
        return self.member.startswith(GIVEN)

    @property
    def anchors(self) -> bool:
        """Whether somebody outside vouches for it: whoever kept it, or a witness known there."""
        known = any(key.type == COSIGNATURE and is_given for key, is_given in self.signed_by)
        return not self.faults and (self.is_given or known)

    def find(self, code: str, **details: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(code, member=self.member, details=details))


class Keys:
    """The keys that are known: those given, and those that the bundle names."""

    def __init__(self, given: Given, manifest: Manifest | None) -> None:
        self.faults: list[Fault] = []
        self._verify = given.verify
        self._given = list(given.keys)
        named = list(self._named(manifest)) if manifest else []
        self._known = [*self._given, *named]
        logs = [key for key in self._given if key.type == ED25519]
        self._logs = logs or [key for key in named if key.type == ED25519]

    def judge(self, kept: Kept, signed: Note) -> None:
        """Check every line under a checkpoint."""
        wrong: dict[str, None] = {}
        unknown: dict[str, None] = {}
        for line in signed.signatures:
            keys = [key for key in self._known if (key.name, key.id) == (line.name, line.key_id)]
            right = [key for key in keys if self._is_right(signed, line, key)]
            if right:
                kept.signed_by += [SignedBy(key, key in self._given) for key in right[:1]]
            else:
                (wrong if keys else unknown)[line.name] = None
        if wrong:
            kept.find("signature-wrong", name=", ".join(wrong))
        if unknown and not kept.is_given:
            kept.find("signature-unknown", name=", ".join(unknown))
        if not any(key in self._logs for key, _ in kept.signed_by):
            kept.find("signature-missing")

    def _is_right(self, signed: Note, line: Signature, key: Key) -> bool:
        alone = Note(signed.text, (line,))
        is_signed = note.is_signed if key.type == ED25519 else cosignature.is_cosigned
        return is_signed(alone, key, self._verify)

    def _named(self, manifest: Manifest) -> Iterator[Key]:
        for text in manifest.log_keys:
            yield from self._read(text, ED25519, manifest.origin)
        for text in manifest.witness_keys:
            yield from self._read(text, COSIGNATURE, None)

    def _read(self, text: str, kind: int, name: str | None) -> Iterator[Key]:
        try:
            key = note.from_verifier_key(text)
        except Illegible:
            key = None
        if key is not None and key.type == kind and name in {None, key.name}:
            yield key
        else:
            details = {"key": text}
            self.faults.append(Fault("key-malformed", member=bundle.MANIFEST, details=details))


def read(
    container: Container, given: Given, keys: Keys, manifest: Manifest | None
) -> tuple[Sequence[Kept], Sequence[Fault]]:
    """Every checkpoint, and the faults of those that are none.

    Raises `Unusable` where one that was given is none.
    """
    kept: list[Kept] = []
    faults: list[Fault] = []
    for size, member, content in container.of_kind(bundle.CHECKPOINTS):
        if content is None:
            continue
        try:
            each = _read(member, content.whole(), keys)
        except Illegible:
            faults.append(Fault("checkpoint-malformed", member=member))
            continue
        if each.checkpoint.size != size:
            each.find("checkpoint-misnamed", size=str(each.checkpoint.size))
        kept.append(each)
    for place, written in enumerate(given.checkpoints, start=1):
        kept.append(_given(f"{GIVEN}{place}", written, keys))
    for each in kept:
        if manifest is not None and each.checkpoint.origin != manifest.origin:
            each.find("checkpoint-of-another-log", origin=each.checkpoint.origin)
    return kept, faults


def compare(kept: Kept, size: int, root: str) -> None:
    """Hold a checkpoint against the entries: their number, and the root when it was signed."""
    if any(fault.code == "checkpoint-of-another-log" for fault in kept.faults):
        return
    stated = kept.checkpoint
    if stated.size > size:
        kept.find("checkpoint-ahead", size=str(stated.size), found=str(size))
    elif stated.root.hex() != root:
        kept.find("checkpoint-root-differs", size=str(stated.size))


def _read(member: str, written: bytes, keys: Keys) -> Kept:
    signed = note.from_bytes(written)
    kept = Kept(member, checkpoint.from_text(signed.text))
    keys.judge(kept, signed)
    return kept


def _given(member: str, written: bytes, keys: Keys) -> Kept:
    """A checkpoint as a note, or as the lines that were printed of it."""
    # Editors begin a file with a mark, and end its lines in their way; neither is part of it.
    text = written.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    try:
        if b"\n\n" in text.rstrip(b"\n"):
            return _read(member, text, keys)
        return Kept(member, checkpoint.from_text(text.decode().rstrip("\n") + "\n"))
    except (Illegible, UnicodeDecodeError) as error:
        raise Unusable("argument-malformed") from error

"""Signed notes (https://c2sp.org/signed-note): a text, and lines by which keys have signed it.

    cchc.angiang.example/2021 LF
    5028 LF
    CF040MxjATC3vVxb8ofEtNZ2yRHP+dufNxe1sSEVpYQ= LF
    LF
    <em dash> SP <key name> SP base64(key id || signature) LF
    ...

Whoever reads one ignores the signatures of keys that it does not know, and may not believe the
text before a key that it knows has signed it. Signing and verifying come as arguments: this room
knows no cryptography but hashes.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

ED25519 = 0x01
COSIGNATURE = 0x04
TYPES = frozenset({ED25519, COSIGNATURE})
"""The types of signature that are known here, both by a key of Ed25519 (RFC 8032)."""

PUBLIC_BYTES = 32
ID_BYTES = 4
NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
"""As the reference implementation has it; 16 have to be taken."""

Sign = Callable[[bytes], bytes]
"""Signs a message by Ed25519."""

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether by the public key (first) the message (second) has the signature (third) of Ed25519."""

_DASH = "\N{EM DASH}"


class Illegible(ValueError):
    """It is no note, line, key or checkpoint as the specifications have them."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs notes, by what others know of it; name and id tell it from all others."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """SHA-256(name || 0x0A || type || public)[:4]."""
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(named).digest()[:ID_BYTES]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: which key signed, and what came of it."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a line feed, and the signatures below it in their order."""

    text: str
    signatures: tuple[Signature, ...]

    def of(self, key: Key) -> tuple[Signature, ...]:
        """The signatures that say they are this key's."""
        return tuple(
            line for line in self.signatures if (line.name, line.key_id) == (key.name, key.id)
        )


def signed(text: str, key: Key, sign: Sign) -> Signature:
    """The signature of a key of the type Ed25519 under a text."""
    assert key.type == ED25519, "the others sign more than the text"
    return Signature(key.name, key.id, sign(text.encode()))


def is_signed(note: Note, key: Key, verify: Verify) -> bool:
    """Whether a key of the type Ed25519 has signed the text.

    A signature that says it is of this key, and is not, makes the whole note worthless.
    """
    assert key.type == ED25519, "the others sign more than the text"
    lines, text = note.of(key), note.text.encode()
    return bool(lines) and all(verify(key.public, text, line.signature) for line in lines)


# --- As text, and back


def to_bytes(note: Note) -> bytes:
    """How a note is written."""
    lines = "".join(f"{to_line(signature)}\n" for signature in note.signatures)
    return f"{note.text}\n{lines}".encode()


def from_bytes(written: bytes) -> Note:
    """The inverse of `to_bytes`; raises `Illegible` for anything else."""
    if len(written) > NOTE_BYTES_MAX:
        raise Illegible(f"a note has {NOTE_BYTES_MAX} bytes at most")
    try:
        whole = written.decode()
    except UnicodeDecodeError as error:
        raise Illegible("a note is UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise Illegible("a note has no control characters but line feeds")
    text, blank, below = whole.rpartition("\n\n")
    if not (blank and below.endswith("\n")):
        raise Illegible("a note is a text, an empty line, and lines with signatures")
    lines = below.removesuffix("\n").split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise Illegible(f"a note has {SIGNATURES_MAX} signatures at most")
    return Note(f"{text}\n", tuple(from_line(line) for line in lines))


def to_line(signature: Signature) -> str:
    """How a signature is written, without the line feed."""
    return f"{_DASH} {signature.name} {to_base64(signature.key_id + signature.signature)}"


def from_line(line: str) -> Signature:
    """The inverse of `to_line`; raises `Illegible` for anything else."""
    dash, name, encoded = _parts(line, " ", "a signature is a dash, a name, and base64")
    if dash != _DASH:
        raise Illegible("a signature begins with an em dash")
    blob = from_base64(encoded)
    if len(blob) <= ID_BYTES:
        raise Illegible("a signature is the id of its key, and more")
    return Signature(_checked_name(name), blob[:ID_BYTES], blob[ID_BYTES:])


def to_verifier_key(key: Key) -> str:
    """How a key is told to others: `name+id+base64(type || public)`."""
    return f"{key.name}+{key.id.hex()}+{to_base64(bytes([key.type]) + key.public)}"


def from_verifier_key(text: str) -> Key:
    """The inverse of `to_verifier_key`; raises `Illegible` for anything else, other types too."""
    name, identity, encoded = _parts(text, "+", "a verifier key is a name, an id, and base64")
    blob = from_base64(encoded)
    if len(blob) != 1 + PUBLIC_BYTES or blob[0] not in TYPES:
        raise Illegible("a verifier key is one of Ed25519, of the type 1 or 4")
    key = Key(_checked_name(name), blob[0], blob[1:])
    if identity != key.id.hex():
        raise Illegible(f"the id of this key is {key.id.hex()}")
    return key


def to_base64(blob: bytes) -> str:
    """RFC 4648, section 4."""
    return base64.b64encode(blob).decode()


def from_base64(text: str) -> bytes:
    """The inverse of `to_base64`; raises `Illegible` for anything else, looser forms too."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Illegible(f"base64: {error}") from error
    if to_base64(blob) != text:
        raise Illegible("base64 is written in one way only")
    return blob


def is_name(text: str) -> bool:
    """Whether a key may be called so: something without spaces and plus signs, in one line."""
    return bool(text) and not any(
        character.isspace() or character < " " or character == "+" for character in text
    )


def _checked_name(text: str) -> str:
    if not is_name(text):
        raise Illegible("the name of a key has no spaces and no plus signs")
    return text


def _parts(text: str, separator: str, expected: str) -> tuple[str, str, str]:
    match text.split(separator, 2):
        case [first, second, third]:
            return first, second, third
        case _:
            raise Illegible(expected)

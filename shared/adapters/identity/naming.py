"""What people are called in facts: by an opaque id, which the key of the installation makes.

The id is a function of issuer and subject, so that it is the same in all services and for ever,
without a table that they would have to share. Who has no key can test no guess; who has it can, and
nobody can read a subject off an id. Who is behind it stands in the directory alone.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.adapters import durable
from shared.kernel.errors import Refused

KEY_FILE = "people.key"
OPAQUE = re.compile(r"p-[0-9a-f]{32}")

_KEY = re.compile(r"[0-9a-f]{64}")
_KEY_BYTES = 32
_ID_DIGITS = 32
"""128 bits: no two people ever get the same id."""
_MARK_DIGITS = 8
_PERSON = b"cchc person\0"
_MARKED = b"cchc mark"


class Names(Protocol):
    """How people are named in facts, and a mark by which one such way is told from another."""

    @property
    def mark(self) -> str:
        """The same for the same way of naming; it says nothing of the key."""

    def id_of(self, issuer: str, subject: str) -> str:
        """What facts call whom this issuer calls so."""


@dataclass(frozen=True, slots=True)
class KeyedNames:
    """Opaque ids by a key of the installation: HMAC-SHA-256 (RFC 2104) of issuer and subject."""

    key: bytes

    @property
    def mark(self) -> str:
        """The beginning of a digest by the key."""
        return self._digest(_MARKED)[:_MARK_DIGITS]

    def id_of(self, issuer: str, subject: str) -> str:
        """What facts call them; an issuer has no NUL in it, so that no two pairs are one."""
        digest = self._digest(_PERSON + f"{issuer}\0{subject}".encode())
        return f"p-{digest[:_ID_DIGITS]}"

    def _digest(self, body: bytes) -> str:
        return hmac.new(self.key, body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadableNames:
    """The made-up subjects of a trial, which name nobody: they stand in its log as they are."""

    mark: str = "trial"

    def id_of(self, issuer: str, subject: str) -> str:  # noqa: ARG002 - a trial has one issuer
        """The subject."""
        return subject


def names_of(path: Path) -> KeyedNames:
    """The names by the key in a file: 64 hexadecimal digits.

    Raises `Refused("people-key-unusable")`.
    """
    try:
        written = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise Refused("people-key-unusable", file=str(path), reason=str(error)) from error
    if _KEY.fullmatch(written) is None:
        raise Refused("people-key-unusable", file=str(path), reason="it has no 64 digits of hex")
    return KeyedNames(bytes.fromhex(written))


def own_key(folder: Path) -> Path:
    """The file with the key of the embedded mode, which is made the first time.

    The caller has locked the folder.
    """
    path = folder / KEY_FILE
    if not path.exists():
        durable.replace(path, f"{secrets.token_hex(_KEY_BYTES)}\n".encode(), owner_only=True)
    return path

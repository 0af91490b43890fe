"""What stands around every fact: CloudEvents 1.0 attributes, and who, when and because of what.

A fact's id is its stream and its version in it, `submission/2021/so-y-te@57`. Versions of a stream
are 1, 2, 3, ... without a gap, so that anyone can see that none is missing or told twice.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

SPECVERSION = "1.0"
CONTENT_TYPE = "application/json"
ID_CHARACTERS_MAX = 256
"""Any database can index a stream's name that is no longer than this."""
VERSION_DIGITS_MAX = 15
"""Every version is a number that any database and any JSON reader holds exactly."""


class Sealed(msgspec.Struct, frozen=True):
    """Free text that a person wrote, readable as long as its key exists.

    `text` is base64 of nonce, ciphertext and tag; `key` names the key in the key store of the
    service that recorded it. Deleting the key shreds the text and changes no byte of the log.
    """

    key: str
    text: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The CloudEvents 1.0 attributes of a fact, with `data` as the bytes that stand there.

    `actor` is `role:id` with an opaque id, never a name. `requestdigest` is a keyed digest of the
    request that `idempotencykey` names: the same key with another body is refused.
    """

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    data: msgspec.Raw
    actor: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    idempotencykey: str | None = None
    requestdigest: str | None = None


class Context(msgspec.Struct, frozen=True, gc=False):
    """Who does something, when and because of what: all of it arrives from outside.

    A context without an actor is that of counted answers: nothing in it leads to a person.
    """

    at: datetime
    actor: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    idempotency_key: str | None = None
    request_digest: str | None = None


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A fact as it stands in the log, decoded.

    `data` is one of the facts of `shared.events`.
    """

    stream: str
    version: int
    type: str
    context: Context
    data: Any

    @property
    def id(self) -> str:
        return fact_id(self.stream, self.version)


def caused_by(recorded: Recorded, context: Context) -> Context:
    """The context of what follows from a fact: its id is the cause, its correlation goes on."""
    return structs.replace(
        context,
        causation_id=recorded.id,
        correlation_id=recorded.context.correlation_id or recorded.id,
    )


def sealed_in(part: object) -> Iterator[Sealed]:
    """Every sealed text in a fact, or in a part of one, at whatever depth."""
    match part:
        case Sealed():
            yield part
        case msgspec.Struct():
            for name in part.__struct_fields__:
                yield from sealed_in(getattr(part, name))
        case tuple():
            for each in part:
                yield from sealed_in(each)
        case _:
            return


def fact_id(stream: str, version: int) -> str:
    """`submission/2021/so-y-te`, 57 -> `submission/2021/so-y-te@57`."""
    return f"{stream}@{version}"


def split_id(identity: str) -> tuple[str, int]:
    """The inverse of `fact_id`; raises ValueError for anything else, and for what is too long."""
    if len(identity) > ID_CHARACTERS_MAX:
        raise ValueError(f"not the id of a fact: {identity[:ID_CHARACTERS_MAX]!r}...")
    stream, _, version = identity.rpartition("@")
    if not ("/" in stream and stream.isprintable() and version.isascii() and version.isdigit()):
        raise ValueError(f"not the id of a fact: {identity!r}")
    if version.startswith("0") or len(version) > VERSION_DIGITS_MAX:
        raise ValueError(f"a version counts from 1, without leading zeros: {identity!r}")
    return stream, int(version)


def cycle_of(stream: str) -> str:
    """The cycle that a stream belongs to: the second part of every stream's name."""
    return stream.split("/")[1]

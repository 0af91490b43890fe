"""Facts to bytes and back.

The bytes are canonical (keys sorted, no spaces, UTF-8, NFC), written once, stored, sent and hashed
as they were stored, and never encoded again. Format: CloudEvents 1.0, JSON event format,
structured content mode.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType
from typing import Any, get_args

import msgspec

from shared.events import appraisal, ranking, submission, survey
from shared.events.envelope import (
    CONTENT_TYPE,
    SPECVERSION,
    Context,
    Envelope,
    Recorded,
    fact_id,
    split_id,
)
from shared.events.former import FORMER
from shared.events.strict import strictly
from shared.events.upcast import upcast
from shared.kernel.errors import Refused

FACT_BYTES_MAX = 256 * 1024
TYPE_CHARACTERS_MAX = 128

_SERVICES = MappingProxyType(
    {"submission": submission, "appraisal": appraisal, "survey": survey, "ranking": ranking}
)
_VERSIONS = MappingProxyType(
    {
        survey.QuestionnaireAdopted: 2,
        survey.ResponsesCounted: 2,
        survey.AnswersExcluded: 2,
        survey.ResultImported: 2,
    }
)
"""Of the facts that have been told in another shape before."""

TYPES: Mapping[str, type] = MappingProxyType(
    {
        f"{service}.{fact.__name__}.v{_VERSIONS.get(fact, 1)}": fact
        for service, module in _SERVICES.items()
        for fact in get_args(module.Fact)
    }
)
WIRE_NAMES: Mapping[type, str] = MappingProxyType({fact: name for name, fact in TYPES.items()})

_ENCODER = msgspec.json.Encoder(order="sorted")
_ENVELOPE = msgspec.json.Decoder(Envelope)
_DATA: Mapping[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(fact) for name, fact in {**TYPES, **FORMER}.items()
}


class Unreadable(Exception):
    """Bytes that are no fact which this version of the system can read."""


class _Head(msgspec.Struct, frozen=True):
    """What numbering looks at: never more than the id and the type."""

    id: str
    type: str


_HEAD = msgspec.json.Decoder(_Head)


class Stored(msgspec.Struct, frozen=True, gc=False):
    """A fact as bytes, with the place that they belong to.

    `trace` stands beside it, where telemetry is on: the `traceparent` (W3C Trace Context) of what
    recorded it. It is no part of the fact, and nothing but telemetry goes by it.
    """

    stream: str
    version: int
    type: str
    body: bytes
    trace: str = ""

    @property
    def id(self) -> str:
        return fact_id(self.stream, self.version)

    def kept_in(self, stream: str) -> "Stored":
        """The same fact, at the same version of another stream."""
        return Stored(stream, self.version, self.type, self.body)


def encode(stream: str, version: int, context: Context, data: object) -> Stored:
    """The canonical bytes of a new fact; refused where it is too large or its text is not NFC."""
    name = WIRE_NAMES[type(data)]
    envelope = Envelope(
        specversion=SPECVERSION,
        id=fact_id(stream, version),
        source=f"/{name.split('.')[0]}",
        type=name,
        subject=stream,
        time=context.at.astimezone(UTC),
        datacontenttype=CONTENT_TYPE,
        data=msgspec.Raw(_ENCODER.encode(data)),
        actor=context.actor,
        correlationid=context.correlation_id,
        causationid=context.causation_id,
        idempotencykey=context.idempotency_key,
        requestdigest=context.request_digest,
    )
    body = _ENCODER.encode(envelope)
    if len(body) > FACT_BYTES_MAX:
        raise Refused("fact-too-large", size=str(len(body)), maximum=str(FACT_BYTES_MAX))
    if not unicodedata.is_normalized("NFC", body.decode()):
        raise Refused("text-not-normalised")
    return Stored(stream, version, name, body)


def decode(body: bytes) -> Recorded:
    """A fact from its bytes, in its newest version; raises `Unreadable`."""
    try:
        envelope = _ENVELOPE.decode(strictly(body))
        stream, version = split_id(envelope.id)
        data = _decode_data(envelope.type, envelope.data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Unreadable(str(error)) from error
    context = Context(
        at=envelope.time,
        actor=envelope.actor,
        correlation_id=envelope.correlationid,
        causation_id=envelope.causationid,
        idempotency_key=envelope.idempotencykey,
        request_digest=envelope.requestdigest,
    )
    return Recorded(stream, version, envelope.type, context, data)


def plain(data: object) -> Mapping[str, Any]:
    """What a fact says, as plain values of JSON."""
    made: Mapping[str, Any] = msgspec.to_builtins(data)
    return made


def head(body: bytes) -> Stored:
    """The place of a fact, without reading more of it than its id and type; raises `Unreadable`.

    Whatever it takes, every event store can hold: anybody may have written to the topic.
    """
    try:
        strictly(body)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return place_as_kept(body)


def place_as_kept(body: bytes) -> Stored:
    """The same of a fact that was given a place before: what is kept keeps it; raises `Unreadable`.

    Former releases took the place of what is not UTF-8 as a whole, or is nested more deeply. By
    these places everything behind goes on, whatever the bytes are worth by now: that the count says
    of each entry, by `head` and `decode`.
    """
    try:
        place = _HEAD.decode(body)
        stream, version = split_id(place.id)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Unreadable(str(error)) from error
    if not (place.type.isprintable() and len(place.type) <= TYPE_CHARACTERS_MAX):
        raise Unreadable(f"not the type of a fact: {place.type[:TYPE_CHARACTERS_MAX]!r}")
    return Stored(stream, version, place.type, body)


def _decode_data(name: str, raw: msgspec.Raw) -> Any:  # noqa: ANN401 - one of TYPES
    if name not in _DATA:
        raise Unreadable(f"no fact is called {name!r}")
    return upcast(_DATA[name].decode(raw))

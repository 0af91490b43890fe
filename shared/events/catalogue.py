"""The catalogue of facts as an AsyncAPI 3.0 document, made from the facts themselves.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_args

import msgspec

from shared.events import appraisal, codec, envelope, former, ranking, submission, survey
from shared.events.codec import TYPES
from shared.events.envelope import CONTENT_TYPE, ID_CHARACTERS_MAX, SPECVERSION, VERSION_DIGITS_MAX
from shared.events.examples import AGENCY, ASKED, EXAMPLES, context_of
from shared.events.former import FORMER

VERSION = "1.0.0"
ENVELOPE_TYPE = "application/cloudevents+json"
KAFKA_BINDING = "0.5.0"
EXAMPLE_VERSION = 7
FOR_EVER = -1

STREAMS: Mapping[type, str] = MappingProxyType(
    {
        submission.SchemeAdopted: "cycle/{cycle}",
        submission.SchemeAmended: "cycle/{cycle}",
        submission.CycleOpened: "cycle/{cycle}",
        submission.CycleWithdrawn: "cycle/{cycle}",
        submission.DeadlineExtended: "cycle/{cycle}",
        submission.AgencyAdded: "cycle/{cycle}",
        submission.AgencyWithdrawn: "cycle/{cycle}",
        submission.ItemResultsImported: "cycle/{cycle}",
        submission.ScoreSubmitted: "submission/{cycle}/{agency}",
        submission.ScoreWithdrawn: "submission/{cycle}/{agency}",
        submission.EvidenceAttached: "submission/{cycle}/{agency}",
        submission.EvidenceWithdrawn: "submission/{cycle}/{agency}",
        submission.EvidenceQuarantined: "submission/{cycle}/{agency}",
        submission.EvidenceCleared: "submission/{cycle}/{agency}",
        submission.EvidenceCondemned: "submission/{cycle}/{agency}",
        submission.ReadingJustified: "access/{cycle}/{agency}",
        submission.EvidenceRead: "access/{cycle}/{agency}",
        submission.ExplanationGiven: "submission/{cycle}/{agency}",
        submission.SubmissionLocked: "submission/{cycle}/{agency}",
        submission.SubmissionReopened: "submission/{cycle}/{agency}",
        appraisal.CriterionAssigned: "assignment/{cycle}",
        appraisal.AppraisalOpened: "appraisal/{cycle}/{agency}",
        appraisal.ScoreRecognised: "appraisal/{cycle}/{agency}",
        appraisal.ScoreRejected: "appraisal/{cycle}/{agency}",
        appraisal.ExplanationRequested: "appraisal/{cycle}/{agency}",
        appraisal.ReappraisalDue: "appraisal/{cycle}/{agency}",
        appraisal.ActionProposed: "appraisal/{cycle}/{agency}",
        appraisal.ActionSeconded: "appraisal/{cycle}/{agency}",
        appraisal.AppraisalApproved: "appraisal/{cycle}/{agency}",
        **dict.fromkeys(
            (*get_args(survey.Fact), *FORMER.values()), "survey/{cycle}/{questionnaire}"
        ),
        ranking.ResultApproved: "result/{cycle}",
        ranking.ResultPublished: "result/{cycle}",
        ranking.ResultCorrected: "result/{cycle}",
        **dict.fromkeys(get_args(ranking.PrivacyFact), "privacy/{cycle}"),
    }
)
"""In which streams each fact stands; a fact that is missing here has no place in the catalogue."""

READ: Mapping[str, type] = MappingProxyType({**TYPES, **FORMER})
"""The wire names that a log may hold: those that are told, and those that no longer are."""

_SERVICES = ("submission", "appraisal", "survey", "ranking")
_SCHEMAS = "#/components/schemas/{name}"
_MESSAGES = "#/components/messages/"
_CHANNEL = "#/channels/facts"
_DESCRIPTION = """\
Every fact that the services of the PAR Index (Chỉ số CCHC) tell, as the log holds it: a CloudEvents
1.0 envelope in canonical JSON (keys sorted, no spaces, UTF-8, NFC), written once and never edited.
A fact is named by its stream and its version in it, `submission/2021/so-y-te@57`; versions of a
stream are 1, 2, 3, ... without a gap. All facts of a cycle lie in one partition, in one order.

A fact that is told in a newer shape has a message for each shape that it had: a log holds them all
for ever, and whoever reads it takes all of them.

Without the topic the same facts are read from the ranking service by HTTP, numbered 1, 2, 3, ... in
each cycle: `GET /ranking/cycles/{cycle}/facts`, and live `GET /ranking/cycles/{cycle}/facts/live`.
"""


@lru_cache(maxsize=1)
def text() -> str:
    """The document as it is printed, served and compared."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def document() -> dict[str, Any]:
    """The document: one channel, an operation for each service, a message for each wire name."""
    references, schemas = _schemas()
    examples = {type(fact): fact for fact in EXAMPLES}
    messages = {
        name: {
            **_message(name, fact, references[fact]),
            **(_told(name, examples[fact]) if name in TYPES else _no_longer_told(name)),
        }
        for name, fact in READ.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "CCHC: facts", "version": VERSION, "description": _DESCRIPTION},
        "defaultContentType": ENVELOPE_TYPE,
        "channels": {"facts": _channel()},
        "operations": {f"tell-{service}": _operation(service) for service in _SERVICES},
        "components": {
            "schemas": schemas,
            "messages": messages,
            "messageTraits": {"fact": _trait()},
            "correlationIds": {"request": _correlation()},
        },
    }


def _channel() -> dict[str, Any]:
    return {
        "address": "facts-{mode}",
        "title": "The log",
        "description": "The one topic of all services; its name is a setting of theirs.",
        "parameters": {
            "mode": {
                "enum": list(get_args(submission.Mode)),
                "description": "Whether the results are tried out or official.",
            }
        },
        "messages": {name: {"$ref": _MESSAGES + name} for name in READ},
        "bindings": {
            "kafka": {
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": FOR_EVER},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operation(service: str) -> dict[str, Any]:
    names = [name for name in TYPES if _service_of(name) == service]
    return {
        "action": "send",
        "title": f"What {service} tells",
        "channel": {"$ref": _CHANNEL},
        "messages": [{"$ref": f"{_CHANNEL}/messages/{name}"} for name in names],
    }


def _trait() -> dict[str, Any]:
    key = {"type": "string", "description": "The cycle, which is the second part of the subject"}
    return {
        "contentType": ENVELOPE_TYPE,
        "correlationId": {"$ref": "#/components/correlationIds/request"},
        "bindings": {"kafka": {"key": key, "bindingVersion": KAFKA_BINDING}},
    }


def _correlation() -> dict[str, Any]:
    return {
        "location": "$message.payload#/correlationid",
        "description": "What one request, and all that followed from it, has in common.",
    }


def _message(name: str, fact: type, reference: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON schema
    service, title, version = name.split(".")
    summary, *_ = _paragraphs(fact)
    return {
        "name": name,
        "title": title,
        "summary": summary,
        "tags": [{"name": service}],
        "traits": [{"$ref": "#/components/messageTraits/fact"}],
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS.format(name="Envelope")},
                {
                    "properties": {
                        "source": {"const": f"/{service}"},
                        "type": {"const": name},
                        "data": reference,
                    }
                },
            ]
        },
        "x-service": service,
        "x-stream": STREAMS[fact],
        "x-version": int(version.removeprefix("v")),
    }


def _told(name: str, example: object) -> dict[str, Any]:
    stream = STREAMS[TYPES[name]]
    return {
        "description": f"Told by the service {_service_of(name)}, in the stream `{stream}`.",
        "examples": [{"name": "example", "payload": _payload(stream, example)}],
    }


def _no_longer_told(name: str) -> dict[str, Any]:
    [newest] = (told for told in TYPES if _fact_of(told) == _fact_of(name))
    return {
        "description": f"Read, and no longer told; it is read as `{newest}`.",
        "x-read-as": newest,
    }


def _payload(stream: str, fact: Any) -> Any:  # noqa: ANN401 - one of TYPES, and plain JSON
    asked = ASKED["questionnaire"]
    place = stream.format(cycle=fact.cycle, agency=AGENCY, questionnaire=asked)
    stored = codec.encode(place, EXAMPLE_VERSION, context_of(fact), fact)
    return json.loads(stored.body)


def _schemas() -> tuple[Mapping[type, Any], dict[str, Any]]:
    """A reference for each fact, and the schemas of everything that facts are made of."""
    facts = (envelope.Envelope, *READ.values())
    references, schemas = msgspec.json.schema_components(facts, ref_template=_SCHEMAS)
    for struct in _structs():
        if (schema := schemas.get(struct.__name__)) is None:
            continue  # It holds what was read, and is no part of any bytes.
        schema["description"] = "\n\n".join(_paragraphs(struct))
        for field in msgspec.structs.fields(struct):
            schema["properties"][field.encode_name] |= _format(field.type)
    schemas["Envelope"]["properties"] |= _envelope_rules(schemas["Envelope"]["properties"])
    return dict(zip(facts, references, strict=True)), schemas


def _envelope_rules(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for every fact, and no type says."""
    pattern = f"^[^/]+/[^/@]+(/[^/@]+)?@[1-9][0-9]{{0,{VERSION_DIGITS_MAX - 1}}}$"
    return {
        "specversion": {"const": SPECVERSION},
        "datacontenttype": {"const": CONTENT_TYPE},
        "id": {**properties["id"], "pattern": pattern, "maxLength": ID_CHARACTERS_MAX},
    }


def _structs() -> Iterator[type[msgspec.Struct]]:
    for module in (envelope, submission, appraisal, survey, former, ranking):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct):
                yield value


def _format(kind: Any) -> dict[str, str]:  # noqa: ANN401 - any annotation
    kinds = {kind, *get_args(kind)}
    if datetime in kinds:
        return {"format": "date-time"}
    return {"format": "date"} if date in kinds else {}


def _paragraphs(documented: type) -> list[str]:
    written = inspect.cleandoc(documented.__doc__ or "").split("\n\n")
    return [" ".join(paragraph.split()) for paragraph in written]


def _fact_of(name: str) -> str:
    """A wire name without the version."""
    return name.rpartition(".v")[0]


def _service_of(name: str) -> str:
    return name.partition(".")[0]

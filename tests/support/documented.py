"""Requests that schemathesis makes from an OpenAPI document, and what was wrong with the answers.

It goes through the examples, through the edges of every schema (valid and invalid), through what
chance brings, and along the links from answer to answer. Every answer is held against the document.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema

from tests.support import answers_held
from tests.support.served import DOCUMENT, Served
from tests.support.small_cycle import SCHEME
from tests.support.stages import PAST_AGENCY, REASON, content_of, evidence_name
from tests.support.survey_office import ASKED_OF_CITIZENS
from tests.support.town import FOREIGN, OWN, evidence_of

KNOWN: Mapping[str, Sequence[str]] = {
    "action": ["action-2"],
    "agency": [OWN, FOREIGN, PAST_AGENCY],
    "criterion": ["1.1"],
    "cycle": ["2021", "2020"],
    "evidence": [evidence_name(OWN)],
    "item": ["1.1"],
    "questionnaire": ["citizens", "leaders"],
    "sha256": [sha256(content_of(OWN)).hexdigest()],
    "tier": ["department"],
}
"""Ids of things that there are: by chance none of them would ever be asked for."""
BODIES: Mapping[str, object] = {
    "add_agency": {"name": "Sở Mới", "tier": "department", "ranked": True, **REASON},
    "amend_scheme": {"scheme": SCHEME, **REASON},
    "attach_evidence": evidence_of(content_of(OWN)),
    "submit_score": {"inputs": {"points": "3"}},
    "submit_scores": {"scores": {"1.1": {"inputs": {"points": "3"}}}},
    "import_results": {
        "source": "Bảng đã công bố",
        "scores": [{"agency": OWN, "item": "1.1", "points": "3"}],
    },
    "decide_score": {"decision": "recognise", "declaration": f"submission/2021/{OWN}@1"},
    "decide_scores": {
        "decisions": [
            {"item": "1.1", "decision": "recognise", "declaration": f"submission/2021/{OWN}@1"}
        ]
    },
    "request_explanation": {"question": "Vì sao?", "until": "2021-12-20T17:00:00+07:00"},
    "adopt_questionnaire": ASKED_OF_CITIZENS,
    "preview_questionnaire": ASKED_OF_CITIZENS,
}
"""What is taken there: the examples of the documents are of another cycle than this small one."""
KNOWN_SHARE = 0.8
ENTITY_TAG = "entity-tag"
STEPS_MAX = 6
ANSWER_S_MAX = 120.0
"""On a machine that has much else to do."""

# A file is sent as it is.
schemathesis.serializer("application/pdf")(lambda _, content: content)
# In headers the tool makes letters and digits by itself, and a tag stands in quotes.
schemathesis.openapi.format(ENTITY_TAG, strategies.integers(1, 99).map('"{}"'.format))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks a service in which state, how much, and of which operations (all, if none)."""

    service: str
    state: str
    who: str
    examples: int
    seed: int
    edges: bool = True
    only: Sequence[str] = ()


@dataclass(slots=True)
class Asked:
    """What came of it."""

    cases: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    """The operations that were answered by a success at least once."""
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """By the name of the check that failed: the request, and what was wrong."""

    def count(self, *checks: str) -> int:
        """How often one of these checks failed."""
        return sum(len(self.wrong.get(check, ())) for check in checks)

    def told(self) -> str:
        """All of it, for whoever has to mend it."""
        return "\n".join(f"{check}: {each}" for check in self.wrong for each in self.wrong[check])


def ask(asking: Asking, served: Served) -> Asked:
    """Ask as the document says."""
    schema = _schema(asking, served)
    schema.hooks.hook("filter_failure")(answers_held.is_wrong)
    asked = Asked()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _note(event, asked)
            case events.NonFatalError():
                asked.wrong.setdefault("the tool", []).append(f"{event.label}: {event.value!r}")
            case events.FatalError():
                raise event.exception
            case _:
                pass
    return asked


def _schema(asking: Asking, served: Served) -> BaseSchema:
    settings = schemathesis.Config.from_dict(_settings(asking))
    schema = schemathesis.openapi.from_asgi(DOCUMENT, served, config=settings, timeout=ANSWER_S_MAX)
    for path in schema.raw_schema["paths"].values():
        for operation in path.values():
            _make_at_home(operation)
    return schema.include(operation_id=list(asking.only)) if asking.only else schema


def _settings(asking: Asking) -> dict[str, Any]:
    token = {} if asking.who == "public" else {"Authorization": f"Bearer {asking.who}"}
    return {
        "seed": asking.seed,
        "continue-on-failure": True,
        "headers": token,
        "request-timeout": ANSWER_S_MAX,
        "generation": {"max-examples": asking.examples, "no-shrink": True, "database": "none"},
        "dictionaries": {name: {"values": list(values)} for name, values in KNOWN.items()},
        "parameters": {
            f"path.{name}": {"dictionary": name, "probability": KNOWN_SHARE} for name in KNOWN
        },
        "phases": {
            "coverage": {"enabled": asking.edges, "unexpected-methods": ["PATCH", "TRACE"]},
            "stateful": {"max-steps": STEPS_MAX},
        },
        "checks": answers_held.CHECKS,
    }


def _make_at_home(operation: Mapping[str, Any]) -> None:
    """Let examples be of the cycle that there is."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":
            parameter["schema"]["format"] = ENTITY_TAG
        if parameter["in"] == "path" and parameter["name"] in KNOWN:
            parameter["example"] = KNOWN[parameter["name"]][0]
    if operation["operationId"] in BODIES:
        content = operation["requestBody"]["content"]["application/json"]
        content["example"] = BODIES[operation["operationId"]]


def _note(event: events.ScenarioFinished, asked: Asked) -> None:
    recorder = event.recorder
    asked.cases[event.phase.value] += len(recorder.cases)
    for case in recorder.cases.values():
        asked.operations.add(case.value.operation.label)
    for case_id, interaction in recorder.interactions.items():
        response = interaction.response
        if response is not None and response.status_code < 300:
            asked.done.add(recorder.cases[case_id].value.operation.label)
    for nodes in recorder.checks.values():
        for node in nodes:
            if node.failure_info is not None:
                failure = node.failure_info.failure
                told = f"{failure.title}: {failure.message}\n{node.failure_info.code_sample}"
                asked.wrong.setdefault(node.name, []).append(told)

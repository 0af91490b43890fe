"""What schemathesis holds against an OpenAPI document, and what no document can say."""

from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import (
    JsonSchemaError,
    MissingHeaderNotRejected,
    RejectedPositiveData,
)

from shared.adapters import messages

REFUSED = [400, 401, 403, 404, 405, 409, 412, 413, 422, 428, 431]
CHECKS: Mapping[str, Mapping[str, Any]] = {
    # What is valid can be refused for what stands in the log; what is wrong is never let through.
    "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 412, 428]},
    "negative_data_rejection": {"expected-statuses": REFUSED},
    "missing_required_header": {"expected-statuses": [400]},
}
"""Settings that differ from the tool's own; all of its checks are on."""
UNTOLD = {
    "character-forbidden",  # Control characters, in any text.
    "cursor-malformed",  # A cursor is given by the page before, and is opaque.
    "language-unwritten",  # In which languages a questionnaire is written, its own body says.
    "line-broken",
    "number-too-long",  # Of digits, where JSON knows no limit.
    "text-blank",
    "time-out-of-range",  # A format says how a time is written, not in which century.
    "time-zone-missing",
    "time-malformed",
}
"""Flaws that JSON Schema has no words for: codes of problems, and of their single flaws."""


@schemathesis.check
def problem_conformance(
    context: schemathesis.CheckContext,  # noqa: ARG001 - what the tool calls it with
    response: schemathesis.Response,
    case: schemathesis.Case[Any],  # noqa: ARG001 - the same
) -> None:
    """A refusal is a problem of a code that has a sentence, told in the language that it says."""
    if response.status_code < 400:
        return
    problem = response.json()
    assert problem["status"] == response.status_code, problem
    assert problem["code"] in messages.MESSAGES, problem
    assert problem["type"] == f"/problems/{problem['code']}", problem
    assert response.headers["content-language"] == ["vi"], response.headers


def is_wrong(
    context: schemathesis.HookContext,  # noqa: ARG001 - what the tool calls it with
    failure: Failure,
    case: schemathesis.Case[Any],
    response: schemathesis.Response,
) -> bool:
    """Whether what the tool found is wrong here too."""
    match failure:
        case RejectedPositiveData():
            return not _is_untold(case, response.json())
        case MissingHeaderNotRejected():
            # Whoever comes without a token is asked for one.
            return response.status_code not in {401, 403} and not _is_for_anybody(case)
        case JsonSchemaError():
            # OpenAPI 3.1 describes a stream as a text, and the tool takes it for one event.
            return response.headers["content-type"] != ["text/event-stream; charset=utf-8"]
        case _:
            return True


def _is_untold(case: schemathesis.Case[Any], problem: Mapping[str, Any]) -> bool:
    """Whether no flaw is one that the document could have told of."""
    flaws = problem.get("errors", [{"code": problem["code"], "pointer": ""}])
    places: dict[str, set[str]] = {}
    for flaw in flaws:
        place = flaw.get("pointer", flaw.get("parameter"))
        places.setdefault(place, set()).add(flaw["code"])
    return all(
        codes & UNTOLD or (codes == {"type-wrong"} and _is_whole(case.body, place))
        for place, codes in places.items()
    )


def _is_whole(body: object, pointer: str) -> bool:
    """Whether a number there is whole and written with a point, an integer by JSON Schema only."""
    for step in pointer.split("/")[1:]:
        match body:
            case dict():
                body = body[step.replace("~1", "/").replace("~0", "~")]
            case list() | tuple():
                body = body[int(step)]
            case _:
                return False
    return isinstance(body, float) and body.is_integer()


def _is_for_anybody(case: schemathesis.Case[Any]) -> bool:
    return {} in case.operation.definition.raw.get("security", [{}])

"""The OpenAPI 3.1 document of a service: what FastAPI finds out, and the problems."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from shared.adapters.web.described import add_links
from shared.adapters.web.examples import add_examples
from shared.adapters.web.gate import HEALTH
from shared.adapters.web.problem import MEDIA_TYPE
from shared.adapters.web.rights import is_for_anybody

DESCRIPTIONS = {
    "process": "How the process is, what the codes of problems mean, and the clock of a trial.",
    "submission": (
        "Cycles (đợt đánh giá) with their schemes and calendar; what agencies declare, prove and "
        "explain; locking (chốt điểm) and reopening."
    ),
    "appraisal": (
        "The council (Hội đồng thẩm định): queues, decisions on self-scores (công nhận, không "
        "công nhận), requests for an explanation (giải trình), approval."
    ),
    "survey": (
        "Questionnaires (bộ câu hỏi), invitations, answers that lead back to nobody, certified "
        "results of surveys run elsewhere, turnout."
    ),
    "ranking": (
        "The ledger of a cycle; the provisional table at every moment; index, rank and grade "
        "(chỉ số, xếp hạng, xếp loại) with the facts behind each number; publication (công bố)."
    ),
}

SIGN_IN = "openIdConnect"

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `title` and `detail` follow Accept-Language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string"},
        "details": {"type": "object", "additionalProperties": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, into the body"},
                    "parameter": {"type": "string", "description": "of path, query or headers"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
    "examples": [
        {
            "type": "/problems/request-invalid",
            "title": "Dữ liệu gửi lên không hợp lệ",
            "status": 422,
            "detail": "Yêu cầu có chỗ sai; xem từng chỗ trong danh sách lỗi rồi sửa và gửi lại.",
            "instance": "/submission/cycles/2021/agencies/so-y-te/scores/1.1.2",
            "code": "request-invalid",
            "errors": [
                {
                    "pointer": "/inputs",
                    "code": "member-missing",
                    "detail": "Thiếu trường này; hãy bổ sung.",
                }
            ],
        }
    ],
}
LIMIT_HEADERS: Mapping[str, Any] = {
    "RateLimit-Policy": {
        "description": "The policies that the request counts for: `q` requests in `w` seconds.",
        "schema": {"type": "string"},
        "example": '"reading";q=1200;w=60',
    },
    "RateLimit": {
        "description": "`r` requests are left; in `t` seconds all are back, or with none any.",
        "schema": {"type": "string"},
        "example": '"reading";r=1199;t=1',
    },
    "Retry-After": {
        "description": "The seconds until it may be asked again.",
        "schema": {"type": "integer"},
    },
}
"""draft-ietf-httpapi-ratelimit-headers-10."""
ALWAYS_TOLD = ("RateLimit-Policy", "RateLimit")
_RESPONSE = {
    "description": "Refused, with the reason",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


_LIMITED: Mapping[str, Any] = {
    "description": (
        "This client asks too often, or too much at once. A client is who a token names, and "
        "without a token an address. `RateLimit-Policy` says by which policy: `reading`; `writing` "
        "with a token, `answering` without; `uploads` of files; `failing`, where a token proves "
        "nothing."
    ),
    "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in LIMIT_HEADERS},
    "content": _RESPONSE["content"],
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        _add_problems(document)
        _mend_parameters(document)
        _close(document)
        add_links(document)
        _add_anybody(document, app.routes)
        _add_sign_in(document, app.state.door.discovery)
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_problems(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = _PROBLEM
    document["components"]["headers"] = LIMIT_HEADERS
    document["components"]["responses"] = {"Limited": _LIMITED}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = _RESPONSE
            operation["responses"]["5XX"] = _RESPONSE
            if path not in HEALTH:
                _add_limits(operation["responses"])


def _mend_parameters(document: dict[str, Any]) -> None:
    """Say of headers and queries what FastAPI does not know of them."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                # Its absence has a code of its own, so that FastAPI takes it for optional.
                parameter["required"] |= parameter["name"] == "idempotency-key"
                parameter["schema"] = _without_null(parameter["schema"])


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is left out is no null: in an address or a header that would be four letters."""
    match schema:
        case {"anyOf": [described, {"type": "null"}], **said}:
            return {**described, **said}
        case _:
            return schema


def _close(schema: object) -> None:
    """Say that an object whose names have a form has no other ones, which pydantic leaves out."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            _close(part)


def _add_limits(responses: dict[str, Any]) -> None:
    """Say of an operation that it is limited for each client, and how an answer tells of that."""
    responses["429"] = {"$ref": "#/components/responses/Limited"}
    for status, response in responses.items():
        if status.startswith("2"):
            told = response.setdefault("headers", {})
            told |= {name: _LIMITED["headers"][name] for name in ALWAYS_TOLD}


def _add_anybody(document: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    """Say of what is for anybody and takes a token that none is needed."""
    for route in iter_route_contexts(routes):
        if is_for_anybody(getattr(route, "dependencies", ())):
            described = document["paths"].get(route.path_format, {})
            for method in route.methods or ():
                security = described.get(method.lower(), {}).get("security")
                if security is not None:
                    security.append({})


def _add_sign_in(document: dict[str, Any], discovery: str) -> None:
    """Say where a front end finds how people sign in, if they do: the token is the same."""
    schemes = document["components"].get("securitySchemes")
    if not (discovery and schemes):
        return
    schemes[SIGN_IN] = {"type": "openIdConnect", "openIdConnectUrl": discovery}
    for path in document["paths"].values():
        for operation in path.values():
            if "security" in operation:
                operation["security"].append({SIGN_IN: []})

"""Errors as RFC 9457 problems, in the language of the caller; as a page for who asks for HTML.

    kernel.errors.Problem
    ├── Malformed    the request is not what HTTP, JSON or this API say it must be   (HTTP 400)
    ├── Invalid      it can be read, and its flaws are listed                        (HTTP 422)
    ├── TooLarge     it is larger than is read                                       (HTTP 413, 431)
    └── Exceeded     this client asks too often; others are served                   (HTTP 429)

These four join the tree of `shared.kernel.errors`; only this door raises them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from shared.adapters import messages
from shared.adapters.messages import Language
from shared.adapters.web import flaws, page
from shared.adapters.web.accept import preferred
from shared.adapters.web.headlines import headline
from shared.adapters.web.language import language_of, said_in
from shared.kernel import errors
from shared.kernel.actor import PUBLIC
from shared.kernel.errors import Flaw, Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
PAGE = "cchc.page"
"""Set in the scope of a request whose answers are pages, problems too, whatever it asks for."""
LANGUAGE = "cchc.language"
"""Set in the scope of a request that says in which of our languages it is to be answered."""

# Codes that HTTP has a better status for than the one of their kind.
_STATUS_OF_CODE = {
    "file-too-large": 413,
    "headers-too-large": 431,
    "not-acceptable": 406,
    "version-required": 428,
    "version-unnamed": 428,
}
# What may stand in a path as it is (RFC 3986, 3.3).
_PLAIN = "/:@!$&'()*+,;="
# What the framework itself says no with.
_CODE_OF_STATUS = {404: "path-unknown", 405: "method-not-allowed"}


class Malformed(Problem):
    """The request breaks a rule of HTTP, of JSON or of this API."""


class Invalid(Problem):
    """The request can be read, and these are its flaws."""


class TooLarge(Problem):
    """The request is larger than anything that is read here."""


class Exceeded(Problem):
    """This client has asked too often; `seconds` of the details go by until it may ask again."""


_STATUS_OF_KIND: Mapping[type[Problem], int] = {
    Malformed: 400,
    errors.Unknown: 401,
    errors.Forbidden: 403,
    errors.Missing: 404,
    errors.Refused: 409,
    errors.Conflict: 409,
    errors.Stale: 412,
    TooLarge: 413,
    Invalid: 422,
    errors.Crowded: 429,
    Exceeded: 429,
    errors.Unavailable: 503,
}


def unfit(parameter: str, code: str, **details: str) -> Invalid:
    """What is said of a parameter that does not fit the rest of the request."""
    flaw = Flaw("", code, {**details, flaws.PARAMETER: parameter})
    return Invalid("request-invalid", flaws=[flaw])


async def answer_problem(request: Request, problem: Exception) -> Response:
    """The answer to what a room or this door refused."""
    assert isinstance(problem, Problem), "registered for problems"
    return response_to(request.scope, problem)


async def answer_flaws(request: Request, invalid: Exception) -> Response:
    """The answer to a request that the models of the API do not take."""
    assert isinstance(invalid, RequestValidationError), "registered for these"
    found = flaws.found(invalid.errors(), invalid.body, _body_of(request.scope))
    problem = Invalid("request-invalid", flaws=found)
    return response_to(request.scope, problem)


def _body_of(scope: Scope) -> object:
    """What the route of a request makes of its body; None where it takes none."""
    field = getattr(scope.get("route"), "body_field", None)
    return field.field_info.annotation if field is not None else None


async def answer_framework(request: Request, refusal: Exception) -> Response:
    """The answer to what the framework refused: unknown paths and methods, unreadable bodies."""
    assert isinstance(refusal, HTTPException), "registered for these"
    if isinstance(refusal.__cause__, Problem):
        return response_to(request.scope, refusal.__cause__)
    code = _CODE_OF_STATUS.get(refusal.status_code, "request-malformed")
    return _response(
        request.scope, refusal.status_code, Problem(code), headers=refusal.headers or {}
    )


def answer_in(scope: Scope, wanted: str) -> None:
    """What people read is in this language; so are the problems of the request, or in English."""
    scope[LANGUAGE] = "vi" if wanted == "vi" else "en"


def response_to(scope: Scope, refusal: Problem) -> Response:
    """A problem as an answer to the request of an ASGI scope."""
    problem = _unsigned(refusal)
    status = status_of(problem)
    headers = headers_of(status)
    if isinstance(problem, Exceeded):
        headers = {**headers, "Retry-After": problem.details["seconds"]}
    return _response(scope, status, problem, headers=headers)


def _unsigned(problem: Problem) -> Problem:
    """Whoever sent no token is asked for one, and not told what the public may not do.

    The request "lacks valid authentication credentials" (RFC 9110, 15.5.2); by RFC 6750 (3.1) the
    challenge names no error then. With a token, whose role may not do it, it stays forbidden.
    """
    if problem.code != "role-not-allowed" or problem.details.get("role") != PUBLIC.role:
        return problem
    return errors.Unknown("sign-in-needed", action=problem.details["action"])


def status_of(problem: Problem) -> int:
    """The status that a problem is answered with."""
    return _STATUS_OF_CODE.get(problem.code, _STATUS_OF_KIND[type(problem)])


def unexpected(scope: Scope) -> Response:
    """The answer when the fault is ours; what it was stands in the server's log alone."""
    return _response(scope, 500, Problem("unexpected"), headers={})


def headers_of(status: int) -> Mapping[str, str]:
    """The headers that an answer with this status has to have."""
    match status:
        case 401:
            return {"WWW-Authenticate": "Bearer"}
        case 429 | 503:
            return {"Retry-After": str(RETRY_AFTER_S)}
        case _:
            return {}


def _response(
    scope: Scope, status: int, problem: Problem, *, headers: Mapping[str, str]
) -> Response:
    language = scope.get(LANGUAGE) or language_of(Headers(scope=scope).get("accept-language"))
    content: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": messages.title(status, language),
        "status": status,
        "detail": messages.sentence(problem.code, language, problem.details),
        "instance": quote(scope["path"], safe=_PLAIN),
        "code": problem.code,
    }
    if problem.details:
        content["details"] = dict(problem.details)
    if problem.flaws:
        content["errors"] = _errors(problem.flaws, language)
    said = {**headers, **said_in(language)}
    if _wants_page(scope):
        over = headline(problem.code, status, language)
        shown = {**content, "headline": over, "retries": "Retry-After" in said}
        return page.problem_page(shown, language, said)
    return JSONResponse(content, status_code=status, headers=said, media_type=MEDIA_TYPE)


def _wants_page(scope: Scope) -> bool:
    accepted = Headers(scope=scope).get("accept")
    offered = ("application/json", MEDIA_TYPE, page.MEDIA_TYPE)
    return PAGE in scope or preferred(accepted, offered) == page.MEDIA_TYPE


def _errors(found: Sequence[Flaw], language: Language) -> list[dict[str, Any]]:
    return [
        {
            **_place(flaw),
            "code": flaw.code,
            "detail": messages.sentence(flaw.code, language, flaw.details),
        }
        for flaw in found
    ]


def _place(flaw: Flaw) -> Mapping[str, str]:
    if flaws.PARAMETER in flaw.details:
        return {flaws.PARAMETER: flaw.details[flaws.PARAMETER]}
    return {"pointer": flaw.pointer}

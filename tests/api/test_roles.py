"""Every operation of every service, asked by every role: the table of permissions is what counts.

The stores are empty, so that whoever is let in is told that something is missing, or that nothing
stands in the way.
"""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response

from shared.adapters import messages, web
from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.authority import PERMISSIONS, may
from shared.kernel.errors import Unknown
from tests.golden.documents import WIRINGS
from tests.support.anonymous import ANONYMOUS_OPERATIONS
from tests.support.operations import (
    ACTIONS_WITHOUT_OPERATION,
    AGENCY,
    HIDDEN_ROUTES,
    OPERATIONS,
    PUBLIC_OPERATIONS,
    Operation,
    actions,
    hidden_routes,
    router_of,
    silent_routes,
)
from tests.support.outside import memory_outside

CALLERS: Mapping[str, Actor] = {
    "": PUBLIC,
    "agency": Actor("u1", "agency", AGENCY),
    "another-agency": Actor("u2", "agency", "so-noi-vu"),
    "council": Actor("m1", "council", "so-noi-vu"),
    "council-of-the-agency": Actor("m2", "council", AGENCY),
    "survey-officer": Actor("s1", "survey-officer"),
    "administrator": Actor("a1", "administrator"),
    "auditor": Actor("k1", "auditor"),
}


async def _identify(token: str, *_wait: object) -> Actor:
    if token not in CALLERS:
        raise Unknown("token-invalid")
    return CALLERS[token]


def _app(name: str) -> FastAPI:
    outside = memory_outside()
    door = web.Door(_identify, outside.clock, outside.chance, outside.seals)
    return web.service_app(name, router_of(name), door)


IN_THE_TABLE = sorted(set(OPERATIONS) - PUBLIC_OPERATIONS)
APPS = {name: _app(name) for name in WIRINGS}
WITHOUT_USE_CASE = "look_up_person"
"""What its route does itself; no use case holds it against the table once more."""
KEY = {"Idempotency-Key": "k-1"}
PLANTED = {"planted": 1}
FLAWS = {"If-Match": "*", "X-Correlation-Id": "?", "Idempotency-Key": "\t"}


async def _ask(operation: Operation, token: str) -> httpx.Response:
    return await _send(operation, token, operation.path, operation.body, KEY)


async def _send(
    operation: Operation, token: str, path: str, body: object, headers: Mapping[str, str]
) -> httpx.Response:
    by = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(APPS[operation.service])
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(operation.method, path, json=body, headers={**headers, **by})


def _forbidden(answer: httpx.Response) -> str | None:
    assert answer.status_code not in {400, 422, 500}, answer.text
    return answer.json()["code"] if answer.status_code in {401, 403} else None


def _refusals(key: tuple[str, str]) -> Mapping[str, str | None]:
    """With which code each caller is refused by the table."""
    operation = OPERATIONS[key]
    return {
        caller: may(actor, actions()[key], agency=operation.agency) if caller else "sign-in-needed"
        for caller, actor in CALLERS.items()
    }


def test_every_operation_is_public_by_name_or_an_action_of_the_table() -> None:
    assert {*PUBLIC_OPERATIONS, *actions()} == set(OPERATIONS)
    assert not PUBLIC_OPERATIONS & set(actions())
    assert {*actions().values(), *ACTIONS_WITHOUT_OPERATION} == set(PERMISSIONS)


@pytest.mark.parametrize("name", WIRINGS)
def test_every_route_says_who_may_ask(name: str) -> None:
    assert [*silent_routes(APPS[name].routes)] == []


def test_a_route_that_says_nothing_or_two_things_would_be_seen() -> None:
    app, inner = _app("appraisal"), APIRouter()
    both = [web.FOR_ANYBODY, web.needs("decide-score")]
    inner.add_api_route("/verdicts", lambda: "", name="forgotten")
    inner.add_api_route("/verdict", lambda: "", name="unclear", dependencies=both)
    app.include_router(inner, prefix="/cycles/{cycle}")

    assert [*silent_routes(app.routes)] == [
        "forgotten /cycles/{cycle}/verdicts",
        "unclear /cycles/{cycle}/verdict",
    ]


@pytest.mark.parametrize("name", WIRINGS)
def test_every_route_is_the_one_that_its_room_made(name: str) -> None:
    """What was included would have no path, and be made anew when the first request comes."""
    assert [route for route in APPS[name].routes if not hasattr(route, "path")] == []


@pytest.mark.parametrize("name", WIRINGS)
def test_every_route_that_no_document_has_is_known_by_name(name: str) -> None:
    assert sorted(hidden_routes(APPS[name])) == sorted(HIDDEN_ROUTES[name])


def test_a_hidden_route_would_be_seen() -> None:
    app, router, inner = _app("appraisal"), APIRouter(), APIRouter(include_in_schema=False)
    inner.add_api_route("/verdicts", lambda: "", methods=["PUT"])
    router.include_router(inner, prefix="/cycles/{cycle}")
    app.include_router(router)
    app.add_route("/cycles/{cycle}/agencies/{agency}", lambda _: Response(), methods=["DELETE"])

    assert {*hidden_routes(app)} - HIDDEN_ROUTES["appraisal"] == {
        "PUT /cycles/{cycle}/verdicts",
        "DELETE /cycles/{cycle}/agencies/{agency}",
    }


@pytest.mark.parametrize("key", IN_THE_TABLE, ids="-".join)
async def test_an_operation_is_done_for_whom_the_table_permits_it_and_nobody_else(
    key: tuple[str, str],
) -> None:
    operation = OPERATIONS[key]

    answers = {caller: await _ask(operation, caller) for caller in CALLERS}

    assert {caller: _forbidden(answer) for caller, answer in answers.items()} == _refusals(key)
    assert answers[""].status_code == 401
    assert answers[""].headers["www-authenticate"] == "Bearer"
    assert answers[""].json()["detail"] == messages.sentence("sign-in-needed", "vi", {})


@pytest.mark.parametrize("key", IN_THE_TABLE, ids="-".join)
async def test_the_use_cases_hold_it_against_the_same_table(
    key: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.adapters.web.rights.permit", lambda *_, **__: None)
    operation = OPERATIONS[key]
    refusals = dict.fromkeys(CALLERS) if key[1] == WITHOUT_USE_CASE else _refusals(key)

    told = {caller: _forbidden(await _ask(operation, caller)) for caller in CALLERS}

    assert told == refusals


@pytest.mark.parametrize("key", IN_THE_TABLE, ids="-".join)
async def test_who_may_not_do_something_hears_of_no_flaw_in_what_they_sent(
    key: tuple[str, str],
) -> None:
    operation = OPERATIONS[key]
    path = operation.path_of(**{name: "~" for name in operation.parts if name != "agency"})
    refusals = {caller: code for caller, code in _refusals(key).items() if code}

    told = {
        caller: _forbidden(await _send(operation, caller, f"{path}?limit=~", PLANTED, FLAWS))
        for caller in refusals
    }

    assert told == refusals
    assert refusals


@pytest.mark.parametrize("key", IN_THE_TABLE, ids="-".join)
async def test_what_no_agency_can_be_called_opens_nothing(key: tuple[str, str]) -> None:
    operation = OPERATIONS[key]

    answer = await _send(operation, "", f"{operation.path}?agency=~", operation.body, KEY)

    assert _forbidden(answer) == "sign-in-needed"


@pytest.mark.parametrize("key", sorted(PUBLIC_OPERATIONS), ids="-".join)
async def test_what_is_public_is_refused_to_nobody(key: tuple[str, str]) -> None:
    answers = [await _ask(OPERATIONS[key], caller) for caller in CALLERS]

    assert {answer.status_code for answer in answers} <= {200, 404}, answers[0].text


@pytest.mark.parametrize("key", sorted(OPERATIONS), ids="-".join)
async def test_a_token_that_proves_nothing_is_worse_than_none(key: tuple[str, str]) -> None:
    answer = await _ask(OPERATIONS[key], "forged")

    assert (answer.status_code == 401) == (key not in ANONYMOUS_OPERATIONS)

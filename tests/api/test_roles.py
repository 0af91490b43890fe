"""Every operation of every service, asked by every role: the table of permissions is what counts.

The stores are empty, so that whoever is let in is told that something is missing, or that nothing
stands in the way.
"""

from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response

from shared.adapters import messages, web
from shared.adapters.front import routes_of
from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.authority import PERMISSIONS, may
from shared.kernel.errors import Unknown
from tests.golden.documents import WIRINGS
from tests.support.anonymous import ANONYMOUS_OPERATIONS
from tests.support.operations import (
    ACTION_OF,
    ACTIONS_WITHOUT_OPERATION,
    AGENCY,
    HIDDEN_ROUTES,
    OPERATIONS,
    PUBLIC_OPERATIONS,
    Operation,
    hidden_routes,
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
    return web.service_app(name, routes_of(WIRINGS[name](outside), outside), door)


APPS = {name: _app(name) for name in WIRINGS}


async def _ask(operation: Operation, token: str) -> httpx.Response:
    headers = {"Idempotency-Key": "k-1", **({"Authorization": f"Bearer {token}"} if token else {})}
    transport = httpx.ASGITransport(APPS[operation.service])
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(
            operation.method, operation.path, json=operation.body, headers=headers
        )


def _forbidden(answer: httpx.Response) -> str | None:
    assert answer.status_code not in {400, 422, 500}, answer.text
    return answer.json()["code"] if answer.status_code in {401, 403} else None


def test_every_operation_is_public_by_name_or_an_action_of_the_table() -> None:
    assert {*PUBLIC_OPERATIONS, *ACTION_OF} == set(OPERATIONS)
    assert not PUBLIC_OPERATIONS & set(ACTION_OF)
    assert {*ACTION_OF.values(), *ACTIONS_WITHOUT_OPERATION} == set(PERMISSIONS)


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


@pytest.mark.parametrize("key", sorted(ACTION_OF), ids="-".join)
async def test_an_operation_is_done_for_whom_the_table_permits_it_and_nobody_else(
    key: tuple[str, str],
) -> None:
    operation, action = OPERATIONS[key], ACTION_OF[key]

    answers = {caller: await _ask(operation, caller) for caller in CALLERS}

    assert {caller: _forbidden(answer) for caller, answer in answers.items()} == {
        caller: may(actor, action, agency=operation.agency) if caller else "sign-in-needed"
        for caller, actor in CALLERS.items()
    }
    assert answers[""].status_code == 401
    assert answers[""].headers["www-authenticate"] == "Bearer"
    assert answers[""].json()["detail"] == messages.sentence("sign-in-needed", "vi", {})


async def test_who_may_not_do_something_hears_of_no_flaw_in_what_they_sent() -> None:
    with_bodies = {key: OPERATIONS[key] for key in ACTION_OF if OPERATIONS[key].body is not None}

    told = {
        (key, caller): _forbidden(await _ask(replace(operation, body={"planted": 1}), caller))
        for key, operation in with_bodies.items()
        for caller, actor in CALLERS.items()
        if may(actor, ACTION_OF[key], agency=operation.agency) is not None
    }

    assert told == {
        (key, caller): may(CALLERS[caller], ACTION_OF[key], agency=with_bodies[key].agency)
        if caller
        else "sign-in-needed"
        for key, caller in told
    }
    assert len({key for key, _ in told}) == len(with_bodies) > 40


@pytest.mark.parametrize("key", sorted(PUBLIC_OPERATIONS), ids="-".join)
async def test_what_is_public_is_refused_to_nobody(key: tuple[str, str]) -> None:
    answers = [await _ask(OPERATIONS[key], caller) for caller in CALLERS]

    assert {answer.status_code for answer in answers} <= {200, 404}, answers[0].text


@pytest.mark.parametrize("key", sorted(OPERATIONS), ids="-".join)
async def test_a_token_that_proves_nothing_is_worse_than_none(key: tuple[str, str]) -> None:
    answer = await _ask(OPERATIONS[key], "forged")

    assert (answer.status_code == 401) == (key not in ANONYMOUS_OPERATIONS)

"""Nobody gets at what is another's: every route of the OpenAPI documents, with foreign ids."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.golden.documents import WIRINGS, document_of
from tests.support.town import FOREIGN, OWN, Request, Town

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quiet")]

# What anybody may ask of ranking about an agency is what was published, which is nothing yet.
PUBLIC = {("ranking", name) for name in ("read_agency", "explain_agency", "explain_item")}
READINGS = ("GET", "HEAD")


def _routes() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for service in WIRINGS:
        for path, operations in document_of(service)["paths"].items():
            for method, operation in operations.items():
                yield service, method.upper(), path, operation


def _request(
    route: tuple[str, str, str, Mapping[str, Any]], who: str, **ids: str
) -> tuple[tuple[str, str], Request]:
    service, method, path, operation = route
    parts = {
        part["name"]: str(part["example"])
        for part in operation.get("parameters", ())
        if part["in"] == "path"
    }
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("example")
    file = b"a file" if "application/octet-stream" in content else None
    address = f"/{service}" + path.format(**{**parts, **ids})
    return (service, operation["operationId"]), Request(method, address, body, file, who)


ABOUT_AGENCIES = [route for route in _routes() if "/agencies/{agency}" in route[2]]
ABOUT_CYCLES = [route for route in _routes() if "{cycle}" in route[2]]
DECISIONS = [
    route for route in ABOUT_AGENCIES if route[0] == "appraisal" and route[1] not in READINGS
]


def _name(route: tuple[str, str, str, Mapping[str, Any]]) -> str:
    return f"{route[0]}-{route[3]['operationId']}"


def test_there_is_something_to_try() -> None:
    assert len(ABOUT_AGENCIES) >= 25
    assert len(DECISIONS) >= 6


@pytest.mark.parametrize("route", ABOUT_AGENCIES, ids=_name)
def test_an_agency_neither_reads_nor_writes_what_is_anothers(
    route: tuple[str, str, str, Mapping[str, Any]], quiet: Town
) -> None:
    key, request = _request(route, "agency", agency=FOREIGN, cycle="2021", item="1.1")

    if key in PUBLIC:
        quiet.refused(request, 404, "result-not-published")
    else:
        quiet.refused(request, 403, _reason(quiet, route))


def _reason(quiet: Town, route: tuple[str, str, str, Mapping[str, Any]]) -> str:
    """What agencies never do is refused to them about their own sheet as well."""
    _, own = _request(route, "agency", agency=OWN, cycle="1999", item="1.1")
    problem = quiet.send(own).json()
    return "role-not-allowed" if problem["code"] == "role-not-allowed" else "agency-not-yours"


@pytest.mark.parametrize("route", DECISIONS, ids=_name)
def test_no_council_member_decides_on_the_members_own_agency(
    route: tuple[str, str, str, Mapping[str, Any]], quiet: Town
) -> None:
    _, request = _request(route, "council-of-foreign", agency=FOREIGN, cycle="2021", item="1.1")

    quiet.refused(request, 403, "agency-is-your-own")


@pytest.mark.parametrize("cycle", ["2020", "1999"])
@pytest.mark.parametrize("route", ABOUT_AGENCIES, ids=_name)
def test_an_agency_is_nobody_in_a_cycle_that_is_not_its_own(
    route: tuple[str, str, str, Mapping[str, Any]], cycle: str, quiet: Town
) -> None:
    _, request = _request(route, "agency", agency=OWN, cycle=cycle, item="1.1")
    before = quiet.remains()

    answer = quiet.send(request)

    assert answer.status_code in {403, 404, 409}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert quiet.remains() == before


@pytest.mark.parametrize("route", ABOUT_CYCLES, ids=_name)
def test_the_administrator_finds_nothing_in_a_cycle_that_was_never_opened(
    route: tuple[str, str, str, Mapping[str, Any]], quiet: Town
) -> None:
    _, request = _request(route, "administrator", cycle="1999", item="1.1")
    before = quiet.remains()

    answer = quiet.send(request)

    nothing = answer.json() in ([], {"items": [], "next": None})
    assert answer.status_code in {403, 404, 409} or nothing, answer.text
    assert quiet.remains() == before


def test_an_agency_sees_no_progress_but_its_own(quiet: Town) -> None:
    [progress] = quiet.done(Request("GET", "/submission/cycles/2021/progress"))

    assert [each["agency"] for each in progress["agencies"]] == [OWN]

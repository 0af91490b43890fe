"""In which terms a provider may speak: where roles stand, what they are called, who is who."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.adapters.identity import Terms
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown

ISSUER = "https://sso.example"
AN: Mapping[str, Any] = {"iss": ISSUER, "sub": "an", "roles": ["agency"], "agency": "so-y-te"}
OFFICER = Actor("an", "agency", "so-y-te")
PROGRAM = Actor("an", "agency", "so-y-te", kind="service")


def refusal(terms: Terms, **claims: object) -> str:
    """Why these claims make nobody."""
    with pytest.raises(Unknown) as unknown:
        terms.actor({**AN, **claims})
    return unknown.value.code


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("roles", {"roles": ["agency"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["agency"]}}),
        ("resource_access.cchc.roles", {"resource_access": {"cchc": {"roles": ["agency"]}}}),
        ("https://sso.example/roles", {"https://sso.example/roles": ["agency"]}),
        ("a.https://sso.example/roles", {"a": {"https://sso.example/roles": ["agency"]}}),
        ("scope", {"scope": "openid agency profile"}),
    ],
)
def test_roles_are_found_where_the_provider_has_them(path: str, claims: Mapping[str, Any]) -> None:
    told = {"iss": ISSUER, "sub": "an", "agency": "so-y-te", **claims}

    assert Terms(roles_claim=path).actor(told) == OFFICER


@pytest.mark.parametrize("path", ["roles.more", "agency.more", "nothing", "realm_access.roles."])
def test_a_path_that_leads_nowhere_finds_no_role(path: str) -> None:
    assert refusal(Terms(roles_claim=path)) == "token-invalid"


def test_two_values_may_be_one_role_and_what_is_not_named_is_none() -> None:
    terms = Terms(roles={"can-bo": "agency", "can-bo-moi": "agency", "hd": "council"})

    assert terms.actor({**AN, "roles": ["can-bo", "x", "can-bo-moi"]}) == OFFICER
    assert refusal(terms, roles=["can-bo", "hd"]) == "token-invalid"
    assert refusal(terms, roles=["agency"]) == "token-invalid"


def test_a_role_of_no_agency_has_none_whatever_is_said() -> None:
    assert Terms().actor({**AN, "roles": ["auditor"]}) == Actor("an", "auditor")


@pytest.mark.parametrize(
    ("claim", "claims", "expected"),
    [
        ("", {}, OFFICER),
        ("", {"client_id": "cchc-cli"}, OFFICER),
        ("", {"client_id": "an"}, PROGRAM),
        ("", {"azp": "an"}, PROGRAM),
        ("", {"cid": "an"}, PROGRAM),
        ("", {"gty": "client-credentials"}, PROGRAM),
        ("", {"gty": "password"}, OFFICER),
        ("", {"idtyp": "app"}, PROGRAM),
        ("", {"azp": "Thu-Thap", "preferred_username": "service-account-thu-thap"}, PROGRAM),
        ("", {"azp": "cchc-web", "preferred_username": "service-account-thu-thap"}, OFFICER),
        ("", {"azp": ["an"], "preferred_username": {}}, OFFICER),
        ("client_id", {"azp": "thu-thap", "client_id": "thu-thap"}, PROGRAM),
        ("client_id", {"azp": "cchc-web"}, OFFICER),
        ("idtyp=app", {"idtyp": "app"}, PROGRAM),
        ("idtyp=app", {"idtyp": "user"}, OFFICER),
        ("idtyp=app", {}, OFFICER),
        ("realm.kind=service", {"realm": {"kind": "service"}}, PROGRAM),
        ("is_service=true", {"is_service": True}, PROGRAM),
        ("is_service=true", {"is_service": False}, OFFICER),
        ("level=2", {"level": 2}, PROGRAM),
        ("amr=client", {"amr": ["client"]}, PROGRAM),
        ("amr=client", {"amr": ["pwd", "otp"]}, OFFICER),
    ],
)
def test_a_program_is_told_from_a_person(
    claim: str, claims: Mapping[str, Any], expected: Actor
) -> None:
    assert Terms(service_claim=claim).actor({**AN, **claims}) == expected


@pytest.mark.parametrize("name", ["azp", "client_id"])
def test_where_clients_are_named_others_are_not_taken(name: str) -> None:
    terms = Terms(clients=frozenset({"cchc-web", "cchc-cli"}))

    assert terms.actor({**AN, name: "cchc-cli"}) == OFFICER
    assert terms.actor({**AN, "azp": "cchc-cli", "client_id": "cchc-cli"}) == OFFICER
    assert refusal(terms, **{name: "another"}) == "token-invalid"
    assert refusal(terms, azp="cchc-cli", client_id="cchc-web") == "token-invalid"
    assert refusal(terms) == "token-invalid"

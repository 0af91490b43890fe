"""In which terms a provider speaks of its people: which claim says what, which role is which."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from shared.adapters.identity.naming import Names, ReadableNames
from shared.kernel.actor import Actor, Kind, Role
from shared.kernel.code import is_code
from shared.kernel.errors import Unknown
from shared.ports import Person

AUDIENCE = "cchc"

# Who may come with a token: the public needs none, and the system gets none.
ROLES: Sequence[Role] = tuple(role for role in get_args(Role) if role not in {"public", "system"})
ROLES_OF_AN_AGENCY: Sequence[Role] = ("agency", "council")
OWN_NAMES: Mapping[str, Role] = {role: role for role in ROLES}

SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")
NAME_CHARACTERS_MAX = 200
_SCOPE = "scope"
_CLIENT = ("azp", "client_id", "cid")
"""Where OpenID Connect, RFC 9068 and Okta say to which client a token was issued."""
_ACCESS = "Bearer"
"""What Keycloak says in a claim `typ` of its access tokens, and of no other token."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the claims of a token mean.

    `roles_claim` and `agency_claim` are the names of claims, or paths to one within others
    (`realm_access.roles`). `roles` says which value is which role; other values say nothing.
    A token is that of a service account where it has the claim `service_claim`, or for
    `NAME=VALUE` has it with this value, or where it says itself, as providers do, that nobody
    signed in for it. Where `clients` are named, only tokens that were issued to one of them are
    taken. `names` says what facts call whom a token calls so.
    """

    audience: str = AUDIENCE
    clients: frozenset[str] = frozenset()
    roles_claim: str = "roles"
    roles: Mapping[str, Role] = field(default_factory=lambda: OWN_NAMES)
    agency_claim: str = "agency"
    service_claim: str = ""
    names: Names = field(default_factory=ReadableNames)

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        """Whom these claims name, whose signature is known to be good.

        Raises `Unknown`: an access token of one of our clients names exactly one of our roles,
        and the agency that this role needs.
        """
        role = self._role(claims)
        if not (self._is_for_us(claims) and role and SUBJECT.fullmatch(claims["sub"])):
            raise Unknown("token-invalid")
        agency = _found(claims, self.agency_claim) if role in ROLES_OF_AN_AGENCY else ""
        if not isinstance(agency, str) or (role in ROLES_OF_AN_AGENCY and not is_code(agency)):
            raise Unknown("token-invalid")
        named = self.names.id_of(claims["iss"], claims["sub"])
        return Actor(id=named, role=role, agency=agency, kind=self._kind(claims))

    def person(self, claims: Mapping[str, Any]) -> Person:
        """As whom the provider knows the actor of these claims: for the directory alone."""
        issuer, subject, name = claims["iss"], claims["sub"], claims.get("name")
        said = name[:NAME_CHARACTERS_MAX] if isinstance(name, str) and name.isprintable() else ""
        return Person(self.names.id_of(issuer, subject), issuer, subject, said)

    def _is_for_us(self, claims: Mapping[str, Any]) -> bool:
        # OpenID Connect calls it `azp` and RFC 9068 `client_id`; a token may say both.
        issued_to = {str(claims[name]) for name in ("azp", "client_id") if name in claims}
        is_ours = not self.clients or (len(issued_to) == 1 and issued_to <= self.clients)
        return is_ours and len(issued_to) <= 1 and claims.get("typ", _ACCESS) == _ACCESS

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        told = _found(claims, self.roles_claim)
        if self.roles_claim == _SCOPE and isinstance(told, str):
            told = told.split(" ")  # RFC 8693, 4.2
        if not isinstance(told, list):
            return None
        roles = {self.roles[each] for each in told if isinstance(each, str) and each in self.roles}
        return roles.pop() if len(roles) == 1 else None

    def _kind(self, claims: Mapping[str, Any]) -> Kind:
        name, _, value = self.service_claim.partition("=")
        told = _found(claims, name) if name else None
        is_told = _is_said(told, value) if value else told is not None
        return "service" if is_told or _is_nobody_s(claims) else "person"


def _is_said(told: object, value: str) -> bool:
    """Whether a claim is this value, as JSON writes it, or has it in its list."""
    several = told if isinstance(told, list) else [told]
    return value in {each if isinstance(each, str) else json.dumps(each) for each in several}


def _is_nobody_s(claims: Mapping[str, Any]) -> bool:
    """Whether a client got this token in its own name (client credentials, RFC 6749, 4.4)."""
    clients = [claims[name] for name in _CLIENT if isinstance(claims.get(name), str)]
    own_users = [f"service-account-{client.lower()}" for client in clients]
    return (
        claims["sub"] in clients  # RFC 9068, 2.2
        or claims.get("preferred_username") in own_users  # Keycloak
        or claims.get("gty") == "client-credentials"  # Auth0
        or claims.get("idtyp") == "app"  # Entra ID
    )


def _found(claims: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON
    """What stands there; a claim whose own name has dots comes before a path."""
    if path in claims:
        return claims[path]
    name, _, rest = path.partition(".")
    within = claims.get(name)
    return _found(within, rest) if rest and isinstance(within, Mapping) else None

"""The settings that say whose tokens production takes, and in which terms that issuer speaks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from shared.adapters.deployed import values
from shared.adapters.deployed.setting import Setting
from shared.adapters.deployed.values import Wrong
from shared.adapters.identity import AUDIENCE, ROLES, Terms, Trust, is_safe
from shared.kernel.actor import Role

_LIKE = "https://sso.example.gov.vn/realms/cchc"
_WORD = re.compile(r"[\x21-\x7e]{1,255}")
_ROLES = f"VALUE={'|'.join(ROLES)},..."
_CLAIM = re.compile(r"[^\s=]{1,255}")
NO_CLAIM = "none"
"""What is said in place of a claim where the provider has no such one."""
_SERVICE = re.compile(r"[^\s=]{1,255}(=[\x21-\x7e]{1,255})?")


def _issuer(text: str) -> str:
    """An issuer by its address, exactly as it calls itself (OpenID Connect Discovery 1.0, 3)."""
    if text and (not is_safe(text) or urlsplit(text).query or text.split() != [text]):
        raise Wrong(_LIKE)
    return text


def _audience(text: str) -> str:
    if _WORD.fullmatch(text) is None:
        raise Wrong(AUDIENCE)
    return text


def _clients(text: str) -> frozenset[str]:
    clients = text.split(",") if text else []
    if not all(map(_WORD.fullmatch, clients)):
        raise Wrong("cchc-web,cchc-cli")
    return frozenset(clients)


def _claim(text: str) -> str:
    if _CLAIM.fullmatch(text) is None:
        raise Wrong("realm_access.roles")
    return text


def _roles(text: str) -> Mapping[str, Role]:
    """Which value of theirs is which of our roles; two values may be one role."""
    named = {role: role for role in ROLES}
    found: dict[str, Role] = {}
    for each in text.split(",") if text else []:
        value, _, role = each.rpartition("=")
        if not value or value in found or role not in named:
            raise Wrong(_ROLES)
        found[value] = named[role]
    return found


def _service_claim(text: str) -> str:
    if text and _SERVICE.fullmatch(text) is None:
        raise Wrong(f"client_id | idtyp=app | {NO_CLAIM}")
    return text


ISSUER: Sequence[Setting] = (
    Setting(
        "CCHC_ISSUER", _issuer, "production: the OpenID Connect issuer whose tokens are taken", ""
    ),
    Setting(
        "CCHC_KEY_SET",
        values.path,
        "its public keys in a file (JSON Web Key Set), where they cannot be asked for",
        "",
    ),
    Setting(
        "CCHC_ISSUER_CA",
        values.path,
        "certificates (PEM) that vouch for its address, in place of the public ones",
        "",
    ),
    Setting("CCHC_AUDIENCE", _audience, "what its tokens for us name in `aud`", AUDIENCE),
    Setting(
        "CCHC_CLIENTS",
        _clients,
        "the clients whose tokens are taken, by `azp` or `client_id`; without it, of all",
        "",
    ),
    Setting(
        "CCHC_ROLES_CLAIM",
        _claim,
        "the claim that lists roles, or a path to it: `realm_access.roles`; `scope` takes scopes",
        "roles",
    ),
    Setting(
        "CCHC_ROLES",
        _roles,
        "which of its values is which role: `can-bo=agency,hoi-dong=council`; without it, the same",
        "",
    ),
    Setting("CCHC_AGENCY_CLAIM", _claim, "the claim with the code of the agency", "agency"),
    Setting(
        "CCHC_SERVICE_CLAIM",
        _service_claim,
        "production: a claim of service accounts alone, or `NAME=VALUE`, or `none`; beside the "
        "usual marks, such as `sub` = `azp`",
        "",
    ),
    Setting(
        "CCHC_PEOPLE_KEY",
        values.path,
        "a file with 64 hexadecimal digits by lot: the key that makes opaque ids of subjects; one "
        "for all services, for ever",
        "",
    ),
)


def trust_of(told: Mapping[str, Any]) -> Trust:
    """Whose tokens are taken, by what these settings were told."""
    own = Terms()
    terms = Terms(
        audience=told["audience"],
        clients=told["clients"],
        roles_claim=told["roles_claim"],
        roles=told["roles"] or own.roles,
        agency_claim=told["agency_claim"],
        service_claim="" if told["service_claim"] == NO_CLAIM else told["service_claim"],
    )
    return Trust(
        told["issuer"], told["key_set"], told["issuer_ca"], terms, people_key=told["people_key"]
    )

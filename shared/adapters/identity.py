"""Who calls: bearer tokens (RFC 7519), verified here, and for trials issued here too.

A token names one of our roles in `roles`, and in `agency` the agency that its holder belongs to.
The times in a token are held against `Clock`, which in a trial is not the time of the machine.
"""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import jwt

from shared.kernel.actor import Actor, Role
from shared.kernel.code import is_code
from shared.kernel.errors import Refused, Unknown
from shared.ports import Clock

TRIAL_ISSUER = "urn:cchc:trial"
AUDIENCE = "cchc"
LEEWAY = timedelta(seconds=30)
VERIFIED_MAX = 1_024
"""How many tokens are remembered, so that the signature of each is checked once and not always."""

# Who may come with a token: the public needs none, and the system gets none.
ROLES: Sequence[Role] = tuple(role for role in get_args(Role) if role not in {"public", "system"})
ROLES_OF_AN_AGENCY: Sequence[Role] = ("agency", "council")

HOURS_DEFAULT = 12
HOURS_MAX = 24 * 366 * 2
"""The clock of a trial may be set forward through a whole cycle."""

# Signatures by a key pair alone: with a shared secret, whoever verifies could also issue.
_ALGORITHMS = frozenset({"EdDSA", "ES256", "ES384", "ES512", "PS256", "RS256"})
_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")
_TRIAL_KEY_ID = "trial"
_REQUIRED = ("iss", "aud", "sub", "exp")


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the one algorithm that it is good for, whatever a token says."""

    key: Any
    algorithm: str


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token with a good signature says, and from when until when it says so."""

    actor: Actor
    begins: datetime
    ends: datetime


class Verifier:
    """Turns tokens of one issuer into actors.

    What a good signature stands under is remembered by the token's hash; its times are held
    against the clock at every call.
    """

    def __init__(self, issuer: str, keys: Mapping[str, Key], clock: Clock) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    def identify(self, token: str) -> Actor:
        """The actor whom a token names; raises `Unknown` for any token that is not in order."""
        verified = self._remembered(token)
        now = self._clock.now()
        if now >= verified.ends + LEEWAY:
            raise Unknown("token-expired")
        if now < verified.begins - LEEWAY:
            raise Unknown("token-invalid")
        return verified.actor

    def _remembered(self, token: str) -> _Verified:
        name = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        if name not in self._verified:
            self._verified[name] = self._verify(token)
        self._verified.move_to_end(name)
        while len(self._verified) > VERIFIED_MAX:
            self._verified.popitem(last=False)
        return self._verified[name]

    def _verify(self, token: str) -> _Verified:
        try:
            claims = self._claims(token)
            begins, ends = _instant(claims.get("nbf", 0)), _instant(claims["exp"])
        except (jwt.PyJWTError, OverflowError, TypeError, ValueError) as error:
            raise Unknown("token-invalid") from error
        return _Verified(_actor(claims), begins, ends)

    def _claims(self, token: str) -> Mapping[str, Any]:
        key = self._keys.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is None:
            raise Unknown("token-invalid")
        # PyJWT would hold the times against the machine's clock.
        options: Any = {
            "require": _REQUIRED,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=AUDIENCE,
            issuer=self._issuer,
            options=options,
        )
        return claims


class TrialIssuer:
    """Issues tokens for anybody who asks; never to be had in production."""

    def __init__(self, private_key: str, clock: Clock) -> None:
        self._private_key = private_key
        self._clock = clock

    def issue(self, actor: Actor, *, hours: int) -> str:
        """A token that serves for these hours.

        Raises `Refused` with `role-without-token`, `subject-malformed`, `agency-needed` or
        `agency-not-expected` for an actor whom `Verifier` would not take.
        """
        _check(actor)
        claims = {
            "iss": TRIAL_ISSUER,
            "aud": AUDIENCE,
            "sub": actor.id,
            "exp": self._clock.now() + timedelta(hours=hours),
            "roles": [actor.role],
            **({"agency": actor.agency} if actor.agency else {}),
        }
        headers = {"kid": _TRIAL_KEY_ID}
        return jwt.encode(claims, self._private_key, algorithm="EdDSA", headers=headers)

    def verifier(self) -> Verifier:
        """Who takes these tokens, and no other."""
        keys = {_TRIAL_KEY_ID: Key(self._private_key, "EdDSA")}
        return Verifier(TRIAL_ISSUER, keys, self._clock)


def subject_of(role: Role, agency: str) -> str:
    """The opaque id of somebody of whom no more is known."""
    return f"trial-{role}-{agency}" if agency else f"trial-{role}"


def verifier_of(issuer: str, key_set: Path, clock: Clock) -> Verifier:
    """Takes the tokens of an OpenID Connect issuer, by its JSON Web Key Set (RFC 7517) in a file.

    Raises ValueError where that is no key set, or holds no key to verify signatures with.
    """
    try:
        known = jwt.PyJWKSet.from_dict(json.loads(key_set.read_text("utf-8")))
    except (AttributeError, jwt.PyJWTError) as error:
        raise ValueError(f"{key_set.name} is no JSON Web Key Set: {error}") from error
    keys = {
        key.key_id: Key(key.key, key.algorithm_name)
        for key in known.keys
        if key.key_id and key.algorithm_name in _ALGORITHMS and key.public_key_use != "enc"
    }
    if not keys:
        raise ValueError(f"{key_set.name} holds no key with a kid and one of {sorted(_ALGORITHMS)}")
    return Verifier(issuer, keys, clock)


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _actor(claims: Mapping[str, Any]) -> Actor:
    named = claims.get("roles")
    roles = [role for role in ROLES if isinstance(named, list) and role in named]
    if len(roles) != 1 or _SUBJECT.fullmatch(claims["sub"]) is None:
        raise Unknown("token-invalid")
    if roles[0] not in ROLES_OF_AN_AGENCY:
        return Actor(id=claims["sub"], role=roles[0])
    agency = claims.get("agency")
    if not (isinstance(agency, str) and is_code(agency)):
        raise Unknown("token-invalid")
    return Actor(id=claims["sub"], role=roles[0], agency=agency)


def _check(actor: Actor) -> None:
    if actor.role not in ROLES:
        raise Refused("role-without-token", role=actor.role)
    if _SUBJECT.fullmatch(actor.id) is None:
        raise Refused("subject-malformed")
    if actor.role in ROLES_OF_AN_AGENCY and not is_code(actor.agency):
        raise Refused("agency-needed", role=actor.role)
    if actor.role not in ROLES_OF_AN_AGENCY and actor.agency:
        raise Refused("agency-not-expected", role=actor.role)

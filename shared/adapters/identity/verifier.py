"""A token is an actor or nobody, by the keys of its issuer and in the terms of that one."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from shared.adapters.identity.keys import ALGORITHMS, Key, Keys
from shared.adapters.identity.terms import Terms
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown
from shared.ports import Clock, Person

LEEWAY = timedelta(seconds=30)
VERIFIED_MAX = 1_024
"""How many tokens are remembered, so that the signature of each is checked once and not always."""

KEY_UNKNOWN = "token-key-unknown"
"""A token of this issuer, as it says, by a key that is not known, or not known yet."""

_REQUIRED = ("iss", "aud", "sub", "exp")
_TYPES = frozenset({"jwt", "at+jwt"})
"""What an access token may call itself (RFC 9068, 2.1); some issuers call all their tokens JWT."""


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token with a good signature says, and from when until when it is taken."""

    actor: Actor
    person: Person
    begins: datetime
    ends: datetime


class Verifier:
    """Turns tokens of one issuer into actors, by the keys that it has at one time.

    What a good signature stands under is remembered by the token's hash; its times are held
    against the clock at every call.
    """

    def __init__(self, issuer: str, keys: Keys, clock: Clock, terms: Terms) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock
        self._terms = terms
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    def identify(self, token: str) -> Actor:
        """The actor whom a token names; raises `Unknown` for any token that is not in order.

        Its code is `KEY_UNKNOWN` for one that may be in order by a newer key.
        """
        verified = self._remembered(token)
        now = self._clock.now()
        if now >= verified.ends:
            raise Unknown("token-expired")
        if now < verified.begins:
            raise Unknown("token-invalid")
        return verified.actor

    def person(self, token: str) -> Person:
        """As whom the provider knows the actor of a token that was taken just now."""
        return self._remembered(token).person

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
            claims = self._claims(token, self._key(token))
            begins = max(_instant(claims.get(name, 0)) for name in ("nbf", "iat")) - LEEWAY
            ends = _instant(claims["exp"]) + LEEWAY
        except (jwt.PyJWTError, OverflowError, TypeError, ValueError) as error:
            raise Unknown("token-invalid") from error
        actor = self._terms.actor(claims)
        return _Verified(actor, self._terms.person(claims), begins, ends)

    def _key(self, token: str) -> Key:
        """The key that a token names, if it is one that we would take."""
        head = jwt.get_unverified_header(token)
        kind = str(head.get("typ") or "JWT").lower().removeprefix("application/")
        if head.get("alg") not in ALGORITHMS or kind not in _TYPES or "kid" not in head:
            raise Unknown("token-invalid")
        key = self._keys.get(head["kid"])
        if key is not None:
            return key
        # Nobody looks for keys because of a token that would be refused with any of them.
        said = jwt.decode(token, options={"verify_signature": False})
        if said.get("iss") != self._issuer:
            raise Unknown("token-invalid")
        raise Unknown(KEY_UNKNOWN)

    def _claims(self, token: str, key: Key) -> Mapping[str, Any]:
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
            audience=self._terms.audience,
            issuer=self._issuer,
            options=options,
        )
        return claims


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

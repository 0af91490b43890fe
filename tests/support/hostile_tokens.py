"""Tokens that nobody may be let in with, by the trick that each of them tries.

Whoever makes them may have the provider sign anything (`SigningKey`), except where the trick is
that it did not: so that what refuses a token is the one thing that is wrong with it.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from jwt.utils import base64url_encode

from tests.support.identity_provider import AUDIENCE, SigningKey, assembled

Tokens = Mapping[str, str]
Claims = Mapping[str, Any]

OFFICER = {"realm_access": {"roles": ["can-bo-co-quan"]}, "don_vi": {"ma": "so-y-te"}}
MINUTE_S = 60
KIDS = (
    "../first",
    "../../../../etc/passwd",
    "/dev/null",
    "first\0",
    " first",
    "FIRST",
    "",
    "first' or '1'='1",
    "http://127.0.0.1/jwks",
    "first/../first",
    "__proto__",
    "k" * 4_000,
)


def claims_of(issuer: str, now: datetime, **changed: object) -> Claims:
    """What a right token says, with some of it changed, and without what was changed to None."""
    now_s = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "an",
        "client_id": "cchc-cli",
        "iat": now_s,
        "exp": now_s + 5 * MINUTE_S,
        **OFFICER,
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _another(character: str) -> str:
    return "B" if character == "A" else "A"


def _digest(secret: bytes, text: bytes) -> bytes:
    return hmac.digest(secret, text, "sha256")


def unsigned(_: bytes) -> bytes:
    """No signature at all."""
    return b""


class Hostile:
    """Tokens against one issuer, whose key is `ours`; a stranger has a provider of their own."""

    def __init__(self, issuer: str, ours: SigningKey, elsewhere: str, now: datetime) -> None:
        self._issuer = issuer
        self._ours = ours
        self._elsewhere = elsewhere
        self._now = now
        self._stranger = SigningKey("stranger")

    @property
    def kinds(self) -> Mapping[str, Tokens]:
        """All of them, by kind."""
        return {
            "forged": self.forged(),
            "algorithm": self.algorithms(),
            "key by its id": self.key_ids(),
            "key in the head": self.own_keys(),
            "head": self.heads(),
            "issuer, audience, client": self.names(),
            "time": self.times(),
            "role, agency": self.roles(),
            "no token": self.no_tokens(),
        }

    def right(self, **changed: object) -> str:
        """A token that lets in, or would if nothing were changed."""
        return self._ours.sign(claims_of(self._issuer, self._now, **changed))

    def forged(self) -> Tokens:
        """A right token with any one character changed, or without a part."""
        token = self.right()
        head, body, signature = token.split(".")
        changed = {
            f"character {place}": f"{token[:place]}{_another(token[place])}{token[place + 1 :]}"
            for place in (*range(0, len(token), 5), len(token) - 1)
        }
        other = self._ours.sign(claims_of(self._issuer, self._now, sub="binh")).split(".")
        return {
            **changed,
            "the body of another": f"{head}.{other[1]}.{signature}",
            "the signature of another": f"{head}.{body}.{other[2]}",
            "no signature": f"{head}.{body}.",
            "a zero signature": f"{head}.{body}.{base64url_encode(bytes(64)).decode()}",
            "cut": token[: len(token) // 2],
            "twice": f"{token}.{token}",
        }

    def algorithms(self) -> Tokens:
        """No algorithm, or one by which our public key is a shared secret (RFC 8725, 2.1)."""
        claims = claims_of(self._issuer, self._now)
        none = {
            f"alg {name!r}": assembled({"alg": name, "kid": "first"}, claims, unsigned)
            for name in ("none", "None", "NONE", "", None, ["ES256"], {"ES256": 1}, 0)
        }
        public = self._ours.pair.public_key()
        pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        described = jwt.algorithms.ECAlgorithm.to_jwk(public)
        head = {"alg": "HS256", "kid": "first"}
        secrets = {
            "PEM": public.public_bytes(pem, info),
            "DER": public.public_bytes(der, info),
            "JWK": described.encode(),
            "nothing": b"",
        }
        shared = {
            f"HS256 by {name}": assembled(head, claims, partial(_digest, secret))
            for name, secret in secrets.items()
        }
        others = {
            f"ES256 called {name}": self._ours.sign(claims, alg=name)
            for name in ("ES384", "RS256", "EdDSA", "HS256", "none", "es256")
        }
        return {**none, **shared, **others}

    def key_ids(self) -> Tokens:
        """A key that is not ours, by whatever it is called."""
        claims = claims_of(self._issuer, self._now)
        theirs = claims_of(self._elsewhere, self._now)
        strange = {
            f"kid {kid!r:.40}": assembled({"alg": "ES256", "kid": kid}, claims, unsigned)
            for kid in (None, 0, ["first"], {"kid": "first"})
        }
        return {
            **{f"kid {kid!r:.40}": self._stranger.sign(claims, kid=kid) for kid in KIDS},
            **strange,
            "kid of another issuer": self._stranger.sign(claims),
            "key of another issuer as ours": self._stranger.sign(claims, kid="first"),
            "another issuer": self._stranger.sign(theirs),
            "another issuer, kid as ours": self._stranger.sign(theirs, kid="first"),
            "ours for another issuer": self._ours.sign(theirs),
            "no kid": assembled({"alg": "ES256"}, claims, unsigned),
        }

    def own_keys(self) -> Tokens:
        """A key that the token brings along, or says where to get (RFC 8725, 3.10)."""
        claims = claims_of(self._issuer, self._now)
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._stranger.pair.public_key(), as_dict=True)
        brought: Mapping[str, object] = {
            "jwk": public,
            "jku": f"{self._elsewhere}/jwks",
            "x5u": f"{self._elsewhere}/x5u",
            "x5c": ["MIIB"],
        }
        return {
            f"{name}, {called}": self._stranger.sign(claims, kid=kid, **{name: value})
            for name, value in brought.items()
            for called, kid in (("kid as ours", "first"), ("kid of its own", "stranger"))
        }

    def heads(self) -> Tokens:
        """Another kind of token, or one that asks for what nobody here understands."""
        claims = claims_of(self._issuer, self._now)
        kinds = ("logout+jwt", "dpop+jwt", "JWE", "secevent+jwt", "at+jwt;v=2", "id")
        return {
            **{f"typ {kind}": self._ours.sign(claims, typ=kind) for kind in kinds},
            "crit": self._ours.sign(claims, crit=["exp"]),
            "crit of nothing": self._ours.sign(claims, crit=[]),
            "an ID token of Keycloak": self.right(typ="ID"),
            "a refresh token of Keycloak": self.right(typ="Refresh"),
        }

    def names(self) -> Tokens:
        """Another issuer, audience, client or subject than a token needs."""
        issuer = self._issuer
        wrong: Mapping[str, tuple[object, ...]] = {
            "iss": (None, f"{issuer}/", issuer.upper(), "https://sso.example.org", [issuer], ""),
            "aud": (None, "another", [], ["another"], f"{AUDIENCE}/", AUDIENCE[:-1], {AUDIENCE: 1}),
            "sub": (None, "", "a b", "Nguyễn Văn An", 4711, ["an"], "x" * 256),
            "azp": ("another-client", ["cchc-cli"], {}),
        }
        return {
            f"{name} {value!r:.40}": self.right(**{name: value})
            for name, values in wrong.items()
            for value in values
        }

    def times(self) -> Tokens:
        """No end, or none that is a time; not yet begun."""
        now_s = int(self._now.timestamp())
        wrong: Mapping[str, tuple[object, ...]] = {
            "exp": (None, "tomorrow", 10**30, float("nan"), float("inf"), [now_s], {}),
            "nbf": (now_s + 2 * MINUTE_S, "now", 10**30, float("nan")),
            "iat": (now_s + 2 * MINUTE_S, "now", -(10**30)),
        }
        return {
            f"{name} {value!r:.40}": self.right(**{name: value})
            for name, values in wrong.items()
            for value in values
        }

    def expired(self) -> Tokens:
        """What was right once: it is told apart, so that its holder signs in again."""
        now_s = int(self._now.timestamp())
        ended = {"31 s ago": 31, "an hour ago": 3600, "in 1970": now_s}
        return {name: self.right(exp=now_s - ago) for name, ago in ended.items()}

    def roles(self) -> Tokens:
        """Two roles or none, or a role of an agency without one."""
        roles: tuple[object, ...] = (
            [],
            ["can-bo-co-quan", "kiem-toan"],
            ["administrator"],
            ["agency"],
            ["CAN-BO-CO-QUAN"],
            ["can-bo-co-quan "],
            "can-bo-co-quan",
            {"can-bo-co-quan": True},
            [["can-bo-co-quan"]],
            None,
        )
        agencies = ("", "Sở Y tế", "so-y-te/..", ["so-y-te"], {"ma": "so-y-te"}, 17, None, "a" * 65)
        return {
            "no claim of roles": self.right(realm_access=None),
            "roles elsewhere": self.right(realm_access=None, roles=["can-bo-co-quan"]),
            "realm_access a list": self.right(realm_access=["roles"]),
            **{f"roles {each!r}": self.right(realm_access={"roles": each}) for each in roles},
            "no claim of the agency": self.right(don_vi=None),
            "agency elsewhere": self.right(don_vi=None, agency="so-y-te"),
            "don_vi a text": self.right(don_vi="so-y-te"),
            **{f"agency {each!r:.40}": self.right(don_vi={"ma": each}) for each in agencies},
        }

    def no_tokens(self) -> Tokens:
        """What is no token, however large and however deep."""
        head = {"alg": "ES256", "kid": "first"}
        deep = b"[" * 7_000
        return {
            "a word": "secret",
            "dots": "..",
            "five parts, as of a JWE": "e30.e30.e30.e30.e30",
            "empty objects": "e30.e30.e30",
            "no objects": assembled(b"[]", b"[]", unsigned),
            "no JSON": assembled(b"{", b"{", unsigned),
            "no UTF-8": assembled(b"\xff", b"\xff", unsigned),
            "huge": "a" * 15_000,
            "huge parts": ".".join(["a" * 5_000] * 3),
            "a deep head": assembled(deep, {}, unsigned),
            "a deep body": assembled({**head, "kid": "unknown"}, deep, unsigned),
            "a body that is no object": assembled(
                {**head, "kid": "unknown"}, [self._issuer], unsigned
            ),
        }

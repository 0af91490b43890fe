"""Whom a token makes its holder, and which tokens make nobody anybody."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.adapters import identity
from shared.adapters.identity import (
    AUDIENCE,
    OPAQUE,
    TRIAL_ISSUER,
    TrialIssuer,
    Trust,
    identity_of,
    own_key,
)
from shared.adapters.identity import verifier as verifying
from shared.adapters.memory import MemoryClock
from shared.adapters.signature import private_key
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused, Unknown

NOW = datetime(2021, 11, 15, 1, tzinfo=UTC)
OFFICER = Actor(id="4711", role="agency", agency="so-y-te")
AUDITOR = Actor(id="auditor-1", role="auditor")
COLLECTOR = Actor(id="collector", role="agency", agency="so-y-te", kind="service")
FIRST_SECOND = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
SHARED_SECRET = {"keys": [{"kty": "oct", "kid": "shared-secret", "alg": "HS256", "k": "c2VjcmV0"}]}


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(NOW)


@pytest.fixture
def key(tmp_path: Path) -> str:
    return private_key(tmp_path / "issuer.pem")


@pytest.fixture
def issuer(key: str, clock: MemoryClock) -> TrialIssuer:
    return TrialIssuer(key, clock)


def _claims(**changed: object) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "iss": TRIAL_ISSUER,
        "aud": AUDIENCE,
        "sub": "4711",
        "exp": NOW + timedelta(hours=1),
        "roles": ["agency"],
        "agency": "so-y-te",
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _token(key: str, claims: Mapping[str, Any], kid: str = "trial") -> str:
    return jwt.encode(dict(claims), key, algorithm="EdDSA", headers={"kid": kid})


def _refusal(issuer: TrialIssuer, token: str) -> str:
    with pytest.raises(Unknown) as refused:
        issuer.verifier().identify(token)
    return refused.value.code


@pytest.mark.parametrize("actor", [OFFICER, AUDITOR, Actor("9", "council", "so-noi-vu"), COLLECTOR])
def test_a_token_says_who_its_holder_is(actor: Actor, issuer: TrialIssuer) -> None:
    token = issuer.issue(actor, hours=1)

    identified = issuer.verifier().identify(token)

    assert identified == actor


def test_a_token_serves_until_its_time_is_over(issuer: TrialIssuer, clock: MemoryClock) -> None:
    token = issuer.issue(OFFICER, hours=1)
    clock.advance(timedelta(hours=1) + identity.LEEWAY - timedelta(seconds=1))
    assert issuer.verifier().identify(token) == OFFICER

    clock.advance(timedelta(seconds=1))

    assert _refusal(issuer, token) == "token-expired"


def test_a_token_that_was_taken_before_still_ends(issuer: TrialIssuer, clock: MemoryClock) -> None:
    verifier, token = issuer.verifier(), issuer.issue(OFFICER, hours=1)
    verifier.identify(token)
    clock.advance(timedelta(hours=1) + identity.LEEWAY)

    with pytest.raises(Unknown, match="token-expired"):
        verifier.identify(token)


def test_what_was_taken_before_helps_no_other_token(issuer: TrialIssuer) -> None:
    verifier, token = issuer.verifier(), issuer.issue(OFFICER, hours=1)
    verifier.identify(token)

    with pytest.raises(Unknown, match="token-invalid"):
        verifier.identify(token[:-4] + "AAAA")
    assert verifier.identify(issuer.issue(AUDITOR, hours=1)) == AUDITOR


def test_only_so_many_tokens_are_remembered_and_all_are_taken(
    issuer: TrialIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "VERIFIED_MAX", 2)
    verifier = issuer.verifier()
    actors = [Actor(id=f"auditor-{place}", role="auditor") for place in range(4)]
    tokens = [issuer.issue(actor, hours=1) for actor in actors]

    identified = [verifier.identify(token) for token in (*tokens, *tokens)]

    assert identified == [*actors, *actors]


def test_the_clock_of_the_trial_decides_and_not_that_of_the_machine(
    issuer: TrialIssuer, clock: MemoryClock
) -> None:
    clock.set(datetime(2199, 1, 1, tzinfo=UTC))
    of_the_future = issuer.issue(OFFICER, hours=1)
    clock.set(datetime(2001, 1, 1, tzinfo=UTC))
    of_the_past = issuer.issue(OFFICER, hours=1)

    assert issuer.verifier().identify(of_the_past) == OFFICER
    assert issuer.verifier().identify(of_the_future) == OFFICER


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(_claims(aud="another-system"), id="another audience"),
        pytest.param(_claims(aud=None), id="no audience"),
        pytest.param(_claims(iss="https://example.org"), id="another issuer"),
        pytest.param(_claims(iss=None), id="no issuer"),
        pytest.param(_claims(exp=None), id="no end"),
        pytest.param(_claims(exp="tomorrow"), id="an end that is no time"),
        pytest.param(_claims(exp=10**30), id="an end beyond all time"),
        pytest.param(_claims(exp=LAST_SECOND), id="an end with no time behind it"),
        pytest.param(_claims(nbf=LAST_SECOND), id="a beginning at the end of time"),
        pytest.param(_claims(iat=FIRST_SECOND, nbf=FIRST_SECOND), id="before all time"),
        pytest.param(_claims(nbf=NOW + timedelta(minutes=5)), id="not yet valid"),
        pytest.param(_claims(sub=None), id="no subject"),
        pytest.param(_claims(sub="a b"), id="a subject with a space"),
        pytest.param(_claims(roles=None), id="no roles"),
        pytest.param(_claims(roles="agency"), id="roles that are no list"),
        pytest.param(_claims(roles=["agency", "auditor"]), id="two of our roles"),
        pytest.param(_claims(roles=["system"]), id="the system itself"),
        pytest.param(_claims(roles=["public"]), id="nobody in particular"),
        pytest.param(_claims(agency=None), id="an officer of no agency"),
        pytest.param(_claims(agency="Sở Y tế"), id="an agency that is no code"),
        pytest.param(_claims(agency=["so-y-te"]), id="an agency that is no text"),
    ],
)
def test_claims_out_of_order_make_nobody(
    claims: Mapping[str, Any], key: str, issuer: TrialIssuer
) -> None:
    token = _token(key, claims)

    assert _refusal(issuer, token) == "token-invalid"


def test_a_forged_token_makes_nobody(issuer: TrialIssuer) -> None:
    head, body, signature = issuer.issue(OFFICER, hours=1).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["agency"] = "so-tai-chinh"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert _refusal(issuer, f"{head}.{forged}.{signature}") == "token-invalid"


def test_a_token_by_another_key_makes_nobody(issuer: TrialIssuer, tmp_path: Path) -> None:
    token = _token(private_key(tmp_path / "another.pem"), _claims())

    assert _refusal(issuer, token) == "token-invalid"


def test_a_token_of_an_unknown_key_makes_nobody(key: str, issuer: TrialIssuer) -> None:
    assert _refusal(issuer, _token(key, _claims(), kid="../trial")) == "token-key-unknown"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_the_algorithm_is_ours_to_choose(algorithm: str, issuer: TrialIssuer) -> None:
    secret = "" if algorithm == "none" else "a secret of more than thirty-two bytes"
    token = jwt.encode(_claims(), secret, algorithm=algorithm, headers={"kid": "trial"})

    assert _refusal(issuer, token) == "token-invalid"


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "e30.e30.e30", "é", "a" * 10_000])
def test_what_is_no_token_makes_nobody(token: str, issuer: TrialIssuer) -> None:
    assert _refusal(issuer, token) == "token-invalid"


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = private_key(tmp_path / "issuer.pem")

    again = private_key(tmp_path / "issuer.pem")

    assert again == first
    assert (tmp_path / "issuer.pem").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.pem"]


async def test_tokens_of_an_outside_issuer_are_taken_by_its_key_set(
    tmp_path: Path, clock: MemoryClock
) -> None:
    key = private_key(tmp_path / "outside.pem")
    loaded = jwt.algorithms.OKPAlgorithm().prepare_key(key)
    assert isinstance(loaded, Ed25519PrivateKey)
    public = jwt.algorithms.OKPAlgorithm.to_jwk(loaded.public_key(), as_dict=True)
    key_set = tmp_path / "jwks.json"
    key_set.write_text(json.dumps({"keys": [{**public, "kid": "2021-11"}]}), "utf-8")
    known = identity_of(
        Trust("https://sso.example.org", key_set, people_key=own_key(tmp_path)), clock
    )
    token = _token(key, _claims(iss="https://sso.example.org"), kid="2021-11")

    identified = await known.identify(token)

    assert identified == replace(OFFICER, id=known.names.id_of("https://sso.example.org", "4711"))
    assert OPAQUE.fullmatch(identified.id)


@pytest.mark.parametrize("content", ["{}", "[]", "not JSON", json.dumps(SHARED_SECRET)])
def test_a_key_set_without_a_key_to_verify_with_is_refused(
    content: str, tmp_path: Path, clock: MemoryClock
) -> None:
    key_set = tmp_path / "jwks.json"
    key_set.write_text(content, "utf-8")

    with pytest.raises(Refused, match=r"key-set-unreadable \(.*jwks\.json"):
        identity_of(Trust("https://sso.example.org", key_set, people_key=own_key(tmp_path)), clock)

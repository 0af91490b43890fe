"""What a provider says is held against limits: whom it names, where it points, how much it says."""

import asyncio
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.clock import SystemClock
from shared.adapters.deployed import settings
from shared.adapters.deployed.application import sign_of
from shared.adapters.identity import (
    Provider,
    Terms,
    Trust,
    discovery_of,
    identity_of,
    own_key,
    wire,
)
from shared.adapters.identity.wire import DOCUMENT_BYTES_MAX, Site
from shared.kernel.errors import Refused, Unavailable, Unknown
from tests.support.certificate import own_certificate
from tests.support.false_provider import Answer, FalseProvider, false_provider, said
from tests.support.identity_provider import SigningKey

METADATA = discovery_of("")


@pytest.fixture
def false() -> Iterator[FalseProvider]:
    with false_provider() as provider:
        provider.describe()
        yield provider


async def reason_of(false: FalseProvider) -> str:
    """Why its keys are not taken."""
    key = SigningKey("any")
    identity = Provider(Site(false.issuer), SystemClock(), Terms())
    with pytest.raises(Unavailable, match="identity-provider-away") as away:
        await identity.identify(key.sign({"iss": false.issuer}))
    assert identity.keys_state == "missing"
    cause = away.value.__cause__
    assert isinstance(cause, Unavailable)
    return cause.details["reason"]


@pytest.mark.parametrize("named", [None, "https://sso.example.org", "{issuer}/", ["{issuer}"]])
async def test_a_provider_calls_itself_as_it_is_called(named: object, false: FalseProvider) -> None:
    issuer = named.format(issuer=false.issuer) if isinstance(named, str) else named
    false.describe(issuer=issuer)

    assert "calls itself" in await reason_of(false)
    assert false.asked == [METADATA]


@pytest.mark.parametrize(
    "address",
    [
        None,
        17,
        "",
        "/jwks",
        "http://sso.example.org/jwks",
        "http://127.0.0.1.example.org/jwks",
        "http://user@127.0.0.1/jwks",
        "ftp://127.0.0.1/jwks",
        "file:///etc/passwd",
        "https:///jwks",
        "http://[::1/jwks",
    ],
)
async def test_keys_are_asked_for_by_https_or_on_the_same_machine(
    address: object, false: FalseProvider
) -> None:
    false.describe(jwks_uri=address)

    assert "neither https nor this machine" in await reason_of(false)
    assert false.asked == [METADATA]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_to_where_an_answer_points(
    status: int, false: FalseProvider
) -> None:
    elsewhere = {"Location": f"{false.issuer}/elsewhere"}
    false.answers["/jwks"] = Answer(b"{}", status, elsewhere)
    false.answers["/elsewhere"] = said({"keys": [SigningKey("any").published]})

    assert f"answered {status}" in await reason_of(false)
    assert false.asked == [METADATA, "/jwks"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"", 404), "answered 404"),
        (Answer(b'{"error": "temporarily_unavailable"}', 503), "503: temporarily_unavailable"),
        (Answer(b"<html>"), "no JSON"),
        (Answer(b"[" * 100_000), "no JSON"),
        (Answer(b"\xff"), "no JSON"),
        (said(["keys"]), "no JSON object"),
        (said({}), "no JSON Web Key Set"),
        (said({"keys": {}}), "no JSON Web Key Set"),
        (Answer(b" " * (DOCUMENT_BYTES_MAX + 1)), "more than 262144 bytes"),
        (Answer(b" " * 1024 * 1024, times=1_000_000), "more than 262144 bytes"),
        (
            Answer(gzip.compress(b'{"keys": []}'), headers={"Content-Encoding": "gzip"}),
            "no JSON",
        ),
    ],
)
async def test_what_is_no_key_set_of_a_modest_size_is_not_taken(
    answer: Answer, reason: str, false: FalseProvider
) -> None:
    false.answers["/jwks"] = answer

    assert reason in await reason_of(false)


async def test_what_trickles_in_has_a_time_in_all(
    false: FalseProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "READ_S_MAX", 0.3)
    false.answers["/jwks"] = Answer(b" " * 100, drip_s=0.1)
    began_s = asyncio.get_running_loop().time()

    reason = await reason_of(false)

    assert "no answer within 0.3 s" in reason
    assert asyncio.get_running_loop().time() - began_s < 5


async def test_keys_for_anything_else_are_passed_over(false: FalseProvider) -> None:
    key, other = SigningKey("ours"), SigningKey("other")
    false.answers["/jwks"] = said(
        {
            "keys": [
                key.published,
                "no key",
                {"kty": "of the future", "kid": "ours"},
                {"kty": "oct", "kid": "ours", "alg": "HS256", "k": "c2VjcmV0"},
                {**other.published, "kid": "ours", "use": "enc"},
                {**other.published, "kid": "ours", "alg": "ES256K"},
                {**other.published, "kid": None},
                {name: value for name, value in other.published.items() if name != "kid"},
            ]
        }
    )
    identity = Provider(Site(false.issuer), SystemClock(), Terms())
    claims = {"iss": false.issuer, "aud": "cchc", "sub": "1", "exp": 2**33, "roles": ["auditor"]}

    assert (await identity.identify(key.sign(claims))).role == "auditor"
    with pytest.raises(Unknown, match="token-invalid"):
        await identity.identify(other.sign(claims, kid="ours"))


async def test_a_provider_that_withdrew_all_its_keys_is_believed(false: FalseProvider) -> None:
    false.answers["/jwks"] = said({"keys": []})
    identity = Provider(Site(false.issuer), SystemClock(), Terms())

    with pytest.raises(Unknown, match="token-key-unknown"):
        await identity.identify(SigningKey("any").sign({"iss": false.issuer}))

    assert identity.keys_state == "missing"


async def test_a_provider_is_asked_by_https_where_its_certificate_is_vouched_for(
    tmp_path: Path,
) -> None:
    own, key = own_certificate(tmp_path), SigningKey("ours")
    with false_provider(own) as false:
        false.describe()
        false.answers["/jwks"] = said({"keys": [key.published]})
        trusted = identity_of(
            Trust(false.issuer, authority=own, people_key=own_key(tmp_path)), SystemClock()
        )
        claims = {"iss": false.issuer, "aud": "cchc", "sub": "1", "exp": 2**33}
        token = key.sign({**claims, "roles": ["auditor"]})

        assert (await trusted.identify(token)).role == "auditor"
        false.asked.clear()
        assert "CERTIFICATE_VERIFY_FAILED" in await reason_of(false)
        assert false.asked == []


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_certificates_that_cannot_be_used_are_refused_at_the_start(
    content: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "own.pem"
    if content is not None:
        file.write_text(content, "ascii")

    with pytest.raises(Refused, match=r"certificates-unreadable \(file: .*own\.pem"):
        identity_of(
            Trust("https://sso.example.org", authority=file, people_key=own_key(tmp_path)),
            SystemClock(),
        )


def test_a_provider_that_is_away_keeps_no_process_from_starting(tmp_path: Path) -> None:
    told = {
        "CCHC_MODE": "production",
        "CCHC_POSTGRES": "postgresql://db.example/survey",
        "CCHC_MONGO": "mongodb://db.example",
        "CCHC_KAFKA": "db.example:9092",
        "CCHC_ISSUER": "https://127.0.0.1:9",
        "CCHC_KAFKA_CA": "none",
        "CCHC_SERVICE_CLAIM": "none",
        "CCHC_SCANNER": "none",
        "CCHC_PEOPLE_KEY": str(own_key(tmp_path)),
    }

    sign = sign_of(settings.read("survey", told), makes=False)

    assert sign.trial is None
    assert sign.identity.keys_state == "missing"
    assert [loop.name for loop in sign.identity.loops] == ["identity.keys"]

"""The keys of a real provider: found by discovery, changed, withdrawn, and away for a while."""

import asyncio
from typing import Any

import pytest

from shared.adapters.clock import SystemClock
from shared.adapters.identity import Provider, wire
from shared.adapters.identity import provider as providing
from shared.adapters.identity.wire import Site
from shared.adapters.web.problem import Exceeded
from shared.kernel.actor import Actor
from shared.kernel.errors import Unavailable, Unknown
from tests.support.identity_provider import AUDIENCE, TERMS, IdentityProvider, SigningKey
from tests.support.up_to_date import kept_up_to_date

PROGRAM = Actor("thu-thap", "agency", "so-noi-vu", kind="service")
BINH = Actor("binh", "auditor")
SOON_S = 0.2
LOOK_S = 0.02
LOOKS_MAX = 500
READ_S_MAX = 0.5
WAITING = 20

pytestmark = pytest.mark.xdist_group("identity")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providing, "LOOK_PAUSE_S", SOON_S)


@pytest.fixture
def identity(provider: IdentityProvider) -> Provider:
    """Our side of it, which has not looked yet."""
    return Provider(Site(provider.issuer), SystemClock(), TERMS)


def claims_of_binh(issuer: str) -> dict[str, Any]:
    """What the provider would say of an auditor."""
    return {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "binh",
        "client_id": "cchc-cli",
        "exp": int(SystemClock().now().timestamp()) + 300,
        "realm_access": {"roles": ["kiem-toan"]},
    }


def token_of(key: SigningKey, provider: IdentityProvider) -> str:
    """A token of an auditor by that key."""
    return key.sign(claims_of_binh(provider.issuer))


async def refusal_of(identity: Provider, token: str) -> str:
    """Why a token that serves now is refused, once it is."""
    for _ in range(LOOKS_MAX):
        try:
            await identity.identify(token)
        except Unknown as unknown:
            return unknown.code
        await asyncio.sleep(LOOK_S)
    raise AssertionError("it still serves")


async def state_after_a_while(identity: Provider, state: str) -> str:
    """How the keys are, once they are so or have not been for long."""
    for _ in range(LOOKS_MAX):
        if identity.keys_state == state:
            break
        await asyncio.sleep(LOOK_S)
    return identity.keys_state


async def test_a_program_is_known_by_the_token_that_its_secret_gave_it(
    provider: IdentityProvider, identity: Provider
) -> None:
    known = await identity.identify(provider.token_of_program("thu-thap"))

    assert known == PROGRAM
    assert identity.keys_state == "current"


async def test_a_new_key_is_looked_for_once_by_all_who_come_with_it(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    await identity.identify(token_of(first, provider))
    second = SigningKey("second")
    provider.start(second, first)
    await asyncio.sleep(SOON_S)

    tokens = [token_of(second, provider), token_of(first, provider)] * 10
    known = await asyncio.gather(*map(identity.identify, tokens))

    assert known == [BINH] * 20
    assert provider.asked() == 1


async def test_made_up_keys_lead_to_one_look_in_a_while(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    strangers = [SigningKey(f"made-up-{number}") for number in range(20)]

    for stranger in strangers:
        with pytest.raises(Unknown, match="token-key-unknown"):
            await identity.identify(token_of(stranger, provider))

    assert provider.asked() == 1
    assert await identity.identify(token_of(first, provider)) == BINH


async def test_it_says_so_before_it_waits_and_asks_nobody_where_that_is_too_much(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    def refuse() -> None:
        raise Exceeded("too-many-requests")

    with pytest.raises(Exceeded):
        await identity.identify(token_of(first, provider), refuse)

    assert provider.asked() == 0
    assert await identity.identify(token_of(first, provider)) == BINH
    assert await identity.identify(token_of(first, provider), refuse) == BINH


async def test_a_token_that_no_key_would_help_has_nobody_asked(
    provider: IdentityProvider, identity: Provider
) -> None:
    stranger = SigningKey("stranger")
    useless = [
        stranger.sign(claims_of_binh("https://sso.example.org")),
        stranger.sign(claims_of_binh(provider.issuer), alg="HS256"),
        stranger.sign(claims_of_binh(provider.issuer), typ="logout+jwt"),
        stranger.sign(claims_of_binh(provider.issuer), kid=None),
    ]

    for token in useless:
        with pytest.raises(Unknown, match="token-invalid"):
            await identity.identify(token)

    assert provider.asked() == 0


async def test_who_waits_for_a_look_does_not_take_it_from_others(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    leaves, stays = (
        asyncio.create_task(identity.identify(token_of(first, provider))) for _ in range(2)
    )
    await asyncio.sleep(0)
    leaves.cancel()

    assert await stays == BINH
    assert provider.asked() == 1


async def test_a_key_that_left_the_set_serves_no_more_from_the_next_look_on(
    first: SigningKey,
    provider: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(providing, "REFRESH_S", SOON_S)
    identity = Provider(Site(provider.issuer), SystemClock(), TERMS)
    token = token_of(first, provider)
    async with kept_up_to_date(identity):
        assert await identity.identify(token) == BINH
        provider.start(SigningKey("second"))

        assert await refusal_of(identity, token) == "token-key-unknown"


async def test_known_keys_serve_while_the_provider_is_away_and_others_are_asked_to_wait(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    taken = provider.token_of_program("thu-thap")
    await identity.identify(taken)
    provider.kill()
    await asyncio.sleep(SOON_S)

    with pytest.raises(Unavailable, match="identity-provider-away"):
        await identity.identify(token_of(SigningKey("second"), provider))

    assert identity.keys_state == "kept"
    assert await identity.identify(taken) == PROGRAM
    assert await identity.identify(token_of(first, provider)) == BINH


async def test_a_provider_that_is_away_at_first_is_found_when_it_comes(
    first: SigningKey, provider: IdentityProvider, identity: Provider
) -> None:
    provider.kill()
    async with kept_up_to_date(identity):
        with pytest.raises(Unavailable, match="identity-provider-away"):
            await identity.identify(token_of(first, provider))
        assert identity.keys_state == "missing"

        provider.start(first)

        assert await state_after_a_while(identity, "current") == "current"
        assert await identity.identify(token_of(first, provider)) == BINH


async def test_a_provider_that_does_not_answer_holds_up_nobody_with_a_known_key(
    first: SigningKey,
    provider: IdentityProvider,
    identity: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time_s = asyncio.get_running_loop().time
    await identity.identify(token_of(first, provider))
    known_key, unknown_key = (token_of(key, provider) for key in (first, SigningKey("second")))
    await asyncio.sleep(SOON_S)
    monkeypatch.setattr(wire, "READ_S_MAX", READ_S_MAX)
    provider.pause()

    began_s = time_s()
    waiting = [asyncio.create_task(identity.identify(unknown_key)) for _ in range(WAITING)]
    await asyncio.sleep(0)
    known = await identity.identify(known_key)
    told = [each.done() for each in waiting]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    waited_s = time_s() - began_s
    provider.go_on()

    assert known == BINH
    assert not any(told)
    assert {str(each) for each in outcomes} == {
        f"identity-provider-away (issuer: {provider.issuer})"
    }
    assert waited_s < WAITING * READ_S_MAX / 2


async def test_keys_are_kept_for_a_time_with_a_limit(
    first: SigningKey,
    provider: IdentityProvider,
    identity: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = token_of(first, provider)
    await identity.identify(token)
    provider.kill()
    monkeypatch.setattr(providing, "KEPT_S_MAX", 0.0)
    await asyncio.sleep(SOON_S)

    for key in (SigningKey("second"), first):
        with pytest.raises(Unavailable, match="identity-provider-away"):
            await identity.identify(token_of(key, provider))

    assert identity.keys_state == "missing"

"""Whoever comes with a token that is not right stays outside, whatever the trick; counted."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.adapters.clock import SystemClock
from shared.adapters.identity import provider as providing
from tests.support import tally
from tests.support.false_provider import FalseProvider, false_provider, said
from tests.support.hostile_tokens import Hostile, Tokens
from tests.support.identity_provider import IdentityProvider, SigningKey
from tests.support.production import bearing, production

pytestmark = pytest.mark.xdist_group("identity")

TITLE = "Hostile tokens, by what they try"
PLACE = "/submission/cycles/2021"
INSIDE = (404, "cycle-unknown")
"""What is said there to whoever is let in."""
OUTSIDE = {(401, "token-invalid"), (401, "token-key-unknown")}
"""The second where the token says to be the provider's, by a key that this one does not have."""

AS_THE_PUBLIC = (401, "sign-in-needed")

Count = Callable[[str, Any], None]
Answer = tuple[int, str]


@pytest.fixture
def elsewhere() -> Iterator[FalseProvider]:
    """A provider of a stranger, with a key of theirs."""
    with false_provider() as provider:
        provider.describe()
        provider.answers["/jwks"] = said({"keys": [SigningKey("stranger").published]})
        yield provider


@pytest.fixture
def hostile(provider: IdentityProvider, first: SigningKey, elsewhere: FalseProvider) -> Hostile:
    """The tokens of a stranger who got hold of the provider's signature."""
    return Hostile(provider.issuer, first, elsewhere.issuer, SystemClock().now())


@pytest.fixture
async def caller(provider: IdentityProvider, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls the system, which trusts that provider."""
    async with production(tmp_path, provider.issuer) as caller:
        yield caller


async def told(caller: httpx.AsyncClient, **said: Any) -> Answer:  # noqa: ANN401 - httpx's own
    """What is said to a request."""
    answer = await caller.get(PLACE, **said)
    return answer.status_code, answer.json()["code"]


async def told_by_token(caller: httpx.AsyncClient, tokens: Tokens) -> Mapping[str, Answer]:
    """What is said to whoever comes with each."""
    return {name: await told(caller, headers=bearing(token)) for name, token in tokens.items()}


def count(record_property: Count, kind: str, answers: Mapping[str, Answer]) -> None:
    """Add to the table that the run ends with."""
    inside = sum(answer == INSIDE for answer in answers.values())
    row = {"tried": len(answers), "refused": len(answers) - inside, "let in": inside}
    tally.count(record_property, TITLE, {kind: row})


KINDS = (
    "forged",
    "algorithm",
    "key by its id",
    "key in the head",
    "head",
    "issuer, audience, client",
    "time",
    "role, agency",
    "no token",
)


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_is_let_in_with_a_token_that_is_not_right(
    kind: str,
    hostile: Hostile,
    caller: httpx.AsyncClient,
    elsewhere: FalseProvider,
    record_property: Count,
) -> None:
    right = hostile.right()
    assert await told(caller, headers=bearing(right)) == INSIDE

    answers = await told_by_token(caller, hostile.kinds[kind])

    count(record_property, kind, answers)
    assert {name: said for name, said in answers.items() if said not in OUTSIDE} == {}
    assert elsewhere.asked == []
    assert await told(caller, headers=bearing(right)) == INSIDE


async def test_what_was_right_once_is_told_apart(
    hostile: Hostile, caller: httpx.AsyncClient, record_property: Count
) -> None:
    answers = await told_by_token(caller, hostile.expired())

    count(record_property, "expired", answers)
    assert set(answers.values()) == {(401, "token-expired")}


async def test_a_right_token_anywhere_but_in_its_header_is_none(
    hostile: Hostile, caller: httpx.AsyncClient, record_property: Count
) -> None:
    token = hostile.right()
    caller.cookies.set("access_token", token)

    answers = {
        "in the address": await told(caller, params={"access_token": token}),
        "in a cookie": await told(caller),
        "in another header": await told(caller, headers={"X-Access-Token": token}),
        "by another scheme": await told(caller, headers={"Authorization": f"Basic {token}"}),
        "without a scheme": await told(caller, headers={"Authorization": token}),
        "beside a word": await told(caller, headers={"Authorization": f"Bearer x {token}"}),
    }

    count(record_property, "right, elsewhere", answers)
    assert answers == {
        **dict.fromkeys(["in the address", "in a cookie", "in another header"], AS_THE_PUBLIC),
        **dict.fromkeys(["by another scheme", "without a scheme"], (401, "bearer-token-expected")),
        "beside a word": (401, "token-invalid"),
    }


async def test_a_token_larger_than_all_heads_is_not_even_read(
    caller: httpx.AsyncClient, record_property: Count
) -> None:
    answers = await told_by_token(caller, {"17,000 characters": "a" * 17_000})

    count(record_property, "too large to be read", answers)
    assert set(answers.values()) == {(431, "headers-too-large")}


async def test_no_number_of_strangers_has_the_provider_asked_more_than_once_in_a_while(
    hostile: Hostile, provider: IdentityProvider, caller: httpx.AsyncClient
) -> None:
    assert providing.LOOK_PAUSE_S >= 5

    for tokens in (hostile.key_ids(), hostile.own_keys(), hostile.no_tokens()):
        await told_by_token(caller, tokens)

    assert provider.asked() == 1

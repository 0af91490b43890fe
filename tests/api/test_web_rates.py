"""Each client has limits of its own, hears of them, and no other feels that they are reached."""

import asyncio
from collections.abc import Callable, Mapping

import httpx
import pytest
from fastapi import FastAPI

from shared.adapters import web
from shared.adapters.addresses import networks
from shared.adapters.web.rates import Policy, Rate
from shared.adapters.web.turnstile import Turnstile
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown
from tests.support import echo
from tests.support.echo import ANOTHER, ENGLISH, KEY, TOKEN
from tests.support.followed import until
from tests.unit.test_web_counts import Time

HERE, THERE, PROXY = "198.51.100.7", "198.51.100.8", "203.0.113.9"
FORGED = {"Authorization": "Bearer forged"}
RATES: Mapping[Policy, Rate] = {
    "reading": Rate(3, 60),
    "writing": Rate(2, 60),
    "uploads": Rate(1, 30),
    "answering": Rate(2, 60),
    "failing": Rate(2, 60),
}


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app(time: Time) -> FastAPI:
    turnstile = Turnstile(RATES, secret=b"secret", proxies=networks(PROXY), now_ns=time)
    return echo.app(turnstile)


async def asked(
    app: FastAPI,
    count: int,
    method: str = "GET",
    path: str = "/call",
    *,
    at: str = HERE,
    **request: object,
) -> list[httpx.Response]:
    """The answers to the same request, time after time."""
    async with echo.caller(app, at=at) as caller:
        return [await caller.request(method, path, **request) for _ in range(count)]  # type: ignore[arg-type]  # what httpx takes


def statuses(answers: list[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in answers]


async def test_an_answer_tells_what_may_be_asked_and_what_is_left(app: FastAPI) -> None:
    first, second = await asked(app, 2, headers=TOKEN)

    assert first.headers["ratelimit-policy"] == '"reading";q=3;w=60'
    assert first.headers["ratelimit"] == '"reading";r=2;t=20'
    assert second.headers["ratelimit"] == '"reading";r=1;t=40'


async def test_who_asks_too_often_is_told_when_to_come_again(app: FastAPI, time: Time) -> None:
    *_, refused = await asked(app, 4, headers={**TOKEN, **ENGLISH})
    time.go_on(int(refused.headers["retry-after"]))
    [again] = await asked(app, 1, headers=TOKEN)

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "20"
    assert refused.headers["ratelimit"] == '"reading";r=0;t=20'
    assert refused.json() == {
        "type": "/problems/too-many-requests",
        "title": "Too many requests",
        "status": 429,
        "detail": "You sent more than 3 requests in 60 seconds (reading); wait 20 s.",
        "instance": "/call",
        "code": "too-many-requests",
        "details": {"policy": "reading", "maximum": "3", "window": "60", "seconds": "20"},
    }
    assert again.status_code == 200


async def test_it_is_said_in_vietnamese_and_as_a_page_too(app: FastAPI) -> None:
    *_, refused = await asked(app, 4, headers={**TOKEN, "Accept": "text/html"})

    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    assert "hãy đợi 20 giây" in refused.text


async def test_people_are_counted_by_their_tokens_wherever_they_are(app: FastAPI) -> None:
    await asked(app, 3, headers=TOKEN)
    [elsewhere] = await asked(app, 1, headers=TOKEN, at=THERE)
    [somebody_else] = await asked(app, 1, headers=ANOTHER)
    [nobody] = await asked(app, 1)

    assert statuses([elsewhere, somebody_else, nobody]) == [429, 200, 200]


async def test_who_has_no_token_is_counted_by_address(app: FastAPI) -> None:
    here = await asked(app, 4)
    [there] = await asked(app, 1, at=THERE)

    assert statuses(here) == [200, 200, 200, 429]
    assert there.status_code == 200


async def test_a_network_of_ipv6_is_one_client(app: FastAPI) -> None:
    for place in range(3):
        await asked(app, 1, at=f"2001:db8:1:2::{place}")

    assert statuses(await asked(app, 1, at="2001:db8:1:2:9:9:9:9")) == [429]
    assert statuses(await asked(app, 1, at="2001:db8:1:3::1")) == [200]


@pytest.mark.parametrize("at", ["127.0.0.1", "::1", PROXY, ""])
async def test_what_is_no_client_s_own_address_counts_for_nobody(app: FastAPI, at: str) -> None:
    answers = await asked(app, 9, at=at)

    assert statuses(answers) == [200] * 9
    assert "ratelimit" not in answers[0].headers


async def test_an_address_that_a_caller_claims_is_not_believed(app: FastAPI) -> None:
    for place in range(3):
        claimed = {"X-Forwarded-For": f"192.0.2.{place}", "Forwarded": f"for=192.0.2.{place}"}
        await asked(app, 1, headers=claimed)

    assert statuses(await asked(app, 1, headers={"X-Forwarded-For": "192.0.2.99"})) == [429]


async def test_writing_and_reading_are_counted_apart(app: FastAPI) -> None:
    written = await asked(app, 3, "PUT", "/said/so-y-te", headers=TOKEN, json={})
    read = await asked(app, 3, headers=TOKEN)

    assert statuses(written) == [200, 200, 429]
    assert written[0].headers["ratelimit-policy"] == '"writing";q=2;w=60'
    assert statuses(read) == [200] * 3


async def test_what_is_sent_without_a_token_is_answering(app: FastAPI) -> None:
    answers = await asked(app, 3, "POST", "/answers")

    assert statuses(answers) == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"answering";q=2;w=60'


async def test_a_file_counts_beside_being_a_write(app: FastAPI) -> None:
    first, second = await asked(app, 2, "PUT", "/file", headers=TOKEN, content=b"x")

    assert first.headers["ratelimit-policy"] == '"writing";q=2;w=60, "uploads";q=1;w=30'
    assert first.headers["ratelimit"] == '"writing";r=1;t=30, "uploads";r=0;t=30'
    assert (second.status_code, second.json()["details"]["policy"]) == (429, "uploads")
    assert second.headers["retry-after"] == "30"


@pytest.mark.parametrize("forged", [FORGED, {"Authorization": "Basic eDp5"}])
async def test_tokens_that_prove_nothing_count_against_their_address_alone(
    app: FastAPI, forged: Mapping[str, str]
) -> None:
    answers = await asked(app, 3, headers=forged)
    good = await asked(app, 1, headers=TOKEN)
    none = await asked(app, 1)
    elsewhere = await asked(app, 1, headers=forged, at=THERE)

    assert statuses(answers) == [401, 401, 429]
    assert answers[0].headers["ratelimit-policy"] == '"failing";q=2;w=60'
    assert statuses([*good, *none, *elsewhere]) == [200, 200, 401]


async def test_a_forged_token_is_no_way_around_the_limit_of_an_address(app: FastAPI) -> None:
    """Where nobody asks who calls, a token is not looked at, and it counts all the same."""
    answers = await asked(app, 3, "POST", "/answers", headers=FORGED)

    assert statuses(answers) == [200, 200, 429]


class Asking:
    """Who waits for keys until they are said."""

    def __init__(self) -> None:
        self.said = asyncio.Event()
        self.waiting = 0

    async def identify(self, token: str, wait: Callable[[], None], /) -> Actor:
        wait()
        self.waiting += 1
        await self.said.wait()
        if token not in echo.ACTORS:
            raise Unknown("token-key-unknown")
        return echo.ACTORS[token]


async def test_who_waits_for_a_key_counts_before_and_is_given_back_what_was_not_their_fault(
    time: Time,
) -> None:
    asking = Asking()
    app = echo.app(Turnstile(RATES, secret=b"secret", now_ns=time), identify=asking.identify)
    begun = [
        asyncio.create_task(asked(app, 1, headers=headers))
        for headers in (TOKEN, FORGED, FORGED, TOKEN)
    ]
    await until(lambda: asking.waiting == RATES["failing"].requests)
    refused = [await each for each in begun[2:]]
    elsewhere = asyncio.create_task(asked(app, 1, headers=TOKEN, at=THERE))
    await until(lambda: asking.waiting > RATES["failing"].requests)
    asking.said.set()

    assert [statuses(each) for each in refused] == [[429], [429]]
    assert refused[0][0].headers["ratelimit-policy"] == '"failing";q=2;w=60'
    assert [statuses(await each) for each in (*begun[:2], elsewhere)] == [[200], [401], [200]]
    assert statuses(await asked(app, 2, headers=FORGED)) == [401, 429]


async def test_what_is_wrong_with_a_request_counts_too(app: FastAPI) -> None:
    unknown = await asked(app, 3, path="/nothing")
    wrong = await asked(app, 1, path="/numbers?limit=0")

    assert statuses([*unknown, *wrong]) == [404, 404, 404, 429]


async def test_who_is_refused_is_refused_before_anything_is_read_or_done(app: FastAPI) -> None:
    *_, refused = await asked(app, 3, "POST", "/said", headers={**TOKEN, **KEY}, content=b"{")

    assert refused.status_code == 429


async def test_without_rates_nobody_is_counted() -> None:
    answers = await asked(echo.app(), 50, headers=TOKEN)

    assert statuses(answers) == [200] * 50
    assert "ratelimit" not in answers[0].headers


async def test_what_is_kept_of_a_client_tells_nothing_of_them(time: Time) -> None:
    turnstile = Turnstile(web.RATES, secret=b"secret", now_ns=time)
    app = echo.app(turnstile)
    await asked(app, 1)
    await asked(app, 1, headers=TOKEN)

    kept = [counts._until_ns for counts in turnstile._counts.values()]  # noqa: SLF001 - all that is kept

    assert sum(map(len, kept)) == 2
    assert not [name for name in (HERE, "4711", "so-y-te", "agency") if name in repr(kept)]

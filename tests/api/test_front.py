"""What the process answers beside its services, and the parts of a trial that production lacks."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.cli import embedded
from shared.adapters.identity import AUDIENCE, HOURS_MAX, Trust, own_key

FRONT = "http://localhost"
ISSUER = "https://sso.example.org"
HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("10.0.0.7", 50_000)


@asynccontextmanager
async def _trial(folder: Path, address: tuple[str, int] = HERE) -> AsyncIterator[httpx.AsyncClient]:
    async with embedded.opened(folder, "trial", None) as system:
        transport = httpx.ASGITransport(system.app, client=address)
        async with httpx.AsyncClient(transport=transport, base_url=FRONT) as client:
            yield client


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with _trial(tmp_path) as client:
        yield client


async def test_the_clock_of_a_trial_is_set_and_goes_on(trial: httpx.AsyncClient) -> None:
    wanted = "2021-11-15T08:00:00+07:00"

    answer = await trial.put("/trial/clock", json={"now": wanted})

    now = datetime.fromisoformat((await trial.get("/trial/clock")).json()["now"])
    assert answer.json() == {"now": wanted}
    assert timedelta(0) < now - datetime.fromisoformat(wanted) < timedelta(minutes=1)
    assert now.utcoffset() == timedelta(hours=7)


async def test_the_clock_of_a_trial_outlives_the_process(tmp_path: Path) -> None:
    async with _trial(tmp_path) as first:
        await first.put("/trial/clock", json={"now": "2021-11-15T08:00:00+07:00"})

    async with _trial(tmp_path) as second:
        answer = await second.get("/trial/clock")

    assert answer.json()["now"].startswith("2021-11-15T08:0")


@pytest.mark.parametrize("now", ["2021-11-15T08:00:00", "1999-01-01T00:00:00Z", 1, None])
async def test_a_time_that_cannot_be_gone_to_is_refused(
    now: object, trial: httpx.AsyncClient
) -> None:
    answer = await trial.put("/trial/clock", json={"now": now})

    assert answer.status_code in {409, 422}


async def test_a_token_is_taken_by_every_service(trial: httpx.AsyncClient) -> None:
    wanted = {"role": "administrator", "hours": HOURS_MAX}
    issued = (await trial.post("/trial/tokens", json=wanted)).json()["token"]

    answers = [
        await trial.get(path, headers={"Authorization": f"Bearer {issued}"})
        for path in ("/submission/cycles/2021", "/ranking/cycles/2021/table")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"role": "agency"}, "agency-needed"),
        ({"role": "council"}, "agency-needed"),
        ({"role": "auditor", "agency": "so-y-te"}, "agency-not-expected"),
        ({"role": "system"}, "role-without-token"),
        ({"role": "auditor", "subject": "Nguyễn Văn A"}, "subject-malformed"),
        ({"role": "king"}, "request-invalid"),
        ({"role": "auditor", "hours": 0}, "request-invalid"),
    ],
)
async def test_nobody_gets_a_token_that_is_not_in_order(
    wanted: dict[str, object], code: str, trial: httpx.AsyncClient
) -> None:
    answer = await trial.post("/trial/tokens", json=wanted)

    assert answer.json()["code"] == code


@pytest.mark.parametrize("path", ["/trial/tokens", "/trial/clock"])
async def test_a_trial_is_steered_from_its_own_machine_alone(path: str, tmp_path: Path) -> None:
    async with _trial(tmp_path, ELSEWHERE) as caller:
        direct = await caller.request("PUT" if "clock" in path else "POST", path, json={})
    async with _trial(tmp_path) as caller:
        through = {"X-Forwarded-For": "127.0.0.1"}
        forwarded = await caller.request(
            "PUT" if "clock" in path else "POST", path, json={}, headers=through
        )

    assert [answer.json()["code"] for answer in (direct, forwarded)] == ["loopback-only"] * 2


async def test_a_trial_is_steered_under_the_names_of_its_own_machine_alone(
    trial: httpx.AsyncClient,
) -> None:
    own = ("localhost", "localhost:8400", "127.0.0.1:8400", "[::1]", "[::1]:8400")
    named = ("stranger.example", "127.0.0.1.stranger.example", "localhost@stranger.example")
    others = (*named, "localhost.stranger.example:8400", "10.0.0.7", "[::1", "[", "")

    async def status(host: str) -> int:
        wanted = {"role": "auditor"}
        answer = await trial.post("/trial/tokens", json=wanted, headers={"Host": host})
        return answer.status_code

    assert {host: await status(host) for host in own} == dict.fromkeys(own, 200)
    assert {host: await status(host) for host in others} == dict.fromkeys(others, 403)


async def test_problems_are_explained_where_their_type_points(trial: httpx.AsyncClient) -> None:
    refused = await trial.get("/submission/nothing")

    explained = await trial.get(refused.json()["type"])
    unknown = await trial.get("/problems/never-heard-of")

    assert explained.json()["vi"] == refused.json()["detail"]
    assert unknown.json()["code"] == "problem-unknown"


async def test_production_has_no_clock_to_set_and_issues_no_tokens(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    data = tmp_path / "data"
    data.mkdir()
    key_set = tmp_path / "jwks.json"
    key_set.write_text(json.dumps({"keys": [{**public, "kid": "1"}]}), "utf-8")
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "4711",
        "exp": datetime(2100, 1, 1, tzinfo=UTC),
        "roles": ["administrator"],
    }
    outside = jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": "1"})

    trust = Trust(ISSUER, key_set, people_key=own_key(data))
    async with embedded.opened(data, "production", trust) as system:
        transport = httpx.ASGITransport(system.app)
        async with httpx.AsyncClient(transport=transport, base_url=FRONT) as client:
            clock = await client.put("/trial/clock", json={"now": "2021-11-15T08:00:00+07:00"})
            tokens = await client.post("/trial/tokens", json={"role": "auditor"})
            known = await client.get(
                "/submission/cycles/2021", headers={"Authorization": f"Bearer {outside}"}
            )

    assert [clock.status_code, tokens.status_code] == [404, 404]
    assert known.json()["code"] == "cycle-unknown"
    assert not (data / "trial-issuer.pem").exists()

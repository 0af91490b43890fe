"""A deployed process in production takes the tokens of a provider, by its settings, and no others.

It is the program that is deployed, started with its role and with settings from the environment
alone, on a database of its own. Answering needs no Kafka, so that there is none here.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from real.processes import Name, Process
from real.servers import port
from shared.adapters.clock import SystemClock
from shared.adapters.front import open_trial
from shared.adapters.migration import migrate
from shared.kernel.actor import Actor
from tests.support.identity_provider import AUDIENCE, IdentityProvider, SigningKey
from tests.support.production import bearing
from tests.support.servers import REAL

pytestmark = REAL

KEY = SigningKey("of-the-provider")
STRANGER = SigningKey("of-a-stranger")
SHEET = "/submission/cycles/2021/agencies"
LOOK_S = 0.1
READY_S_MAX = 120.0
INSIDE = (404, "cycle-unknown")


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    """The provider of others, with a key that the tests have too."""
    provider = IdentityProvider()
    try:
        provider.start(KEY)
        yield provider
    finally:
        provider.kill()


@pytest.fixture
def deployed(
    provider: IdentityProvider, fresh_postgres: str, fresh_mongo: tuple[str, str], tmp_path: Path
) -> Iterator[httpx.Client]:
    """A caller of the process, which has the keys of the provider."""
    asyncio.run(migrate(fresh_postgres))
    number = port.free()
    people_key = tmp_path / "people.key"
    people_key.write_text("7" * 64, "ascii")
    settings = {
        "CCHC_MODE": "production",
        "CCHC_POSTGRES": fresh_postgres,
        "CCHC_MONGO": fresh_mongo[0],
        "CCHC_MONGO_DATABASE": fresh_mongo[1],
        "CCHC_KAFKA": "127.0.0.1:1",
        "CCHC_PORT": str(number),
        "CCHC_STOP_S": "1",
        "CCHC_SCANNER": "none",
        "CCHC_ISSUER": provider.issuer,
        "CCHC_AUDIENCE": AUDIENCE,
        "CCHC_ROLES_CLAIM": "realm_access.roles",
        "CCHC_ROLES": "can-bo-co-quan=agency,kiem-toan=auditor",
        "CCHC_AGENCY_CLAIM": "don_vi.ma",
        "CCHC_KAFKA_CA": "none",
        "CCHC_SERVICE_CLAIM": "none",
        "CCHC_PEOPLE_KEY": str(people_key),
    }
    process = Process(Name("submission", "api"), tmp_path, settings)
    process.begin()
    try:
        process.wait()
        with httpx.Client(base_url=f"http://{port.HOST}:{number}", timeout=READY_S_MAX) as caller:
            _wait_for_keys(caller)
            yield caller
    finally:
        process.stop()


def _wait_for_keys(caller: httpx.Client) -> None:
    deadline_s = time.monotonic() + READY_S_MAX
    while caller.get("/readyz").json().get("keys") != "current":
        assert time.monotonic() < deadline_s, "it has no keys"
        time.sleep(LOOK_S)


def told(caller: httpx.Client, agency: str, token: str = "") -> tuple[int, str]:
    """What is said to whoever asks for the sheet of an agency."""
    answer = caller.get(f"{SHEET}/{agency}", headers=bearing(token) if token else {})
    return answer.status_code, answer.json()["code"]


def test_a_deployed_process_takes_the_tokens_of_its_provider_and_no_others(
    provider: IdentityProvider, deployed: httpx.Client, tmp_path: Path
) -> None:
    claims = {
        "iss": provider.issuer,
        "aud": AUDIENCE,
        "sub": "binh",
        "exp": int(SystemClock().now().timestamp()) + 300,
        "realm_access": {"roles": ["kiem-toan"]},
    }
    trial = tmp_path / "trial"
    trial.mkdir()
    of_the_trial = open_trial(trial).issuer.issue(Actor("a1", "administrator"), hours=1)

    assert told(deployed, "so-noi-vu") == (401, "sign-in-needed")
    assert told(deployed, "so-noi-vu", provider.token_of_program("thu-thap")) == INSIDE
    assert told(deployed, "so-y-te", provider.token_of_program("thu-thap")) == (
        403,
        "agency-not-yours",
    )
    assert told(deployed, "so-noi-vu", KEY.sign(claims)) == INSIDE
    refused = {
        "of the trial's issuer": of_the_trial,
        "named as the trial's": KEY.sign({**claims, "iss": "urn:cchc:trial"}),
        "for another system": KEY.sign({**claims, "aud": "another"}),
        "by a stranger's key": STRANGER.sign(claims, kid=KEY.name),
        "by no key": KEY.sign(claims, alg="none"),
    }
    answers = {name: told(deployed, "so-noi-vu", token) for name, token in refused.items()}
    assert answers == dict.fromkeys(refused, (401, "token-invalid"))
    assert deployed.post("/trial/tokens", json={"role": "administrator"}).status_code == 404
    assert deployed.put("/trial/clock", json={"now": "2021-10-15T08:00:00+07:00"}).is_client_error

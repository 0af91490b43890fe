"""The whole system in production, with the tokens of a real provider."""

import time
from pathlib import Path

import httpx
import pytest

from tests.support.identity_provider import AUDIENCE, IdentityProvider
from tests.support.production import bearing, production
from tests.support.running import running

pytestmark = pytest.mark.xdist_group("identity")

LOOK_S = 0.05
LOOKS_MAX = 200
CYCLE = "/submission/cycles/2021"
SHEET = f"{CYCLE}/agencies/so-noi-vu"


async def test_a_program_of_a_department_is_let_in_as_its_agency(
    provider: IdentityProvider, tmp_path: Path
) -> None:
    token = provider.token_of_program("thu-thap")
    async with production(tmp_path, provider.issuer) as caller:
        own = await caller.get(SHEET, headers=bearing(token))
        other = await caller.get(f"{CYCLE}/agencies/so-y-te", headers=bearing(token))
        ready = await caller.get("/readyz")

    assert (own.status_code, own.json()["code"]) == (404, "cycle-unknown")
    assert (other.status_code, other.json()["code"]) == (403, "agency-not-yours")
    assert ready.json() == {"status": "ready", "keys": "current"}


async def test_a_system_whose_provider_is_away_serves_whoever_needs_no_token(
    provider: IdentityProvider, tmp_path: Path
) -> None:
    token = provider.token_of_program("thu-thap")
    provider.kill()
    async with production(tmp_path, provider.issuer) as caller:
        public = await caller.get("/ranking/cycles")
        signed_in = await caller.get(SHEET, headers={**bearing(token), "Accept-Language": "en"})
        ready = await caller.get("/readyz")

    assert public.status_code == 200
    assert (signed_in.status_code, signed_in.json()["code"]) == (503, "identity-provider-away")
    assert signed_in.headers["retry-after"] == "5"
    assert provider.issuer in signed_in.json()["detail"]
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "keys": "missing"})


async def test_the_documents_say_where_people_sign_in(
    provider: IdentityProvider, tmp_path: Path
) -> None:
    async with production(tmp_path, provider.issuer) as caller:
        document = (await caller.get("/submission/openapi.json")).json()

    assert document["components"]["securitySchemes"]["openIdConnect"] == {
        "type": "openIdConnect",
        "openIdConnectUrl": f"{provider.issuer}/.well-known/openid-configuration",
    }
    locked = document["paths"]["/cycles/{cycle}"]["get"]["security"]
    assert locked == [{"bearer": []}, {"openIdConnect": []}]


def test_a_process_asks_for_the_keys_before_anybody_brings_a_token(
    provider: IdentityProvider, tmp_path: Path
) -> None:
    options = {
        "mode": "production",
        "issuer": provider.issuer,
        "audience": AUDIENCE,
        "roles-claim": "realm_access.roles",
        "roles": "can-bo-co-quan=agency",
        "agency-claim": "don_vi.ma",
        "service-claim": "none",
        "scanner": "none",
    }
    told = [f"--{name}={value}" for name, value in options.items()]
    token = provider.token_of_program("thu-thap")

    with running(tmp_path / "data", *told) as system, system.client(token) as caller:
        keys = until_current(caller)
        own = caller.get(SHEET)

    assert keys == "current"
    assert (own.status_code, own.json()["code"]) == (404, "cycle-unknown")


def until_current(caller: httpx.Client) -> str:
    """How the keys of a process are, once they are there or have not been for long."""
    keys = "missing"
    for _ in range(LOOKS_MAX):
        keys = caller.get("/readyz").json()["keys"]
        if keys == "current":
            break
        time.sleep(LOOK_S)
    return keys

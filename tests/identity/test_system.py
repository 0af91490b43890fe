"""The whole system in production, with the tokens of a real provider."""

from pathlib import Path

import pytest

from tests.support.identity_provider import IdentityProvider
from tests.support.production import bearing, production

pytestmark = pytest.mark.xdist_group("identity")

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

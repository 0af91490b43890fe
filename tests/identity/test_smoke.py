"""The smoke test in production: people who have signed in play it, and a program cannot."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.cli.smoke.people import PARTS
from shared.adapters.clock import SystemClock
from shared.adapters.identity import Program, Site, granted
from shared.kernel.errors import Unavailable
from tests.support.identity_provider import AUDIENCE, IdentityProvider, SigningKey
from tests.support.running import PROJECT, Running, command, running

pytestmark = [pytest.mark.xdist_group("identity"), pytest.mark.slow]

PHASE_S = 15
ENDED_S_MAX = 120.0
ROLES = {
    "administrator": "quan-tri",
    "officer": "can-bo-co-quan",
    "survey-officer": "can-bo-dieu-tra",
    "member": "hoi-dong",
    "second-member": "hoi-dong",
}
AGENCIES = {"officer": "so-y-te", "member": "so-noi-vu", "second-member": "so-noi-vu"}
TERMS = {
    "mode": "production",
    "audience": AUDIENCE,
    "roles-claim": "realm_access.roles",
    "roles": "quan-tri=administrator,can-bo-co-quan=agency,can-bo-dieu-tra=survey-officer,"
    "hoi-dong=council",
    "agency-claim": "don_vi.ma",
    "service-claim": "none",
    "scanner": "none",
}
PROGRAM = "kiem-tra"


@pytest.fixture
def production(provider: IdentityProvider, tmp_path: Path) -> Iterator[Running]:
    """The system, which takes the tokens of the provider."""
    told = [f"--{name}={each}" for name, each in {**TERMS, "issuer": provider.issuer}.items()]
    with running(tmp_path / "data", *told) as system:
        yield system


def people_file(provider: IdentityProvider, key: SigningKey, folder: Path) -> Path:
    """What people have who have just signed in."""
    told = {}
    for part in PARTS:
        claims = {
            "iss": provider.issuer,
            "aud": AUDIENCE,
            "sub": f"test-{part}",
            "exp": int(SystemClock().now().timestamp()) + 300,
            "realm_access": {"roles": [ROLES[part]]},
            "don_vi": {"ma": AGENCIES.get(part, "")},
        }
        named = {"agency": AGENCIES[part]} if part in AGENCIES else {}
        told[part] = {"token": key.sign(claims), "id": claims["sub"], **named}
    path = folder / "people.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


def smoke(system: Running, *options: str, **environment: str) -> tuple[int, Mapping[str, Any]]:
    """How the command ends, and what it says."""
    ended = subprocess.run(
        command("smoke", f"--url={system.url}", "--json", f"--phase={PHASE_S}", *options),
        cwd=PROJECT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
    )
    assert ended.returncode in {0, 1}, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


async def test_a_program_is_granted_a_token_by_its_secret_alone(
    provider: IdentityProvider,
) -> None:
    site = Site(provider.issuer)

    token = await granted(site, Program(PROGRAM, f"secret of {PROGRAM}"))

    assert token.count(".") == 2
    with pytest.raises(Unavailable) as refused:
        await granted(site, Program(PROGRAM, "another secret"))
    assert "invalid_client" in refused.value.details["reason"]


def test_people_who_have_signed_in_play_a_whole_cycle(
    production: Running, provider: IdentityProvider, first: SigningKey, tmp_path: Path
) -> None:
    status, report = smoke(production, f"--people={people_file(provider, first, tmp_path)}")

    assert status == 0, report
    assert report["withdrawn"]
    assert "(production)" in report["steps"][2]["found"]
    with production.client() as public:
        assert public.get("/ranking/cycles").json()["items"] == []


def test_a_program_reads_and_is_refused_what_takes_a_person(
    production: Running, provider: IdentityProvider
) -> None:
    secret = {"CCHC_SMOKE_SECRET": f"secret of {PROGRAM}", "CCHC_ISSUER": provider.issuer}

    status, report = smoke(production, "--without-people", f"--client={PROGRAM}", **secret)

    assert (status, report["cycle"], report["withdrawn"]) == (0, "", False)
    found = {each["step"]: each["found"] for each in report["steps"]}
    assert found["person"] == "person-required"

"""The same with Keycloak, by the realm that is deployed: `make deep` runs it.

Who signs in, who comes with a secret, what is refused, and what happens while keys change and while
it is away: what the other files of this folder try with another provider.
"""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from real.install import HOME
from real.servers.keycloak import ADMINISTRATOR, PASSWORD, Keycloak
from shared.adapters.clock import SystemClock
from shared.adapters.identity import Provider, Site, wire
from shared.adapters.identity import provider as providing
from shared.kernel.actor import Actor
from shared.kernel.errors import Unavailable, Unknown
from tests.support.books.blocks import RUNBOOKS, read
from tests.support.books.running import BASH
from tests.support.production import bearing, production
from tests.support.realm import REALM, SECRET, TERMS, Realm
from tests.support.servers import open_folder, start
from tests.support.signing_in import CLIENT, WAIT_S_MAX, waiting
from tests.support.up_to_date import kept_up_to_date

SOON_S = 0.2
ANSWER_S_MAX = 60.0
"""It is slow while it is new, on a machine that does much else."""
LOOK_S = 0.1
LOOKS_MAX = 300
SHEET = "/submission/cycles/2021/agencies/so-noi-vu"


@pytest.fixture(scope="module")
def realm() -> Iterator[Realm]:
    """The realm on a server that runs, whatever a test before did to it."""
    with open_folder() as folder:
        server = Keycloak(folder, HOME, REALM)
        try:
            start(server)
            yield Realm(server)
        finally:
            server.stop()


@pytest.fixture(scope="module")
def an(realm: Realm) -> Actor:
    """An officer of an agency."""
    return Actor(realm.employ("an", "can-bo-co-quan", "so-y-te"), "agency", "so-y-te")


@pytest.fixture
def identity(realm: Realm) -> Provider:
    """Our side of it, which has not looked yet."""
    return Provider(Site(realm.issuer), SystemClock(), TERMS)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providing, "LOOK_PAUSE_S", SOON_S)
    monkeypatch.setattr(wire, "READ_S_MAX", ANSWER_S_MAX)


async def refusal_of(identity: Provider, token: str) -> str:
    """Why a token that serves now is refused, once it is."""
    for _ in range(LOOKS_MAX):
        try:
            await identity.identify(token)
        except Unknown as unknown:
            return unknown.code
        await asyncio.sleep(LOOK_S)
    raise AssertionError("it still serves")


async def test_a_program_is_known_by_the_token_that_its_secret_gave_it(
    realm: Realm, identity: Provider
) -> None:
    known = await identity.identify(realm.token_of_program())

    assert (known.role, known.agency, known.kind) == ("agency", "so-noi-vu", "service")
    assert identity.keys_state == "current"


def test_who_signs_in_by_a_browser_is_known_by_the_token(
    realm: Realm, identity: Provider, an: Actor
) -> None:
    with waiting(realm.issuer) as program:
        back = realm.signed_in(program.address, "an")
        httpx.get(back.headers["location"]).raise_for_status()
        token = program.token.result(WAIT_S_MAX)

    assert asyncio.run(identity.identify(token)) == an
    assert "name" not in jwt.decode(token, options={"verify_signature": False})


def test_a_code_is_worth_nothing_to_whoever_catches_it(realm: Realm, an: Actor) -> None:
    with waiting(realm.issuer) as program:
        back = realm.signed_in(program.address, "an").headers["location"]
        told = {
            "grant_type": "authorization_code",
            "client_id": CLIENT.id,
            "redirect_uri": program.asked("redirect_uri"),
            "code": parse_qs(urlsplit(back).query)["code"][0],
        }
        caught = realm.granted({**told, "code_verifier": "a" * 43})
        program.tell(state=program.asked("state"), iss=realm.issuer, error="given_up")

    assert caught["error"] == "invalid_grant"
    assert an.agency == "so-y-te"


@pytest.mark.parametrize("changed", ["redirect_uri", "code_challenge"])
def test_nobody_is_sent_elsewhere_or_without_pkce(changed: str, realm: Realm) -> None:
    with waiting(realm.issuer) as program:
        address = httpx.URL(program.address)
        if changed == "redirect_uri":
            refused = address.copy_set_param(changed, "https://evil.example/signed-in")
        else:
            refused = address.copy_remove_param(changed).copy_remove_param("code_challenge_method")
        answer = httpx.get(refused)
        program.tell(state=program.asked("state"), iss=realm.issuer, error="given_up")

    assert "evil.example" not in answer.headers.get("location", "")
    assert "code=" not in answer.headers.get("location", "")
    assert answer.status_code == 400 or "error=invalid_request" in answer.headers["location"]


def test_a_wrong_password_leads_to_the_form_again(realm: Realm, an: Actor) -> None:
    with waiting(realm.issuer) as program:
        again = realm.signed_in(program.address, "an", f"not {SECRET}")
        program.tell(state=program.asked("state"), iss=realm.issuer, error="given_up")

    assert again.status_code == 200
    assert "location" not in again.headers
    assert 'lang="vi"' in again.text
    assert an.role == "agency"


@pytest.mark.parametrize("grant", ["password", "client_credentials"])
def test_the_public_client_gets_nothing_without_a_browser(grant: str, realm: Realm) -> None:
    form = {"grant_type": grant, "client_id": CLIENT.id, "username": "an", "password": SECRET}

    assert realm.granted(form)["error"] == "unauthorized_client"


async def test_a_token_for_another_system_is_none_here(realm: Realm, identity: Provider) -> None:
    token = realm.serve("he-thong-khac", "another-system")

    with pytest.raises(Unknown, match="token-invalid"):
        await identity.identify(token)


def test_an_agency_is_for_administrators_alone_to_say(realm: Realm) -> None:
    profile = realm.administer("GET", "/users/profile").json()

    [agency] = [each for each in profile["attributes"] if each["name"] == "agency"]
    assert agency["permissions"]["edit"] == ["admin"]
    assert profile.get("unmanagedAttributePolicy", "DISABLED") == "DISABLED"


async def test_a_new_key_serves_at_once_and_an_old_one_until_it_is_retired(
    realm: Realm, identity: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providing, "REFRESH_S", SOON_S)
    identity = Provider(Site(realm.issuer), SystemClock(), TERMS)
    old = realm.token_of_program()
    await identity.identify(old)
    realm.add_key()
    new = realm.token_of_program()
    await asyncio.sleep(SOON_S)
    heads = [jwt.get_unverified_header(token)["kid"] for token in (old, new)]

    known = [await identity.identify(token) for token in (new, old)]
    async with kept_up_to_date(identity):
        realm.retire_keys()
        refusal = await refusal_of(identity, old)

    assert heads[0] != heads[1]
    assert known[0] == known[1]
    assert refusal == "token-key-unknown"
    assert await identity.identify(new) == known[0]


async def test_the_whole_system_takes_its_tokens(realm: Realm, tmp_path: Path) -> None:
    token = realm.token_of_program()
    async with production(tmp_path, realm.issuer, TERMS) as caller:
        own = await caller.get(SHEET, headers=bearing(token))
        other = await caller.get(SHEET.replace("so-noi-vu", "so-y-te"), headers=bearing(token))
        ready = await caller.get("/readyz")

    assert (own.status_code, own.json()["code"]) == (404, "cycle-unknown")
    assert (other.status_code, other.json()["code"]) == (403, "agency-not-yours")
    assert ready.json() == {"status": "ready", "keys": "current"}


async def test_known_keys_serve_while_it_is_away_and_it_is_found_when_it_comes(
    realm: Realm, identity: Provider
) -> None:
    taken = realm.token_of_program()
    known = await identity.identify(taken)
    fresh = Provider(Site(realm.issuer), SystemClock(), TERMS)
    realm.server.kill()
    await asyncio.sleep(SOON_S)

    with pytest.raises(Unavailable, match="identity-provider-away"):
        await fresh.identify(taken)
    served = await identity.identify(taken)
    realm.server.start()
    await asyncio.sleep(SOON_S)

    assert served == known
    assert await fresh.identify(taken) == known
    assert fresh.keys_state == "current"


def test_the_realm_of_the_installation_is_made_by_its_commands(
    realm: Realm, identity: Provider, tmp_path: Path
) -> None:
    """By install.md, in place of the one that this server began with; so this one comes last."""
    realm.administer("DELETE", "")
    blocks = [each for each in read(RUNBOOKS / "install.md").blocks if "kcadm" in each.text]
    (tmp_path / "deploy").symlink_to(REALM.parents[1])
    program = tmp_path / "bin" / "kcadm.sh"
    program.parent.mkdir()
    program.write_text(f'exec "{BASH}" "{HOME}/keycloak/bin/kcadm.sh" "$@"\n', "utf-8")
    program.chmod(0o755)

    ended = subprocess.run(
        [BASH, "-euo", "pipefail"],
        input="\n".join(each.text for each in blocks),
        cwd=tmp_path,
        env={
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "SSO": realm.server.url,
            "SSO_ADMINISTRATOR": ADMINISTRATOR,
            "KC_CLI_PASSWORD": PASSWORD,
        },
        check=False,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr
    told = {"grant_type": "client_credentials"}
    secret = (tmp_path / "smoke.secret").read_text("utf-8")
    token = realm.granted(told, ("cchc-smoke", secret))["access_token"]
    known = asyncio.run(identity.identify(token))
    assert (known.role, known.kind) == ("administrator", "service")
    made = realm.administer("GET", "/roles/quan-tri/users").json()
    assert {"quan-tri-1", "quan-tri-2"} <= {each["username"] for each in made}
    assert len(ended.stdout.splitlines()) == len(set(ended.stdout.splitlines())) >= 2

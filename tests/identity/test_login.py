"""A person signs in by a browser at a real provider, and the command line gets their token."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services import cli
from shared.adapters.chance import SecretChance
from shared.adapters.clock import SystemClock
from shared.adapters.identity import Provider, Site, login, sign_in
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused, Unavailable
from tests.support.false_provider import false_provider
from tests.support.identity_provider import TERMS, IdentityProvider
from tests.support.signing_in import CLIENT, WAIT_S_MAX, waiting

pytestmark = pytest.mark.xdist_group("identity")

PROJECT = Path(__file__).parents[2]
OFFICER = Actor("an", "agency", "so-y-te")


def signed_in(address: str, who: str) -> str:
    """Sign in there, as a browser does; where it is sent back to."""
    with httpx.Client() as browser:
        page = browser.get(address, follow_redirects=True)
        following = browser.post(page.url, data={"who": who}).next_request
        while following is not None and following.url.path != login.PATH:
            following = browser.send(following).next_request
    assert following is not None, "the browser is sent back"
    return str(following.url)


def known(provider: IdentityProvider, token: str) -> Actor:
    """Whom the system takes the holder of a token for."""
    identity = Provider(Site(provider.issuer), SystemClock(), TERMS)
    return asyncio.run(identity.identify(token))


@contextmanager
def command(provider: IdentityProvider) -> Iterator["subprocess.Popen[str]"]:
    """The command line, which waits for somebody to sign in."""
    with subprocess.Popen(
        [sys.executable, "-m", "services", "login"],
        cwd=PROJECT,
        env={"CCHC_ISSUER": provider.issuer, "CCHC_LOGIN_CLIENT": CLIENT.id},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_who_signs_in_by_a_browser_is_known_by_the_token_that_is_printed(
    provider: IdentityProvider,
) -> None:
    with command(provider) as process:
        assert process.stderr is not None, "opened with a pipe"
        address = [process.stderr.readline() for _ in range(3)][-1].strip()

        page = httpx.get(signed_in(address, "an"))
        printed, said = process.communicate(timeout=WAIT_S_MAX)

    assert "đóng trang này" in page.text
    assert (process.returncode, said) == (0, "")
    assert known(provider, printed.strip()) == OFFICER


def test_a_code_is_worth_nothing_to_whoever_catches_it(provider: IdentityProvider) -> None:
    with waiting(provider.issuer) as program:
        back = signed_in(program.address, "an")
        told = {
            "grant_type": "authorization_code",
            "client_id": CLIENT.id,
            "redirect_uri": program.asked("redirect_uri"),
            "code": parse_qs(urlsplit(back).query)["code"][0],
        }
        guesses: tuple[dict[str, str], ...] = (
            {},
            {"code_verifier": "a" * 43},
            {"code_verifier": program.asked("state")},
        )
        caught = [
            httpx.post(f"{provider.issuer}/token", data={**told, **guess}).json()["error"]
            for guess in guesses
        ]
        httpx.get(back)
        token = program.token.result(WAIT_S_MAX)

    assert caught == ["invalid_grant"] * 3
    assert program.asked("code_challenge_method") == "S256"
    assert known(provider, token) == OFFICER


def test_what_is_not_the_answer_to_this_sign_in_is_sent_away(provider: IdentityProvider) -> None:
    with waiting(provider.issuer) as program:
        strangers = [
            program.tell(),
            program.tell(code="stolen"),
            program.tell(code="stolen", state="guessed"),
            program.tell(error="access_denied", state="é"),
            httpx.get(
                program.asked("redirect_uri").replace(login.PATH, "/favicon.ico")
            ).status_code,
        ]
        refused = program.tell(
            state=program.asked("state"), iss=provider.issuer, error="access_denied"
        )

    assert (strangers, refused) == ([404] * 5, 200)
    assert (program.refusal().code, program.refusal().details["reason"]) == (
        "sign-in-refused",
        "access_denied",
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"code": "c"}, "another issuer answered"),
        ({"code": "c", "iss": "https://sso.example.org"}, "another issuer answered"),
        ({"iss": "{issuer}"}, "no code"),
        ({"code": "made-up", "iss": "{issuer}"}, "400: invalid_grant"),
    ],
)
def test_an_answer_that_is_no_code_of_this_provider_gives_no_token(
    answer: dict[str, str], reason: str, provider: IdentityProvider
) -> None:
    filled = {name: text.format(issuer=provider.issuer) for name, text in answer.items()}

    with waiting(provider.issuer) as program:
        program.tell(state=program.asked("state"), **filled)

    assert program.refusal().code == "identity-provider-unusable"
    assert reason in program.refusal().details["reason"]


async def test_nobody_is_waited_for_without_end(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "SIGN_IN_S_MAX", 0.0)

    with pytest.raises(Refused, match="sign-in-waited-for"):
        await sign_in(Site(provider.issuer), CLIENT, SecretChance(), lambda _: None)


@pytest.mark.parametrize(
    ("metadata", "refusal"),
    [
        ({"code_challenge_methods_supported": ["plain"]}, "sign-in-without-pkce"),
        ({"code_challenge_methods_supported": None}, "sign-in-without-pkce"),
        ({"authorization_endpoint": None}, "identity-provider-unusable"),
        ({"authorization_endpoint": "http://sso.example.org/a"}, "identity-provider-unusable"),
    ],
)
async def test_nobody_is_sent_to_sign_in_where_it_is_not_safe(
    metadata: dict[str, object], refusal: str
) -> None:
    shown: list[str] = []
    with false_provider() as false:
        false.describe(**metadata)
        with pytest.raises((Refused, Unavailable), match=refusal):
            await sign_in(Site(false.issuer), CLIENT, SecretChance(), shown.append)

    assert shown == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--issuer and --client"),
        (["--issuer", "https://sso.example.org"], "--issuer and --client"),
        (["--issuer", "http://127.0.0.1:9", "--client", "a"], "http://127.0.0.1:9 cannot be used"),
        (
            ["--issuer", "https://127.0.0.1:9", "--client", "a", "--issuer-ca", "nowhere.pem"],
            "nowhere.pem cannot be used",
        ),
    ],
)
def test_who_cannot_sign_in_is_told_why_in_both_languages(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.main(["login", *options], {})

    written = capsys.readouterr()
    assert (status, written.out) == (cli.REFUSED, "")
    assert said in written.err.splitlines()[1]

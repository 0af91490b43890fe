"""A person signs in by a browser, and a program on the same machine gets the token (RFC 8252).

What comes back to it on the loopback is worth nothing without the secret that it keeps (PKCE, RFC
7636), and counts only with the state that it gave to the browser. The password stays between the
browser and the provider.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from shared.adapters.identity import wire
from shared.adapters.identity.program import token_of
from shared.adapters.identity.wire import Document, Site
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Chance

LOOPBACK = "127.0.0.1"
PATH = "/signed-in"
SIGN_IN_S_MAX = 300.0
REQUEST_S_MAX = 5.0
"""How long a browser may take to say one request; nobody else is heard meanwhile."""

_METHOD = "S256"
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>CCHC</title>
<p>{vi}<p lang="en">{en}</html>
"""
_DONE = _PAGE.format(
    vi="Trình duyệt đã xong việc; hãy xem tiếp ở cửa sổ dòng lệnh và đóng trang này.",
    en="The browser has done its part; go on in the terminal, and close this page.",
)
_OTHER = _PAGE.format(
    vi="Không phải lần đăng nhập đang chờ ở đây.", en="This is not the sign-in that is waited for."
)

Answer = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Client:
    """A public client of the provider: a program, which can keep no secret of its own."""

    id: str
    scope: str = "openid"
    port: int = 0
    """Where it listens; any free one, as RFC 8252, 7.3 has providers allow."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One sign-in, by the secrets that belong to it alone."""

    state: str
    verifier: str

    @property
    def challenge(self) -> str:
        """RFC 7636, 4.2."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


async def sign_in(site: Site, client: Client, chance: Chance, show: Callable[[str], None]) -> str:
    """The access token of the person who signs in at the address that `show` gets.

    Raises `Refused` with `sign-in-refused`, `sign-in-waited-for` or `sign-in-without-pkce`, and
    `Unavailable("identity-provider-unusable")`.
    """
    metadata = await wire.discover(site)
    _check_methods(site, metadata)
    attempt = _Attempt(state=chance.token(), verifier=chance.token())
    with _Door((LOOPBACK, client.port), attempt.state) as door:
        back = f"http://{LOOPBACK}:{door.server_port}{PATH}"
        show(_address(site, metadata, client, attempt, back))
        code = _code(site, metadata, door.answer())
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": client.id,
        "code_verifier": attempt.verifier,
    }
    return token_of(site, await wire.read(site, metadata.get("token_endpoint"), form))


def _check_methods(site: Site, metadata: Document) -> None:
    """A provider that says how it takes PKCE, and takes it not, is not one to sign in at."""
    methods = metadata.get("code_challenge_methods_supported", [_METHOD])
    if not isinstance(methods, list) or _METHOD not in methods:
        raise Refused("sign-in-without-pkce", issuer=site.issuer)


def _address(site: Site, metadata: Document, client: Client, attempt: _Attempt, back: str) -> str:
    """Where the browser is to go (RFC 6749, 4.1.1)."""
    endpoint = metadata.get("authorization_endpoint")
    if not isinstance(endpoint, str) or not wire.is_safe(endpoint):
        raise wire.unusable(site.issuer, f"no address to sign in at: {endpoint!s:.200}")
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": back,
        "scope": client.scope,
        "state": attempt.state,
        "code_challenge": attempt.challenge,
        "code_challenge_method": _METHOD,
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def _code(site: Site, metadata: Document, answer: Answer) -> str:
    """What stands in the answer of this provider, and of no other (RFC 9207)."""
    needed = metadata.get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if needed else site.issuer) != site.issuer:
        raise wire.unusable(site.issuer, "another issuer answered")
    if "error" in answer:
        reason = answer.get("error_description") or answer["error"]
        raise Refused("sign-in-refused", issuer=site.issuer, reason=reason[:200])
    if not answer.get("code"):
        raise wire.unusable(site.issuer, "its answer has no code")
    return answer["code"]


class _Door(HTTPServer):
    """Listens on the loopback for the answer to one sign-in."""

    timeout = 1.0

    def __init__(self, address: tuple[str, int], state: str) -> None:
        try:
            super().__init__(address, _Knock)
        except OSError as error:
            reason, (host, port) = error.strerror or str(error), address
            raise Unavailable("address-in-use", host=host, port=str(port), reason=reason) from error
        self.state = state
        self.heard: Answer | None = None

    def answer(self) -> Answer:
        """The answer with the right state; whatever else comes is sent away."""
        deadline_s = time.monotonic() + SIGN_IN_S_MAX
        while self.heard is None:
            if time.monotonic() >= deadline_s:
                raise Refused("sign-in-waited-for", seconds=f"{SIGN_IN_S_MAX:.0f}")
            self.handle_request()
        return self.heard


class _Knock(BaseHTTPRequestHandler):
    """One request at the door."""

    timeout = REQUEST_S_MAX
    server: _Door

    def do_GET(self) -> None:
        """Take the answer, if it is one."""
        parts = urlsplit(self.path)
        answer = dict(parse_qsl(parts.query))
        is_ours = hmac.compare_digest(
            answer.get("state", "").encode(errors="surrogatepass"), self.server.state.encode()
        )
        if parts.path == PATH and is_ours:
            self.server.heard = answer
            self._say(200, _DONE)
        else:
            self._say(404, _OTHER)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address has the code in it."""

    def _say(self, status: int, page: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page.encode())

"""A provider of others (npm oidc-provider): killed, paused, and started again with other keys."""

import json
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.utils import base64url_encode

from shared.adapters.identity import Terms
from tests.support import npm
from tests.support.node import node

FOLDER = Path(__file__).parents[1] / "identity"
ENTRY = Path("oidc-provider", "lib", "index.js")
AUDIENCE = "urn:cchc:api"
END_S_MAX = 10.0

PEOPLE = {
    "an": {"realm_access": {"roles": ["offline", "can-bo-co-quan"]}, "don_vi": {"ma": "so-y-te"}},
    "binh": {"realm_access": {"roles": ["kiem-toan"]}},
}
PROGRAMS = {
    "thu-thap": {"realm_access": {"roles": ["can-bo-co-quan"]}, "don_vi": {"ma": "so-noi-vu"}},
    "kiem-tra": {"realm_access": {"roles": ["quan-tri"]}},
}
TERMS = Terms(
    audience=AUDIENCE,
    roles_claim="realm_access.roles",
    roles={"can-bo-co-quan": "agency", "kiem-toan": "auditor"},
    agency_claim="don_vi.ma",
)


class SigningKey:
    """A key pair of the provider, which the test has too and can sign anything with."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pair = ec.generate_private_key(ec.SECP256R1())
        described = jwt.algorithms.ECAlgorithm.to_jwk(self.pair, as_dict=True)
        self.described = {**described, "kid": name, "use": "sig", "alg": "ES256"}
        self.published = {part: self.described[part] for part in self.described if part != "d"}

    def sign(self, claims: Mapping[str, Any], **head: object) -> str:
        """A token as the provider signs them, whatever it says."""
        told = {"alg": "ES256", "kid": self.name, "typ": "at+jwt", **head}
        return assembled(told, claims, self.signature)

    def signature(self, signed: bytes) -> bytes:
        """Of anything (RFC 7518, 3.4)."""
        return jwt.get_algorithm_by_name("ES256").sign(signed, self.pair)


def assembled(head: object, body: object, sign: Callable[[bytes], bytes]) -> str:
    """A token of any head and body, as bytes or as JSON, signed in any way."""
    signed = b".".join(base64url_encode(_bytes_of(part)) for part in (head, body))
    return b".".join([signed, base64url_encode(sign(signed))]).decode()


def _bytes_of(part: object) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()


class IdentityProvider:
    """One provider at one address, whichever process of it runs."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self.keys: tuple[SigningKey, ...] = ()
        self._entry = npm.installed(FOLDER) / ENTRY
        self.issuer = ""

    def start(self, *keys: SigningKey) -> None:
        """Start it, again if it runs, with these keys, of which the first one signs."""
        self.kill()
        self.keys = keys
        port = int(self.issuer.rpartition(":")[2] or 0)
        self._process = process = subprocess.Popen(
            [node(), "--no-warnings", str(FOLDER / "provider.mjs"), str(self._entry)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdin is not None, "opened with pipes"
        assert process.stdout is not None, "opened with pipes"
        described = [key.described for key in keys]
        told = {"port": port, "keys": described, "people": PEOPLE, "programs": PROGRAMS}
        with process.stdin as stdin:
            json.dump(told, stdin)
        self.issuer = process.stdout.readline().strip()
        assert self.issuer, "the provider has started"

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(END_S_MAX)
            assert self._process.stdout is not None, "opened with pipes"
            self._process.stdout.close()
            self._process, self.keys = None, ()

    def pause(self) -> None:
        """Let it take connections, and answer none of them."""
        assert self._process is not None, "it runs"
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process is not None, "it runs"
        self._process.send_signal(signal.SIGCONT)

    def asked(self) -> int:
        """How often it was asked for its keys since this was last asked."""
        return int(httpx.get(f"{self.issuer}/asked").text)

    def token_of_program(self, name: str) -> str:
        """What a department's program gets for its secret (RFC 6749, 4.4)."""
        answer = httpx.post(
            f"{self.issuer}/token",
            data={"grant_type": "client_credentials"},
            auth=(name, f"secret of {name}"),
        )
        token: str = answer.raise_for_status().json()["access_token"]
        return token

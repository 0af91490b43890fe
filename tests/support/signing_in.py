"""A program that waits for somebody to sign in by a browser, as the command line does."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import httpx

from shared.adapters.chance import SecretChance
from shared.adapters.identity import Client, Site, sign_in
from shared.kernel.errors import Problem

WAIT_S_MAX = 60
CLIENT = Client("cchc-cli")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A program that waits for somebody to sign in at an address."""

    address: str
    token: "Future[str]"

    def asked(self, name: str) -> str:
        """What the address says by that name."""
        return parse_qs(urlsplit(self.address).query)[name][0]

    def tell(self, **answer: str) -> int:
        """Knock at its door, as a browser that was sent there; the status of what it says."""
        return httpx.get(self.asked("redirect_uri"), params=answer).status_code

    def refusal(self) -> Problem:
        """What it ends with in place of a token."""
        error = self.token.exception(WAIT_S_MAX)
        assert isinstance(error, Problem)
        return error


@contextmanager
def waiting(issuer: str) -> Iterator[Waiting]:
    """Such a program, which has come to its end when the context ends."""
    shown: Queue[str] = Queue()
    with ThreadPoolExecutor(1) as pool:
        signing_in = sign_in(Site(issuer), CLIENT, SecretChance(), shown.put)
        token = pool.submit(asyncio.run, signing_in)
        program = Waiting(shown.get(timeout=WAIT_S_MAX), token)
        try:
            yield program
        except BaseException:
            with suppress(httpx.ConnectError):
                program.tell(state=program.asked("state"), iss=issuer, error="given_up")
            raise

"""The running system in the midst of a cycle, and the requests that it is asked under load."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import Any

import httpx

from demo.client import Addresses
from demo.papers import paper
from tests.bench import caller, cycle
from tests.bench.cycle import CYCLE, Declared
from tests.support.running import PROJECT, READY_S_MAX

_FILE = paper("bench")
_SHA256 = hashlib.sha256(_FILE).hexdigest()
_WAIT_S_MAX = 60
_PAUSE_S = 0.005


class System:
    """A cycle is open, agencies score themselves, and one agency is asked about."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._client = httpx.Client(timeout=READY_S_MAX)
        self._ask("", "PUT", "/trial/clock", json={"now": cycle.SCORING})
        self._auditor = self._token("auditor")
        self._tokens = {
            agency["code"]: self._token("agency", agency["code"]) for agency in cycle.agencies()
        }

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def url(self, service: str) -> str:
        """Where a service answers."""
        return self._addresses.url(f"/{service}")

    def open(self) -> None:
        """Open the cycle, and store the file that proves everything."""
        path = f"/submission/cycles/{CYCLE}"
        self._ask(self._token("administrator"), "PUT", path, json=cycle.opening())
        for code, token in self._tokens.items():
            stored = f"{path}/agencies/{code}/files/{_SHA256}"
            self._ask(token, "PUT", stored, content=_FILE, headers={"Content-Type": cycle.PDF})
        self.wait_until_counted(1)

    def scores(self) -> Sequence[bytes]:
        """Every item of every agency declared once, the agencies taking turns."""
        return [self._put(each, "score", {"inputs": each.inputs}) for each in _taking_turns()]

    def proofs(self, name: str) -> Sequence[bytes]:
        """A piece of evidence of this name for every item of every agency."""
        return [
            self._put(each, f"evidence/{name}", cycle.evidence(_SHA256, place))
            for place, each in enumerate(_taking_turns())
        ]

    def answers(self, count: int) -> Sequence[bytes]:
        """One response of each of so many people, who are invited here."""
        agency, path = cycle.agencies()[0], self.open_survey()
        return [
            caller.request(
                "POST",
                f"{path}/responses",
                {
                    "token": token,
                    "answers": cycle.answers(agency["tier"], agency["code"], place),
                    "receipt": f"receipt-of-{token}",
                },
            )
            for place, token in enumerate(self.invite(path, count, key="bench"))
        ]

    def open_survey(self) -> str:
        """Ask about the first agency; gives the path of the questionnaire."""
        officer, path = self._token("survey-officer"), self._survey
        wait_until(lambda: self._adopts(officer))
        self._ask(officer, "POST", f"{path}/opening", headers={"Idempotency-Key": "opening"})
        return path

    def invite(self, path: str, count: int, *, key: str) -> Sequence[str]:
        """New tokens of people who are asked about the first agency."""
        officer, wanted = self._token("survey-officer"), {"agency": self._first, "count": count}
        headers = {"Idempotency-Key": key}
        invited = self._ask(officer, "POST", f"{path}/invitations", json=wanted, headers=headers)
        tokens: Sequence[str] = invited.json()["tokens"]
        return tokens

    def close_survey(self) -> None:
        """Take no more answers, and count them all; raises `httpx.HTTPError` if cut off."""
        officer, headers = self._token("survey-officer"), {"Idempotency-Key": "closing"}
        self._ask(officer, "POST", f"{self._survey}/closing", headers=headers)

    def numbered(self) -> int:
        """How many facts the ledger has."""
        path = f"/ranking/cycles/{CYCLE}/ledger"
        return int(self._ask(self._auditor, "GET", path).json()["size"])

    def shown(self) -> int:
        """Up to which ledger number the table of the departments counts."""
        path = f"/ranking/cycles/{CYCLE}/table?tier=department"
        return int(self._ask(self._auditor, "GET", path).json()["counted_to"])

    def wait_until_counted(self, facts: int) -> None:
        """Wait for the table to count so many facts."""
        wait_until(lambda: _or_zero(self.numbered) >= facts)
        wait_until(lambda: _or_zero(self.shown) >= facts)

    @property
    def _survey(self) -> str:
        return f"/survey/cycles/{CYCLE}/questionnaires/{cycle.agencies()[0]['tier']}"

    @property
    def _first(self) -> str:
        code: str = cycle.agencies()[0]["code"]
        return code

    def _adopts(self, officer: str) -> bool:
        """Whether the survey has heard of the cycle by now."""
        tier = cycle.agencies()[0]["tier"]
        try:
            self._ask(officer, "PUT", self._survey, json=cycle.questionnaire(tier))
        except httpx.HTTPStatusError as error:
            if error.response.status_code != HTTPStatus.NOT_FOUND:
                raise
            return False
        return True

    def _put(self, declared: Declared, what: str, body: object) -> bytes:
        path = f"/submission/cycles/{CYCLE}/agencies/{declared.agency}/items/{declared.item}/{what}"
        bearer = {"Authorization": f"Bearer {self._tokens[declared.agency]}"}
        return caller.request("PUT", path, body, bearer)

    def _token(self, role: str, agency: str | None = None) -> str:
        wanted = {"role": role, **({"agency": agency} if agency else {})}
        token: str = self._ask("", "POST", "/trial/tokens", json=wanted).json()["token"]
        return token

    def _ask(
        self,
        token: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        **request: Any,  # noqa: ANN401 - what httpx takes
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        url = self._addresses.url(path)
        answer = self._client.request(method, url, headers={**headers, **bearer}, **request)
        return answer.raise_for_status()


def all_at(url: str) -> Addresses:
    """Where the services answer if one process has all of them."""
    return Addresses(url.rstrip("/"))


def wait_until(holds: Callable[[], bool]) -> float:
    """Wait for something; gives the seconds that it took."""
    began = time.perf_counter()
    while not holds():
        assert time.perf_counter() - began < _WAIT_S_MAX, "it took too long to be measured"
        time.sleep(_PAUSE_S)
    return time.perf_counter() - began


@contextmanager
def empty_handler() -> Iterator[str]:
    """The address of a FastAPI handler that does nothing, in a process of its own."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.bench.empty"), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None, "opened with a pipe"
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def empty_requests(count: int) -> Sequence[bytes]:
    """Requests of the size of a declaration, with a token that nobody looks at."""
    body: Mapping[str, object] = {"inputs": {"numerator": "48", "denominator": "50"}}
    bearer = {"Authorization": f"Bearer {'a' * 300}"}
    return [
        caller.request("PUT", f"/{CYCLE}/so-y-te/1.1.{place}", body, bearer)
        for place in range(count)
    ]


def _taking_turns() -> Sequence[Declared]:
    sheets = [cycle.sheet(agency) for agency in cycle.agencies()]
    return [each for each in chain.from_iterable(zip_longest(*sheets)) if each is not None]


def _or_zero(read: Callable[[], int]) -> int:
    """What ranking does not know yet has nothing counted."""
    try:
        return read()
    except httpx.HTTPStatusError:
        return 0

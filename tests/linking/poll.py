"""People who answer one after the other, each in a way of their own, by which they can be found."""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import httpx

from services.survey.domain.token import hashed
from tests.linking.attack import Person
from tests.support.ballot_client import blind, finalize, key_of, new_ballot
from tests.support.small_cycle import AGENCIES, CYCLE, at
from tests.support.survey_office import AGENCY
from tests.support.town import cycle_body

BEFORE, ASKING = "2021-10-15T08:00:00+07:00", "2021-11-25T08:00:00+07:00"
SCALE = "12345"
LENGTHS = (1, 2, 4, 8)
EXTRA = ("u1", "u2", "u3")
NOTE = "note"
TIMEOUT_S = 60.0
POLL_S = 0.2
RECEIPT_BYTES = 16
SILENT_EVERY = 3
"""Of so many people the last one writes no comment."""
TOLD = ("Idempotency-Key", "X-Correlation-Id", "User-Agent", "Referer", "Cookie")
ONE_CALL_EACH = httpx.Limits(max_keepalive_connections=0)
"""Whoever connects again for each call is answered by another process, where there are several."""


def _asked(letter: str) -> Mapping[str, Any]:
    """What is asked; the options of the other questions are so many of this letter."""
    extra = [
        {
            "code": code,
            "text": f"Câu {code}",
            "options": [{"code": letter * length, "title": str(length)} for length in LENGTHS],
        }
        for code in EXTRA
    ]
    scale = [{"code": code, "title": code} for code in SCALE]
    note = {"code": NOTE, "kind": "free-text", "text": "Góp ý", "required": False}
    scored = {"code": "q1", "kind": "scale", "text": "Ông/Bà có hài lòng không?", "item": "9.1"}
    return {
        "tier": "department",
        "group": "citizens",
        "title": "Phiếu để thử liên kết",
        "questions": [{**scored, "options": scale}, *extra, note],
        "opens": at(11, 22).isoformat(),
        "closes": at(12, 20).isoformat(),
    }


def _ways(letter: str) -> Sequence[Mapping[str, str]]:
    """So many people can be told apart by what they answer."""
    return [
        {"q1": satisfied, **dict(zip(EXTRA, (letter * length for length in lengths), strict=True))}
        for satisfied, lengths in product(SCALE, product(LENGTHS, repeat=len(EXTRA)))
    ]


@dataclass(slots=True)
class Poll:
    """One survey about one agency, at the addresses of a running system.

    Surveys of different letters have no answer in common.
    """

    address: Callable[[str], str]
    http: httpx.Client
    letter: str = "x"
    receipts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    _answers: Sequence[Mapping[str, str]] = field(init=False)
    _ballot_keys: Sequence[Mapping[str, str]] = ()

    def __post_init__(self) -> None:
        ways = _ways(self.letter)
        self._answers = secrets.SystemRandom().sample(ways, len(ways))

    @property
    def name(self) -> str:
        """What the questionnaire is called."""
        return f"linking-{self.letter}"

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/survey/cycles/{CYCLE}/questionnaires/{self.name}"

    def invite(self, count: int) -> Sequence[str]:
        """The tokens of so many more people, who have not answered."""
        body = {"agency": AGENCY, "count": count}
        key = f"from-{len(self.tokens)}"
        invited = self._officer("POST", f"{self.path}/invitations", body, key=key)["tokens"]
        self.tokens += invited
        return list(invited)

    def send(
        self, token: str, answers: Mapping[str, str], receipt: str, *, comment: str = ""
    ) -> httpx.Response:
        """Somebody's attempt to answer, by a client that tells its token wherever it can."""
        sent = {
            "token": token,
            "answers": answers,
            "receipt": receipt,
            "comments": {NOTE: comment} if comment else {},
        }
        headers = dict.fromkeys(TOLD, token)
        return self.http.post(self.address(f"{self.path}/responses"), json=sent, headers=headers)

    def cast(
        self, token: str, answers: Mapping[str, str], receipt: str, *, comment: str = ""
    ) -> httpx.Response:
        """The same by a ballot: the token goes for it, and what is answered goes with it alone."""
        [key] = [each["key"] for each in self._ballot_keys if each["agency"] == AGENCY]
        ballot = new_ballot()
        blinded = blind(key_of(key), ballot)
        wanted = {"token": token, "blinded": _encoded(blinded.message)}
        headers = dict.fromkeys(TOLD, token)
        answer = self.http.post(self.address(f"{self.path}/ballots"), json=wanted, headers=headers)
        signed = urlsafe_b64decode(answer.raise_for_status().json()["signature"] + "==")
        sent = {
            "agency": AGENCY,
            "ballot": _encoded(ballot),
            "signature": _encoded(finalize(key_of(key), ballot, signed, blinded.inverse)),
            "answers": answers,
            "receipt": receipt,
            "comments": {NOTE: comment} if comment else {},
        }
        return self.http.post(self.address(f"{self.path}/ballot-responses"), json=sent)

    def look(self, token: str) -> httpx.Response:
        """Somebody opens the page of their form."""
        page = self.address(f"/survey/form/{CYCLE}/{self.name}/{token}")
        return self.http.get(page, headers={"Accept": "text/html"})

    def answer(self, count: int) -> None:
        """So many more people answer, one after the other, each as nobody else does.

        Every other one does so by a ballot, and every third one writes no comment.
        """
        first = len(self.receipts)
        for person, token in enumerate(self.invite(count), start=first):
            receipt = secrets.token_urlsafe(RECEIPT_BYTES)
            is_silent = person % SILENT_EVERY == SILENT_EVERY - 1
            comment = "" if is_silent else f"Góp ý {secrets.token_hex(RECEIPT_BYTES)}"
            send = self.cast if person % 2 else self.send
            send(token, self._answers[person], receipt, comment=comment).raise_for_status()
            self.receipts.append(receipt)
            self.comments.append(comment)

    def close(self) -> None:
        """Count what is left."""
        self._officer("POST", f"{self.path}/closing", None, key="close")

    def wait_until_counted(self, count: int) -> None:
        """Return as soon as so many answers have left the urn."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while self._officer("GET", self.path, None)["counted"] < count:
            assert time.monotonic() < deadline_s, "the answers were never counted"
            time.sleep(POLL_S)

    def facts(self) -> Sequence[bytes]:
        """The facts of the survey, one a line, as soon as its end is among them."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while True:
            lines = self._lines()
            if any(b"survey.SurveyClosed" in line for line in lines):
                return lines
            assert time.monotonic() < deadline_s, "the ledger never heard of the closing"
            time.sleep(POLL_S)

    def _lines(self) -> Sequence[bytes]:
        url = self.address(f"/ranking/cycles/{CYCLE}/facts")
        headers = {"Authorization": f"Bearer {self._token('auditor')}"}
        lines = self.http.get(url, headers=headers).raise_for_status().content.splitlines()
        return [line for line in lines if f'"{self.name}"'.encode() in line]

    def answers(self) -> Mapping[Person, bytes]:
        """The bytes by which each person's answer is found."""
        return {person: _text(self._answers[person]) for person in range(len(self.receipts))}

    def comments_by_person(self) -> Mapping[Person, bytes]:
        """The bytes by which each person's comment is found, of those who wrote one."""
        return {person: said.encode() for person, said in enumerate(self.comments) if said}

    def silent(self) -> frozenset[Person]:
        """Who wrote no comment."""
        return frozenset(person for person, said in enumerate(self.comments) if not said)

    def rights_by_person(self) -> Mapping[Person, bytes]:
        """The bytes by which each person's right is found, where everybody has answered."""
        assert len(self.tokens) == len(self.receipts), "everybody has answered"
        return {person: hashed(token).encode() for person, token in enumerate(self.tokens)}

    def receipts_by_person(self) -> Mapping[Person, bytes]:
        """The bytes by which each person's receipt is found."""
        return {person: receipt.encode() for person, receipt in enumerate(self.receipts)}

    def open(self) -> None:
        """Ask, as soon as the survey has heard of the cycle, and let people answer."""
        deadline_s, asked = time.monotonic() + TIMEOUT_S, _asked(self.letter)
        while self._sent("PUT", self.path, asked).status_code == httpx.codes.NOT_FOUND:
            assert time.monotonic() < deadline_s, "the survey never heard of the cycle"
            time.sleep(POLL_S)
        self._officer("POST", f"{self.path}/ballot-keys", None, key="keys")
        self._officer("POST", f"{self.path}/opening", None)
        keys = self.http.get(self.address(f"{self.path}/ballot-keys"))
        self._ballot_keys = keys.raise_for_status().json()

    def _officer(self, method: str, path: str, body: object, *, key: str = "k") -> Any:  # noqa: ANN401 - JSON
        return self._sent(method, path, body, key=key).raise_for_status().json()

    def _sent(self, method: str, path: str, body: object, *, key: str = "k") -> httpx.Response:
        token = self._token("survey-officer")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return self.http.request(method, self.address(path), json=body, headers=headers)

    def _token(self, role: str) -> str:
        wanted = {"role": role, "hours": 10_000}
        answer = self.http.post(self.address("/trial/tokens"), json=wanted)
        token: str = answer.raise_for_status().json()["token"]
        return token


@contextmanager
def opened_poll(address: Callable[[str], str], letter: str = "x") -> Iterator[Poll]:
    """A survey that has just been opened in a running system."""
    with httpx.Client(timeout=TIMEOUT_S, limits=ONE_CALL_EACH) as http:
        poll = Poll(address, http, letter)
        poll.open()
        yield poll


def open_cycle(address: Callable[[str], str]) -> None:
    """Open the cycle in a running system, and let it be the time at which people are asked."""
    with httpx.Client(timeout=TIMEOUT_S) as http:

        def put(path: str, body: object, token: str = "") -> None:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            http.put(address(path), json=body, headers=headers).raise_for_status()

        put("/trial/clock", {"now": BEFORE})
        issued = http.post(address("/trial/tokens"), json={"role": "administrator"})
        opening = cycle_body(int(CYCLE), [agency.code for agency in AGENCIES])
        put(f"/submission/cycles/{CYCLE}", opening, issued.raise_for_status().json()["token"])
        put("/trial/clock", {"now": ASKING})


def batches(facts: Sequence[bytes], needles: Mapping[Person, bytes]) -> Sequence[Sequence[Person]]:
    """Who is in which batch, in the order in which the fact names them."""
    found = []
    for body in facts:
        if b"ResponsesCounted" in body:
            places = {person: body.find(needle) for person, needle in needles.items()}
            there = [person for person, place in places.items() if place >= 0]
            found.append(sorted(there, key=places.__getitem__))
    return found


def _encoded(data: bytes) -> str:
    """Base64 for URLs without padding (RFC 4648, 5)."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def _text(way: Mapping[str, str]) -> bytes:
    """The answers as the canonical bytes of the system have them."""
    return (
        "{" + ",".join(f'"{code}":"{option}"' for code, option in sorted(way.items())) + "}"
    ).encode()

"""A small cycle in a running system, at a time at which most things can be tried.

It is December 5th: agencies score themselves, the survey is on. So-y-te has declared and proved an
item, so-noi-vu has locked its sheet, citizens and leaders are asked, and the survey of the
organisations is closed. A cycle 2020 with an agency of its own stands beside it.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import msgspec

from demo.papers import paper
from shared.adapters import messages
from tests.support.running import Running, running
from tests.support.small_cycle import AGENCIES, CALENDAR, SCHEME
from tests.support.survey_office import (
    ASKED_OF_CITIZENS,
    ASKED_OF_LEADERS,
    answer_body,
    questionnaire,
)

SERVICES = ("submission", "appraisal", "survey", "ranking")
OWN, FOREIGN = "so-y-te", "so-noi-vu"
PAST_AGENCY = "so-cu"
CYCLE = "/submission/cycles/2021"
SHEET = f"{CYCLE}/agencies/{OWN}"
SCORE = f"{SHEET}/items/1.1/score"
EVIDENCE = f"{SHEET}/items/1.1/evidence/ke-hoach"
ASKED = "/survey/cycles/2021/questionnaires"
PDF = paper("ke hoach")
DECISION = {"number": "2366/QĐ-UBND", "on": "2021-10-14"}
EXTENSION = {
    "decision": DECISION,
    "reason": "Theo đề nghị.",
    "phase": "explanation",
    "until": "2022-01-05T10:00:00+07:00",
}
CALLERS: Mapping[str, tuple[str, str | None]] = {
    "agency": ("agency", OWN),
    "foreign": ("agency", FOREIGN),
    "council": ("council", "so-tu-phap"),
    "council-of-foreign": ("council", FOREIGN),
    "survey-officer": ("survey-officer", None),
    "administrator": ("administrator", None),
}
# Sealing a text makes its key first; of a text that was refused it stays behind and opens nothing.
# Whoever sends something is written down before it is known whether they are refused.
APART = ("keys.db", "people.db")
URN = Path("survey", "urn.db")
UNSTIRRED = "select exists (select 1 from answers where not stirred)"
QUIET_S = 1.5
QUIET_S_MAX = 30.0

Remains = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Request:
    """What somebody sends; `content` are the bytes of a body, `body` is JSON."""

    method: str
    path: str
    body: object = None
    content: bytes | None = None
    who: str = "agency"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Town:
    """The running system and the people in it; `tokens` are invitations of citizens, one spent."""

    system: Running
    data: Path
    client: httpx.Client
    bearers: Mapping[str, str]
    tokens: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def send(self, request: Request, *, language: str = "vi") -> httpx.Response:
        """Send it, in the name of `who`."""
        named = {
            "Accept-Language": language,
            "Idempotency-Key": f"{request.method}{hash(request.path)}",
            **({"Authorization": f"Bearer {self.bearers[request.who]}"} if request.who else {}),
            **request.headers,
        }
        headers = {name: value for name, value in named.items() if value}
        if request.content is None:
            return self.client.request(
                request.method, request.path, json=request.body, headers=headers
            )
        return self.client.request(
            request.method, request.path, content=request.content, headers=headers
        )

    def done(self, *requests: Request) -> list[Any]:
        """Send requests that go well; returns what was answered."""
        return [self.send(request).raise_for_status().json() for request in requests]

    def settle(self) -> None:
        """Wait until the services have told one another everything, and the urn was stirred."""
        deadline = time.monotonic() + QUIET_S_MAX
        before = self.remains()
        while True:
            time.sleep(QUIET_S)
            now = self.remains()
            if now == before and not _is_fresh(self.data / URN):
                return
            assert time.monotonic() < deadline, "it never came to rest"
            before = now

    def remains(self) -> Remains:
        """Everything that is stored: all rows of all databases, and the names of all files."""
        databases = [each for each in sorted(self.data.rglob("*.db")) if each.name not in APART]
        kept = {str(path.relative_to(self.data)): _rows(path) for path in databases}
        files = [str(path) for path in sorted(self.data.glob("*/files/**/*")) if path.is_file()]
        return {**kept, "files": files}

    def refused(self, request: Request, status: int, code: str) -> Mapping[str, Any]:
        """Send it in both languages: it is refused with this code, in words, and nothing changes.

        Returns the problem in English.
        """
        before = self.remains()

        vietnamese = self.send(request, language="vi")
        english = self.send(request, language="en")

        for answer, language in ((vietnamese, "vi"), (english, "en")):
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (status, code), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["content-language"] == language
            assert problem["status"] == status
            assert problem["type"] == f"/problems/{code}"
        sentences = [answer.json()["detail"] for answer in (vietnamese, english)]
        assert [*_said(vietnamese.json(), 0), *_said(english.json(), 1)] == sentences
        assert sentences[0] != sentences[1]
        assert self.remains() == before
        result: Mapping[str, Any] = english.json()
        return result


@contextmanager
def town(data: Path, *options: str) -> Iterator[Town]:
    """The town, for as long as the context lasts."""
    with running(data, *options) as system, system.client() as client:
        client.put("/trial/clock", json={"now": "2021-10-15T08:00:00+07:00"}).raise_for_status()
        bearers = {name: _bearer(client, *caller) for name, caller in CALLERS.items()}
        empty = Town(system, data, client, bearers)
        _open_cycles(empty)
        client.put("/trial/clock", json={"now": "2021-12-05T08:00:00+07:00"}).raise_for_status()
        _declare(empty)
        empty.settle()
        tokens = _ask(empty)
        ready = Town(system, data, client, bearers, tokens)
        ready.settle()
        yield ready


def cycle_body(year: int, agencies: Sequence[str]) -> Mapping[str, Any]:
    """A cycle as it is opened, by the calendar of the small one."""
    body: Mapping[str, Any] = msgspec.to_builtins(
        {
            "year": year,
            "decision": DECISION,
            "calendar": CALENDAR,
            "agencies": [
                {"code": code, "name": code, "tier": "department", "ranked": True}
                for code in agencies
            ],
            "schemes": {"department": SCHEME},
        }
    )
    return body


def evidence_of(content: bytes, media_type: str = "application/pdf") -> Mapping[str, Any]:
    """A document whose file is this content."""
    return {
        "document": {
            "number": "15/KH-SYT",
            "on": "2021-01-20",
            "issuer": "Sở Y tế",
            "section": "Mục II",
        },
        "file": {"sha256": sha256(content).hexdigest(), "media_type": media_type},
    }


def stored_at(content: bytes) -> str:
    """Where a file of so-y-te is stored."""
    return f"{SHEET}/files/{sha256(content).hexdigest()}"


def _bearer(client: httpx.Client, role: str, agency: str | None) -> str:
    wanted = {"role": role, **({"agency": agency} if agency else {}), "hours": 10_000}
    token: str = client.post("/trial/tokens", json=wanted).raise_for_status().json()["token"]
    return token


def _open_cycles(empty: Town) -> None:
    agencies = [agency.code for agency in AGENCIES]
    past = "/submission/cycles/2020"
    empty.done(
        Request("PUT", CYCLE, cycle_body(2021, agencies), who="administrator"),
        Request("PUT", past, cycle_body(2020, [PAST_AGENCY]), who="administrator"),
        Request("POST", f"{CYCLE}/deadlines", EXTENSION, None, "administrator", KEYED),
    )


KEYED = {"Idempotency-Key": "extend"}


def _declare(empty: Town) -> None:
    foreign = f"{CYCLE}/agencies/{FOREIGN}"
    empty.done(
        Request("PUT", SCORE, {"inputs": {"points": "3"}}),
        Request("PUT", stored_at(PDF), content=PDF),
        Request("PUT", EVIDENCE, evidence_of(PDF)),
        Request("POST", f"{foreign}/lock", who="foreign"),
    )


def _ask(empty: Town) -> Mapping[str, Sequence[str]]:
    asked = {
        "citizens": ASKED_OF_CITIZENS,
        "leaders": ASKED_OF_LEADERS,
        "organisations": questionnaire("organisations", "9.1", "54321"),
    }
    tokens: dict[str, Sequence[str]] = {}
    for name, body in asked.items():
        path, who = f"{ASKED}/{name}", "survey-officer"
        invitations = {"agency": OWN, "count": 5}
        *_, invited = empty.done(
            Request("PUT", path, body, who=who),
            Request("POST", f"{path}/opening", who=who),
            Request("POST", f"{path}/invitations", invitations, who=who),
        )
        tokens[name] = invited["tokens"]
    spent = answer_body(tokens["citizens"][0], {"q1": "5"})
    empty.done(
        Request("POST", f"{ASKED}/citizens/responses", spent, who=""),
        Request("POST", f"{ASKED}/organisations/closing", who="survey-officer"),
    )
    return tokens


def _rows(path: Path) -> Sequence[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def _is_fresh(urn: Path) -> bool:
    """Whether the urn holds an answer that it has not mixed with the others yet."""
    with closing(sqlite3.connect(f"{urn.as_uri()}?mode=ro", uri=True)) as connection:
        fresh: int = connection.execute(UNSTIRRED).fetchone()[0]
    return bool(fresh)


def _said(problem: Mapping[str, Any], place: int) -> Sequence[str]:
    language: messages.Language = "en" if place else "vi"
    found = problem.get("errors", ())
    assert all(flaw["code"] in messages.MESSAGES and flaw["detail"] for flaw in found)
    return [messages.sentence(problem["code"], language, problem.get("details", {}))]

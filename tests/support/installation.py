"""The whole system in production on files, with people who have names, and the cycle they run.

Each has a subject that is an e-mail address and a name in the token, as a provider may send them,
and writes down something that is about somebody.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.papers import paper
from services.cli import embedded, settings
from shared.adapters.identity import AUDIENCE, Trust, own_key
from shared.adapters.memory import MemoryClock
from shared.runtime.loop import keep_all_running
from tests.support.small_cycle import OPENED_AT, at
from tests.support.survey_office import ASKED_OF_CITIZENS, ASKED_OF_LEADERS
from tests.support.town import DECISION, FOREIGN, OWN, cycle_body, evidence_of

ISSUER = "https://sso.angiang.example"
CYCLE = "/submission/cycles/2021"
RANKING = "/ranking/cycles/2021"
ASKED = "/survey/cycles/2021/questionnaires"
REST_S = 0.1
RESTS_MAX = 600
QUIET_RESTS = 12


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody with an account, and what they write where they have to say something."""

    subject: str
    name: str
    role: str
    agency: str = ""
    text: str = ""


PEOPLE: Mapping[str, Official] = {
    "agency": Official(
        "lan.vo@angiang.example",
        "Võ Thị Ngọc Lan",
        "agency",
        OWN,
        "Bà Trần Mỹ Duyên nghỉ thai sản, số điện thoại 0913 000 111.",
    ),
    "another-agency": Official("dat.ly@angiang.example", "Lý Tấn Đạt", "agency", FOREIGN),
    "member": Official(
        "hung.phan@angiang.example",
        "Phan Quốc Hùng",
        "council",
        "so-tu-phap",
        "Ông Đỗ Văn Khải ký thay mà không có ủy quyền.",
    ),
    "second-member": Official("thu.ngo@angiang.example", "Ngô Minh Thư", "council", "so-tai-chinh"),
    "survey-officer": Official(
        "tam.huynh@angiang.example",
        "Huỳnh Thanh Tâm",
        "survey-officer",
        text="Chị Kim Ngân đã chuyển đường dẫn cho người quen.",
    ),
    "second-officer": Official("bao.le@angiang.example", "Lê Quốc Bảo", "survey-officer"),
    "administrator": Official("an.dang@angiang.example", "Đặng Hoài An", "administrator"),
    "second-administrator": Official("vy.to@angiang.example", "Tô Khánh Vy", "administrator"),
    "auditor": Official("nam.cao@angiang.example", "Cao Nhật Nam", "auditor"),
}
GONE = ("agency", "member", "survey-officer")
"""Who asks to be deleted once the result is published."""


class Installation:
    """The running system; whoever is named in `PEOPLE` speaks to it with a token."""

    def __init__(
        self, client: httpx.AsyncClient, clock: MemoryClock, key: Ed25519PrivateKey
    ) -> None:
        self._client = client
        self._key = key
        self.clock = clock
        self.answered: list[bytes] = []
        """Whatever was answered to anybody but who asked the directory."""

    async def ask(self, who: str, method: str, path: str, body: object = None) -> httpx.Response:
        """Ask once."""
        headers = {
            "Authorization": f"Bearer {self._token(who)}",
            "Idempotency-Key": sha256(f"{who} {method} {path}".encode()).hexdigest(),
        }
        is_file = isinstance(body, bytes)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if not is_file:
            headers["Content-Type"] = "application/json"
        return await self._client.request(
            method, path, headers=headers, content=None if body is None else content
        )

    async def done(self, who: str, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - whatever was answered
        """Ask until it goes well: one service may have to hear of another first."""
        for _ in range(RESTS_MAX):
            answer = await self.ask(who, method, path, body)
            if answer.is_success:
                self.answered.append(answer.content)
                is_json = answer.headers.get("content-type") == "application/json"
                return answer.json() if is_json else answer.content
            await asyncio.sleep(REST_S)
        raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")

    async def settled(self) -> Mapping[str, Any]:
        """What forbids a publication, once nothing is counted any more for a while."""
        before, quiet = None, 0
        for _ in range(RESTS_MAX):
            now = await self.done("auditor", "GET", f"{RANKING}/hindrances")
            quiet = quiet + 1 if now == before else 0
            if quiet == QUIET_RESTS:
                found: Mapping[str, Any] = now
                return found
            before = now
            await asyncio.sleep(REST_S)
        raise AssertionError("it never came to rest")

    def _token(self, who: str) -> str:
        person = PEOPLE[who]
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": person.subject,
            "name": person.name,
            "roles": [person.role],
            "exp": self.clock.now() + timedelta(minutes=5),
            **({"agency": person.agency} if person.agency else {}),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": "1"})


@asynccontextmanager
async def installation(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    """The system on a folder, whose clock the test sets."""
    clock, key = MemoryClock(OPENED_AT), Ed25519PrivateKey.generate()
    monkeypatch.setattr(embedded, "SystemClock", lambda: clock)
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    key_set = folder / "jwks.json"
    key_set.write_text(json.dumps({"keys": [{**public, "kid": "1"}]}), "utf-8")
    data = folder / "data"
    settings.stamp(data, "production")
    trust = Trust(ISSUER, key_set, people_key=own_key(data))
    async with embedded.opened(data, "production", trust) as system:
        transport = httpx.ASGITransport(system.app)
        running = asyncio.create_task(keep_all_running(system.loops))
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://system") as client:
                yield Installation(client, clock, key)
        finally:
            running.cancel()
            await asyncio.wait({running})


async def publish_a_cycle(it: Installation) -> None:
    """A cycle from its opening to its publication, in which everybody has something to say."""
    await _open(it)
    await _declare(it)
    await _appraise(it)
    await _survey(it)
    it.clock.set(at(1, 16, year=2022))
    seen = await it.settled()
    assert seen["hindrances"] == []
    await it.done("second-member", "POST", f"{RANKING}/approvals", {"digest": seen["digest"]})
    await it.settled()
    path = f"{RANKING}/publications/1"
    await it.done("administrator", "PUT", path, {"decision": DECISION})
    await it.settled()


async def _open(it: Installation) -> None:
    await it.done("administrator", "PUT", CYCLE, cycle_body(2021, (OWN, FOREIGN)))
    members = [PEOPLE[who] for who in ("member", "second-member")]
    assigned = {"members": [{"id": each.subject, "agency": each.agency} for each in members]}
    criterion = "/appraisal/cycles/2021/tiers/department/criteria/1.1/assignment"
    await it.done("administrator", "PUT", criterion, assigned)


async def _declare(it: Installation) -> None:
    it.clock.set(at(12, 5))
    for who, agency in (("agency", OWN), ("another-agency", FOREIGN)):
        sheet, content = f"{CYCLE}/agencies/{agency}", paper(agency)
        await it.done(who, "PUT", f"{sheet}/items/1.1/score", {"inputs": {"points": "3"}})
        await it.done(who, "PUT", f"{sheet}/files/{sha256(content).hexdigest()}", content)
        proof = f"{sheet}/items/1.1/evidence/ke-hoach"
        await it.done(who, "PUT", proof, evidence_of(content))
    explained = {"text": PEOPLE["agency"].text}
    await it.done("agency", "PUT", f"{CYCLE}/agencies/{OWN}/items/1.1/explanation", explained)
    for who, agency in (("agency", OWN), ("another-agency", FOREIGN)):
        await it.done(who, "POST", f"{CYCLE}/agencies/{agency}/lock")


async def _appraise(it: Installation) -> None:
    it.clock.set(at(12, 14))
    why = {"awarded": "2", "reason": PEOPLE["member"].text, "legal_basis": "QĐ 2366"}
    verdicts = {OWN: {"decision": "reject", **why}, FOREIGN: {"decision": "recognise"}}
    for agency, verdict in verdicts.items():
        item = f"/appraisal/cycles/2021/agencies/{agency}/items/1.1"
        told = (await it.done("auditor", "GET", item))["declaration"]
        await it.done("member", "PUT", f"{item}/decision", {**verdict, "declaration": told})
    for agency in verdicts:
        path = f"/appraisal/cycles/2021/agencies/{agency}/approval"
        await it.done("second-member", "POST", path, DECISION)


async def _survey(it: Installation) -> None:
    asked = {"citizens": (ASKED_OF_CITIZENS, "5"), "leaders": (ASKED_OF_LEADERS, "a")}
    for name, (body, option) in asked.items():
        await it.done("survey-officer", "PUT", f"{ASKED}/{name}", body)
        await it.done("survey-officer", "POST", f"{ASKED}/{name}/opening")
        for who in ("survey-officer", "second-officer"):
            for agency in (OWN, FOREIGN):
                totals = {"counts": {"q1": {option: 9}}, "source": "Bưu điện", "document": "12/BC"}
                await it.done(who, "PUT", f"{ASKED}/{name}/results/{agency}", totals)
    link = f"{ASKED}/citizens/links/cong"
    limits = {"agency": OWN, "answers_max": 10, "answers_per_day_max": 10}
    await it.done("survey-officer", "PUT", link, limits)
    reason = {"reason": PEOPLE["survey-officer"].text}
    await it.done("survey-officer", "POST", f"{link}/closing", reason)
    for name in asked:
        await it.done("survey-officer", "POST", f"{ASKED}/{name}/closing")


async def id_of(it: Installation, who: str) -> str:
    """What facts call somebody, as an auditor finds it out by what the provider calls them."""
    body = {"person": PEOPLE[who].subject, "reason": "Yêu cầu xóa dữ liệu."}
    answer = await it.ask("auditor", "POST", "/submission/people/looks", body)
    found: str = answer.raise_for_status().json()["person"]
    return found


async def forget(it: Installation, people: Sequence[str]) -> None:
    """Delete people, and shred what they wrote, as two administrators do it."""
    for who in people:
        person = await id_of(it, who)
        proposed = {"person": person, "reason": "Theo đề nghị của người viết."}
        path = f"{RANKING}/shreddings"
        answer = await it.ask("administrator", "POST", f"{path}?of={who}", proposed)
        [fact] = answer.raise_for_status().json()["facts"]
        shredding = f"shredding-{fact.rpartition('@')[2]}"
        await it.done("second-administrator", "POST", f"{path}/{shredding}/seconding")
        body = {"reason": "Theo đề nghị của người này."}
        await it.done("administrator", "POST", f"{RANKING}/people/{person}/forgetting", body)
    await it.settled()

"""The steps of a smoke test: from an unused year to a publication that was verified offline."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from services.cli.smoke.deployment import SERVICES, Deployment
from services.cli.smoke.scratch import (
    ANSWERED,
    COMES_TO,
    DECLARED,
    PNG,
    PREFIX,
    QUESTIONNAIRE,
    TIER,
    Scratch,
    picture,
)
from shared.adapters import signature
from shared.adapters.chance import SecretChance
from shared.kernel.errors import Missing, Refused
from shared.ledger import note
from shared.verify.checkpoints import Given
from shared.verify.fault import HOLDS
from shared.verify.verifier import verify

PAGE, PAGES_MAX = 200, 500
BASIS = ("position", "root", "digest")

Json = Mapping[str, Any]


@dataclass(slots=True)
class Play:
    """One scratch cycle in one deployment.

    `opening` says that it may be there: it was asked for. One that was `left` has to be.
    """

    deployment: Deployment
    scratch: Scratch
    began_s: float = 0.0
    opening: bool = False
    left: bool = False
    published: Json | None = None

    async def begin(self) -> None:
        """Let the calendar begin now, by the clock of the system."""
        # By our own clock it began no later, so that what it says is over is so by both.
        self.began_s = monotonic()
        self.scratch = replace(self.scratch, began=await self.deployment.people.now())
        self.opening = True

    @property
    def passed_s(self) -> float:
        """How long ago the calendar began."""
        return monotonic() - self.began_s

    async def cycle(self) -> Json | None:
        """The scratch cycle as submission has it; None where there is none of ours."""
        try:
            found = await self.deployment.get(
                "administrator", f"/submission/cycles/{self.scratch.code}"
            )
        except Missing:
            return None
        is_ours = found["decision"]["number"] == self.scratch.decision["number"]
        return found if is_ours else None


@dataclass(frozen=True, slots=True)
class Step:
    """One step; what it returns is told in the report."""

    name: str
    title: tuple[str, str]
    run: Callable[[Play], Awaitable[str]]


def require(what: str, *, expected: object, found: object) -> None:
    """See that something is as it has to be; raises `Refused("smoke-differs")`."""
    if found != expected:
        raise Refused("smoke-differs", what=what, expected=str(expected), found=str(found))


async def reach(play: Play) -> str:
    """Each service answers at its address."""
    for service in SERVICES:
        told = await play.deployment.get(None, f"/{service}/openapi.json")
        require(f"/{service}/openapi.json", expected="3.1", found=str(told["openapi"])[:3])
    return ", ".join(sorted(set(play.deployment.addresses.by_service.values())))


async def see_unused(play: Play) -> str:
    """Nobody uses the year: every cycle of it is a scratch cycle that was withdrawn."""
    left = 0
    for cycle in await cycles(play.deployment):
        if cycle["year"] != play.scratch.year:
            continue
        if cycle["status"] != "withdrawn" or not cycle["cycle"].startswith(PREFIX):
            raise Refused("smoke-year-in-use", year=str(cycle["year"]), cycle=cycle["cycle"])
        left += 1
    return f"{play.scratch.year}, {left} đã hủy / withdrawn before"


async def cycles(deployment: Deployment) -> Sequence[Json]:
    """All cycles, page after page."""
    found: list[Json] = []
    cursor: Mapping[str, str] = {}
    for _ in range(PAGES_MAX):
        page = await deployment.get("administrator", "/submission/cycles", limit=PAGE, **cursor)
        found += page["items"]
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    return found


async def open_cycle(play: Play) -> str:
    """The administrator opens the scratch cycle, and nobody else has."""
    await play.begin()
    scratch = play.scratch
    await play.deployment.put(
        "administrator", f"/submission/cycles/{scratch.code}", scratch.opening
    )
    found = await play.cycle()
    require("cycle", expected="open", found=found and found["status"])
    return f"{scratch.code} ({found['mode']})" if found else ""


async def be_heard(play: Play) -> str:
    """The other services hear of the cycle by the topic."""
    deployment, scratch = play.deployment, play.scratch

    async def known(path: str) -> object:
        try:
            return await deployment.get("administrator", path)
        except Missing:
            return None

    await deployment.until("appraisal", lambda: known(scratch.appraisal("assignments")))
    await deployment.until("ranking", lambda: known(scratch.ranking("hindrances")))
    return ""


async def ask_people(play: Play) -> str:
    """A questionnaire is adopted, opened by the calendar, and citizens are invited and answer."""
    deployment, scratch = play.deployment, play.scratch
    await deployment.until("survey", lambda: _adopted(play))
    await deployment.until("the calendar opens the survey", lambda: _opened(play))
    receipts = []
    for agency, chosen in zip(scratch.agencies, ANSWERED, strict=True):
        wanted = {"agency": agency, "count": len(chosen)}
        invited = await deployment.post(
            "survey-officer", scratch.survey("/invitations"), wanted, key=f"invite-{agency}"
        )
        for token, option in zip(invited["tokens"], chosen, strict=True):
            receipts.append(SecretChance().token())
            body = {"token": token, "answers": {"q1": option}, "receipt": receipts[-1]}
            await deployment.post(None, scratch.survey("/responses"), body, key=receipts[-1])
    return f"{len(receipts)} phiếu / answers"


async def _adopted(play: Play) -> bool:
    """The questionnaire is adopted, as soon as the survey has heard of the cycle."""
    try:
        await play.deployment.put(
            "survey-officer", play.scratch.survey(), play.scratch.questionnaire
        )
    except Missing:
        return False
    return True


async def _opened(play: Play) -> bool:
    """Whether people may answer; raises `Refused("survey-closed")` where they cannot any more."""
    if await _survey_is(play, "open"):
        return True
    if play.passed_s >= play.scratch.phase_s:
        raise Refused("survey-closed")
    return False


async def _survey_is(play: Play, status: str) -> bool:
    found = await play.deployment.get("survey-officer", play.scratch.survey())
    return bool(found["status"] == status)


async def declare(play: Play) -> str:
    """The officer of the first agency scores two items, proves one with a file, and locks."""
    deployment, sheet = play.deployment, play.scratch.sheet(play.scratch.first)
    content, sha256 = picture()
    scores = {item: {"inputs": {"points": points}} for item, points in DECLARED.items()}
    await deployment.put("officer", f"{sheet}/scores", {"scores": scores})
    await deployment.bring("officer", f"{sheet}/files/{sha256}", content, PNG)
    for item in DECLARED:
        evidence = {
            "document": {**play.scratch.decision, "issuer": play.scratch.first, "section": "1"},
            "file": {"sha256": sha256, "media_type": PNG},
        }
        await deployment.put("officer", f"{sheet}/items/{item}/evidence/tep-1", evidence)
    await deployment.post("officer", f"{sheet}/lock", {}, key="lock")
    return f"{', '.join(DECLARED)}; SHA-256 {sha256[:8]}…"


async def await_calendar(play: Play) -> str:
    """The calendar locks the sheet that nobody locked, and closes the survey."""
    deployment, scratch = play.deployment, play.scratch
    await asyncio.sleep(max(scratch.phase_s - play.passed_s, 0))
    late = scratch.sheet(scratch.agencies[1])

    async def locked() -> bool:
        return bool((await deployment.get("administrator", late))["status"] == "locked")

    await deployment.until("the calendar locks a sheet", locked)
    await deployment.until("the calendar closes the survey", lambda: _survey_is(play, "closed"))
    return f"{scratch.agencies[1]}, {QUESTIONNAIRE}"


async def publish(play: Play) -> str:
    """What was counted is what it has to be; the council approves it, and it is published."""
    deployment, scratch = play.deployment, play.scratch

    async def ready() -> Json | None:
        found: Json = await deployment.get("member", scratch.ranking("hindrances"))
        return None if found["hindrances"] else found

    seen = await deployment.until("a result that nothing hinders", ready)
    digest = seen["digest"]
    table = await deployment.until("the table of that result", lambda: drawn_table(play, digest))
    rows = {row["agency"]: (row["index_shown"], row["rank"]) for row in table["rows"]}
    require("table", expected=dict(zip(scratch.agencies, COMES_TO, strict=True)), found=rows)
    approved = {"digest": digest}
    await deployment.post("member", scratch.ranking("approvals"), approved, key="approve")
    body = {"decision": scratch.decision}
    await deployment.put("administrator", scratch.ranking("publications/1"), body)
    told = await deployment.get(None, scratch.ranking("publications"))
    play.published = told["publications"][-1]
    await deployment.until("the publication in the ledger", lambda: _is_numbered(play))
    public = await deployment.get(None, scratch.ranking("table"), tier=TIER)
    require("sample", expected=True, found=public["sample"])
    return f"{', '.join(index for index, _ in COMES_TO)}; {told['publications'][-1]['digest'][:8]}…"


async def drawn_table(play: Play, digest: str) -> Json | None:
    """The table of a result; None before it is drawn, at first or anew."""
    try:
        path = play.scratch.ranking("table")
        found: Json = await play.deployment.get("member", path, tier=TIER)
    except Missing:
        return None
    return found if found["digest"] == digest else None


async def _is_numbered(play: Play) -> bool:
    facts = await play.deployment.content("administrator", play.scratch.ranking("facts"))
    return b'"type":"ranking.ResultPublished.v1"' in facts


async def verify_offline(play: Play) -> str:
    """The bundle is fetched, and holds by itself; its checkpoint is anchored by one from apart."""
    deployment, scratch = play.deployment, play.scratch
    assert play.published is not None, "it was published before"
    key = await log_key(play)
    kept = await deployment.content(None, scratch.ranking("checkpoints/latest"))
    bundle = await deployment.content("administrator", scratch.ranking("bundle"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.zip"
        file.write_bytes(bundle)
        given = Given(signature.verify, [note.from_verifier_key(key)], [kept], None)
        report = await asyncio.to_thread(verify, file, given)
    faults = [fault.code for fault in report.faults]
    require("faults", expected=[], found=faults)
    require("shared.verify", expected=HOLDS, found=report.exit_code)
    basis = report.claims[-1].stated
    found = {name: getattr(basis, name) for name in BASIS}
    require("digest", expected={name: play.published[name] for name in BASIS}, found=found)
    return f"{len(bundle)} bytes, {report.replay.size} dữ kiện / facts"


async def log_key(play: Play) -> str:
    """By which key the ledger signs; it is waited for, since a new one has signed nothing yet."""
    path = play.scratch.ranking("log-key")

    async def signed() -> str | None:
        try:
            key: str | None = (await play.deployment.get(None, path))["key"]
        except Missing as missing:
            if missing.code != "checkpoint-unknown":
                raise
            return None
        return key

    key: str = await play.deployment.until("the first checkpoint is signed", signed)
    return key

"""What a scanner finds when the council has no round left decides no ranking by itself."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from shared.ports import Content, Scan
from shared.runtime.scan import ROUND_EVERY
from tests.support.province import Province
from tests.support.stages import CYCLE, content_of, reached
from tests.support.town import DECISION, FOREIGN

PROOF = content_of(FOREIGN)
"""It proves the score of the agency that the council has recognised."""
SHEET = f"{CYCLE}/agencies/{FOREIGN}"
FILE = f"{SHEET}/files/{sha256(PROOF).hexdigest()}"
APPRAISAL = f"/appraisal/cycles/2021/agencies/{FOREIGN}"
RANKING = "/ranking/cycles/2021"
READERS = ("another-agency", "member", "auditor", "administrator")
REASON = "Máy quét phát hiện mã độc sau khi hết vòng thẩm định."


class Learning:
    """A scanner that has learned to find some files, by signatures that have a number."""

    def __init__(self) -> None:
        self.signatures = 27_500
        self.found: set[bytes] = set()

    async def scan(self, content: Content) -> Scan:
        whole = b"".join([chunk async for chunk in content])
        name = f"ClamAV 1.4.6/{self.signatures}/Mon Nov 15 2021"
        return Scan(name, "Worm" if whole in self.found else None)


async def test_a_late_finding_takes_nothing_back_until_there_is_time_again() -> None:
    scanner = Learning()
    it = await reached("approved", scanner)
    before = await counted(it)
    scanner.found.add(PROOF)
    await looked_again(it)
    late, readers = await item(it), [await it.ask(who, "GET", FILE) for who in READERS]

    scanner.found.clear()
    await looked_again(it)
    by_the_same = await item(it)
    scanner.signatures += 1
    await looked_again(it)
    lifted, reader = await item(it), await it.ask("another-agency", "GET", FILE)
    scanner.found.add(PROOF)
    await looked_again(it)
    again = await item(it)

    assert await counted(it) == {**before, "flags": ["rests-on-condemned"]}
    for each in (late, by_the_same, again):
        [evidence], decision = each["evidence"], each["decision"]
        assert evidence["condemned"]["number"]
        assert (decision["stands"], decision["rests_on_condemned"]) == (True, True)
    assert [each["condemned"] for each in lifted["evidence"]] == [None]
    assert lifted["decision"]["rests_on_condemned"] is False
    assert ([answer.status for answer in readers], reader.status) == ([409] * len(READERS), 200)

    await reopened_by_two(it)
    await looked_again(it)
    await it.done("another-agency", "PUT", f"{SHEET}/items/1.1/explanation", {"text": REASON})
    await it.ask("another-agency", "POST", f"{SHEET}/lock", **{"idempotency-key": "again"})
    await it.settle()
    due = await it.done("auditor", "GET", f"{APPRAISAL}/items/1.1")
    verdict = {"decision": "recognise", "declaration": due["declaration"]}
    headers = {"if-match": f'"{due["version"]}"'}
    decided = await it.ask("member", "PUT", f"{APPRAISAL}/items/1.1/decision", verdict, **headers)

    assert (due["status"], due["due"], due["evidence"]) == ("pending", "evidence-withdrawn", [])
    assert decided.status == 200, decided.body
    assert (await counted(it))["flags"] == []


async def looked_again(it: Province) -> None:
    """A day later all files were shown to the scanner again."""
    it.clock.advance(ROUND_EVERY)
    await it.settle()


async def item(it: Province) -> Any:  # noqa: ANN401 - JSON
    explained = await it.done("auditor", "GET", f"{RANKING}/agencies/{FOREIGN}/explain/1.1")
    return explained["areas"][0]["criteria"][0]["items"][0]


async def counted(it: Province) -> Any:  # noqa: ANN401 - JSON
    """What a late finding could change."""
    table = await it.done("auditor", "GET", f"{RANKING}/table")
    hindrances = await it.done("second-member", "GET", f"{RANKING}/hindrances")
    flags = await it.done("auditor", "GET", f"{RANKING}/flags?kind=rests-on-condemned")
    return {
        "rows": table["rows"],
        "hindrances": hindrances["hindrances"],
        "flags": [each["kind"] for each in flags["items"]],
    }


async def reopened_by_two(it: Province) -> None:
    """One administrator gives the council time, and two members give the agency its sheet back."""
    now, body = it.clock.now(), {"kind": "reopen-submission", "reason": REASON}
    until = {"until": (now + timedelta(days=3)).isoformat()}
    key = {"idempotency-key": "too-late"}
    too_late = await it.ask("member", "POST", f"{APPRAISAL}/actions", {**body, **until}, **key)
    more = {"phase": "appraisal-2", "agency": FOREIGN, "decision": DECISION, "reason": REASON}
    longer = {**more, "until": (now + timedelta(days=9)).isoformat()}
    await it.done("administrator", "POST", f"{CYCLE}/deadlines", longer)
    await it.done("member", "POST", f"{APPRAISAL}/actions", {**body, **until})
    [proposal] = (await it.done("auditor", "GET", APPRAISAL))["proposals"]
    second = f"{APPRAISAL}/actions/{proposal['action']}/second"
    alone = await it.ask("member", "POST", second)
    await it.done("second-member", "POST", second)

    assert (too_late.code, alone.code) == ("appraisal-round-closed", "second-person-required")

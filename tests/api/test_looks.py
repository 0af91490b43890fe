"""Looks into the directory: few within a day, so that nobody goes through a list of people."""

from datetime import timedelta

from shared.ports import LOOKS_IN_A_DAY_MAX
from tests.support.province import Answer, Province
from tests.support.stages import begun

LOOKS = "/submission/people/looks"


async def looked(it: Province, who: str, person: str) -> Answer:
    return await it.ask(who, "POST", LOOKS, {"person": person, "reason": "Thanh tra."})


async def test_somebody_who_looked_too_often_within_a_day_waits() -> None:
    it = begun()

    allowed = [await looked(it, "auditor", f"p-{n}") for n in range(LOOKS_IN_A_DAY_MAX)]
    refused = await looked(it, "auditor", "p-one-more")
    others = await looked(it, "administrator", "p-one-more")
    it.clock.advance(timedelta(days=1))
    later = await looked(it, "auditor", "p-one-more")

    assert {answer.status for answer in (*allowed, others, later)} == {200}
    assert (refused.status, refused.code) == (409, "looks-too-many")
    assert [look["by"] for look in later.json()["looks"]] == ["auditor:k1", "administrator:a1"]

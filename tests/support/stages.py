"""A cycle from before its opening to its withdrawal, in a province of its own, and who is in it.

Two agencies declare, prove and lock, a council rejects one score with nothing by two people and
recognises the other, surveys are certified, and the result is approved and published.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from demo.papers import paper
from shared.kernel.actor import PUBLIC, Actor
from shared.ports import Scanner
from tests.support.province import Province
from tests.support.small_cycle import at
from tests.support.survey_office import ASKED_OF_CITIZENS, ASKED_OF_LEADERS
from tests.support.town import DECISION, FOREIGN, OWN, cycle_body, evidence_of

CYCLE = "/submission/cycles/2021"
PAST_AGENCY = "so-cu"
REASON = {"decision": DECISION, "reason": "Theo đề nghị."}
_NAMED: Mapping[str, Actor] = {
    "public": PUBLIC,
    "agency": Actor("u1", "agency", OWN),
    "another-agency": Actor("u2", "agency", FOREIGN),
    "member": Actor("m1", "council", "so-tu-phap"),
    "second-member": Actor("m2", "council", "so-tai-chinh"),
    "unassigned-member": Actor("m9", "council", "so-tu-phap"),
    "member-of-the-agency": Actor("m3", "council", OWN),
    "member-who-acted-for-the-agency": Actor("u1", "council", "so-tu-phap"),
    "survey-officer": Actor("s1", "survey-officer"),
    "second-officer": Actor("s2", "survey-officer"),
    "administrator": Actor("a1", "administrator"),
    "administrator-who-approved": Actor("m2", "administrator"),
    "auditor": Actor("k1", "auditor"),
}
PROGRAMS = ("agency", "member", "survey-officer", "administrator", "auditor")
PEOPLE: Mapping[str, Actor] = {
    **_NAMED,
    **{f"program-of-{who}": replace(_NAMED[who], kind="service") for who in PROGRAMS},
}


def content_of(agency: str) -> bytes:
    """The one document that the agency has."""
    return paper(agency)


def evidence_name(agency: str) -> str:
    """How the agency calls it as evidence."""
    return f"cua-{agency}"


def begun(scanner: Scanner | None = None) -> Province:
    """The province before anything has happened."""
    return Province(PEOPLE, datetime.fromisoformat("2021-10-15T08:00:00+07:00"), scanner)


async def states(it: Province | None = None) -> AsyncIterator[tuple[str, Province]]:
    """Every state with its province, in which nothing can be recorded while one looks at it."""
    it = it or begun()
    for state, reach in STATES.items():
        await reach(it)
        await it.settle()
        it.leave(away=True)
        yield state, it
        it.leave(away=False)


async def reached(wanted: str, scanner: Scanner | None = None) -> Province:
    """The province in a state, to go on with."""
    it = begun(scanner)
    for state, reach in STATES.items():
        await reach(it)
        await it.settle()
        if state == wanted:
            return it
    raise AssertionError(f"no state is called {wanted}")


async def scored() -> Province:
    """The province while agencies score themselves, to go on with."""
    it = begun()
    await _scoring(it)
    return it


async def _nothing(_: Province) -> None:
    """No cycle was ever opened."""


async def _scoring(it: Province) -> None:
    agencies = {"2021": (OWN, FOREIGN), "2020": (PAST_AGENCY,)}
    for year, codes in agencies.items():
        body = cycle_body(int(year), codes)
        await it.done("administrator", "PUT", f"/submission/cycles/{year}", body)
    members = [("m1", "so-tu-phap"), ("m2", "so-tai-chinh")]
    assigned = {"members": [{"id": member, "agency": home} for member, home in members]}
    criterion = "/appraisal/cycles/2021/tiers/department/criteria/1.1/assignment"
    await it.done("administrator", "PUT", criterion, assigned)
    it.clock.set(at(12, 5))
    for name, body in (("citizens", ASKED_OF_CITIZENS), ("leaders", ASKED_OF_LEADERS)):
        asked = f"/survey/cycles/2021/questionnaires/{name}"
        await it.done("survey-officer", "PUT", asked, body)
        await it.done("survey-officer", "POST", f"{asked}/opening")
    for who, agency in (("agency", OWN), ("another-agency", FOREIGN)):
        sheet, content = f"{CYCLE}/agencies/{agency}", content_of(agency)
        await it.done(who, "PUT", f"{sheet}/items/1.1/score", {"inputs": {"points": "3"}})
        await it.done(who, "PUT", f"{sheet}/files/{sha256(content).hexdigest()}", content)
        proof = f"{sheet}/items/1.1/evidence/{evidence_name(agency)}"
        await it.done(who, "PUT", proof, evidence_of(content))


async def _appraising(it: Province) -> None:
    for who, agency in (("agency", OWN), ("another-agency", FOREIGN)):
        await it.done(who, "POST", f"{CYCLE}/agencies/{agency}/lock")
    it.clock.set(at(12, 14))
    for agency in (OWN, FOREIGN):
        await it.done("member", "PUT", *await _verdict(it, agency, rejected=agency == OWN))


async def _approved(it: Province) -> None:
    sheet = f"/appraisal/cycles/2021/agencies/{OWN}"
    [proposal] = (await it.done("auditor", "GET", sheet))["proposals"]
    await it.done("second-member", "POST", f"{sheet}/actions/{proposal['action']}/second")
    for agency in (OWN, FOREIGN):
        path = f"/appraisal/cycles/2021/agencies/{agency}/approval"
        await it.done("second-member", "POST", path, DECISION)
    for name, option in (("citizens", "5"), ("leaders", "a")):
        asked = f"/survey/cycles/2021/questionnaires/{name}"
        for agency in (OWN, FOREIGN):
            totals = {"counts": {"q1": {option: 9}}, "source": "Bưu điện", "document": "12/BC"}
            for who in ("survey-officer", "second-officer"):
                await it.done(who, "PUT", f"{asked}/results/{agency}", totals)
        await it.done("survey-officer", "POST", f"{asked}/closing")
    it.clock.set(at(1, 16, year=2022))
    seen = await it.done("second-member", "GET", "/ranking/cycles/2021/hindrances")
    approval = {"digest": seen["digest"]}
    await it.done("second-member", "POST", "/ranking/cycles/2021/approvals", approval)


async def _published(it: Province) -> None:
    path = "/ranking/cycles/2021/publications/1"
    await it.done("administrator", "PUT", path, {"decision": DECISION})


async def _withdrawn(it: Province) -> None:
    await it.done("administrator", "POST", f"{CYCLE}/withdrawal", REASON)


async def _verdict(it: Province, agency: str, *, rejected: bool) -> tuple[str, Mapping[str, Any]]:
    item = f"/appraisal/cycles/2021/agencies/{agency}/items/1.1"
    told = (await it.done("auditor", "GET", item))["declaration"]
    why = {"awarded": "0", "reason": "Không có kế hoạch.", "legal_basis": "QĐ 2366"}
    verdict = {"decision": "reject", **why} if rejected else {"decision": "recognise"}
    return f"{item}/decision", {**verdict, "declaration": told}


STATES: Mapping[str, Callable[[Province], Any]] = {
    "nothing": _nothing,
    "scoring": _scoring,
    "appraising": _appraising,
    "approved": _approved,
    "published": _published,
    "withdrawn": _withdrawn,
}

"""Somebody is forgotten on real servers: by every service, in its own database, by one word."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from shared.ports import REMOVED
from tests.real.town import Town, founded
from tests.support.deployed import Deployed
from tests.support.postgres_file import file_of
from tests.support.servers import DEPLOYED

pytestmark = DEPLOYED

DECISION = {"number": "2366/QĐ-UBND", "on": "2021-10-14"}
REASON = "Theo đề nghị của người viết."
TEXT = "Bà Trần Mỹ Duyên nghỉ thai sản, số điện thoại 0913 000 111."
SUBJECT = "somebody-to-be-forgotten"
FORGOTTEN_S_MAX = 60.0
POLL_S = 0.2
SERVICES = ("submission", "appraisal", "survey", "ranking")


@pytest.fixture
def town(deployed: Deployed) -> Iterator[Town]:
    """A cycle that agencies declare in."""
    town = founded(deployed)
    with town.http:
        yield town


def test_every_service_forgets_a_person_and_what_they_wrote(town: Town) -> None:
    agency, ranking = town.cycle.every_agency[0], town.cycle.ranking
    item = f"{town.cycle.sheet(agency)}/items/1.1"
    officer = bearer(town, "agency", SUBJECT, agency)
    town.call("PUT", f"{item}/explanation", json={"text": TEXT}, headers=officer).raise_for_status()
    look_up(town, "appraisal", headers=officer)  # Refused, and yet they acted there.
    known = {service: look_up(town, service)["entry"] for service in SERVICES}
    first, second = (bearer(town, "administrator", f"a-{number}") for number in (1, 2))
    withdrawal = {"decision": DECISION, "reason": REASON}
    path = f"/submission/cycles/{town.cycle.code}/withdrawal"
    town.call("POST", path, json=withdrawal, headers={**first, **keyed("w")}).raise_for_status()

    proposal = {"person": SUBJECT, "reason": REASON}
    shreddings = ranking("shreddings")
    until(lambda: town.call("POST", shreddings, json=proposal, headers={**first, **keyed("p")}))
    seconding = f"{shreddings}/shredding-1/seconding"
    town.call("POST", seconding, headers={**second, **keyed("s")}).raise_for_status()
    forgetting = ranking(f"people/{SUBJECT}/forgetting")
    body = {"reason": REASON}
    town.call("POST", forgetting, json=body, headers={**first, **keyed("f")}).raise_for_status()

    until(lambda: explanation(town, agency) == REMOVED)
    until(lambda: not still_kept(town))
    assert {service: bool(entry) for service, entry in known.items()} == {
        "submission": True,
        "appraisal": True,
        "survey": False,
        "ranking": False,
    }
    assert [look_up(town, service)["entry"] for service in SERVICES] == [None] * 4
    assert town.numbered().count(f"agency:{SUBJECT}") == 1


def bearer(town: Town, role: str, subject: str, agency: str = "") -> Mapping[str, str]:
    """The header with a token of somebody."""
    wanted = {"role": role, "subject": subject, "hours": 10_000, "agency": agency or None}
    answer = town.http.post(town.deployed.at("/trial/tokens"), json=wanted)
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}


def keyed(key: str) -> Mapping[str, str]:
    return {"Idempotency-Key": f"forgotten-{key}"}


def look_up(town: Town, service: str, **sent: Any) -> Any:  # noqa: ANN401 - whatever httpx takes, and JSON
    """What a service knows of the officer."""
    body = {"person": SUBJECT, "reason": "Thanh tra."}
    return town.call("POST", f"/{service}/people/looks", json=body, **sent).json()


def explanation(town: Town, agency: str) -> str:
    """What the officer explained, as it is read."""
    sheet = town.call("GET", town.cycle.sheet(agency)).raise_for_status().json()
    [text] = [each["explanation"]["text"] for each in sheet["items"] if each["explanation"]]
    return str(text)


def still_kept(town: Town) -> list[str]:
    """The services in whose tables the officer lies, dead or alive."""
    urls = {each: town.deployed.settings(each)["CCHC_POSTGRES"] for each in SERVICES}
    return [each for each, url in urls.items() if SUBJECT.encode() in file_of("people", url)]


def until(done: Callable[[], Any]) -> None:
    """Wait for it; an answer is done when it is none of a refusal."""
    deadline = time.monotonic() + FORGOTTEN_S_MAX
    while True:
        came = done()
        if getattr(came, "is_success", came):
            return
        assert time.monotonic() < deadline, getattr(came, "text", came)
        time.sleep(POLL_S)

"""The ledger over HTTP: readings of the past, and the facts as they are stored."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.ledger.merkle import Tree
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
TOLD = whole_cycle()
HOUR = timedelta(hours=1)


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """One fact came each hour."""
    async with ranking() as service:
        await service.hear(TOLD, apart=HOUR)
        yield service


async def test_the_past_is_answered_by_number_and_by_time_alike(counted: Ranking) -> None:
    for number in (3, 8, len(TOLD)):
        at = (OPENED_AT + (number - 1) * HOUR).isoformat()

        by_number = (await counted.get(f"{AT}/table", "auditor", at=number)).json()
        by_time = (await counted.get(f"{AT}/table", "auditor", at=at)).json()

        assert by_number == by_time
        assert by_number["counted_to"] == number


async def test_the_newest_past_is_the_present(counted: Ranking) -> None:
    for path in ("table", "agencies/so-y-te", "hindrances", "ledger", "flags"):
        present = (await counted.get(f"{AT}/{path}", "auditor")).json()

        assert (await counted.get(f"{AT}/{path}", "auditor", at=len(TOLD))).json() == present


async def test_what_hindered_and_how_the_ledger_stood_are_answered_of_the_past_too(
    counted: Ranking,
) -> None:
    table = (await counted.get(f"{AT}/table", "auditor", at=8)).json()
    hindrances = (await counted.get(f"{AT}/hindrances", "auditor", at=8)).json()
    ledger = (await counted.get(f"{AT}/ledger", "auditor", at=8)).json()

    assert (hindrances["counted_to"], hindrances["digest"]) == (8, table["digest"])
    assert hindrances["hindrances"]
    root = Tree(fact.body for fact in TOLD[:8]).root().hex()
    assert (ledger["size"], ledger["root"]) == (8, root)


async def test_an_agency_sees_its_own_past_and_no_other(counted: Ranking) -> None:
    own = await counted.get(f"{AT}/agencies/so-y-te", "so-y-te", at=4)
    other = await counted.get(f"{AT}/agencies/so-noi-vu", "so-y-te", at=4)
    table = await counted.get(f"{AT}/table", "so-y-te", at=4)

    assert [each.status_code for each in (own, other, table)] == [200, 403, 403]
    assert (own.json()["index"], own.json()["rank"]) == ("32.5", None)


@pytest.mark.parametrize(
    ("at", "status", "code"),
    [
        (1_000, 404, "number-unknown"),
        (0, 404, "table-unknown"),
        ("2021-01-01T00:00:00Z", 404, "table-unknown"),
        (-1, 422, "request-invalid"),
        ("NaN", 422, "request-invalid"),
        ("2021-10-15T01:00:00", 422, "request-invalid"),
    ],
)
async def test_a_past_that_never_was_is_refused(
    counted: Ranking, at: object, status: int, code: str
) -> None:
    answer = await counted.get(f"{AT}/table", "auditor", at=at)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_facts_come_byte_by_byte_in_ledger_order(counted: Ranking) -> None:
    answer = await counted.get(f"{AT}/facts", "auditor")

    assert answer.content.splitlines() == [stored.body for stored in TOLD]
    assert answer.headers["content-type"] == "application/x-ndjson"


async def test_the_facts_come_in_pages_and_the_whole_has_the_root(counted: Ranking) -> None:
    entries: list[bytes] = []
    next_number, size = 0, -1

    while next_number != size:
        page = await counted.get(f"{AT}/facts", "auditor", after=next_number, limit=7)
        entries += page.content.splitlines()
        next_number, size = (int(page.headers[f"Ledger-{name}"]) for name in ("Next", "Size"))

    assert Tree(entries).root().hex() == page.headers["Ledger-Root"]
    ledger = (await counted.get(f"{AT}/ledger", "auditor")).json()
    assert (ledger["size"], ledger["root"]) == (size, page.headers["Ledger-Root"])


async def test_behind_the_end_there_are_no_facts(counted: Ranking) -> None:
    answer = await counted.get(f"{AT}/facts", "auditor", after=10_000)

    assert (answer.content, answer.headers["Ledger-Next"]) == (b"", str(len(TOLD)))


async def test_the_ledger_names_what_is_wrong_with_it(counted: Ranking) -> None:
    altered = TOLD[2].body.replace(b'"3.25"', b'"4.00"')
    waiting = TOLD[-1].body.replace(b"@2", b"@9")
    for body in (altered, waiting):
        await counted.tell(body)

    ledger = (await counted.get(f"{AT}/ledger", "administrator")).json()

    assert ledger["altered"] == [TOLD[2].id]
    assert ledger["gaps"] == [{"stream": TOLD[-1].stream, "version": 2, "parked": 9}]
    assert ledger["size"] == len(TOLD)


@pytest.mark.parametrize("path", ["ledger", "facts", "facts/live"])
@pytest.mark.parametrize(("who", "status"), [("", 401), ("so-y-te", 403), ("council", 403)])
async def test_the_log_is_for_auditors_and_administrators(
    counted: Ranking, path: str, who: str, status: int
) -> None:
    assert (await counted.get(f"{AT}/{path}", who)).status_code == status


@pytest.mark.parametrize("path", ["table", "hindrances", "ledger", "facts", "facts/live"])
async def test_a_cycle_of_which_nothing_was_said_is_unknown(counted: Ranking, path: str) -> None:
    answer = await counted.get(f"/cycles/1999/{path}", "administrator")

    assert (answer.status_code, answer.json()["code"]) == (404, "cycle-not-counted")

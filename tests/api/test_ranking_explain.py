"""Explanations over HTTP: for whom, of which moment, and proved against what was signed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.ranking.views import provenance_body
from shared.adapters.signature import verify
from shared.events import codec
from shared.events.envelope import Context
from shared.ledger import checkpoint, note
from shared.ledger.merkle import leaf_hash
from shared.ledger.proof import is_beginning, is_included
from tests.support.explained import explained as explained_alone
from tests.support.explained import items_of
from tests.support.outside import ORIGIN
from tests.support.ranking import Ranking, change, ranking
from tests.support.sample_cycle import sample_cycle
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.sums import added_up
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY, OTHER = "so-y-te", "so-noi-vu"
EXPLAIN = f"{AT}/agencies/{AGENCY}/explain"


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """A small cycle; everything is said, and nothing is decided about the result."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        yield service


async def explained(
    service: Ranking, who: str = "auditor", path: str = EXPLAIN, **query: object
) -> Any:  # noqa: ANN401 - JSON
    answer = await service.get(path, who, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- The facts and their proofs


@pytest.mark.parametrize("part", ["", "/1.2", "/9"])
async def test_every_fact_is_proved_to_stand_under_the_signed_root(
    counted: Ranking, part: str
) -> None:
    await counted.approve()
    body = await explained(counted, path=EXPLAIN + part)
    size = body["ledger"]["checkpoint"]["size"]
    signed = note.from_bytes((await counted.get(f"{AT}/checkpoints/{size}")).content)
    key = note.from_verifier_key((await counted.get(f"{AT}/log-key")).json()["key"])
    lines = (await counted.get(f"{AT}/facts", "auditor")).content.splitlines()

    assert note.is_signed(signed, key, verify)
    anchor, own = checkpoint.from_text(signed.text), body["ledger"]
    path, root = unhexed(own["consistency"]), bytes.fromhex(own["root"])
    assert is_beginning(own["size"], root, anchor.size, anchor.root, path)
    assert body["facts"]
    for fact in body["facts"]:
        leaf, place = leaf_hash(lines[fact["number"] - 1]), fact["number"] - 1
        assert is_included(leaf, place, own["size"], unhexed(fact["path"]), root=root)
        assert fact["leaf"] == leaf.hex()


async def test_of_a_longer_cycle_it_says_how_far_it_was_signed() -> None:
    async with ranking() as service:
        await service.hear(sample_cycle())

        bodies = [await explained(service, at=at) for at in (len(sample_cycle()), 100)]

    for body, signed_to in zip(bodies, (500, 100), strict=True):
        ledger, newest = body["ledger"], body["ledger"]["checkpoint"]
        assert (newest["size"], ledger["signed_to"]) == (500, signed_to)
        places = [(each["size"], bytes.fromhex(each["root"])) for each in (ledger, newest)]
        first, second = sorted(places)
        assert is_beginning(*first, *second, unhexed(ledger["consistency"]))
    alone = explained_alone(sample_cycle(), AGENCY)
    same = ("areas", "extras", "workings", "methods")
    assert {name: bodies[0][name] for name in same} == {name: alone[name] for name in same}
    paths = [[each["path"] for each in body["facts"]] for body in (bodies[0], alone)]
    assert paths[0] == paths[1]


def unhexed(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


async def test_the_same_is_given_as_provenance(counted: Ranking) -> None:
    body = await explained(counted, path=f"{EXPLAIN}/1.1")

    document = await explained(counted, path=f"{EXPLAIN}/1.1", format="prov")

    assert document == provenance_body(body, ORIGIN)


# --- Moments and readers


async def test_as_of_is_what_was_explained_then(counted: Ranking) -> None:
    before = await explained(counted)
    await change(counted)

    as_of = await explained(counted, at=before["counted_to"])
    now = await explained(counted)

    assert as_of == before
    assert (now["counted_to"], now["index"]) != (before["counted_to"], before["index"])


async def test_a_revision_is_explained_as_it_was_published(counted: Ranking) -> None:
    await counted.approve()
    await counted.publish()
    await change(counted)
    table = (await counted.get(f"{AT}/table", revision=1)).json()

    bodies = [await explained(counted, who, revision=1) for who in ("", AGENCY, "auditor")]
    latest = await explained(counted, "")

    [row] = [row for row in table["rows"] if row["agency"] == AGENCY]
    [stated] = (await counted.get(f"{AT}/publications")).json()["publications"]
    assert latest == bodies[0]
    for body in bodies:
        assert (body["revision"], body["provisional"]) == (1, False)
        found = added_up(body)
        assert (found["index_shown"], found["rank"]) == (row["index_shown"], row["rank"])
        ledger = body["ledger"]
        assert (ledger["size"], ledger["root"]) == (stated["position"], stated["root"])
        assert body["published_to"] == body["counted_to"]


async def test_what_counts_now_says_what_it_was_published_as_until_it_changes(
    counted: Ranking,
) -> None:
    before = await explained(counted)
    await counted.approve()
    await counted.publish()
    published = await explained(counted)
    await change(counted)
    changed = await explained(counted)

    said = [(each.get("revision"), each["provisional"]) for each in (before, published, changed)]
    [stated] = (await counted.get(f"{AT}/publications")).json()["publications"]
    assert said == [(None, True), (1, False), (None, True)]
    assert published["published_to"] == stated["position"] < published["counted_to"]
    assert published["index"] == before["index"]


async def test_what_few_people_answered_is_told_to_whoever_reads_surveys_alone(
    counted: Ranking,
) -> None:
    await counted.approve()
    await counted.publish()

    counts = {
        who: [
            option["count"]
            for item in items_of(await explained(counted, who))
            for group in item["groups"]
            for option in group["options"]
        ]
        for who in ("", AGENCY, "auditor")
    }

    assert sum(counts["auditor"]) > 0
    assert {*counts[""], *counts[AGENCY]} == {None}


@pytest.mark.parametrize(
    ("who", "query", "status", "code"),
    [
        ("", {}, 404, "result-not-published"),
        ("", {"at": 3}, 401, "sign-in-needed"),
        (AGENCY, {"at": 1}, 404, "agency-not-in-table"),
        ("auditor", {"at": 1_000}, 404, "number-unknown"),
        ("auditor", {"revision": 1}, 404, "result-not-published"),
        ("auditor", {"format": "turtle"}, 422, "request-invalid"),
    ],
)
async def test_what_cannot_be_explained_is_refused(
    counted: Ranking, who: str, query: dict[str, object], status: int, code: str
) -> None:
    answer = await counted.get(EXPLAIN, who, **query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "code", "what_to_do"),
    [
        (f"{AT}/agencies/nobody/explain", "agency-not-in-table", "hãy xem mã trong bảng"),
        (f"{EXPLAIN}/7.7", "explained-part-unknown", "các lĩnh vực: 1, 9"),
        ("/cycles/1999/agencies/so-y-te/explain", "cycle-not-counted", "hãy kiểm tra mã đợt"),
    ],
)
async def test_what_is_not_there_is_told_with_what_to_do(
    counted: Ranking, path: str, code: str, what_to_do: str
) -> None:
    answer = await counted.get(path, "auditor")

    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert what_to_do in answer.json()["detail"]


async def test_an_agency_sees_its_own_without_the_others(counted: Ranking) -> None:
    own = await explained(counted, AGENCY)
    foreign = await counted.get(f"{AT}/agencies/{OTHER}/explain", AGENCY)

    assert (own["rank"], own["workings"]["rank"]) == (None, None)
    assert OTHER not in str(own)
    assert foreign.json()["code"] == "result-not-published"


async def test_the_public_is_told_of_roles_and_not_of_people() -> None:
    told = [
        codec.encode(each.stream, each.version, Context(OPENED_AT, "agency:u-7"), fact)
        for each in whole_cycle()
        for fact in [codec.decode(each.body).data]
    ]
    async with ranking() as service:
        await service.hear(told)
        await service.approve()
        await service.publish()

        everybody, itself = [await explained(service, who, revision=1) for who in ("", AGENCY)]

    assert {each["actor"] for each in everybody["facts"]} == {"agency"}
    assert {each["actor"] for each in itself["facts"]} == {"agency:u-7"}

"""Checkpoints over HTTP: signed by the log, countersigned by witnesses, and proved for anybody."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.ranking.application.ledgers import Ledgers
from services.ranking.application.signing import CHECKPOINT_EVERY
from shared.adapters.signature import verify
from shared.ledger import checkpoint, cosignature, note
from shared.ledger.merkle import Tree, leaf_hash
from shared.ledger.proof import is_beginning, is_included
from shared.runtime.parked import Parked, Waiting
from tests.support.outside import NOTARY, ORIGIN
from tests.support.ranking import Ranking, loop_of, ranking
from tests.support.signing_office import FACTS, RESULT, Office
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle
from tests.support.witness import IMPOSTOR, STRANGER, WITNESS

AT = f"/cycles/{CYCLE}"
FIRST = 5
WITNESSED = replace(NOTARY, witnesses=(WITNESS.key,))


@pytest.fixture
async def signed() -> AsyncIterator[Ranking]:
    """Checkpoints of three sizes: the beginning, an hour later, and with a fact of the result."""
    async with ranking(WITNESSED) as service:
        office, sign = Office(service.outside.inbox), loop_of(service, "sign").step
        await office.number(*FACTS[:FIRST])
        assert await sign() == 1
        service.clock.advance(CHECKPOINT_EVERY)
        await office.number(*FACTS[FIRST:])
        assert await sign() == 1
        await office.number(RESULT)
        assert await sign() == 1
        yield service


@pytest.fixture
async def approved() -> AsyncIterator[Ranking]:
    """A whole cycle, up to the approval of its result."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        assert (await service.approve()).status_code == 201
        yield service


async def sizes(service: Ranking) -> list[int]:
    listed = await service.get(f"{AT}/checkpoints")
    return [each["size"] for each in listed.json()["items"]]


async def latest(service: Ranking) -> bytes:
    return (await service.get(f"{AT}/checkpoints/latest")).content


async def cosign(service: Ranking, size: int, line: str) -> httpx.Response:
    path = f"{AT}/checkpoints/{size}/cosignatures"
    return await service.client.post(path, json={"line": line})


def unhexed(path: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# --- Checkpoints


async def test_anybody_reads_what_the_log_has_signed(signed: Ranking) -> None:
    listed = (await signed.get(f"{AT}/checkpoints")).json()["items"]

    assert [each["size"] for each in listed] == [FIRST, len(FACTS), len(FACTS) + 1]
    assert listed[0]["root"] == Tree(FACTS[:FIRST]).root().hex()
    assert listed[0]["at"] == OPENED_AT.isoformat()
    assert [each["signed_by"] for each in listed] == [[f"{ORIGIN}/{CYCLE}"]] * 3


async def test_approval_and_publication_are_signed_at_once(approved: Ranking) -> None:
    before = await latest(approved)

    await approved.publish()

    ledger = (await approved.get(f"{AT}/ledger", "auditor")).json()
    read = checkpoint.from_text(note.from_bytes(await latest(approved)).text)
    assert (read.size, read.root.hex()) == (ledger["size"], ledger["root"])
    told = len(whole_cycle())
    assert [told, told + 1, told + 2] == await sizes(approved)
    assert (await approved.get(f"{AT}/checkpoints/{told + 1}")).content == before


async def test_a_checkpoint_is_a_note_that_the_key_of_the_log_has_signed(signed: Ranking) -> None:
    answer = await signed.get(f"{AT}/checkpoints/{FIRST}")
    told = (await signed.get(f"{AT}/log-key")).json()

    read, key = note.from_bytes(answer.content), note.from_verifier_key(told["key"])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert note.is_signed(read, key, verify)
    assert checkpoint.from_text(read.text).origin == told["origin"] == key.name
    assert told["witness_keys"] == [note.to_verifier_key(WITNESS.key)]
    assert told["former_keys"] == []


async def test_checkpoints_come_in_pages(signed: Ranking) -> None:
    first = (await signed.get(f"{AT}/checkpoints", limit=2)).json()
    second = (await signed.get(f"{AT}/checkpoints", limit=2, cursor=first["next"])).json()

    found = [each["size"] for each in (*first["items"], *second["items"])]
    assert found == await sizes(signed)
    assert (len(first["items"]), second["next"]) == (2, None)


@pytest.mark.parametrize("path", ["checkpoints/4", "checkpoints/1000000"])
async def test_what_was_not_signed_is_unknown(signed: Ranking, path: str) -> None:
    assert code(await signed.get(f"{AT}/{path}")) == (404, "checkpoint-unknown")


@pytest.mark.parametrize(
    ("path", "details"),
    [
        (f"{AT}/checkpoints/4", {"cycle": CYCLE, "size": "4"}),
        ("/cycles/1999/log-key", {"cycle": "1999"}),
    ],
)
async def test_a_checkpoint_is_missed_in_whole_sentences_whether_its_size_was_named_or_not(
    signed: Ranking, path: str, details: Mapping[str, str]
) -> None:
    refused = (await signed.client.get(path, headers={"Accept-Language": "en"})).json()

    assert refused["details"] == details
    assert refused["detail"] == (
        f"The ledger of cycle “{details['cycle']}” has no such checkpoint, or none was signed yet; "
        "look at the list."
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("checkpoints/latest", (404, "checkpoint-unknown")),
        ("log-key", (404, "checkpoint-unknown")),
        ("proofs/inclusion", (404, "checkpoint-unknown")),
        ("proofs/consistency", (404, "checkpoint-unknown")),
        ("proofs/inclusion?number=1&size=1", (404, "cycle-not-counted")),
        ("proofs/consistency?from=0&to=1", (404, "cycle-not-counted")),
    ],
)
async def test_a_cycle_of_which_nothing_was_said_has_none(
    signed: Ranking, path: str, expected: tuple[int, str]
) -> None:
    assert code(await signed.client.get(f"/cycles/1999/{path}")) == expected
    assert (await signed.get("/cycles/1999/checkpoints")).json()["items"] == []


async def test_what_is_signed_changes_nothing_that_is_counted(signed: Ranking) -> None:
    fresh = Ledgers(signed.outside.inbox)
    live = (await signed.get(f"{AT}/ledger", "auditor")).json()

    ledger = await fresh.now(CYCLE)

    assert (ledger.replay.size, ledger.replay.root) == (live["size"], live["root"])
    assert await fresh.end() == fresh.position
    assert list(fresh.read) == [CYCLE]
    waiting = await Parked(signed.outside.inbox, signed.outside.store).waiting()
    assert waiting == Waiting()


# --- Witnesses


async def test_a_witness_countersigns_and_everybody_sees_it(signed: Ranking) -> None:
    before = await latest(signed)
    size = (await sizes(signed))[-1]

    answer = await cosign(signed, size, WITNESS.line(before))

    read = note.from_bytes(await latest(signed))
    assert answer.status_code == 200, answer.text
    assert answer.json()["signed_by"] == [f"{ORIGIN}/{CYCLE}", WITNESS.key.name]
    assert cosignature.is_cosigned(read, WITNESS.key, verify)
    assert note.to_bytes(read).startswith(before)


async def test_countersigning_again_is_no_news(signed: Ranking) -> None:
    written, size = await latest(signed), (await sizes(signed))[-1]
    await cosign(signed, size, WITNESS.line(written))
    before, end = await latest(signed), await signed.outside.inbox.end()

    again = await cosign(signed, size, WITNESS.line(written))
    later = await cosign(signed, size, WITNESS.line(written, at_s=1_700_000_000))

    assert [again.status_code, later.status_code] == [200, 200]
    assert (await latest(signed), await signed.outside.inbox.end()) == (before, end)


async def test_a_countersignature_stands_under_its_own_checkpoint_alone(signed: Ranking) -> None:
    await cosign(
        signed, FIRST, WITNESS.line((await signed.get(f"{AT}/checkpoints/{FIRST}")).content)
    )

    listed = (await signed.get(f"{AT}/checkpoints")).json()["items"]

    assert [len(each["signed_by"]) for each in listed] == [2, 1, 1]


async def test_the_lines_of_strangers_and_wrong_lines_are_refused(signed: Ranking) -> None:
    first = (await signed.get(f"{AT}/checkpoints/{FIRST}")).content
    size = (await sizes(signed))[-1]
    end = await signed.outside.inbox.end()

    stranger = await cosign(signed, FIRST, STRANGER.line(first))
    impostor = await cosign(signed, FIRST, IMPOSTOR.line(first))
    of_another = await cosign(signed, size, WITNESS.line(first))
    of_the_log = await cosign(signed, FIRST, first.decode().splitlines()[-1])
    garbage = await cosign(signed, FIRST, "I was here")
    nowhere = await cosign(signed, 4, WITNESS.line(first))

    assert code(stranger) == (409, "witness-unknown")
    assert code(impostor) == (409, "witness-unknown")
    assert code(of_another) == (409, "cosignature-wrong")
    assert code(of_the_log) == (409, "witness-unknown")
    assert code(garbage) == (409, "cosignature-malformed")
    assert code(nowhere) == (404, "checkpoint-unknown")
    assert await signed.outside.inbox.end() == end


# --- Proofs


async def test_every_fact_is_proved_to_stand_in_a_checkpoint(signed: Ranking) -> None:
    for number in range(1, FIRST + 1):
        proof = (await signed.get(f"{AT}/proofs/inclusion", number=number, size=FIRST)).json()

        leaf, root = leaf_hash(FACTS[number - 1]), Tree(FACTS[:FIRST]).root()
        assert (proof["leaf"], proof["root"]) == (leaf.hex(), root.hex())
        assert is_included(leaf, number - 1, FIRST, unhexed(proof["path"]), root=root)


async def test_every_checkpoint_is_proved_to_go_on_from_every_earlier_one(signed: Ranking) -> None:
    known = [0, *await sizes(signed)]
    for first in known:
        for second in known[max(1, known.index(first)) :]:
            query = {"from": first, "to": second}
            proof = (await signed.get(f"{AT}/proofs/consistency", "", **query)).json()

            assert goes_on(proof)
            assert (proof["from"]["size"], proof["to"]["size"]) == (first, second)


def goes_on(proof: Mapping[str, Any]) -> bool:
    roots = [bytes.fromhex(proof[end]["root"]) for end in ("from", "to")]
    ends = (proof["from"]["size"], roots[0], proof["to"]["size"], roots[1])
    return is_beginning(*ends, unhexed(proof["path"]))


async def test_without_sizes_it_is_the_newest_checkpoint_that_is_proved(signed: Ranking) -> None:
    *_, before, newest = await sizes(signed)

    inclusion = (await signed.get(f"{AT}/proofs/inclusion")).json()
    consistency = (await signed.get(f"{AT}/proofs/consistency")).json()

    assert (inclusion["number"], inclusion["size"]) == (newest, newest)
    assert (consistency["from"]["size"], consistency["to"]["size"]) == (before, newest)
    assert goes_on(consistency)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("inclusion?number=6&size=5", (404, "number-unknown")),
        ("inclusion?number=1&size=1000", (404, "number-unknown")),
        ("inclusion?number=0", (422, "request-invalid")),
        ("inclusion?size=0", (422, "request-invalid")),
        ("consistency?from=5&to=1000", (404, "number-unknown")),
        ("consistency?from=5&to=4", (409, "sizes-reversed")),
        ("consistency?from=-1", (422, "request-invalid")),
    ],
)
async def test_what_is_not_there_is_not_proved(
    signed: Ranking, path: str, expected: tuple[int, str]
) -> None:
    assert code(await signed.client.get(f"{AT}/proofs/{path}")) == expected

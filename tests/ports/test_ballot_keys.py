"""What ballot keys promise, held against keys in memory, in SQLite and in PostgreSQL."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.sealing import Keys, open_seals
from shared.events.envelope import Sealed
from shared.kernel.errors import Refused
from shared.ports import BallotKeys
from tests.support import ballot_client as client
from tests.support.key_files import files_with, in_sqlite
from tests.support.opened import opened

NAME = "2026/citizens/so-noi-vu"
OTHER = "2026/citizens/so-y-te"


@pytest.fixture
def ballots(keys: Keys) -> BallotKeys:
    return RsaBallotKeys(keys)


async def signature_of(ballots: BallotKeys, name: str, ballot: bytes) -> bytes:
    key = client.key_of(await ballots.make(name))
    blinded = client.blind(key, ballot)
    signed = await ballots.sign(name, blinded.message)
    return client.finalize(key, ballot, signed, blinded.inverse)


async def test_a_blindly_signed_ballot_is_of_the_key(ballots: BallotKeys) -> None:
    ballot = client.new_ballot()

    signature = await signature_of(ballots, NAME, ballot)

    assert ballots.verify(await ballots.make(NAME), ballot, signature)


async def test_a_name_keeps_its_key_and_others_have_others(ballots: BallotKeys) -> None:
    first, again, other = [await ballots.make(name) for name in (NAME, NAME, OTHER)]

    assert first == again != other


async def test_all_who_ask_at_once_get_one_key(keys: Keys) -> None:
    processes = [RsaBallotKeys(keys) for _ in range(4)]

    made = await asyncio.gather(*(each.make(NAME) for each in processes))

    assert len(set(made)) == 1
    assert await processes[0].make(NAME) == made[0]


async def test_the_first_key_that_is_offered_stays(keys: Keys) -> None:
    offered = [b"%d" % number for number in range(10)]

    kept = await asyncio.gather(*(keys.offer(NAME, each) for each in offered))

    assert kept == [await keys.get(NAME)] * 10
    assert kept[0] in offered


async def test_the_same_blinded_ballot_is_signed_the_same_again(ballots: BallotKeys) -> None:
    key = client.key_of(await ballots.make(NAME))
    blinded = client.blind(key, client.new_ballot()).message

    first, again = await ballots.sign(NAME, blinded), await ballots.sign(NAME, blinded)

    assert first == again


async def test_a_name_without_a_key_signs_nothing(ballots: BallotKeys) -> None:
    with pytest.raises(Refused, match="ballot-key-missing"):
        await ballots.sign(NAME, bytes(256))


async def test_a_destroyed_key_signs_nothing_and_what_it_signed_stays_good(
    ballots: BallotKeys,
) -> None:
    ballot, key = client.new_ballot(), await ballots.make(NAME)
    signature = await signature_of(ballots, NAME, ballot)
    blinded = client.blind(client.key_of(key), ballot).message

    await ballots.destroy(NAME)
    await ballots.destroy(NAME)

    with pytest.raises(Refused, match="ballot-key-missing"):
        await ballots.sign(NAME, blinded)
    assert ballots.verify(key, ballot, signature)


async def test_a_key_that_another_process_destroyed_signs_nothing_here(keys: Keys) -> None:
    here, there = RsaBallotKeys(keys), RsaBallotKeys(keys)
    await signature_of(here, NAME, client.new_ballot())

    await there.destroy(NAME)

    with pytest.raises(Refused, match="ballot-key-missing"):
        await here.sign(NAME, bytes(256))


async def test_a_key_made_after_a_destroyed_one_is_another(ballots: BallotKeys) -> None:
    destroyed = await ballots.make(NAME)
    await ballots.destroy(NAME)

    assert await ballots.make(NAME) != destroyed


async def test_destroying_one_key_leaves_the_others(ballots: BallotKeys) -> None:
    await ballots.make(NAME)
    await ballots.make(OTHER)

    await ballots.destroy(NAME)

    await signature_of(ballots, OTHER, client.new_ballot())


async def test_the_private_key_opens_no_seal(keys: Keys, ballots: BallotKeys) -> None:
    await ballots.make(NAME)
    seals = await open_seals(keys)
    sealed = await seals.seal("a text")

    with pytest.raises(Refused, match="seal-broken"):
        await seals.open(Sealed(f"ballot/{NAME}", sealed.text))


async def test_processes_that_share_a_file_have_one_key_which_survives_them(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        files = [await stack.enter_async_context(opened(in_sqlite(tmp_path))) for _ in range(3)]
        made = await asyncio.gather(*(RsaBallotKeys(each).make(NAME) for each in files))

    async with opened(in_sqlite(tmp_path)) as keys:
        assert set(made) == {await RsaBallotKeys(keys).make(NAME)}


async def test_a_destroyed_key_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as keys:
        await RsaBallotKeys(keys).make(NAME)
        private = await keys.get(f"ballot/{NAME}")
        assert private is not None
        part = private[-64:]  # Of the coefficient, which nothing else has.
        before = files_with(part, tmp_path)

        await RsaBallotKeys(keys).destroy(NAME)

        after = files_with(part, tmp_path)
    assert before != []
    assert after == []

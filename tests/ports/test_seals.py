"""What seals promise, held against keys in memory, in SQLite and in PostgreSQL."""

import asyncio
import base64
import hmac
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.memory import MemoryKeys, memory_seals
from shared.adapters.sealing import SECRET_BYTES, KeyedSeals, Keys, open_seals
from shared.events.envelope import Sealed
from shared.kernel.errors import Refused
from shared.ports import Purpose, Seals
from tests.support.key_files import files_with, in_sqlite
from tests.support.opened import opened

REASON = "Kế hoạch ban hành sau ngày 31/12, chưa đủ cơ sở công nhận."


@pytest.fixture
async def seals(keys: Keys) -> Seals:
    return await open_seals(keys)


async def test_a_sealed_text_is_opened(seals: Seals) -> None:
    sealed = await seals.seal(REASON)

    assert await seals.open(sealed) == REASON


async def test_what_is_sealed_does_not_show_its_text(seals: Seals) -> None:
    sealed = await seals.seal(REASON)

    assert REASON.encode() not in base64.b64decode(sealed.text)
    assert REASON not in sealed.key


async def test_every_text_has_a_key_of_its_own(seals: Seals) -> None:
    one, other = await seals.seal(REASON), await seals.seal(REASON)

    assert one.key != other.key
    assert one.text != other.text


async def test_the_same_text_again_is_the_seal_that_holds_it(seals: Seals) -> None:
    another, same = await seals.seal("another"), await seals.seal(REASON)

    assert await seals.seal(REASON, like=[another, same]) == same


async def test_another_text_is_sealed_anew(seals: Seals) -> None:
    earlier = [await seals.seal("another"), await seals.seal(REASON)]

    sealed = await seals.seal(f"{REASON} ", like=earlier)

    assert sealed not in earlier
    assert await seals.open(sealed) == f"{REASON} "


async def test_a_shredded_text_is_gone_and_the_others_are_not(seals: Seals) -> None:
    sealed, other = await seals.seal(REASON), await seals.seal("another")

    await seals.shred(sealed.key)
    await seals.shred(sealed.key)

    assert await seals.open(sealed) is None
    assert await seals.open(other) == "another"


async def test_a_shredded_seal_is_never_given_again(seals: Seals) -> None:
    shredded = await seals.seal(REASON)
    await seals.shred(shredded.key)

    sealed = await seals.seal(REASON, like=[shredded])

    assert sealed.key != shredded.key
    assert await seals.open(sealed) == REASON


async def test_a_text_cannot_be_passed_off_under_another_key(seals: Seals) -> None:
    one, other = await seals.seal(REASON), await seals.seal("another")

    with pytest.raises(Refused, match="seal-broken"):
        await seals.open(Sealed(one.key, other.text))


@pytest.mark.parametrize("text", ["", "AAAA", "no base64!", "A" * 64, "ơ"])
async def test_what_is_no_seal_is_refused(seals: Seals, text: str) -> None:
    sealed = await seals.seal(REASON)

    with pytest.raises(Refused, match="seal-broken"):
        await seals.open(Sealed(sealed.key, text))


async def test_a_key_that_never_was_opens_nothing(seals: Seals) -> None:
    sealed = await seals.seal(REASON)

    assert await seals.open(Sealed("nobody", sealed.text)) is None


async def test_a_digest_depends_on_the_body_alone(seals: Seals) -> None:
    assert seals.digest("request", b"a") == seals.digest("request", b"a")
    assert seals.digest("request", b"a") != seals.digest("request", b"b")


async def test_a_digest_for_one_purpose_serves_for_no_other(seals: Seals) -> None:
    digests = {seals.digest(purpose, b"a") for purpose in get_args(Purpose)}

    assert len(digests) == len(get_args(Purpose))


def test_digests_of_requests_stay_what_they_are_in_old_logs() -> None:
    seals = KeyedSeals(MemoryKeys(), b"s" * SECRET_BYTES)

    digest = seals.digest("request", b"a")

    assert digest == hmac.digest(b"s" * SECRET_BYTES, b"a", "sha256").hex()


def test_the_other_digests_are_keyed_as_rfc_5869_says() -> None:
    seals = KeyedSeals(MemoryKeys(), b"s" * SECRET_BYTES)
    extracted = hmac.digest(bytes(32), b"s" * SECRET_BYTES, "sha256")
    key = hmac.digest(extracted, b"stamp" + b"\x01", "sha256")

    digest = seals.digest("stamp", b"a")

    assert digest == hmac.digest(key, b"a", "sha256").hex()


async def test_a_digest_tells_nothing_to_who_lacks_the_secret() -> None:
    assert memory_seals().digest("stamp", b"a") != memory_seals().digest("stamp", b"a")


async def test_many_texts_are_sealed_at_once(seals: Seals) -> None:
    sealed = await asyncio.gather(*(seals.seal(str(number)) for number in range(20)))

    assert await asyncio.gather(*map(seals.open, sealed)) == [str(n) for n in range(20)]


async def test_keys_and_the_secret_survive_a_restart(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as keys:
        seals = await open_seals(keys)
        sealed, digest = await seals.seal(REASON), seals.digest("stamp", b"a")

    async with opened(in_sqlite(tmp_path)) as keys:
        seals = await open_seals(keys)

        assert await seals.open(sealed) == REASON
        assert seals.digest("stamp", b"a") == digest


async def test_a_key_is_on_the_disk_before_its_seal_is_given(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as keys:
        sealed = await (await open_seals(keys)).seal(REASON)

        async with opened(in_sqlite(tmp_path)) as again:
            assert await (await open_seals(again)).open(sealed) == REASON


async def test_a_shredded_key_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as keys:
        for number in range(30):
            await keys.add(f"{number}", b"%032d" % number)
        reading = asyncio.gather(*(keys.get(f"{number}") for number in range(30)))
        await keys.remove("17")
        await reading

        traces, others = files_with(b"%032d" % 17, tmp_path), files_with(b"%032d" % 18, tmp_path)

    assert traces == []
    assert others == ["keys.db"]


@settings(max_examples=50)
@given(texts=st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_comes_back_and_is_no_news_the_second_time(texts: list[str]) -> None:
    async def round_trip() -> None:
        seals = memory_seals()
        sealed = [await seals.seal(text) for text in texts]

        again = [await seals.seal(text, like=sealed) for text in texts]

        assert [await seals.open(each) for each in sealed] == texts
        assert again == [sealed[texts.index(text)] for text in texts]

    asyncio.run(round_trip())

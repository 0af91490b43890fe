"""Whatever is changed in a bundle, it is found or was declared as not covered; nothing crashes."""

import asyncio
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared import verify
from shared.adapters import signature
from shared.count import bundle
from shared.verify import EXITS, HOLDS, UNPUBLISHED, UNUSABLE, Given, Unusable
from tests.support.bundled import Bundled, packed, published_bundle

DOCUMENTED = {HOLDS, UNUSABLE, UNPUBLISHED, *EXITS.values()}
SEEDS = st.integers(0, 2**32)


@lru_cache(maxsize=1)
def good() -> Bundled:
    """A bundle as the service gives it."""
    return asyncio.run(published_bundle())


def exit_of(content: bytes) -> int:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(content)
        try:
            return verify.verify(path, Given(signature.verify)).exit_code
        except Unusable:
            return UNUSABLE


def flipped(content: bytes, place: int, bits: int) -> bytes:
    place %= len(content)
    return content[:place] + bytes([content[place] ^ bits]) + content[place + 1 :]


@given(SEEDS, st.integers(1, 255))
def test_a_byte_that_is_changed_anywhere_in_the_file_is_found(place: int, bits: int) -> None:
    assert exit_of(flipped(good().content, place, bits)) in DOCUMENTED - {HOLDS, UNPUBLISHED}


@given(st.data(), SEEDS, st.integers(1, 255))
def test_a_byte_that_is_changed_in_a_member_is_found_also_with_its_checksum_mended(
    data: Any,  # noqa: ANN401 - as hypothesis gives it
    place: int,
    bits: int,
) -> None:
    members = good().members
    name = data.draw(st.sampled_from(list(members)))
    content = packed({**members, name: flipped(members[name], place, bits)})

    found = exit_of(content)

    assert (found == HOLDS) is (name in bundle.NOT_COVERED)
    assert found in DOCUMENTED - {UNUSABLE, UNPUBLISHED}


@given(st.data(), SEEDS, SEEDS)
def test_whatever_is_cut_out_or_doubled_in_a_member_is_found(
    data: Any,  # noqa: ANN401 - as hypothesis gives it
    first: int,
    second: int,
) -> None:
    members = good().members
    name = data.draw(st.sampled_from([each for each in members if each not in bundle.NOT_COVERED]))
    whole = members[name]
    start, end = sorted((first % len(whole), second % len(whole) + 1))
    changed = data.draw(st.sampled_from([whole[:start] + whole[end:], whole[:end] + whole[start:]]))

    found = exit_of(packed({**members, name: changed}))

    assert (found == HOLDS) is (changed == whole)
    assert found in DOCUMENTED - {UNUSABLE, UNPUBLISHED}


@given(st.binary(max_size=300), st.booleans())
def test_what_is_no_bundle_at_all_is_said_to_be_none(content: bytes, marked: bool) -> None:  # noqa: FBT001 - hypothesis
    assert exit_of(b"PK\x03\x04" + content if marked else content) in DOCUMENTED - {HOLDS}

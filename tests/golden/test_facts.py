"""The bytes of every fact are those that were committed: a log of today is read for ever."""

import pytest

from shared.events import codec
from shared.events.codec import TYPES
from shared.events.former import FORMER
from tests.golden.examples import BY_NAME, FACTS, path_of

COMMITTED = sorted(path.stem for path in FACTS.iterdir())


def body_of(name: str) -> bytes:
    return path_of(name).read_bytes().removesuffix(b"\n")


def test_every_fact_and_every_old_version_has_a_golden_file() -> None:
    assert sorted({*TYPES, *FORMER}) == COMMITTED


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_fact_is_written_as_it_always_was(name: str) -> None:
    assert BY_NAME[name].body == body_of(name)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_fact_read_and_written_again_has_the_golden_bytes(name: str) -> None:
    recorded = codec.decode(body_of(name))

    again = codec.encode(recorded.stream, recorded.version, recorded.context, recorded.data)

    assert again.body == body_of(name)


@pytest.mark.parametrize("name", sorted(FORMER))
def test_a_fact_that_is_no_longer_told_so_has_a_newer_shape(name: str) -> None:
    fact, _, version = name.rpartition(".v")

    assert f"{fact}.v{int(version) + 1}" in {*TYPES, *FORMER}
    assert name not in TYPES


@pytest.mark.parametrize("name", COMMITTED)
def test_whatever_was_written_is_read_as_a_fact_of_today(name: str) -> None:
    assert type(codec.decode(body_of(name)).data) in TYPES.values()

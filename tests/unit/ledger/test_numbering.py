"""Numbering: whatever a topic does to its records, each fact is placed once and in order."""

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from shared.events.codec import Stored
from shared.ledger.numbering import Numbering

STREAMS = ("cycle/2021", "submission/2021/so-y-te", "result/2021")


def fact(stream: str, version: int) -> Stored:
    return Stored(stream, version, "a.Fact.v1", f"{stream}@{version}".encode())


facts = st.builds(fact, st.sampled_from(STREAMS), st.integers(1, 6))
records = st.lists(facts, max_size=40)


def placed(numbering: Numbering, records: Iterable[Stored]) -> list[Stored]:
    return [each for record in records for each in numbering.take(record).placed]


def of(stream: str, facts: Sequence[Stored]) -> list[int]:
    return [each.version for each in facts if each.stream == stream]


@given(records)
def test_each_stream_is_placed_without_gap_and_without_repetition(records: list[Stored]) -> None:
    numbered = placed(Numbering(), records)

    for stream in STREAMS:
        versions = of(stream, numbered)
        assert versions == list(range(1, len(versions) + 1))


@given(records)
def test_what_arrived_is_placed_or_waits_for_what_did_not(records: list[Stored]) -> None:
    numbering = Numbering()

    numbered = placed(numbering, records)

    for stream in STREAMS:
        arrived = set(of(stream, records))
        missing = min({*range(1, 8)} - arrived)
        assert of(stream, numbered) == list(range(1, missing))
        assert set(numbering.parked.get(stream, ())) == {v for v in arrived if v > missing}


@given(records)
def test_each_record_is_placed_or_parked_or_repeated(records: list[Stored]) -> None:
    numbering = Numbering()

    for record in records:
        arrival = numbering.take(record)
        assert [bool(arrival.placed), bool(arrival.parked), bool(arrival.repeated)].count(True) == 1
        assert record in (*arrival.placed, *arrival.parked, *arrival.repeated)


@given(records, st.lists(st.integers(0, 40), max_size=40))
def test_repetitions_change_no_number(records: list[Stored], delays: list[int]) -> None:
    repeated = [*records]
    for record, delay in zip(records, delays, strict=False):
        repeated.insert(repeated.index(record) + 1 + delay, record)
    first_arrivals = list(dict.fromkeys(repeated))

    assert placed(Numbering(), repeated) == placed(Numbering(), first_arrivals)


@given(records)
def test_numbering_again_gives_the_same_numbers(records: list[Stored]) -> None:
    assert placed(Numbering(), records) == placed(Numbering(), records)


def test_behind_a_gap_a_stream_ends_and_the_rest_waits() -> None:
    numbering = Numbering()

    placed(numbering, [fact("cycle/2021", 1), fact("cycle/2021", 3), fact("cycle/2021", 5)])

    assert numbering.versions == {"cycle/2021": 1}
    assert list(numbering.parked["cycle/2021"]) == [3, 5]


def test_the_missing_fact_frees_what_waited_and_closes_the_gap() -> None:
    numbering = Numbering()
    placed(numbering, [fact("cycle/2021", 2), fact("cycle/2021", 3)])

    arrival = numbering.take(fact("cycle/2021", 1))

    assert of("cycle/2021", arrival.placed) == [1, 2, 3]
    assert numbering.parked == {}


def test_another_stream_goes_on_beside_a_gap() -> None:
    numbering = Numbering()

    numbered = placed(numbering, [fact("cycle/2021", 2), fact("result/2021", 1)])

    assert numbered == [fact("result/2021", 1)]


def test_what_waits_for_nothing_any_more_is_freed_when_a_stream_is_known() -> None:
    numbering = Numbering()
    waiting = {version: fact("cycle/2021", version) for version in (6, 7, 9)}

    freed = numbering.know("cycle/2021", 5, waiting)

    assert of("cycle/2021", freed) == [6, 7]
    assert (numbering.versions["cycle/2021"], list(numbering.parked["cycle/2021"])) == (7, [9])


def test_the_next_fact_is_placed_although_it_waits() -> None:
    waiting = {version: fact("cycle/2021", version) for version in (6, 7)}
    numbering = Numbering({"cycle/2021": 5}, {"cycle/2021": waiting})

    arrival = numbering.take(fact("cycle/2021", 6))

    assert of("cycle/2021", arrival.placed) == [6, 7]
    assert numbering.parked == {}

"""What may be said of a store without asking it, and what must not be."""

from shared.adapters import ends
from shared.adapters.ends import Ends
from shared.events.codec import Stored
from shared.ports import Tracking

SHEET = "submission/2021/so-y-te"


def fact(version: int, trace: str = "") -> Stored:
    return Stored(SHEET, version, "submission.ScoreSubmitted.v1", b"{}", trace)


def read_to_the_end(known: Ends) -> None:
    known.read_stream(SHEET, 1, [fact(2), fact(3)], known.now)
    known.read_log(30, known.now)
    known.read_tracked("react", 20, known.now)


def test_of_what_was_never_read_nothing_is_known() -> None:
    known = Ends()

    assert known.behind(SHEET, 10**9) is None
    assert not known.is_log_read(10**9)
    assert known.tracked("react") is None


def test_what_was_read_to_its_end_has_nothing_new() -> None:
    known = Ends()

    read_to_the_end(known)

    assert [known.behind(SHEET, version) for version in (1, 2, 3)] == [None, [fact(3)], []]
    assert [known.is_log_read(position) for position in (29, 30)] == [False, True]
    assert known.tracked("react") == 20


def test_what_is_written_is_new() -> None:
    known = Ends()
    read_to_the_end(known)

    known.write([fact(4, "a trace")], [31], Tracking("react", 21))

    assert [known.behind(SHEET, version) for version in (2, 3, 4)] == [None, [fact(4)], []]
    assert not known.is_log_read(30)
    assert known.tracked("react") == 21


def test_what_was_found_behind_a_version_is_no_fact_at_it() -> None:
    known = Ends()

    known.read_stream(SHEET, 3, [], known.now)

    assert [known.behind(SHEET, version) for version in (2, 3)] == [None, []]


def test_a_reading_that_was_overtaken_is_not_remembered() -> None:
    known = Ends()
    began = known.now
    known.write([fact(4)], [31], Tracking("react", 21))

    known.read_stream(SHEET, 2, [fact(3)], began)
    known.read_log(30, began)
    known.read_tracked("react", 20, began)

    assert known.behind(SHEET, 3) is None
    assert not known.is_log_read(30)
    assert known.tracked("react") == 21


def test_a_writing_of_which_nobody_knows_the_outcome_leaves_nothing_known() -> None:
    known = Ends()
    began = known.now
    read_to_the_end(known)

    known.forget()
    known.read_stream(SHEET, 2, [fact(3)], began)

    assert known.behind(SHEET, 3) is None
    assert not known.is_log_read(30)
    assert known.tracked("react") is None


def test_not_every_stream_is_remembered_for_ever() -> None:
    known = Ends()
    for number in range(ends.STREAMS_MAX + 1):
        known.read_stream(f"submission/2021/{number}", 1, [], known.now)

    assert known.behind("submission/2021/0", 1) is None
    assert known.behind(f"submission/2021/{ends.STREAMS_MAX}", 1) == []

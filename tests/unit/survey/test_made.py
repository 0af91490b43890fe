"""What was made of something large is made anew when that is another, and not before."""

from collections.abc import Callable

from services.survey.application.made import Made


def counting(calls: list[str]) -> Callable[[str], str]:
    def make(source: str) -> str:
        calls.append(source)
        return source.upper()

    return make


def test_it_is_made_once_for_each_source_of_a_place() -> None:
    calls: list[str] = []
    made = Made(counting(calls))

    found = [made.of("one", "a"), made.of("one", "a"), made.of("other", "a"), made.of("one", "b")]

    assert found == ["A", "A", "A", "B"]
    assert calls == ["a", "a", "b"]


def test_of_too_many_places_the_one_that_was_not_asked_for_longest_is_forgotten() -> None:
    calls: list[str] = []
    made = Made(counting(calls), places_max=2)
    for place in ("one", "two", "one", "three"):
        made.of(place, place)

    made.of("one", "one")
    made.of("two", "two")

    assert calls == ["one", "two", "three", "two"]

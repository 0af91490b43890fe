"""The fold: whole stories, any batching, and entries that cannot be read."""

import string
from collections.abc import Sequence
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.count.flags import KINDS, Subject, Watch, limits
from shared.count.flags.flag import Raised
from shared.count.flags.raising import Raising
from shared.count.flags.told import Ref
from shared.count.flags.words import ENGLISH, SENTENCES, VIETNAMESE
from shared.events import codec
from shared.events.codec import TYPES, Stored
from shared.events.envelope import cycle_of
from shared.ledger.entry import Entry
from tests.support.any_fact import MOMENTS, facts
from tests.support.flagged import LATE, Story, a_bit_of_everything
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.stories import appraisal_story, submission_story, survey_story
from tests.support.told import whole_cycle

few_examples = settings(max_examples=25)


def watched(entries: Sequence[Entry]) -> Watch:
    watch = Watch(CYCLE)
    for entry in entries:
        watch.take(entry)
    return watch


def kinds_of(told: Sequence[Stored]) -> list[str]:
    """The kinds that what a service told of the cycle raises, each at its own time."""
    own = [stored.body for stored in told if cycle_of(stored.stream) == CYCLE]
    watch = watched([Entry(codec.decode(body).context.at, body) for body in own])
    assert (watch.size, list(watch.passed_over)) == (len(own), [])
    return [flag.kind for flag in watch.flags()]


EVERYTHING = a_bit_of_everything().entries


# --- Whole stories


def test_a_cycle_in_which_all_goes_well_raises_nothing() -> None:
    assert kinds_of(whole_cycle()) == []


async def test_a_sheet_that_the_service_takes_in_time_raises_nothing() -> None:
    assert kinds_of(await submission_story()) == []


async def test_a_council_raises_what_it_did_and_nothing_else() -> None:
    assert kinds_of(await appraisal_story()) == [
        "decided-before-answer",
        "decision-reversed-without-news",
        "seconded-at-once",
    ]


async def test_a_survey_raises_what_was_done_to_it_and_nothing_else() -> None:
    assert kinds_of(await survey_story()) == ["answers-excluded-after-closing"]


# --- One entry after the other


@few_examples
@given(st.sets(st.integers(1, len(EVERYTHING))))
def test_whoever_looks_in_between_sees_the_same_in_the_end(looks: set[int]) -> None:
    watch = Watch(CYCLE)
    for number, entry in enumerate(EVERYTHING, start=1):
        watch.take(entry)
        if number in looks:
            assert watch.flags() == watched(EVERYTHING[:number]).flags()

    assert watch.flags() == watched(EVERYTHING).flags()
    assert len({flag.kind for flag in watch.flags()}) > 8


def test_flags_come_in_the_order_of_their_beginnings_each_once() -> None:
    flags = watched(EVERYTHING).flags()

    assert [flag.id for flag in flags] == sorted({flag.id for flag in flags})
    assert [flag.number for flag in flags] == sorted(flag.number for flag in flags)


def test_every_fact_that_is_named_stands_at_its_number() -> None:
    for flag in watched(EVERYTHING).flags():
        assert flag.facts
        for fact in flag.facts:
            assert codec.decode(EVERYTHING[fact.number - 1].fact).id == fact.id
        assert list(flag.facts) == sorted(set(flag.facts))


def test_flags_are_asked_for_by_kind_and_by_agency() -> None:
    watch = watched(EVERYTHING)
    everything = watch.flags()

    for kind in KINDS:
        assert watch.flags(kind) == [flag for flag in everything if flag.kind == kind]
    assert watch.flags(agency="so-y-te") == [
        flag for flag in everything if flag.subject.agency == "so-y-te"
    ]
    assert watch.flags(agency="so-noi-vu") == []


def test_a_flag_that_has_more_facts_than_it_names_says_so_for_good() -> None:
    raising, kind = Raising(), KINDS["answers-excluded-after-closing"]
    facts = tuple(
        Ref(number, f"a/2021@{number}") for number in range(1, 2 + limits.FACTS_NAMED_MAX)
    )
    details = {"responses": "1"}

    raising.take(kind, Raised(Subject(questionnaire="citizens"), facts, 1, details))
    raising.take(kind, Raised(Subject(questionnaire="citizens"), facts[:1], 2, details))

    [flag] = raising.flags(KINDS, {})
    assert (flag.facts, flag.more, flag.count) == (facts[:-1], True, 2)


# --- What cannot be read


def test_an_entry_that_cannot_be_read_is_passed_over_and_named() -> None:
    story = Story()
    body = story.entries[-1].fact
    unknown = body.replace(b"CycleOpened.v1", b"CycleOpened.v9")
    for entry in (b"no fact", unknown, body.replace(b'"cycle":"2021"', b'"cycle":"2020"')):
        story.entries.append(Entry(OPENED_AT, entry))
    story.declare(when=LATE)

    watch = story.watched()

    assert [(each.number, each.code, each.fact) for each in watch.passed_over] == [
        (3, "entry-unreadable", ""),
        (4, "fact-unreadable", f"cycle/{CYCLE}@2"),
        (5, "fact-of-another-cycle", f"cycle/{CYCLE}@2"),
    ]
    assert [(flag.kind, flag.number) for flag in watch.flags()] == [("changed-after-deadline", 6)]


def test_so_many_are_named_and_all_are_counted() -> None:
    watch = watched([Entry(OPENED_AT, b"no fact")] * (limits.PASSED_OVER_NAMED_MAX + 1))

    assert len(watch.passed_over) == limits.PASSED_OVER_NAMED_MAX
    assert watch.passed_over_count == limits.PASSED_OVER_NAMED_MAX + 1


def test_times_without_a_zone_are_taken_for_utc() -> None:
    story = Story()
    story.declare(when=LATE)
    naive = [Entry(each.at, each.fact.replace(b'00Z"', b'00"')) for each in story.entries]
    assert naive != story.entries

    assert watched(naive).flags() == story.flags()


CODES = st.sampled_from(["so-y-te", "1.1", "action-1", "citizens", "department"])
ANYTHING = st.lists(
    st.tuples(
        facts({"cycle": st.just(CYCLE)} | dict.fromkeys(("agency", "item", "action"), CODES)),
        MOMENTS,
        st.sampled_from([None, "council:m-1", "agency:u-1"]),
    ),
    max_size=12,
)


@few_examples
@given(ANYTHING)
def test_whatever_stands_in_the_log_can_be_watched(
    told: Sequence[tuple[object, datetime, str | None]],
) -> None:
    story = Story()
    for fact, when, by in told:
        story.say(f"anything/{CYCLE}", fact, when, by=by)

    watch = story.watched()

    assert watch.size == len(told) + 2
    assert all(flag.vietnamese and flag.english for flag in watch.flags())


# --- The table of kinds


def test_every_kind_has_its_words_and_no_words_are_left_over() -> None:
    assert SENTENCES.keys() == KINDS.keys()


def test_both_languages_speak_of_the_same() -> None:
    for kind, (where, why) in SENTENCES.items():
        for said in (where, why):
            assert _named(said[VIETNAMESE]) == _named(said[ENGLISH]), kind


def test_every_kind_looks_at_facts_that_there_are() -> None:
    for kind in KINDS.values():
        assert kind.at
        assert set(kind.at) <= set(TYPES.values())


def test_a_threshold_is_stated_as_it_is() -> None:
    for kind in KINDS.values():
        for name, value in kind.parameters.items():
            assert getattr(limits, name.upper()) == value


def _named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

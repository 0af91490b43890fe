"""Handling a command: recorded whole or not at all, and safe to say twice."""

from dataclasses import replace

import pytest
from msgspec import structs

from shared.adapters.memory import MemoryEventStore
from shared.events import codec
from shared.events.envelope import Context, Recorded, caused_by
from shared.kernel.decider import Fold
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Tracking
from shared.runtime.handle import READ_FACTS_MAX, Handler, Outcome
from tests.support.claims import AT, STREAM, amounts, claim, claimed, decider, stored
from tests.support.failing import FailingEventStore, Fate, everything, stream_of
from tests.support.outdated import Outdated

PLAIN = Context(AT, actor="agency:4711")
KEYED = structs.replace(PLAIN, idempotency_key="a-key", request_digest="a-digest")
OTHER_KEY = structs.replace(KEYED, idempotency_key="another-key")


async def test_what_follows_from_a_command_is_recorded_and_told() -> None:
    store = MemoryEventStore()

    outcome = await Handler(store).handle(STREAM, decider, claim("1", "2"), PLAIN)

    assert outcome == Outcome((f"{STREAM}@1", f"{STREAM}@2"), 2, ("1", "2"))
    assert [codec.decode(fact.body) for fact in await everything(store)] == [
        Recorded(STREAM, 1, "submission.ScoreSubmitted.v1", PLAIN, claimed("1")),
        Recorded(STREAM, 2, "submission.ScoreSubmitted.v1", PLAIN, claimed("2")),
    ]


async def test_facts_follow_those_that_are_there() -> None:
    store = MemoryEventStore()
    await store.append([stored(1, "1"), stored(2, "2")])

    outcome = await Handler(store).handle(STREAM, decider, claim("3"), PLAIN)

    assert outcome == Outcome((f"{STREAM}@3",), 3, ("1", "2", "3"))


async def test_what_changes_nothing_is_no_news() -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1"), PLAIN)

    outcome = await handler.handle(STREAM, decider, claim("1"), PLAIN)

    assert outcome == Outcome((), 1, ("1",))
    assert await everything(store) == [stored(1, "1", context=PLAIN)]


async def test_what_is_refused_leaves_nothing_behind() -> None:
    store = MemoryEventStore()
    handler = Handler(store)

    with pytest.raises(Refused, match="points-below-zero"):
        await handler.handle(STREAM, decider, claim("1", "-1"), PLAIN)

    assert await everything(store) == []
    assert await handler.load(STREAM, decider) == ()


# --- What was acknowledged, and what was not


async def test_what_was_not_recorded_is_not_believed() -> None:
    store = FailingEventStore("fails")
    handler = Handler(store)

    with pytest.raises(Unavailable):
        await handler.handle(STREAM, decider, claim("1", "2"), PLAIN)

    assert await handler.load(STREAM, decider) == ()
    assert await everything(store) == []


async def test_a_request_whose_answer_was_lost_is_recorded_once_when_said_again() -> None:
    store = FailingEventStore("works, and the answer is lost")
    handler = Handler(store)
    with pytest.raises(Unavailable):
        await handler.handle(STREAM, decider, claim("1", "2"), KEYED)

    outcome = await handler.handle(STREAM, decider, claim("1", "2"), KEYED)

    assert outcome == Outcome((f"{STREAM}@1", f"{STREAM}@2"), 2, ("1", "2"))
    assert amounts(await everything(store)) == ["1", "2"]


async def test_a_state_shows_what_another_process_recorded() -> None:
    store = MemoryEventStore()
    one, other = Handler(store), Handler(store)
    await one.handle(STREAM, decider, claim("1"), PLAIN)
    await other.handle(STREAM, decider, claim("2"), PLAIN)

    assert await one.load(STREAM, decider) == ("1", "2")


async def test_the_stream_of_another_service_is_folded_without_a_decision() -> None:
    store = MemoryEventStore()
    await store.append([stored(1, "1"), stored(2, "2")])

    copied = await Handler(store).load(STREAM, Fold(decider.initial, decider.evolve))

    assert copied == ("1", "2")


@pytest.mark.parametrize("length", [0, 1, READ_FACTS_MAX, READ_FACTS_MAX + 1])
async def test_a_stream_of_any_length_is_folded_whole(length: int) -> None:
    store = MemoryEventStore()
    await store.append([stored(version, str(version)) for version in range(1, length + 1)])

    claims = await Handler(store).load(STREAM, decider)

    assert claims == tuple(map(str, range(1, length + 1)))


async def test_bytes_of_another_place_are_never_believed() -> None:
    store = MemoryEventStore()
    await store.append([structs.replace(stored(2, "1"), version=1)])

    with pytest.raises(AssertionError, match="@1 holds the bytes of"):
        await Handler(store).load(STREAM, decider)


# --- Idempotency keys


async def test_the_same_request_again_gives_the_first_facts_and_adds_none() -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1", "2"), KEYED)
    await handler.handle(STREAM, decider, claim("3"), OTHER_KEY)

    again = await handler.handle(STREAM, decider, claim("1", "2"), KEYED)

    assert again == Outcome((f"{STREAM}@1", f"{STREAM}@2"), 3, ("1", "2", "3"))
    assert amounts(await everything(store)) == ["1", "2", "3"]


async def test_a_key_is_remembered_by_the_facts_and_so_by_every_process() -> None:
    store = MemoryEventStore()
    await Handler(store).handle(STREAM, decider, claim("1"), KEYED)

    again = await Handler(store).handle(STREAM, decider, claim("1"), KEYED)

    assert again == Outcome((f"{STREAM}@1",), 1, ("1",))


async def test_a_request_said_again_is_answered_though_it_would_be_refused_by_now() -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    first = await handler.handle(STREAM, decider, claim("1"), KEYED)

    def closed(*_: object) -> list[object]:
        raise Refused("submission-locked")

    again = await handler.handle(STREAM, replace(decider, decide=closed), claim("1"), KEYED)

    assert again == first


@pytest.mark.parametrize("digest", ["another-digest", None])
async def test_a_key_of_another_request_is_refused(digest: str | None) -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1"), KEYED)

    with pytest.raises(Refused, match="idempotency-key-reused") as refusal:
        await handler.handle(
            STREAM, decider, claim("2"), structs.replace(KEYED, request_digest=digest)
        )

    assert refusal.value.details == {"key": "a-key"}
    assert amounts(await everything(store)) == ["1"]


async def test_a_refused_request_does_not_use_up_its_key() -> None:
    handler = Handler(MemoryEventStore())
    with pytest.raises(Refused):
        await handler.handle(STREAM, decider, claim("-1"), KEYED)

    outcome = await handler.handle(
        STREAM, decider, claim("1"), structs.replace(KEYED, request_digest="another-digest")
    )

    assert outcome.facts == (f"{STREAM}@1",)


async def test_without_a_key_each_request_stands_for_itself() -> None:
    store = MemoryEventStore()
    handler = Handler(store)

    await handler.handle(STREAM, decider, claim("1"), PLAIN)
    await handler.handle(STREAM, decider, claim("2"), PLAIN)

    assert amounts(await everything(store)) == ["1", "2"]


# --- Tracking: the cause of a command, and that it was dealt with


async def test_the_tracking_is_recorded_with_the_facts() -> None:
    store = MemoryEventStore()

    await Handler(store).handle(STREAM, decider, claim("1"), PLAIN, tracking=Tracking("react", 7))

    assert (await store.tracked("react"), amounts(await everything(store))) == (7, ["1"])


@pytest.mark.parametrize("fate", ["fails", "works, and the answer is lost"])
async def test_facts_and_tracking_are_recorded_both_or_neither(fate: Fate) -> None:
    store = FailingEventStore(fate)
    handler = Handler(store)

    with pytest.raises(Unavailable):
        await handler.handle(STREAM, decider, claim("1"), PLAIN, tracking=Tracking("react", 7))

    recorded = len(await stream_of(store, STREAM))
    assert await store.tracked("react") == 7 * recorded


async def test_no_news_is_tracked_too() -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1"), PLAIN)

    outcome = await handler.handle(
        STREAM, decider, claim("1"), PLAIN, tracking=Tracking("react", 7)
    )

    assert outcome == Outcome((), 1, ("1",))
    assert await store.tracked("react") == 7


async def test_a_request_said_again_is_tracked_too() -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    first = await handler.handle(STREAM, decider, claim("1"), KEYED)

    again = await handler.handle(STREAM, decider, claim("1"), KEYED, tracking=Tracking("react", 7))

    assert again == first
    assert await store.tracked("react") == 7


@pytest.mark.parametrize("points", ["1", "2"])
async def test_a_cause_that_was_dealt_with_leads_to_nothing_more(points: str) -> None:
    store = MemoryEventStore()
    handler = Handler(store)
    await handler.handle(STREAM, decider, claim("1"), PLAIN, tracking=Tracking("react", 7))

    with pytest.raises(Conflict, match="already-tracked"):
        await handler.handle(STREAM, decider, claim(points), PLAIN, tracking=Tracking("react", 7))

    assert amounts(await everything(store)) == ["1"]
    assert await handler.load(STREAM, decider) == ("1",)


# --- What this version cannot read


async def test_a_stream_with_a_fact_of_the_future_is_unavailable_and_the_others_are_not() -> None:
    store, other = MemoryEventStore(), STREAM.replace("so-y-te", "so-noi-vu")
    await store.append([stored(1, "1"), stored(2, "2"), stored(1, "1", other)])
    handler = Handler(Outdated(store, [f"{STREAM}@2"]))

    with pytest.raises(Unavailable, match="stream-unreadable") as raised:
        await handler.handle(STREAM, decider, claim("3"), PLAIN)
    with pytest.raises(Unavailable, match="stream-unreadable"):
        await handler.load(STREAM, decider)

    assert raised.value.details == {"fact": f"{STREAM}@2"}
    assert amounts(await stream_of(store, STREAM)) == ["1", "2"]
    assert (await handler.handle(other, decider, claim("3"), PLAIN)).state == ("1", "3")


# --- Causes


def test_what_follows_from_a_fact_names_it_as_its_cause() -> None:
    cause = Recorded(STREAM, 3, "submission.ScoreSubmitted.v1", Context(AT), claimed("1"))

    assert caused_by(cause, PLAIN) == structs.replace(
        PLAIN, causation_id=f"{STREAM}@3", correlation_id=f"{STREAM}@3"
    )


def test_a_correlation_goes_on_through_all_that_follows() -> None:
    context = Context(AT, correlation_id="the-request")
    cause = Recorded(STREAM, 3, "submission.ScoreSubmitted.v1", context, claimed("1"))

    assert caused_by(cause, PLAIN).correlation_id == "the-request"

"""What has to be true of every world that has come to rest, whatever befell it.

Each promise is a generator of sentences, one for each way in which it was broken.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from services.ranking.application.notes import ALARM, CHECKPOINT
from shared.count.replay import Replay
from shared.events import appraisal, codec, ranking, submission, survey
from shared.events.envelope import Recorded, cycle_of
from shared.ledger import checkpoint, entry, note
from shared.ledger.merkle import Tree
from shared.ports import Delivery
from shared.runtime.number import LEDGER
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.remains import Remains, by_stream
from tests.faults.simulator.topic import NOISE
from tests.support.wanted import WANTED

PUBLICATIONS_BY_TURNS = 4


def what_was_acknowledged_is_recorded_once(remains: Remains) -> Iterator[str]:
    """A caller's facts are in the log, under the key of the request, and no others are."""
    by_key: dict[str, list[str]] = {}
    for fact in chain.from_iterable(remains.recorded.values()):
        if fact.context.idempotency_key is not None:
            by_key.setdefault(fact.context.idempotency_key, []).append(fact.id)
    for key, told in remains.world.told.facts.items():
        if by_key.get(key, []) != list(told):
            yield f"{key} was told {told}, and recorded is {by_key.get(key)}"


def streams_have_no_holes(remains: Remains) -> Iterator[str]:
    """Versions are 1, 2, 3, ..., and the bytes are those of their place."""
    for stream, facts in by_stream(remains.facts).items():
        versions = [fact.version for fact in facts]
        if versions != list(range(1, len(facts) + 1)):
            yield f"{stream} has the versions {versions}"
        if any(codec.head(fact.body).id != fact.id for fact in facts):
            yield f"{stream} holds a fact of another place"


def the_ledger_holds_every_fact_once(remains: Remains) -> Iterator[str]:
    """Numbers are 1, 2, 3, ..., and behind them are the very bytes that the services recorded."""
    facts: dict[str, list[bytes]] = {cycle: [] for cycle in (the.CYCLE, the.OTHER_CYCLE)}
    for fact in remains.facts:
        facts[cycle_of(fact.stream)].append(fact.body)
    for cycle, bodies in facts.items():
        kept = remains.numbered.get(LEDGER + cycle, ())
        if [each.version for each in kept] != list(range(1, len(kept) + 1)):
            yield f"the ledger of {cycle} has other numbers than 1, 2, 3, ..."
        numbered = Counter(remains.ledger(cycle))
        yield from _differences(f"the ledger of {cycle}", numbered, Counter(bodies))


def inboxes_hold_what_was_said(remains: Remains) -> Iterator[str]:
    """Each service has every fact of the streams that it wants, in their order, once."""
    for name, heard in remains.heard.items():
        wanted = [fact for fact in remains.facts if services.is_wanted(name)(fact.stream)]
        known = [fact for fact in heard if services.is_wanted(name)(fact.stream)]
        yield from _differences(
            f"the inbox of {name}",
            Counter(fact.body for fact in known),
            Counter(fact.body for fact in wanted),
        )
        for stream, facts in by_stream(known).items():
            if [fact.version for fact in facts] != list(range(1, len(facts) + 1)):
                yield f"the inbox of {name} has {stream} in another order"


def what_went_on_waits_no_more(remains: Remains) -> Iterator[str]:
    """No stream is parked or stopped, and what was altered on its way, or is no fact, is listed."""
    noise = sum(record.body == NOISE for record in remains.records)
    for name, waiting in remains.waiting.items():
        for parked in waiting.parked:
            yield f"{name} still waits for {parked.missing}"
        for stopped in waiting.stopped:
            yield f"{name} still stops at {stopped.fact}: {stopped.because}"
        wanted = services.is_wanted(name) if name in WANTED else bool
        altered = {fact for fact in _altered(remains.records) if wanted(fact)}
        if set(waiting.altered) != altered:
            yield f"{name} lists {waiting.altered} as altered, and {altered} were"
        if len(waiting.unreadable) != noise:
            yield f"{name} lists {len(waiting.unreadable)} of {noise} records that are no facts"


def each_cause_has_one_effect(remains: Remains) -> Iterator[str]:
    """A lock opens the appraisal, a seconded action the sheet, and none of them twice."""
    said = [*remains.recorded["submission"], *remains.recorded["appraisal"]]
    effects = Counter((fact.context.causation_id, fact.type) for fact in said)
    locks: dict[str, str] = {}
    for cause in said:
        match cause.data:
            case submission.SubmissionLocked() as fact:
                locks.setdefault(fact.agency, cause.id)
            case appraisal.ActionSeconded(kind="reopen-submission"):
                wanted = effects[cause.id, "submission.SubmissionReopened.v1"]
                if wanted != 1:
                    yield f"{cause.id} reopened a sheet {wanted} times"
            case _:
                pass
    for cause_id in locks.values():
        opened = effects[cause_id, "appraisal.AppraisalOpened.v1"]
        if opened != 1:
            yield f"{cause_id} opened an appraisal {opened} times"
    yield from _what_was_changed_is_due(said)


def _what_was_changed_is_due(said: list[Recorded]) -> Iterator[str]:
    """What an agency declares last is what the council has decided on."""
    declared = {
        (fact.data.agency, fact.data.item): fact.id
        for fact in said
        if isinstance(fact.data, submission.ScoreSubmitted)
    }
    decided = {
        (fact.data.agency, fact.data.item): fact.data.declaration
        for fact in said
        if isinstance(fact.data, appraisal.ScoreRecognised | appraisal.ScoreRejected)
    }
    for place, declaration in declared.items():
        if decided.get(place) != declaration:
            yield f"{declaration} was declared, and decided on is {decided.get(place)}"


def answers_are_counted_once(remains: Remains) -> Iterator[str]:
    """Every answer that a respondent knows to be given is in one batch, and no other is."""
    counted: Counter[tuple[str, ...]] = Counter()
    for fact in remains.recorded["survey"]:
        match fact.data:
            case survey.ResponsesCounted(responses=responses):
                counted.update((each.agency, *each.answers.values()) for each in responses)
            case survey.SurveyClosed(responses=total) if total != counted.total():
                yield f"the survey was closed with {total} responses, counted {counted.total()}"
            case _:
                pass
    yield from _differences("the batches", counted, remains.world.told.answers)


def tables_agree(remains: Remains) -> Iterator[str]:
    """Live, and from the facts alone in another order of their streams: one and the same table."""
    live = remains.world.running("ranking").ledgers.read[the.CYCLE].count()
    facts = [fact for fact in remains.facts if cycle_of(fact.stream) == the.CYCLE]
    recounted = _count(fact.body for fact in sorted(facts, key=attrgetter("stream")))
    if recounted.digest != live.basis.digest:
        yield "the live table is not the one that the facts come to"
    records = [record for record in remains.records if record.key == the.CYCLE]
    altered = {f"entry-altered {fact}" for fact in _altered(records)}
    found = {f"{hindrance.code} {hindrance.fact}" for hindrance in live.hindrances}
    for hindrance in sorted(found ^ altered):
        yield f"this stands against the table, or should: {hindrance}"


def _altered(records: Sequence[Delivery]) -> set[str]:
    """The facts that the topic tells in more than one way."""
    told: dict[str, set[bytes]] = {}
    for record in records:
        if record.body != NOISE:
            told.setdefault(codec.head(record.body).id, set()).add(record.body)
    return {fact for fact, bodies in told.items() if len(bodies) > 1}


def what_was_published_can_be_counted_again(remains: Remains) -> Iterator[str]:
    """The ledger's bytes up to the published number come to the published table; by turns."""
    if remains.world.seed % PUBLICATIONS_BY_TURNS:
        return
    for recorded in remains.recorded["ranking"]:
        match recorded.data:
            case ranking.ResultPublished(basis=basis):
                if _count(remains.ledger()[: basis.position]) != basis:
                    yield f"{recorded.id} cannot be counted again"
            case _:
                pass


def what_was_signed_stands(remains: Remains) -> Iterator[str]:
    """Whoever signed, and however often it died: one history, and no alarm."""
    for stream, kept in remains.signed.items():
        kind, cycle = stream.split("/")
        if f"{kind}/" == ALARM:
            yield f"there was an alarm: {kept}"
        if f"{kind}/" != CHECKPOINT:
            continue
        facts = remains.ledger(cycle)
        notes = [note.from_bytes(entry.from_bytes(each.body).fact) for each in kept]
        signed = [checkpoint.from_text(each.text) for each in notes]
        if [each.version for each in kept] != list(range(1, len(kept) + 1)):
            yield f"{stream} has other numbers than 1, 2, 3, ..."
        if sorted({each.size for each in signed}) != [each.size for each in signed]:
            yield f"{stream} does not grow"
        if any(Tree(facts[: each.size]).root() != each.root for each in signed):
            yield f"{stream} is not what the ledger comes to"


def what_was_published_is_signed(remains: Remains) -> Iterator[str]:
    """The newest checkpoint has every fact of the result."""
    for cycle in (the.CYCLE, the.OTHER_CYCLE):
        places = [codec.head(fact).stream for fact in remains.ledger(cycle)]
        last = max(
            (n for n, place in enumerate(places, 1) if place == f"result/{cycle}"), default=0
        )
        kept = remains.signed.get(CHECKPOINT + cycle, ())
        texts = [note.from_bytes(entry.from_bytes(each.body).fact).text for each in kept]
        if places and max((checkpoint.from_text(text).size for text in texts), default=-1) < last:
            yield f"no checkpoint of {cycle} has its last result"


def _count(facts: Iterable[bytes]) -> ranking.Basis:
    replay = Replay(the.CYCLE)
    for fact in facts:
        replay.take(fact)
    return replay.count().basis


def _differences(where: str, found: Counter[Any], wanted: Counter[Any]) -> Iterator[str]:
    lost, doubled = (wanted - found).total(), (found - wanted).total()
    if lost or doubled:
        yield f"{where}: {lost} lost, {doubled} too many"


PROMISES: tuple[Callable[[Remains], Iterator[str]], ...] = (
    what_was_acknowledged_is_recorded_once,
    streams_have_no_holes,
    the_ledger_holds_every_fact_once,
    inboxes_hold_what_was_said,
    what_went_on_waits_no_more,
    each_cause_has_one_effect,
    answers_are_counted_once,
    tables_agree,
    what_was_published_can_be_counted_again,
    what_was_signed_stands,
    what_was_published_is_signed,
)

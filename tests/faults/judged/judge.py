"""The judge: what the clients know is held against what is left of the system.

Each finding begins with what was broken: `lost`, `doubled`, `invented`, ... No finding, and
everything that was promised was kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.events import codec, survey
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from tests.faults.judged.diary import Diary, answer
from tests.faults.judged.remains import CRASH, Kept, Remains
from tests.support.wanted import WANTED


def findings(diary: Diary, remains: Remains) -> list[str]:
    """Everything that should not be."""
    return [
        *(f"complaint: {complaint}" for complaint in diary.complaints),
        *_of_facts(diary, remains),
        *_of_streams(remains),
        *_of_the_topic(remains),
        *_of_the_ledger(remains),
        *_of_the_inboxes(remains),
        *_of_answers(diary, remains),
        *_of_receipts(diary, remains),
        *_of_turnout(diary, remains),
        *_of_files(diary, remains),
        *_of_explanations(diary, remains),
        *_of_documents(remains),
        *_of_the_count(remains),
        *_of_the_log(remains),
    ]


def counted(remains: Remains) -> Counter[str]:
    """The answers that stand in the facts, whoever gave them."""
    return Counter(
        answer(response.agency, response.answers)
        for batch in _batches(remains)
        for response in batch.responses
    )


def unheard(diary: Diary, remains: Remains) -> int:
    """How often something was committed, and the reply did not reach whoever asked for it.

    A PUT says so when it is sent again and is no news; of a POST nobody can tell.
    """
    recorded = {
        context.correlation_id
        for facts in remains.stores.values()
        for context in (_decoded(fact).context for fact in facts)
    }
    return diary.unheard + sum(
        said.unanswered > 0 and not said.facts and name in recorded
        for name, said in diary.said.items()
    )


def _of_facts(diary: Diary, remains: Remains) -> Iterator[str]:
    """What was acknowledged is there, and what is there was asked for, once."""
    stored = [fact for facts in remains.stores.values() for fact in facts]
    known = {fact.id for fact in stored}
    yield from (f"lost: {fact} was acknowledged" for fact in diary.facts if fact not in known)
    by_request: dict[str, list[Recorded]] = {}
    by_cause: Counter[tuple[Any, ...]] = Counter()
    for recorded in map(_decoded, stored):
        context = recorded.context
        if context.causation_id is not None:
            by_cause[_place(recorded)] += 1
        elif context.correlation_id is not None:
            by_request.setdefault(context.correlation_id, []).append(recorded)
    yield from (f"doubled: {place}" for place, number in by_cause.items() if number > 1)
    for name, facts in by_request.items():
        yield from _of_a_request(diary, name, facts)


def _of_a_request(diary: Diary, name: str, facts: list[Recorded]) -> Iterator[str]:
    ids = [fact.id for fact in facts]
    if name not in diary.said:
        yield f"invented: {ids}, which nobody asked for"
        return
    said = diary.said[name]
    places = Counter(_place(fact) for fact in facts)
    if max(places.values()) > 1 or (said.facts and set(said.facts) != set(ids)):
        yield f"doubled: {said.request} led to {ids}, and was answered with {said.facts}"
    if said.status is not None and said.status >= 400:
        yield f"invented: {said.request} led to {ids}, and was answered with {said.status}"


def _place(recorded: Recorded) -> tuple[Any, ...]:
    """What a request or a cause can say but once."""
    data, context = recorded.data, recorded.context
    item = getattr(data, "item", "")
    item = getattr(item, "item", item)
    part = (getattr(data, "tier", ""), item, getattr(data, "evidence", ""))
    cause = context.causation_id or context.correlation_id
    return cause, recorded.stream, recorded.type, part


def _of_streams(remains: Remains) -> Iterator[str]:
    for service, facts in remains.stores.items():
        yield from (f"gap: {fact} in {service}" for fact in _misplaced(facts))
    first = {fact.id: fact for fact in map(_head, reversed(remains.topic))}
    told = dict.fromkeys(_head(body).id for body in remains.topic)
    yield from (f"gap: {fact} in the topic" for fact in _misplaced(first[each] for each in told))


def _misplaced(facts: Iterable[Stored]) -> Iterator[str]:
    """Facts that are not the next ones of their streams."""
    versions: dict[str, int] = {}
    for fact in facts:
        if fact.version != versions.get(fact.stream, 0) + 1:
            yield fact.id
        versions[fact.stream] = fact.version


def _of_the_topic(remains: Remains) -> Iterator[str]:
    """Everything is told, perhaps more than once, but never with other bytes."""
    told: dict[str, set[bytes]] = {}
    for body in remains.topic:
        told.setdefault(_head(body).id, set()).add(body)
    recorded = _recorded(remains)
    yield from (f"lost: {fact} is not in the topic" for fact in recorded.keys() - told.keys())
    yield from (f"invented: {fact} in the topic" for fact in told.keys() - recorded.keys())
    for fact in told.keys() & recorded.keys():
        if told[fact] != {recorded[fact]}:
            yield f"altered: {fact} in the topic"


def _of_the_ledger(remains: Remains) -> Iterator[str]:
    """Everything is numbered once, with the bytes that were recorded."""
    numbered = [_head(body) for body in remains.ledger]
    yield from _of_copies("the ledger", numbered, _recorded(remains))
    yield from _set_aside("the ledger", remains.kept["ranking"])


def _of_the_inboxes(remains: Remains) -> Iterator[str]:
    """Everything is heard once by whoever wants it, with the bytes that were recorded."""
    recorded = _recorded(remains)
    for service, heard in remains.inboxes.items():
        wanted = {fact: recorded[fact] for fact in recorded if fact.startswith(WANTED[service])}
        yield from _of_copies(f"the inbox of {service}", heard, wanted)
        yield from _set_aside(f"the inbox of {service}", remains.kept[service])


def _of_copies(
    where: str, copies: Sequence[Stored], recorded: Mapping[str, bytes]
) -> Iterator[str]:
    """What was kept of others is what they recorded: all of it, once, in its order, as it was."""
    numbers = Counter(fact.id for fact in copies)
    bodies = {fact.id: fact.body for fact in copies}
    yield from (f"gap: {fact} in {where}" for fact in _misplaced(copies))
    yield from (f"doubled: {fact} in {where}" for fact, number in numbers.items() if number > 1)
    yield from (f"lost: {fact} is not in {where}" for fact in recorded.keys() - bodies.keys())
    yield from (f"invented: {fact} in {where}" for fact in bodies.keys() - recorded.keys())
    for fact in bodies.keys() & recorded.keys():
        if bodies[fact] != recorded[fact]:
            yield f"altered: {fact} in {where}"


def _set_aside(where: str, kept: Kept) -> Iterator[str]:
    yield from (f"set aside: {fact} beside {where}" for fact in kept.beside)


def _of_answers(diary: Diary, remains: Remains) -> Iterator[str]:
    """Every answer that was acknowledged counts once; what is unknown may count."""
    found = counted(remains)
    yield from (f"lost answer: {given}" for given in (diary.taken - found).elements())
    surplus = found - diary.taken - diary.unknown
    yield from (f"doubled answer: {given}" for given in surplus.elements())


def _of_receipts(diary: Diary, remains: Remains) -> Iterator[str]:
    """Every receipt that was acknowledged stands in the log once; a batch has one an answer."""
    found = Counter(receipt for batch in _batches(remains) for receipt in batch.receipts)
    yield from (f"lost receipt: {each}" for each in diary.receipts - found.keys())
    yield from (f"doubled receipt: {each}" for each, number in found.items() if number > 1)
    for batch in _batches(remains):
        if len(batch.receipts) != len(batch.responses):
            yield f"batch {batch.batch} of {batch.questionnaire} has too few receipts or too many"


def _batches(remains: Remains) -> Iterator[survey.ResponsesCounted]:
    for recorded in map(_decoded, remains.stores["survey"]):
        if isinstance(recorded.data, survey.ResponsesCounted):
            yield recorded.data


def _of_turnout(diary: Diary, remains: Remains) -> Iterator[str]:
    for name, agencies in remains.told.turnout.items():
        invited = sum(each["invited"] for each in agencies.values())
        answered = sum(each["answered"] for each in agencies.values())
        tokens, used = len(diary.tokens.get(name, ())), diary.used.get(name, 0)
        if invited != tokens:
            yield f"turnout: {invited} are invited to {name}, who got {tokens} tokens"
        if not used <= answered <= used + diary.unknown.total():
            yield f"turnout: {answered} tokens of {name} are spent, and {used} were taken"


def _of_files(diary: Diary, remains: Remains) -> Iterator[str]:
    yield from (f"lost file: {name}" for name in diary.files - remains.files.keys())
    yield from (f"torn file: {name}" for name, digest in remains.files.items() if name != digest)


def _of_explanations(diary: Diary, remains: Remains) -> Iterator[str]:
    """Sealed texts open, and say what was acknowledged last."""
    for (agency, item), text in diary.explained.items():
        found = remains.told.explained.get((agency, item))
        if found != text:
            yield f"lost text: {agency} {item}: {text!r}, found {found!r}"


def _of_documents(remains: Remains) -> Iterator[str]:
    """What is shown is what the facts come to."""
    for kept in remains.kept.values():
        for name, rebuilt in kept.rebuilt.items():
            shown: Mapping[str, Any] = kept.shown[name]
            for key in sorted(shown.keys() | rebuilt.keys()):
                if shown.get(key) != rebuilt.get(key):
                    yield f"document: {name} {key} differs from its rebuild"


def _of_the_count(remains: Remains) -> Iterator[str]:
    """The table is the one that anybody counts from the exported facts."""
    verified = remains.verified
    yield from (f"verifier: {fault}" for fault in verified.get("faults", ()))
    if remains.told.facts != b"".join(body + b"\n" for body in remains.ledger):
        yield "export: other bytes than those of the ledger"
    if (verified.get("root"), verified.get("digest")) != (
        remains.told.ledger["root"],
        remains.told.digest,
    ):
        yield f"verifier: {verified.get('digest')}, and {remains.told.digest} is shown"
    yield from (f"verifier: {claim['fact']}" for claim in verified["claims"] if not claim["holds"])


def _of_the_log(remains: Remains) -> Iterator[str]:
    """The system itself had nothing to regret."""
    for line in remains.log.splitlines():
        if " ERROR " in line or " WARNING " in line or CRASH in line:
            yield f"log: {line}"


def _recorded(remains: Remains) -> Mapping[str, bytes]:
    return {fact.id: fact.body for facts in remains.stores.values() for fact in facts}


def _head(body: bytes) -> Stored:
    return codec.head(body)


def _decoded(fact: Stored) -> Recorded:
    return codec.decode(fact.body)

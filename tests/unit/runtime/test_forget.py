"""Forgetting: what facts say is done by each service, once they are heard, whatever happens."""

from datetime import UTC, date, datetime

import pytest
from msgspec import structs

from shared.adapters.memory import MemoryDirectory, MemoryEventStore, MemoryKeys, memory_seals
from shared.adapters.sealing import open_seals
from shared.events import codec, ranking
from shared.events.codec import Stored
from shared.events.envelope import Context, Sealed
from shared.kernel.errors import Unavailable
from shared.ports import Look, Person, Seals
from shared.runtime.forget import Forgetter
from shared.runtime.pulse import Progress

NOW = datetime(2022, 2, 1, tzinfo=UTC)
WHY = Sealed(key="a-key", text="c2VhbGVk")
AN = Person("p-an", "https://sso.example", "an", "Nguyễn Văn An")
LOOK = Look(NOW, "auditor:p-kt", "Thanh tra.")


def told(version: int, fact: object, cycle: str = "2021") -> Stored:
    return codec.encode(ranking.privacy_of(cycle), version, Context(NOW), fact)


def proposed(key: str) -> ranking.ShreddingProposed:
    texts = (ranking.SealedText(fact="submission/2021/so-y-te@1", key=key),)
    return ranking.ShreddingProposed(
        cycle="2021", shredding="shredding-1", person="", texts=texts, because=WHY
    )


def shredded(*keys: str) -> ranking.TextsShredded:
    texts = tuple(ranking.SealedText(fact="submission/2021/so-y-te@1", key=key) for key in keys)
    return ranking.TextsShredded(cycle="2021", shredding="shredding-1", texts=texts, because=WHY)


def forgotten(person: str) -> ranking.PersonForgotten:
    return ranking.PersonForgotten(cycle="2021", person=person, because=WHY)


class Place:
    """One service: what it heard, and what it keeps apart from its facts."""

    def __init__(self, seals: Seals) -> None:
        self.inbox, self.store = MemoryEventStore(), MemoryEventStore()
        self.seals, self.directory = seals, MemoryDirectory()
        self.forgetter = Forgetter(self.inbox, self.store, seals, self.directory)


async def test_a_proposal_shreds_nothing_and_what_was_seconded_does() -> None:
    place = Place(memory_seals())
    mine, other = await place.seals.seal("của tôi"), await place.seals.seal("khác")

    await place.inbox.append([told(1, proposed(mine.key))])
    await place.forgetter.step()
    before = await place.seals.open(mine)
    await place.inbox.append([told(2, shredded(mine.key, "key-of-another-service"))])
    await place.forgetter.step()

    assert before == "của tôi"
    assert await place.seals.open(mine) is None
    assert await place.seals.open(other) == "khác"


async def test_a_person_is_forgotten_once_for_each_time_that_it_was_said() -> None:
    place = Place(memory_seals())
    await place.directory.meet(AN, "agency", date(2021, 11, 15))
    await place.inbox.append([told(1, forgotten("p-an"))])

    first = await place.forgetter.step()
    entry = await place.directory.look_up("p-an", LOOK)
    await place.directory.meet(AN, "agency", date(2022, 3, 1))
    second = await place.forgetter.step()

    assert (first, second) == (1, 0)
    assert entry is None
    assert await place.directory.look_up("p-an", LOOK) is not None


class FailingKeys(MemoryKeys):
    """Keys that are away for a while."""

    away = True

    async def remove(self, name: str) -> None:
        """Forget a key, unless they are away."""
        if self.away:
            raise Unavailable("database-unavailable")
        await super().remove(name)


async def test_what_could_not_be_forgotten_is_forgotten_later() -> None:
    keys = FailingKeys()
    place = Place(await open_seals(keys))
    mine = await place.seals.seal("của tôi")
    await place.inbox.append([told(1, shredded(mine.key)), told(2, forgotten("p-an"))])

    with pytest.raises(Unavailable):
        await place.forgetter.step()
    failing = await place.forgetter.progress()
    keys.away = False
    await place.forgetter.step()

    assert failing == Progress(0, 2)
    assert await place.forgetter.progress() == Progress(2, 2)
    assert await place.seals.open(mine) is None


async def test_each_cycle_is_followed_by_itself() -> None:
    place = Place(memory_seals())
    one, other = await place.seals.seal("2021"), await place.seals.seal("2022")
    await place.inbox.append([told(1, shredded(one.key))])
    await place.inbox.append([told(1, shredded(other.key), cycle="2022")])

    done = await place.forgetter.step()

    assert done == 2
    assert [await place.seals.open(each) for each in (one, other)] == [None, None]


async def test_a_fact_that_cannot_be_read_stops_its_stream_and_no_other_and_is_told() -> None:
    place = Place(memory_seals())
    before, behind, other = [await place.seals.seal(text) for text in ("1", "3", "2022")]
    later = told(2, forgotten("p-an"))
    unread = structs.replace(
        later, body=later.body.replace(b"PersonForgotten.v1", b"PersonForgotten.v9")
    )
    facts = [told(1, shredded(before.key)), unread, told(3, shredded(behind.key))]
    await place.inbox.append(facts)
    await place.inbox.append([told(1, shredded(other.key), cycle="2022")])

    turns = [await place.forgetter.step(), await place.forgetter.step()]

    assert turns == [2, 0]
    opened = [await place.seals.open(each) for each in (before, behind, other)]
    assert opened == [None, "3", None]
    assert await place.forgetter.progress() == Progress(2, 4, "log-unreadable")

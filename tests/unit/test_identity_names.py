"""What people are called in facts: the same everywhere, and nothing that tells who they are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.identity import OPAQUE, Given, KeyedNames, Meeting, id_of, own_key
from shared.adapters.identity import meeting as meeting_module
from shared.adapters.identity.meeting import MET_AGAIN
from shared.adapters.identity.naming import ReadableNames, names_of
from shared.adapters.memory import MemoryClock, MemoryDirectory
from shared.kernel.actor import PUBLIC, Actor, same_person
from shared.kernel.errors import Refused
from shared.ports import Entry, Look, Person

KEY, OTHER = KeyedNames(bytes(32)), KeyedNames(b"1" * 32)
ISSUER = "https://sso.example"
NOW = datetime(2021, 11, 15, 1, tzinfo=UTC)
SUBJECT = "an.nguyen@example.gov.vn"
AN = Person(KEY.id_of(ISSUER, SUBJECT), ISSUER, SUBJECT, "Nguyễn Văn An")
AUDITOR = Actor(AN.id, "auditor")
LOOK = Look(NOW, "auditor:p-kt", "Thanh tra.")
WORDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)


def test_an_id_is_the_same_for_ever() -> None:
    # A log of today is read for ever, and two-person rules hold over all of it.
    assert KEY.id_of(ISSUER, SUBJECT) == "p-23ea9c59ec17951246fe9c85d6f5d5b5"
    assert KEY.mark == "28c82998"


@given(issuer=WORDS, subject=WORDS)
def test_an_id_is_opaque_and_an_id_of_itself(issuer: str, subject: str) -> None:
    named = KEY.id_of(issuer, subject)
    identity = Given(lambda _: PUBLIC, called=(issuer, KEY))

    assert OPAQUE.fullmatch(named)
    assert id_of(identity, subject) == named
    assert id_of(identity, named) == named


@given(one=st.tuples(WORDS, WORDS), other=st.tuples(WORDS, WORDS))
def test_two_people_never_have_one_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (KEY.id_of(*one) == KEY.id_of(*other)) == (one == other)


def test_who_has_another_key_can_test_no_guess() -> None:
    assert KEY.id_of(ISSUER, SUBJECT) != OTHER.id_of(ISSUER, SUBJECT)
    assert KEY.mark != OTHER.mark


def test_one_person_in_two_roles_is_one_person() -> None:
    named = KEY.id_of(ISSUER, SUBJECT)
    council, administrator = Actor(named, "council", "so-noi-vu"), Actor(named, "administrator")

    assert same_person(council.reference, administrator.reference)


def test_made_up_subjects_of_a_trial_stay_as_they_are() -> None:
    assert ReadableNames().id_of("urn:cchc:trial", "trial-auditor") == "trial-auditor"
    assert OPAQUE.fullmatch("trial-auditor") is None


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = names_of(own_key(tmp_path)), names_of(own_key(tmp_path))

    assert first == again
    assert own_key(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "", "secret", "0" * 63, "G" * 64, "0" * 65, "\xff"])
def test_a_key_that_cannot_be_used_is_refused(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "people.key"
    if content is not None:
        file.write_text(content, "latin-1")

    with pytest.raises(Refused, match=r"people-key-unusable \(file: .*people\.key") as refused:
        names_of(file)
    assert "G" * 64 not in str(refused.value)


class Met(MemoryDirectory):
    """Counts how often somebody is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    async def meet(self, person: Person, role: str, on: date) -> None:
        """Written down, and counted."""
        self.times += 1
        await super().meet(person, role, on)


async def test_whoever_acts_is_written_down_once_in_a_while() -> None:
    clock, directory = MemoryClock(NOW), Met()
    identity = Given(lambda _: AUDITOR, "", lambda _: AN, (ISSUER, KEY))
    meeting = Meeting(identity, directory, clock)

    for _ in range(10):
        await meeting.meet("token", AUDITOR)
    soon = directory.times
    clock.advance(MET_AGAIN)
    await meeting.meet("token", AUDITOR)

    assert (soon, directory.times) == (1, 2)
    entry = await directory.look_up(AN.id, LOOK)
    assert entry == Entry(AN, "auditor", NOW.date(), NOW.date())


async def test_another_role_or_name_of_a_person_is_written_down_at_once() -> None:
    clock, directory, people = MemoryClock(NOW), Met(), [AN, replace(AN, name="Nguyễn An")]
    identity = Given(lambda _: AUDITOR, "", lambda token: people[int(token)], (ISSUER, KEY))
    meeting = Meeting(identity, directory, clock)

    await meeting.meet("0", AUDITOR)
    await meeting.meet("0", Actor(AN.id, "administrator"))
    await meeting.meet("1", AUDITOR)

    assert directory.times == 3


async def test_only_so_many_are_remembered_and_all_are_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meeting_module, "MET_MAX", 2)
    directory = Met()
    identity = Given(
        lambda _: AUDITOR, "", lambda token: replace(AN, id=f"p-{token}"), (ISSUER, KEY)
    )
    meeting = Meeting(identity, directory, MemoryClock(NOW))

    for token in "012012":
        await meeting.meet(token, AUDITOR)

    assert directory.times == 6


async def test_a_caller_of_whom_nobody_says_who_it_is_is_not_written_down() -> None:
    directory = Met()
    meeting = Meeting(Given(lambda _: AUDITOR), directory, MemoryClock(NOW))

    await meeting.meet("token", AUDITOR)

    assert directory.times == 0

"""What of a person can stand in a fact: every text in every fact is of a kind that is known.

A fact with a text of another name fails here until somebody has said of which kind it is.
SECURITY.md tells of each kind what it may say of people, and what becomes of it.
"""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from shared.events import appraisal, codec, envelope, ranking, submission, survey
from shared.events.envelope import Sealed
from shared.events.examples import EXAMPLES

# Who did something, or is meant: opaque ids, alone or behind a role.
PEOPLE = "actor by person id"
# What people write in words of their own, sealed under a key that can be deleted.
SEALED = "because question text"
# Official words, which name documents, agencies and questions, and are published for ever.
OFFICIAL = """
    number issuer section legal_basis source document finding scanner grade name vi second scheme
"""
# Names that the caller chose for a request, a link or a pile: they are not to be those of people.
CHOSEN = "idempotencykey correlationid link pile evidence"
# Codes of the system, numbers, times, hashes and ids of facts.
CODES = """
    action agencies agency answers awarded causationid choices code copied_from counts criterion
    cycle datacontenttype declaration digest exclusion explanation fact forms ground group index
    inputs item items key keys margin maximum media_type options points predecessors questionnaire
    receipts
    requestdigest root second_language service service_question sha256 shredding specversion
    subject submission tier total type
"""
KINDS = [kind.split() for kind in (PEOPLE, SEALED, OFFICIAL, CHOSEN, CODES)]


def kinds_in(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - any annotation
    """A type, and all that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


def texts_of_facts() -> Iterator[str]:
    """The names of all members of facts, and of their parts, that can hold a text."""
    for module in (envelope, submission, appraisal, survey, ranking):
        for struct in vars(module).values():
            if not isinstance(struct, type) or not issubclass(struct, msgspec.Struct):
                continue
            if struct in {Sealed, envelope.Context, envelope.Recorded}:
                continue  # A seal by itself is no part of a fact, and the others are no bytes.
            for name, annotation in get_type_hints(struct).items():
                if {str, Any, Sealed} & set(kinds_in(annotation)):
                    yield name


def test_every_text_in_a_fact_is_of_a_kind_that_is_known() -> None:
    known = [name for kind in KINDS for name in kind]

    # `question` is sealed where the council asks, and elsewhere the code of one.
    assert set(texts_of_facts()) == set(known)
    assert len(set(known)) == len(known)


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_what_people_write_in_words_of_their_own_is_sealed(fact: Any) -> None:  # noqa: ANN401 - any fact
    hints = get_type_hints(type(fact))

    written = {name for name in SEALED.split() if name in hints and name != "question"}

    assert all(Sealed in set(kinds_in(hints[name])) for name in written)


def test_files_have_no_names_in_facts() -> None:
    # Who uploads `Nguyen Van A.pdf` tells its content by a hash, and a name by a code.
    assert set(submission.StoredFile.__struct_fields__) == {"sha256", "size_bytes", "media_type"}


def test_counted_answers_and_paper_tell_neither_who_nor_when() -> None:
    for name in ("survey.ResponsesCounted.v2", "survey.PaperEntered.v1"):
        fact = next(each for each in EXAMPLES if codec.WIRE_NAMES[type(each)] == name)

        assert {"at", "on", "name", "address"}.isdisjoint(get_type_hints(type(fact)))

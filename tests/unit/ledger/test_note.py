"""Signed notes: those that others signed are read as they are meant, and ours can be read."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.signature import signer_of_seed, verify
from shared.ledger import note
from shared.ledger.note import COSIGNATURE, ED25519, Illegible, Key, Note, Signature
from tests.support import known_notes as known

PETER, ENOCH = map(note.from_verifier_key, (known.PETER_KEY, known.ENOCH_KEY))
SIGNED = f"{known.TEXT}\n{known.PETER_LINE}\n"
BOTH = f"{known.TEXT}\n{known.PETER_LINE}\n{known.ENOCH_LINE}\n"
WRONG = known.PETER_LINE.replace("x08go/ZJ", "x08go/ZK")

CHARACTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs", "So"])
NAMES = st.text(CHARACTERS, min_size=1, max_size=20).filter(note.is_name)
LINES = st.text(CHARACTERS, max_size=20)
TEXTS = st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(lines) + "\n")
SIGNATURES = st.builds(
    Signature,
    name=NAMES,
    key_id=st.binary(min_size=4, max_size=4),
    signature=st.binary(min_size=1, max_size=80),
)
NOTES = st.builds(
    Note, text=TEXTS, signatures=st.lists(SIGNATURES, min_size=1, max_size=3).map(tuple)
)
KEYS = st.builds(
    Key,
    name=NAMES,
    type=st.sampled_from([ED25519, COSIGNATURE]),
    public=st.binary(min_size=32, max_size=32),
)


# --- To text and back


@given(NOTES)
def test_a_note_comes_back_as_it_went(written: Note) -> None:
    assert note.from_bytes(note.to_bytes(written)) == written


@given(KEYS)
def test_a_key_comes_back_as_it_went(key: Key) -> None:
    assert note.from_verifier_key(note.to_verifier_key(key)) == key


@pytest.mark.parametrize("written", [SIGNED, BOTH, known.POEM, known.EXAMPLE, known.COSIGNED])
def test_a_note_of_others_is_read_and_written_again_byte_by_byte(written: str) -> None:
    assert note.to_bytes(note.from_bytes(written.encode())) == written.encode()


def test_the_last_empty_line_divides_a_note() -> None:
    read = note.from_bytes(known.POEM.encode())

    assert read.text.endswith("sole:\n\ned è subito sera.\n")
    assert [line.name for line in read.signatures] == ["quasimodo.example/salvatore"]


@pytest.mark.parametrize("written", known.NOT_EVEN_NOTES)
def test_what_others_take_for_no_note_is_none_here(written: str) -> None:
    with pytest.raises(Illegible):
        note.from_bytes(written.encode())


@pytest.mark.parametrize(
    "line",
    [
        known.PETER_LINE.replace("—", "-"),
        known.PETER_LINE.replace("— ", "—"),
        known.PETER_LINE.replace("PeterNeumann", ""),
        known.PETER_LINE.replace("PeterNeumann", "Peter+Neumann"),
        known.PETER_LINE.replace("PeterNeumann", "Peter\u00a0Neumann"),
        known.PETER_LINE + "=",
        known.PETER_LINE.removesuffix("="),
        known.PETER_LINE.replace("nAM=", "nAN="),
        known.PETER_LINE.replace("x08go/", "x08go_"),
        known.PETER_LINE + " ",
        "— PeterNeumann x08gow==",
        "— PeterNeumann ",
        "",
    ],
)
def test_a_line_that_is_written_in_another_way_is_no_signature(line: str) -> None:
    with pytest.raises(Illegible):
        note.from_line(line)


@pytest.mark.parametrize(
    "written",
    [
        f"\xff{SIGNED}".encode("latin-1", errors="replace"),
        SIGNED.encode() + b"\r\n",
        SIGNED.replace(" you", "\tyou").encode(),
        f"{known.TEXT}\n{known.PETER_LINE}\n\n".encode(),
    ],
)
def test_bytes_that_are_no_note_are_refused(written: bytes) -> None:
    with pytest.raises(Illegible):
        note.from_bytes(written)


def test_a_note_has_a_hundred_signatures_and_a_million_bytes_at_most() -> None:
    head, line = f"{known.TEXT}\n".encode(), f"{known.PETER_LINE}\n".encode()
    room = note.NOTE_BYTES_MAX - len(head) - len(line)

    assert len(note.from_bytes(head + 100 * line).signatures) == 100
    assert note.from_bytes(b"x" * room + head + line).text.startswith("xx")
    for written in (head + 101 * line, b"x" * (room + 1) + head + line):
        with pytest.raises(Illegible):
            note.from_bytes(written)


# --- Keys


def test_every_part_of_a_key_and_every_change_of_it_is_no_key() -> None:
    text = known.PETER_KEY
    parts = [text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1)]
    changed = [text[:i] + chr(ord(text[i]) + 1) + text[i + 1 :] for i in range(len(text))]

    for wrong in [*parts, *changed, *known.WRONG_KEYS, text.replace("c74f20a3", "C74F20A3")]:
        if wrong != text:
            with pytest.raises(Illegible):
                note.from_verifier_key(wrong)


def test_the_type_and_the_name_are_part_of_the_id() -> None:
    others = [replace(PETER, type=COSIGNATURE), replace(PETER, name="Peter")]

    assert PETER.id.hex() == "c74f20a3"
    assert len({key.id for key in (PETER, *others)}) == 3


# --- Signatures


def test_a_signature_of_another_implementation_is_right() -> None:
    read = note.from_bytes(BOTH.encode())

    assert note.is_signed(read, PETER, verify)
    assert note.is_signed(read, ENOCH, verify)


def test_we_sign_as_another_implementation_does() -> None:
    signer = signer_of_seed(base64.b64decode(known.PETER_SEED)[1:])

    line = note.signed(known.TEXT, PETER, signer.sign)

    assert signer.public_key == PETER.public
    assert note.to_line(line) == known.PETER_LINE


def test_unknown_signatures_are_kept_and_prove_nothing() -> None:
    read = note.from_bytes(SIGNED.encode())
    of_the_same_name = replace(ENOCH, name="PeterNeumann")

    assert not note.is_signed(read, ENOCH, verify)
    assert not note.is_signed(read, of_the_same_name, verify)
    assert note.is_signed(note.from_bytes(BOTH.encode()), PETER, verify)


def test_another_text_is_not_signed() -> None:
    read = note.from_bytes(SIGNED.replace("your problem is", "the problem is").encode())

    assert not note.is_signed(read, PETER, verify)


@pytest.mark.parametrize("lines", [[WRONG], [known.PETER_LINE, WRONG], [WRONG, known.PETER_LINE]])
def test_one_wrong_signature_of_a_known_key_makes_the_note_worthless(lines: list[str]) -> None:
    read = note.from_bytes("\n".join([known.TEXT, *lines, ""]).encode())

    assert not note.is_signed(read, PETER, verify)

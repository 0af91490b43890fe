"""Checkpoints and cosignatures: those of others are read as they are meant, and ours can be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.signature import signer_of_seed, verify
from shared.ledger import checkpoint, cosignature, note
from shared.ledger.checkpoint import SIZE_MAX, Checkpoint
from shared.ledger.cosignature import TIME_S_MAX
from shared.ledger.merkle import EMPTY_ROOT
from shared.ledger.note import COSIGNATURE, Illegible, Key, Note, Signature
from tests.support import known_notes as known

COSIGNED = note.from_bytes(known.COSIGNED.encode())
EXAMPLE = note.from_bytes(known.EXAMPLE.encode())
WITNESSES = [note.from_verifier_key(text) for text in known.WITNESS_KEYS]
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=20)
CHECKPOINTS = st.builds(
    Checkpoint,
    origin=LINES,
    size=st.integers(0, SIZE_MAX),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(LINES, max_size=3).map(tuple),
)


# --- Checkpoints


@given(CHECKPOINTS)
def test_a_checkpoint_comes_back_as_it_went(written: Checkpoint) -> None:
    assert checkpoint.from_text(checkpoint.to_text(written)) == written


def test_the_example_is_read_as_it_is_meant() -> None:
    read = checkpoint.from_text(EXAMPLE.text)

    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert note.to_base64(read.root) == ROOT


def test_an_empty_ledger_has_a_checkpoint_too() -> None:
    empty = Checkpoint("example.com/log", 0, EMPTY_ROOT)

    text = checkpoint.to_text(empty)

    assert text == "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log\n1\n{ROOT}",
        f"log\n1\n{ROOT}\n\n",
        f"log\n1\n{ROOT}\n\nmore\n",
        f"log\n1\n{ROOT}\nmore",
        f"\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n1 \n{ROOT}\n",
        f"log\n1_0\n{ROOT}\n",
        f"log\n٣\n{ROOT}\n",
        f"log\n{SIZE_MAX + 1}\n{ROOT}\n",
        f"log\n{'9' * 5_000}\n{ROOT}\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
        f"log\n1\n{ROOT.replace('q2I=', 'q2J=')}\n",
        f"log\n1\n{ROOT.replace('/', '_')}\n",
        f"log\n{ROOT}\n",
    ],
)
def test_a_text_that_is_written_in_another_way_is_no_checkpoint(text: str) -> None:
    with pytest.raises(Illegible):
        checkpoint.from_text(text)


# --- Cosignatures


def test_the_cosignatures_of_real_witnesses_are_right() -> None:
    for witness in WITNESSES:
        assert cosignature.is_cosigned(COSIGNED, witness, verify)
        [line] = COSIGNED.of(witness)
        assert cosignature.cosigned_at_s(line) == known.COSIGNED_AT_S


def test_a_checkpoint_of_a_real_log_is_signed_beside_what_we_do_not_know() -> None:
    assert note.is_signed(COSIGNED, note.from_verifier_key(known.LOG_KEY), verify)


def test_a_witness_signs_the_message_of_the_example() -> None:
    line = EXAMPLE.signatures[1]

    assert cosignature.cosigned_at_s(line) == known.EXAMPLE_COSIGNED_AT_S
    assert cosignature.message(EXAMPLE.text, known.EXAMPLE_COSIGNED_AT_S) == known.EXAMPLE_MESSAGE


@given(CHECKPOINTS, st.integers(0, TIME_S_MAX))
def test_what_a_witness_signs_is_right_and_keeps_its_time(seen: Checkpoint, at_s: int) -> None:
    signer = signer_of_seed(b"w" * 32)
    key = Key("witness.example/w1", COSIGNATURE, signer.public_key)
    text = checkpoint.to_text(seen)

    line = cosignature.cosigned(text, key, signer.sign, at_s=at_s)

    assert cosignature.cosigned_at_s(line) == at_s
    assert cosignature.is_cosigned(Note(text, (line,)), key, verify)


def test_another_checkpoint_is_not_cosigned() -> None:
    other = replace(COSIGNED, text=COSIGNED.text.replace("1432088532", "1432088533"))

    assert not cosignature.is_cosigned(other, WITNESSES[0], verify)


def test_another_time_is_not_cosigned() -> None:
    [line] = COSIGNED.of(WITNESSES[0])
    later = replace(line, signature=b"\x00" * 7 + b"\x01" + line.signature[8:])

    assert not cosignature.is_cosigned(Note(COSIGNED.text, (later,)), WITNESSES[0], verify)


def test_a_witness_that_is_not_there_has_not_cosigned() -> None:
    stranger = replace(WITNESSES[0], name="stranger.example")

    assert not cosignature.is_cosigned(COSIGNED, stranger, verify)


@pytest.mark.parametrize("signature", [b"\x00" * 71, b"\x00" * 73, b"\x80" + b"\x00" * 71])
def test_what_is_no_time_and_signature_is_no_cosignature(signature: bytes) -> None:
    witness = WITNESSES[0]
    line = Signature(witness.name, witness.id, signature)

    assert not cosignature.is_cosigned(Note(COSIGNED.text, (line,)), witness, verify)
    with pytest.raises(Illegible):
        cosignature.cosigned_at_s(line)

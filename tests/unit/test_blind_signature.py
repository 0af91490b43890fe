"""Blind signatures: the vector of RFC 9474, what is refused, and by which key."""

import asyncio
import base64
import secrets
from functools import lru_cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters import blind_signature
from shared.adapters.blind_signature import RsaBallotKeys, blind_sign, is_acceptable, verify
from shared.adapters.memory import MemoryKeys
from shared.kernel.errors import Refused
from shared.ports import BALLOT_BYTES
from tests.support import ballot_client as client
from tests.support.rfc9474 import vector

OTHER_NAME = "other"
NAME = "one"


@lru_cache(maxsize=1)
def made() -> tuple[RsaBallotKeys, client.PublicKey, client.PublicKey]:
    """Ballot keys, and the public ones of two names."""
    ballots = RsaBallotKeys(MemoryKeys())
    one, other = (asyncio.run(ballots.make(name)) for name in (NAME, OTHER_NAME))
    return ballots, client.key_of(one), client.key_of(other)


@lru_cache(maxsize=1)
def private() -> rsa.RSAPrivateNumbers:
    """A key pair with its private half."""
    return rsa.generate_private_key(65_537, blind_signature.MODULUS_BITS).private_numbers()


def signed(ballot: bytes) -> bytes:
    """The unblinded signature of the first name."""
    ballots, key, _ = made()
    blinded = client.blind(key, ballot)
    return client.finalize(
        key, ballot, asyncio.run(ballots.sign(NAME, blinded.message)), blinded.inverse
    )


def changed(text: bytes, bit: int) -> bytes:
    """The same bytes but for one bit."""
    place, shift = divmod(bit % (8 * len(text)), 8)
    return text[:place] + bytes([text[place] ^ (1 << shift)]) + text[place + 1 :]


# ------------------------------------------------------------------------ the RFC's own answers


def test_the_server_signs_as_the_rfc_does() -> None:
    known = vector()

    assert blind_sign(known.private_key, known.octets("blinded_msg")) == known.octets("blind_sig")


def test_the_signature_of_the_rfc_is_good() -> None:
    known = vector()

    assert verify(known.public_key, known.octets("prepared_msg"), known.octets("sig"))
    assert not verify(known.public_key, known.octets("msg"), known.octets("sig"))


def test_the_client_of_these_tests_blinds_and_finalizes_as_the_rfc_does() -> None:
    known = vector()
    key, message = client.key_of(known.public_key), known.octets("prepared_msg")
    factor = pow(known.number("inv"), -1, known.number("n"))

    encoded = client.encoded(message, key.modulus.bit_length() - 1, known.octets("salt"))
    blinded = client.blind(key, message, salt=known.octets("salt"), factor=factor)
    signature = client.finalize(key, message, known.octets("blind_sig"), blinded.inverse)

    assert known.octets("msg_prefix") + known.octets("msg") == message
    assert encoded == known.number("encoded_msg")
    assert blinded.message == known.octets("blinded_msg")
    assert blinded.inverse == known.number("inv")
    assert signature == known.octets("sig")


# ------------------------------------------------------------------------------- round trips


@settings(max_examples=10)
@given(number=st.binary(min_size=32, max_size=32))
def test_any_ballot_is_signed_and_verified(number: bytes) -> None:
    ballots, key, _ = made()
    ballot = client.prepared(number)

    assert ballots.verify(key.text, ballot, signed(ballot))


def test_a_signature_does_not_depend_on_what_hides_it_from_the_clock() -> None:
    _, key, _ = made()
    numbers = private()
    blinded = client.blind(
        client.public(numbers.public_numbers.public_key()), client.new_ballot()
    ).message

    direct = pow(int.from_bytes(blinded, "big"), numbers.d, numbers.public_numbers.n)

    assert blind_sign(numbers, blinded) == direct.to_bytes(key.size_bytes, "big")


def test_what_is_signed_is_hidden_by_a_number_of_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = private()
    blinded = client.blind(
        client.public(numbers.public_numbers.public_key()), client.new_ballot()
    ).message
    monkeypatch.setattr(secrets, "randbelow", lambda _: numbers.p - 2)

    # The one number in 2^1023 that cannot be taken away again shows that it is there.
    with pytest.raises(ValueError, match="not invertible"):
        blind_sign(numbers, blinded)


def test_a_fault_in_the_calculation_is_not_given_away() -> None:
    numbers = private()
    key = client.public(numbers.public_numbers.public_key())
    faulty = rsa.RSAPrivateNumbers(
        p=numbers.p,
        q=numbers.q,
        d=numbers.d,
        dmp1=numbers.dmp1 ^ 2,
        dmq1=numbers.dmq1,
        iqmp=numbers.iqmp,
        public_numbers=numbers.public_numbers,
    )

    with pytest.raises(AssertionError, match="signing failure"):
        blind_sign(faulty, client.blind(key, client.new_ballot()).message)


# ------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("number", ["0", "1", "n-1", "n", "n+1", "2^2048-1"])
def test_a_number_that_blinds_nothing_is_refused(number: str) -> None:
    ballots, key, _ = made()
    n = key.modulus
    numbers = {"0": 0, "1": 1, "n-1": n - 1, "n": n, "n+1": n + 1, "2^2048-1": (1 << 2048) - 1}

    with pytest.raises(Refused, match="ballot-malformed"):
        asyncio.run(ballots.sign(NAME, numbers[number].to_bytes(key.size_bytes, "big")))


@pytest.mark.parametrize("number", ["2", "n-2"])
def test_the_first_and_the_last_number_in_range_are_signed(number: str) -> None:
    ballots, key, _ = made()
    message = {"2": 2, "n-2": key.modulus - 2}[number]

    signing = ballots.sign(NAME, message.to_bytes(key.size_bytes, "big"))
    blind_signature = asyncio.run(signing)

    assert pow(int.from_bytes(blind_signature, "big"), key.exponent, key.modulus) == message


@pytest.mark.parametrize("length", [0, 1, 255, 257, 512])
def test_a_blinded_ballot_of_another_length_is_refused(length: int) -> None:
    ballots, _, _ = made()

    with pytest.raises(Refused, match="ballot-malformed"):
        asyncio.run(ballots.sign(NAME, bytes([7]) * length))


@settings(max_examples=25)
@given(bit=st.integers(min_value=0), of_ballot=st.booleans())
def test_a_changed_ballot_or_signature_is_not_good(bit: int, *, of_ballot: bool) -> None:
    ballots, key, _ = made()
    ballot, signature = _known()

    pair = (changed(ballot, bit), signature) if of_ballot else (ballot, changed(signature, bit))

    assert ballots.verify(key.text, ballot, signature)
    assert not ballots.verify(key.text, *pair)


@lru_cache(maxsize=1)
def _known() -> tuple[bytes, bytes]:
    ballot = client.new_ballot()
    return ballot, signed(ballot)


def test_the_signature_of_another_agency_is_not_good() -> None:
    ballots, key, other = made()
    ballot, signature = _known()

    assert ballots.verify(key.text, ballot, signature)
    assert not ballots.verify(other.text, ballot, signature)


def test_the_signature_of_one_ballot_is_not_that_of_another() -> None:
    ballots, key, _ = made()

    assert not ballots.verify(key.text, client.new_ballot(), _known()[1])


def test_a_blind_signature_that_was_not_unblinded_is_not_good() -> None:
    ballots, key, _ = made()
    ballot = client.new_ballot()
    blind_signature = asyncio.run(ballots.sign(NAME, client.blind(key, ballot).message))

    assert not ballots.verify(key.text, ballot, blind_signature)


@pytest.mark.parametrize("signature", [b"", bytes(256), b"\xff" * 256, bytes(257), b"\x01" * 255])
def test_what_is_no_signature_is_not_good(signature: bytes) -> None:
    ballots, key, _ = made()

    assert not ballots.verify(key.text, client.new_ballot(), signature)


@pytest.mark.parametrize("length", [0, 32, BALLOT_BYTES - 1, BALLOT_BYTES + 1, 1_000])
def test_what_is_not_as_long_as_a_ballot_is_none_even_if_it_is_signed(length: int) -> None:
    ballots, key, _ = made()
    message = bytes(length)

    assert verify(key.text, message, signed(message))
    assert not ballots.verify(key.text, message, signed(message))


@pytest.mark.parametrize("text", ["", "AAAA", "no base64!", "ơ", "A" * 400])
def test_what_is_no_key_has_signed_nothing(text: str) -> None:
    assert not verify(text, *_known())


def test_the_key_of_another_kind_has_signed_nothing() -> None:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    written = point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert not verify(base64.b64encode(written).decode(), *_known())


@pytest.mark.parametrize(
    ("bits", "exponent", "acceptable"),
    [
        *((2048, 65_537, True), (3072, 65_537, True), (4096, 65_537, True)),
        *((1024, 65_537, False), (2040, 65_537, False), (4104, 65_537, False), (2048, 3, False)),
    ],
)
def test_a_key_has_a_size_and_the_one_exponent(
    bits: int, exponent: int, *, acceptable: bool
) -> None:
    modulus = (1 << (bits - 1)) + 1

    assert is_acceptable(rsa.RSAPublicNumbers(exponent, modulus)) is acceptable
    assert not is_acceptable(rsa.RSAPublicNumbers(exponent, modulus + 1))


def test_a_signature_by_a_key_that_is_too_small_is_not_good() -> None:
    small = rsa.generate_private_key(65_537, 1024)  # noqa: S505 - as it must not be
    message = client.new_ballot()
    pss = padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=client.SALT_BYTES)
    signature = small.sign(message, pss, SHA384())

    assert not verify(client.public(small.public_key()).text, message, signature)

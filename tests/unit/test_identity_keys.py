"""Which keys of a provider are taken: those that verify, whatever stands beside them in the set."""

from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.identity.keys import RSA_BITS, keys_of

Described = Mapping[str, Any]


def _public(bits: int) -> Described:
    """A public key of so many bits; that nobody has its private one does not matter here."""
    numbers = rsa.RSAPublicNumbers(65_537, 2**bits - 1)
    return _rsa(numbers.public_key())


def _rsa(key: rsa.RSAPublicKey | rsa.RSAPrivateKey) -> Described:
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True), "kid": "odd"}


PAIR = ec.generate_private_key(ec.SECP256R1())
PRIVATE: Described = {**jwt.algorithms.ECAlgorithm.to_jwk(PAIR, as_dict=True), "kid": "odd"}
GOOD: Described = {**{name: PRIVATE[name] for name in ("kty", "crv", "x", "y")}, "kid": "good"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def test_the_key_is_taken() -> None:
    assert keys_of({"keys": [GOOD]})["good"].algorithm == "ES256"


@pytest.mark.parametrize(
    "odd",
    [
        {**GOOD, "kid": "odd", "use": ["sig"]},
        {**GOOD, "kid": "odd", "use": {}},
        {**GOOD, "kid": "odd", "alg": ["ES256"]},
        {**GOOD, "kid": "odd", "x": 10**400},
        {**GOOD, "kid": "odd", "x": GOOD["y"], "y": GOOD["x"]},
        {**GOOD, "kid": "odd", "crv": "P-384"},
        {**GOOD, "kid": ["odd"]},
        {"kty": "RSA", "kid": "odd", "n": "", "e": ""},
        {"kty": "RSA", "kid": "odd", "n": "AQAB"},
        PRIVATE,
        _public(RSA_BITS.start - 1),
        _public(RSA_BITS.stop),
    ],
)
def test_an_odd_key_is_left_out_and_keeps_no_other_out(odd: Described) -> None:
    assert keys_of({"keys": [odd, GOOD, odd]}).keys() == {"good"}


@pytest.mark.parametrize("bits", [RSA_BITS.start, RSA_BITS.stop - 1])
def test_an_rsa_key_of_a_good_size_is_taken(bits: int) -> None:
    assert keys_of({"keys": [_public(bits), GOOD]}).keys() == {"odd", "good"}


@given(
    name=st.sampled_from(["kty", "crv", "x", "y", "kid", "use", "alg", "n", "e", "d"]), told=JSON
)
def test_whatever_a_member_says_the_others_are_taken(name: str, told: object) -> None:
    assert "good" in keys_of({"keys": [told, {**GOOD, "kid": "odd", name: told}, GOOD]})

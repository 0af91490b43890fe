"""A blinded ballot tells nothing of the ballot behind it: any may be behind any, by one factor."""

import itertools
import math

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.adapters.blind_signature import blind_sign
from tests.support import ballot_client as client

SMALL_PRIMES = [(11, 23), (17, 29), (23, 47)]
SMALL_EXPONENT = 3


@pytest.mark.parametrize("primes", SMALL_PRIMES, ids=str)
def test_every_ballot_may_be_behind_every_blinded_one_by_just_one_factor(
    primes: tuple[int, int],
) -> None:
    n = math.prod(primes)
    units = [number for number in range(1, n) if math.gcd(number, n) == 1]

    for ballot in units:
        reached = [ballot * pow(factor, SMALL_EXPONENT, n) % n for factor in units]

        assert sorted(reached) == units


def test_with_an_exponent_that_has_no_inverse_some_ballots_could_be_told_apart() -> None:
    n = 7 * 13  # 3 divides 6 and 12.
    units = [number for number in range(1, n) if math.gcd(number, n) == 1]

    reached = {2 * pow(factor, SMALL_EXPONENT, n) % n for factor in units}

    assert len(reached) == len(units) // 9


def test_any_two_exchanges_fit_any_two_ballots_that_were_cast() -> None:
    made = rsa.generate_private_key(65_537, 2048)
    key, numbers = client.public(made.public_key()), made.private_numbers()
    seen, cast = [], []
    for _ in range(2):
        ballot, salt = client.new_ballot(), client.new_salt()
        blinded = client.blind(key, ballot, salt=salt)
        answer = blind_sign(numbers, blinded.message)
        seen.append((blinded.message, answer))
        cast.append((ballot, salt, client.finalize(key, ballot, answer, blinded.inverse)))

    for (message, answer), (ballot, salt, signature) in itertools.product(seen, cast):
        factor = (
            int.from_bytes(answer, "big")
            * pow(int.from_bytes(signature, "big"), -1, key.modulus)
            % key.modulus
        )
        blinded = client.blind(key, ballot, salt=salt, factor=factor)

        assert blinded.message == message
        assert client.finalize(key, ballot, answer, blinded.inverse) == signature

"""What chance promises, of both kinds, and that a seed is all that one of them depends on."""

import re

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.memory import SeededChance
from shared.ports import Chance

TOKENS = 200


@pytest.fixture(params=[SecretChance(), SeededChance(7)], ids=["secret", "seeded"])
def chance(request: pytest.FixtureRequest) -> Chance:
    made: Chance = request.param
    return made


def test_tokens_differ_and_are_safe_in_a_url(chance: Chance) -> None:
    tokens = {chance.token() for _ in range(TOKENS)}

    assert len(tokens) == TOKENS
    # 22 characters of base64 are the first to hold 128 bits.
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22,}", token) for token in tokens)


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_an_order_has_each_number_once(chance: Chance, count: int) -> None:
    assert sorted(chance.shuffled(count)) == list(range(count))


def test_orders_differ(chance: Chance) -> None:
    orders = {tuple(chance.shuffled(100)) for _ in range(5)}

    assert len(orders) == 5


def test_every_order_comes_up(chance: Chance) -> None:
    orders = {tuple(chance.shuffled(3)) for _ in range(500)}

    assert len(orders) == 6


def test_the_same_seed_gives_the_same_tokens_and_orders() -> None:
    one, other, third = SeededChance(1), SeededChance(1), SeededChance(2)

    said = [(each.token(), list(each.shuffled(50))) for each in (one, other, third)]

    assert said[0] == said[1] != said[2]


def test_secret_chance_has_no_seed() -> None:
    assert SecretChance().token() != SecretChance().token()

"""The project keeps its own rules: each of them, over every committed file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.rules import facts, purity, shape, text
from tests.architecture.source import Breach, Tree, read

RULES = (*shape.RULES, *purity.RULES, *facts.RULES, *text.RULES)


@pytest.fixture(scope="session")
def project() -> Tree:
    return read(Path(__file__).parents[2])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(
    rule: Callable[[Tree], Iterator[Breach]], project: Tree
) -> None:
    breaches = sorted(map(str, rule(project)))

    assert not breaches, "\n".join(breaches)

"""The project keeps its own rules: each of them, over every committed file."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.rules import authority, facts, purity, shape, text
from tests.architecture.source import Breach, Tree, read

RULES = (*shape.RULES, *purity.RULES, *facts.RULES, *text.RULES, *authority.RULES)


@pytest.fixture(scope="session")
def project() -> Tree:
    """All that is parsed lives to the end: to look for garbage in it takes longer than to parse."""
    tree = read(Path(__file__).parents[2])
    gc.disable()
    try:
        assert all(module.nodes for module in tree.modules)
    finally:
        gc.enable()
    gc.freeze()
    return tree


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(
    rule: Callable[[Tree], Iterator[Breach]], project: Tree
) -> None:
    breaches = sorted(map(str, rule(project)))

    assert not breaches, "\n".join(breaches)

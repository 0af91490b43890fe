"""Who may do what is decided in one place, which can be read and printed."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Breach, Tree

PLACES = ("shared/kernel/authority", "shared/adapters/front/trial")
"""The table, and the one thing that only somebody at the machine itself may do in a trial."""


def nobody_is_forbidden_elsewhere(tree: Tree) -> Iterator[Breach]:
    """A refusal for who somebody is stands in no table if it is made up where it is said."""
    for module in tree.modules_in("services", "shared"):
        if module.path.removesuffix(".py") in PLACES:
            continue
        for node in module.nodes:
            if isinstance(node, ast.Call) and _name(node.func) == "Forbidden":
                yield module.breach(node, "refuse who may not in shared.kernel.authority")


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


RULES = (nobody_is_forbidden_elsewhere,)

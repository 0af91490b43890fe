"""What facts are made of: frozen, exact, and read together with the service that owns them."""

import ast
from collections.abc import Iterator

from tests.architecture.source import SERVICES, Breach, Module, Tree

FACTS = tuple(f"shared/events/{service}" for service in SERVICES)
FACT_MODULES = tuple(f"shared.events.{service}" for service in SERVICES)
CHANGEABLE = frozenset(
    {"List", "MutableMapping", "MutableSequence", "MutableSet", "Set", "bytearray", "list", "set"}
)


def facts_are_frozen_structs(tree: Tree) -> Iterator[Breach]:
    """What has happened does not change, in memory either."""
    for module, node in _classes(tree):
        bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
        frozen = any(
            keyword.arg == "frozen"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is True
            for keyword in node.keywords
        )
        if "Struct" not in bases or not frozen:
            yield module.breach(node, f"{node.name} is no msgspec.Struct with frozen=True")


def facts_hold_nothing_changeable(tree: Tree) -> Iterator[Breach]:
    """Collections are tuples, and numbers are exact; a wire document may stay a mapping."""
    for module, node in _classes(tree):
        for field in node.body:
            if isinstance(field, ast.AnnAssign):
                for name in _names(field.annotation):
                    if name in CHANGEABLE:
                        yield module.breach(field, f"{name} can be changed; use a tuple")
                    if name == "float":
                        yield module.breach(field, "a float is not exact; use a decimal string")


def facts_are_read_with_their_owner(tree: Tree) -> Iterator[Breach]:
    """`events.ScoreSubmitted` says whose fact it is; two services may use the same word."""
    facts = {service: _facts(tree, service) for service in SERVICES}
    for module in tree.modules_in("services", "shared"):
        if module.lies_in("shared/events"):
            continue
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module in FACT_MODULES:
                owner = node.module.rpartition(".")[2]
                if facts[owner] & {alias.name for alias in node.names}:
                    yield module.breach(node, f"write: from shared.events import {owner} as events")


def _classes(tree: Tree) -> Iterator[tuple[Module, ast.ClassDef]]:
    for module in tree.modules_in(*FACTS):
        for node in module.nodes:
            if isinstance(node, ast.ClassDef):
                yield module, node


def _facts(tree: Tree, service: str) -> frozenset[str]:
    """The members of the service's union `Fact`, and its name."""
    facts = {"Fact"}
    for module in tree.modules_in(f"shared/events/{service}"):
        for node in module.syntax.body:
            match node:
                case ast.Assign(targets=[ast.Name(id="Fact")], value=union):
                    facts.update(_names(union))
                case _:
                    pass
    return frozenset(facts)


def _names(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


RULES = (
    facts_are_frozen_structs,
    facts_hold_nothing_changeable,
    facts_are_read_with_their_owner,
)

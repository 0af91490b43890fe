"""The shape of the code: the same rooms in every service, and nothing too long to read."""

import ast
from collections.abc import Iterator

from tests.architecture.source import ROOMS, SERVICES, Breach, Tree

PAGES = {"survey": frozenset({"pages"})}
"""The one room more of a service that people meet in a browser."""

DOCUMENTS = frozenset({"THREATS.md"})
"""What is no room: it says of a service what code cannot."""

CODE = ("demo", "real", "services", "shared", "tests")
MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def services_have_the_same_rooms(tree: Tree) -> Iterator[Breach]:
    """Whoever knows one service finds their way in all four."""
    for service in SERVICES:
        folder = f"services/{service}/"
        names = {
            path.removeprefix(folder).partition("/")[0].removesuffix(".py")
            for path in tree.files
            if path.startswith(folder)
        }
        expected = {"__init__", *ROOMS}
        known = frozenset({"__main__"}) | DOCUMENTS | PAGES.get(service, frozenset())
        for name in sorted((names - known) ^ expected):
            difference = "is missing" if name in expected else "is one room too many"
            yield Breach(folder + name, 1, f"the room {name} {difference}")


def modules_begin_with_a_sentence(tree: Tree) -> Iterator[Breach]:
    """A reader learns what a module is for before reading it (ruff looks at public ones only)."""
    for module in tree.modules_in(*CODE):
        if not ast.get_docstring(module.syntax):
            yield module.breach(1, "begin with a sentence that says what the module is for")


def modules_are_short(tree: Tree) -> Iterator[Breach]:
    """What outgrows a sitting becomes a folder of the same name."""
    for module in tree.modules_in(*CODE):
        lines = len(module.text.splitlines())
        if lines > MODULE_LINES_MAX:
            yield module.breach(
                MODULE_LINES_MAX + 1, f"{lines} lines; a module has {MODULE_LINES_MAX} at most"
            )


def functions_are_short(tree: Tree) -> Iterator[Breach]:
    """One screen shows a whole function (ruff counts statements, not lines).

    A function within another is counted by itself: `routes` holds a handler for each request.
    """
    for module in tree.modules_in(*CODE):
        for node in module.nodes:
            if isinstance(node, FUNCTION):
                lines = _own_lines(node)
                if lines > FUNCTION_LINES_MAX:
                    yield module.breach(
                        node,
                        f"{node.name}: {lines} lines; a function has {FUNCTION_LINES_MAX} at most",
                    )


def _own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    inner = [node for node in ast.walk(function) if isinstance(node, FUNCTION)][1:]
    return len(_lines(function).difference(*map(_lines, inner)))


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return set(range(first, (function.end_lineno or first) + 1))


RULES = (
    services_have_the_same_rooms,
    modules_begin_with_a_sentence,
    modules_are_short,
    functions_are_short,
)

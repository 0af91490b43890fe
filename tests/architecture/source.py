"""A source tree as the tidy rules read it: files, parsed modules, rooms, and breaches found."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

SERVICES = ("submission", "appraisal", "survey", "ranking")
ROOMS = ("domain", "policy", "views", "application", "api", "main")
PURE_ROOMS = tuple(f"shared/{room}" for room in ("kernel", "events", "ledger", "count")) + tuple(
    f"services/{service}/{room}" for service in SERVICES for room in ROOMS[:3]
)


@dataclass(frozen=True, slots=True)
class Breach:
    """One place that breaks a rule."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the root of its tree, with forward slashes."""

    path: str
    text: str

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.syntax))

    @cached_property
    def imports(self) -> tuple[tuple[str, int], ...]:
        """The full name of everything imported, and its line."""
        return tuple(
            (name, node.lineno)
            for node in self.nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in _imported(node).values()
        )

    @cached_property
    def mentions(self) -> tuple[tuple[str, int], ...]:
        """The full name of everything used that was imported, and its line.

        After `import datetime as dt`, `dt.datetime.now` mentions `datetime.datetime.now`.
        """
        origins: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                origins |= _imported(node)
        named = (
            (_dotted(node, origins), node.lineno)
            for node in self.nodes
            if isinstance(node, ast.Attribute | ast.Name)
        )
        return tuple((name, line) for name, line in named if name)

    def lies_in(self, *rooms: str) -> bool:
        """Whether this is one of the rooms, given without suffix, or a part of one."""
        return any(self.path == f"{room}.py" or self.path.startswith(f"{room}/") for room in rooms)

    def breach(self, node: ast.AST | int, sentence: str) -> Breach:
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Breach(self.path, line, sentence)


@dataclass(frozen=True)
class Tree:
    """A checkout: the text of every file that is, or is about to be, committed, by its path."""

    files: Mapping[str, str] = field(repr=False)

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        return tuple(
            Module(path, text) for path, text in self.files.items() if path.endswith(".py")
        )

    @cached_property
    def pyproject(self) -> dict[str, Any]:
        return tomllib.loads(self.files["pyproject.toml"])

    def modules_in(self, *rooms: str) -> Iterator[Module]:
        return (module for module in self.modules if module.lies_in(*rooms))


def read(root: Path) -> Tree:
    """Whatever lies under `root` and is not named, as a folder, in its .gitignore."""
    lines = (root / ".gitignore").read_text("utf-8").splitlines()
    ignored = frozenset(line.strip("/") for line in lines if line.endswith("/")) | {".git"}
    return Tree(
        {
            path.relative_to(root).as_posix(): path.read_text("utf-8", errors="replace")
            for path in _walk(root, ignored)
        }
    )


def _walk(folder: Path, ignored: frozenset[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in ignored:
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        elif path.is_file():
            yield path


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """Local names to the full names that an import statement gives them."""
    if isinstance(node, ast.ImportFrom):
        return {
            alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names
        }
    return {
        alias.asname or alias.name.partition(".")[0]: (
            alias.name if alias.asname else alias.name.partition(".")[0]
        )
        for alias in node.names
    }


def _dotted(node: ast.expr, origins: Mapping[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return origins.get(name, "")
        case ast.Attribute(value=value, attr=attribute):
            owner = _dotted(value, origins)
            return f"{owner}.{attribute}" if owner else ""
        case _:
            return ""

"""What rooms may reach: the pure ones nothing, the others what lies behind their doors."""

import ast
import sys
from collections.abc import Iterator

from tests.architecture.source import PURE_ROOMS, SERVICES, Breach, Module, Tree

OWN_PACKAGES = frozenset({"services", "shared"})
DEMO_PACKAGES = frozenset({"demo", "httpx", "rich"})
REAL_PACKAGES = frozenset({"real", "httpx", "rich"})
MAINS = (
    "services/__main__",
    *(f"services/{service}/__main__" for service in SERVICES),
)

OUTSIDE_WORLD = frozenset(
    {"__import__", "breakpoint", "compile", "eval", "exec", "input", "open", "print"}
)
ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.putenv")
CLOCK_AND_CHANCE = (
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "os.urandom",
    "random",
    "secrets",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
)


def pure_rooms_do_not_wait(tree: Tree) -> Iterator[Breach]:
    """`async` is the colour of I/O."""
    waiting = (ast.AsyncFor, ast.AsyncFunctionDef, ast.AsyncWith, ast.Await)
    for module in tree.modules_in(*PURE_ROOMS):
        for node in module.nodes:
            if isinstance(node, waiting) or (isinstance(node, ast.comprehension) and node.is_async):
                yield module.breach(node, "a pure room neither awaits nor is awaited")


def pure_rooms_count_exactly(tree: Tree) -> Iterator[Breach]:
    """Points are decimals in text and fractions inside; a float would round where nobody looks."""
    for module in tree.modules_in(*PURE_ROOMS):
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                yield module.breach(node, f"{node.value!r} is not exact; use a Fraction")
            if isinstance(node, ast.Call) and _name(node.func) == "float":
                yield module.breach(node, "a float is not exact; use a Fraction")


def pure_rooms_call_nothing_outside(tree: Tree) -> Iterator[Breach]:
    """What needs no import needs no contract to be broken: `open` and its like."""
    for module in tree.modules_in(*PURE_ROOMS):
        for node in module.nodes:
            if isinstance(node, ast.Call) and _name(node.func) in OUTSIDE_WORLD:
                yield module.breach(node, f"a pure room does not call {_name(node.func)}")


def time_and_chance_come_from_adapters(tree: Tree) -> Iterator[Breach]:
    """Everywhere else they are arguments, so that a test and a replay can choose them."""
    for module in tree.modules_in("services", "shared"):
        if not module.lies_in("shared/adapters"):
            yield from _mentioned(module, CLOCK_AND_CHANCE, "take it as an argument instead of")


def only_main_reads_the_environment(tree: Tree) -> Iterator[Breach]:
    """Settings enter in one place per service; a hidden one cannot be seen in a constructor."""
    for module in tree.modules_in("services", "shared"):
        if not module.lies_in(*MAINS):
            yield from _mentioned(module, ENVIRONMENT, "let main pass a setting instead of")


def every_library_has_a_door(tree: Tree) -> Iterator[Breach]:
    """import-linter guards the libraries that it knows by name; this rule names the others."""
    contracts = tree.pyproject["tool"]["importlinter"]["contracts"]
    known = {name for contract in contracts for name in contract.get("protected_modules", ())}
    for module in tree.modules_in("services", "shared"):
        yield from _imported_beside(
            module, OWN_PACKAGES | known, "has no door: give it a contract in pyproject.toml"
        )


def the_demo_speaks_http_only(tree: Tree) -> Iterator[Breach]:
    """The demo does what a department's own software can do, and nothing else."""
    for module in tree.modules_in("demo"):
        yield from _imported_beside(module, DEMO_PACKAGES, "is out of reach for the demo")


def real_starts_programs_only(tree: Tree) -> Iterator[Breach]:
    """It runs what is deployed, as it would be deployed, and shares no code with it."""
    for module in tree.modules_in("real"):
        yield from _imported_beside(module, REAL_PACKAGES, "is out of reach for real")


def _mentioned(module: Module, names: tuple[str, ...], sentence: str) -> Iterator[Breach]:
    for mention, line in {*module.mentions, *module.imports}:
        if any(mention == name or mention.startswith(f"{name}.") for name in names):
            yield module.breach(line, f"{sentence} {mention}")


def _imported_beside(module: Module, allowed: frozenset[str], sentence: str) -> Iterator[Breach]:
    for name, line in module.imports:
        package = name.partition(".")[0]
        if package not in allowed and package not in sys.stdlib_module_names:
            yield module.breach(line, f"{package} {sentence}")


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


RULES = (
    pure_rooms_do_not_wait,
    pure_rooms_count_exactly,
    pure_rooms_call_nothing_outside,
    time_and_chance_come_from_adapters,
    only_main_reads_the_environment,
    every_library_has_a_door,
    the_demo_speaks_http_only,
    real_starts_programs_only,
)

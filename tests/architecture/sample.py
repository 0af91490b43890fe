"""The smallest tree that keeps every rule and contract: tests plant one fault at a time in it."""

import shutil
from pathlib import Path

from tests.architecture.source import ROOMS, SERVICES

PROJECT = Path(__file__).parents[2]
SENTENCE = '"""A sentence that says what this is for."""\n'

# import-linter stops at a door through which nobody goes, so each library goes through its own.
DOORS = {
    "services/cli/__init__.py": ("rich",),
    "shared/adapters/client.py": ("httpx",),
    "shared/adapters/eventstore.py": ("eventsourcing",),
    "shared/adapters/identity.py": ("jwt",),
    "shared/adapters/scheme_file.py": ("yaml",),
    "shared/adapters/sealing.py": ("cryptography",),
    "shared/adapters/server.py": ("uvicorn",),
    "shared/adapters/sqlite.py": ("sqlite3",),
    "shared/adapters/web.py": ("fastapi", "pydantic", "pydantic_core", "starlette"),
    "shared/count/__init__.py": ("msgspec",),
}
FACTS = """
import msgspec


class Opened(msgspec.Struct, frozen=True): ...


Fact = Opened
"""
OTHERS = (
    "demo/__init__.py",
    "services/__init__.py",
    "services/__main__.py",
    "shared/__init__.py",
    "shared/adapters/__init__.py",
    "shared/events/__init__.py",
    "shared/kernel/__init__.py",
    "shared/ledger/__init__.py",
    "shared/ports.py",
    "shared/runtime/__init__.py",
    "shared/verify.py",
)
SERVICE_ROOMS = tuple(
    f"services/{service}/{room}.py"
    for service in SERVICES
    for room in ("__init__", "__main__", *ROOMS)
)


def build(root: Path) -> None:
    """Write the tree with the project's own configuration: the real contracts are tried."""
    for name in (".gitignore", "pyproject.toml"):
        shutil.copy(PROJECT / name, root / name)
    for path in (*OTHERS, *SERVICE_ROOMS, *DOORS):
        plant(root, path, SENTENCE)
    for service in SERVICES:
        plant(root, f"shared/events/{service}.py", SENTENCE + FACTS)
    for path, libraries in DOORS.items():
        for library in libraries:
            plant(root, path, f"import {library}\n")


def plant(root: Path, path: str, text: str) -> None:
    """Add text to the end of a file, which need not exist yet."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / path).open("a", encoding="utf-8") as file:
        file.write(text)

"""The smallest tree that keeps every rule and contract: tests plant one fault at a time in it."""

from collections.abc import Mapping
from pathlib import Path

from tests.architecture.source import ROOMS, SERVICES

PROJECT = Path(__file__).parents[2]
SENTENCE = '"""A sentence that says what this is for."""\n'

# import-linter stops at a door through which nobody goes, so each library goes through its own.
DOORS = {
    "services/cli/__init__.py": ("rich",),
    "shared/adapters/age.py": ("cryptography",),
    "shared/adapters/blind_signature.py": ("cryptography",),
    "shared/adapters/certificate.py": ("cryptography",),
    "shared/adapters/bootstrap.py": ("numpy",),
    "shared/adapters/client.py": ("httpx",),
    "shared/adapters/content.py": ("puremagic",),
    "shared/adapters/deployed.py": ("starlette",),
    "shared/adapters/eventstore.py": ("eventsourcing",),
    "shared/adapters/front.py": ("fastapi",),
    "shared/adapters/identity/keys.py": ("cryptography",),
    "shared/adapters/identity/wire.py": ("httpx",),
    "shared/adapters/identity/verifier.py": ("jwt",),
    "shared/adapters/kafka.py": ("aiokafka",),
    "shared/adapters/mongo/client.py": ("motor",),
    "shared/adapters/mongo/database.py": ("bson", "pymongo"),
    "shared/adapters/postgres.py": ("psycopg", "psycopg_pool"),
    "shared/adapters/qr.py": ("segno",),
    "shared/adapters/scheme_file.py": ("yaml",),
    "shared/adapters/sealing.py": ("cryptography",),
    "shared/adapters/server.py": ("uvicorn",),
    "shared/adapters/signature.py": ("cryptography",),
    "shared/adapters/sqlite.py": ("sqlite3",),
    "shared/adapters/telemetry.py": ("opentelemetry", "prometheus_client"),
    "shared/adapters/web/__init__.py": (
        "fastapi",
        "fastapi_offline",
        "pydantic",
        "pydantic_core",
        "starlette",
    ),
    "shared/adapters/workbook.py": ("openpyxl",),
    "shared/adapters/web/page.py": ("jinja2",),
    "shared/count/__init__.py": ("msgspec",),
}
FACTS = """
import msgspec


class Opened(msgspec.Struct, frozen=True): ...


Fact = Opened
"""
OTHERS = (
    "demo/__init__.py",
    "real/__init__.py",
    "services/__init__.py",
    "services/__main__.py",
    "services/survey/pages.py",
    "shared/__init__.py",
    "shared/adapters/__init__.py",
    "shared/adapters/identity/__init__.py",
    "shared/adapters/mongo/__init__.py",
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


def planted(*faults: tuple[str, str]) -> Mapping[str, str]:
    """The tree, by path, with each text added to the end of its file, which need not exist yet.

    Its configuration is the project's own: the real rules and contracts are tried.
    """
    files = {name: (PROJECT / name).read_text("utf-8") for name in (".gitignore", "pyproject.toml")}
    files |= dict.fromkeys((*OTHERS, *SERVICE_ROOMS, *DOORS), SENTENCE)
    files |= {f"shared/events/{service}.py": SENTENCE + FACTS for service in SERVICES}
    for path, libraries in DOORS.items():
        files[path] += "\n" + "".join(f"import {library}\n" for library in libraries)
    for path, text in faults:
        files[path] = files.get(path, "") + text
    return files


def write(files: Mapping[str, str], root: Path) -> None:
    """Put the tree on the disk, for a tool that reads it there."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")

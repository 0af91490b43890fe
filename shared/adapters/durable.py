"""Small files that are there whole, or as they were before, whatever happens meanwhile."""

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def replace(path: Path, content: bytes, *, owner_only: bool = False) -> None:
    """Let a file hold this from now on; it is on the disk when this returns."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as file:
            if owner_only:
                aside.chmod(OWNER_ONLY)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Force what was written to a file to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force names to the disk; the content is there already."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

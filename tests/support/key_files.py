"""Keys of texts and ballots in a file, and whether its folder still holds given bytes."""

from pathlib import Path

from shared.adapters.sqlite import SqliteKeys


def in_sqlite(folder: Path) -> SqliteKeys:
    return SqliteKeys(folder / "keys.db")


def files_with(content: bytes, folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if content in path.read_bytes()]

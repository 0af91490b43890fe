"""A small file is there whole, or as it was before."""

import os
from pathlib import Path

import pytest

from shared.adapters import durable


def test_a_file_holds_what_was_said_last_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kept"

    durable.replace(path, b"first")
    durable.replace(path, b"second")

    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_where_the_disk_fails_the_file_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept"
    durable.replace(path, b"first")

    def fail(_: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="no space left"):
            durable.replace(path, b"second")

    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]

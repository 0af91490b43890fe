"""Files of a backup come back where they are missing, and where they are spoilt."""

from dataclasses import replace
from pathlib import Path

from services.cli.backup.restore import put_files
from services.cli.bars import Bars
from shared.adapters.backup import Backups
from shared.adapters.backup.folder import LISTED
from shared.adapters.files import FolderFiles
from tests.support.backups import BEGAN
from tests.support.evidence import content_of, digest_of, put
from tests.support.opened import opened
from tests.support.outside import memory_outside


def place_of(folder: Path, content: bytes) -> Path:
    name = digest_of(content)
    return folder / name[:2] / name[2:]


async def test_files_that_are_missing_or_spoilt_are_put_back(tmp_path: Path) -> None:
    contents = (b"missing", b"spoilt", b"whole")
    backups, counts = Backups(tmp_path / "backups"), dict[str, int]()
    async with (
        opened(FolderFiles(backups.files("submission"))) as kept,
        opened(FolderFiles(tmp_path / "files")) as files,
    ):
        for content in contents:
            await put(kept, content)
            await put(files, content)
        place_of(tmp_path / "files", b"missing").unlink()
        place_of(tmp_path / "files", b"spoilt").write_bytes(b"spoilT")
        listed = [f"{digest_of(each)} {len(each)}\n" for each in contents]
        with backups.writing("submission", "trial", BEGAN) as writing:
            (writing.folder / LISTED).write_text("".join(listed), "ascii")

        world, saved = replace(memory_outside(), files=files), backups.newest("submission")
        faults = await put_files(world, backups, saved, Bars(), counts)

        assert (faults, counts) == ([], {"files": 3, "new_files": 2})
        assert [await content_of(files, each) for each in contents] == list(contents)

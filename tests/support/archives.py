"""The images as archives, for whoever runs them without an engine.

They lie as NAME.tar in the folder that `IMAGES` names, of whichever commit, or an engine here has
those of this one (`make images`) and is asked for them. Where there are neither, the test is
skipped with the reason; in CI it fails.
"""

import os
from pathlib import Path

from tests.support.containers import docker, why_not_had
from tests.support.node import not_had


def archive_of(image: str, folder: Path) -> Path:
    """The archive of an image, `cchc/ranking:0.1.0`; what an engine has is put into a folder."""
    file = f"{image.rpartition('/')[2].partition(':')[0]}.tar"
    given = os.environ.get("IMAGES")
    if given:
        archive = Path(given) / file
        return archive if archive.exists() else not_had(f"IMAGES has no {archive}")
    missing = why_not_had(image)
    if missing:
        not_had(f"no IMAGES=FOLDER is told, and {missing}")
    docker("save", f"--output={folder / file}", image)
    return folder / file

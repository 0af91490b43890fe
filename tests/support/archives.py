"""The images of this version as archives, for whoever runs them without an engine.

They lie as NAME.tar in the folder that `IMAGES` names, or an engine here has them (`make images`)
and is asked for them. Where there are neither, the test is skipped with the reason; in CI it fails.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.node import not_had

SAVED_S_MAX = 600.0


def archive_of(image: str, folder: Path) -> Path:
    """The archive of an image, `cchc/ranking:0.1.0`; what an engine has is put into a folder."""
    file = f"{image.rpartition('/')[2].partition(':')[0]}.tar"
    given = os.environ.get("IMAGES")
    if given:
        archive = Path(given) / file
        return archive if archive.exists() else not_had(f"IMAGES has no {archive}")
    docker = shutil.which("docker")
    if docker is None:
        not_had("there are no images: neither IMAGES=FOLDER nor Docker")
    saved = subprocess.run(
        [docker, "save", f"--output={folder / file}", image],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=SAVED_S_MAX,
    )
    if saved.returncode != 0:
        not_had(f"there is no image {image} here (make images): {saved.stderr.strip()}")
    return folder / file

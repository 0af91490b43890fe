"""What tests need of others in JavaScript: installed by npm from a lock with hashes, once.

Where npm or its registry cannot be had, the test is skipped, or fails in CI.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.node import not_had

WANTED = ("package.json", "package-lock.json")
VAR = Path(__file__).parents[2] / "var"
INSTALL_S_MAX = 120.0


def installed(folder: Path) -> Path:
    """The `node_modules` of a folder of tests, installed when they are first asked for."""
    lock = (folder / "package-lock.json").read_bytes()
    home = VAR / folder.name / hashlib.sha256(lock).hexdigest()[:16]
    if not home.exists():
        _install(folder, home)
    return home / "node_modules"


def _install(folder: Path, home: Path) -> None:
    """Install aside; the folder gets its name when it is whole, from whoever is first."""
    npm = shutil.which("npm")
    if npm is None:
        not_had(f"no npm, which installs what {folder.name} is tested with")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as name:
        aside = Path(name) / "new"
        aside.mkdir()
        for wanted in WANTED:
            shutil.copy(folder / wanted, aside)
        said = _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], aside)
        if said:
            not_had(f"npm does not install what {folder.name} is tested with: {said[-300:]}")
        try:
            aside.rename(home)
        except OSError:
            if not home.exists():
                raise  # Else somebody else was first, and has installed the same.


def _run(command: list[str], folder: Path) -> str:
    """What went wrong, in its own words; nothing where nothing did."""
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
        )
    except subprocess.TimeoutExpired as error:
        return str(error)
    return ended.stderr or f"exit code {ended.returncode}" if ended.returncode else ""

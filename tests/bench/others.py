"""Libraries that the project does not use, in an environment of their own, to be compared with."""

import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path("var/bench/others")
LOCK = Path(__file__).with_name("others.lock")
PYTHON = HOME / "bin" / "python"
INSTALL_S_MAX = 900


def installed() -> Path | None:
    """The Python that has them, installed where needed; None where no registry has them."""
    stamp = HOME / "installed.lock"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return PYTHON
    shutil.rmtree(HOME, ignore_errors=True)
    said = [_run(sys.executable, "-m", "venv", str(HOME)) or _run(*_INSTALL)]
    if said != [""]:
        sys.stdout.write(f"  not installed here, and left out: {said[0][-300:]}\n")
        return None
    shutil.copy(LOCK, stamp)
    return PYTHON


_INSTALL = (
    *(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--require-hashes", "--only-binary=:all:", "-r", str(LOCK)),
)


def _run(*command: str) -> str:
    """What went wrong, in its own words; nothing where nothing did."""
    try:
        made = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
        )
    except subprocess.TimeoutExpired as error:
        return str(error)
    return made.stderr or f"exit code {made.returncode}" if made.returncode else ""

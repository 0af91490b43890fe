"""Settings that several commands share, from options or from the environment."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path

from shared.events.submission import Mode
from shared.kernel.code import CODE_CHARACTERS_MAX, is_code
from shared.kernel.errors import Refused

DATA = "var/data"
MODES: tuple[Mode, ...] = ("trial", "production")

_MODE = "mode"


def add_directory(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    """Add the options that say where the data lies, and in which mode."""
    parser.add_argument(
        "--data",
        type=Path,
        default=environment.get("CCHC_DATA", DATA),
        metavar="DIR",
        help=f"the data directory; CCHC_DATA, {DATA} by default",
    )
    parser.add_argument(
        "--mode",
        type=_mode,
        default=environment.get("CCHC_MODE", "trial"),
        metavar="|".join(MODES),
        help="a trial has a clock that can be set and issues its own tokens, production neither; "
        "CCHC_MODE, trial by default",
    )


def _mode(text: str) -> Mode:
    for mode in MODES:
        if text == mode:
            return mode
    raise ArgumentTypeError(f"{text!r} is none of {', '.join(MODES)}")


def stamp(data_dir: Path, mode: Mode) -> None:
    """Bind a data directory to a mode for ever, the first time that it is used.

    Raises `Refused` as `check` does: what was tried out never becomes official.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path, aside = data_dir / _MODE, data_dir / f"{_MODE}.{os.getpid()}"
    aside.write_text(mode, "ascii")
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        check(data_dir, mode)
    finally:
        aside.unlink()


def check_code(text: str) -> None:
    """See that this may be the code of a cycle or an agency, which comes to stand in addresses.

    Raises `Refused("cycle-code-malformed")`.
    """
    if not is_code(text):
        raise Refused("cycle-code-malformed", value=text, maximum=str(CODE_CHARACTERS_MAX))


def is_used(data_dir: Path) -> bool:
    """Whether it is a data directory, on which the system has been before."""
    return (data_dir / _MODE).is_file()


def check(data_dir: Path, mode: Mode) -> None:
    """See that it is a data directory of this mode; a command that only reads makes none.

    Raises `Refused` with `data-directory-missing` or `data-directory-of-another-mode`.
    """
    if not is_used(data_dir):
        raise Refused("data-directory-missing", directory=str(data_dir))
    stamped = (data_dir / _MODE).read_text("ascii")
    if stamped != mode:
        raise Refused("data-directory-of-another-mode", directory=str(data_dir), stamped=stamped)

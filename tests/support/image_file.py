"""What the Dockerfile puts into an image, as far as it comes from this tree."""

import re
import shutil
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DOCKERFILE = PROJECT / "deploy" / "image" / "Dockerfile"
COPIED = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)
STAGES = re.compile(r"^FROM ", re.MULTILINE)
COMMANDS = "cli"
"""The image of the command line, beside those of the services."""


def code_of(service: str) -> Sequence[tuple[str, str]]:
    """What is copied into the stage whose files the image has, and where to."""
    stages = STAGES.split(DOCKERFILE.read_text("utf-8"))
    named = "AS commands" if service == COMMANDS else "AS code"
    [code] = [each for each in stages if named in each]
    copied = COPIED.findall(code.replace("${SERVICE}", service))
    return [(source, target) for source, target in map(str.split, copied)]


def copy_code(service: str, folder: Path) -> None:
    """Make a folder of what the image of a service has of this tree."""
    for source, target in code_of(service):
        if (PROJECT / source).is_dir():
            place = folder / target
            shutil.copytree(PROJECT / source, place, ignore=_left_out, dirs_exist_ok=True)
        else:
            (folder / target).mkdir(parents=True)
            shutil.copy(PROJECT / source, folder / target)


def told(path: str) -> bool:
    """Whether a build is told of a file, by .dockerignore: the last line that fits decides."""
    is_told = True
    for line in _lines():
        pattern = line.removeprefix("!")
        if _fits(path, pattern):
            is_told = line.startswith("!")
    return is_told


def _left_out(folder: str, names: list[str]) -> set[str]:
    place = Path(folder).relative_to(PROJECT)
    return {name for name in names if not told(str(place / name))}


def _lines() -> Iterator[str]:
    for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _fits(path: str, pattern: str) -> bool:
    """A pattern is about what it names and all within; `**/` about any depth."""
    parts = Path(path).parts
    prefixes = ["/".join(parts[: place + 1]) for place in range(len(parts))]
    if pattern.startswith("**/"):
        return any(fnmatch(part, pattern.removeprefix("**/")) for part in parts)
    depth = pattern.count("/")
    return any(each.count("/") == depth and fnmatch(each, pattern) for each in prefixes)

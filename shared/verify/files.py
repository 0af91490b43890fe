"""Files of evidence that lie beside a bundle: whether they are those that the facts name.

Each is called by its SHA-256, with any ending. That one is missing is no fault: not everybody may
have them all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.count import bundle
from shared.events import submission
from shared.verify.content import of_file
from shared.verify.fault import Fault

MEMBER = "files/"


@dataclass(frozen=True, slots=True)
class Files:
    """How many files the facts name, and how many of those are there and right."""

    named: int
    right: int
    faults: tuple[Fault, ...]


def compare(folder: Path, ledger: Iterable[bytes]) -> Files:
    """Hold the files in a folder against the entries of a ledger; raises OSError."""
    sizes = dict(_named(ledger))
    right, faults = set[str](), list[Fault]()
    for path in sorted(folder.iterdir()):
        sha256 = path.name.partition(".")[0]
        if sha256 not in sizes or not path.is_file():
            faults.append(Fault("file-foreign", member=MEMBER + path.name))
        elif _is(path, sha256, sizes[sha256]):
            right.add(sha256)
        else:
            faults.append(Fault("file-wrong", member=MEMBER + path.name))
    return Files(len(sizes), len(right), tuple(faults))


def _named(ledger: Iterable[bytes]) -> Iterator[tuple[str, int]]:
    for entry in ledger:
        recorded = bundle.told(entry)
        if recorded is not None and isinstance(recorded.data, submission.EvidenceAttached):
            yield recorded.data.file.sha256, recorded.data.file.size_bytes


def _is(path: Path, sha256: str, size_bytes: int) -> bool:
    content = of_file(path)
    return content.size == size_bytes and content.sha256() == sha256

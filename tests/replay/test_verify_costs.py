"""What is made to cost the verifier much costs it little."""

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from shared import verify
from shared.adapters import signature
from shared.ledger.archive import END, END_MARK, MEMBERS_MAX, RECORD
from shared.verify import Fault, Given, Report, Unusable
from shared.verify.container import DIRECTORY_BYTES_MAX
from shared.verify.words import as_json, in_words
from tests.support.bundled import approved

KEPT_BYTES_MAX = 256 * 1024
GIVEN = Given(signature.verify)


class Counted(list[Fault]):
    """Faults that count how often somebody goes through them."""

    readings = 0

    def __iter__(self) -> Iterator[Fault]:
        self.readings += 1
        return super().__iter__()


@pytest.mark.parametrize(
    ("members", "directory_bytes"),
    [(1, DIRECTORY_BYTES_MAX + 1), (MEMBERS_MAX + 1, RECORD.size * (MEMBERS_MAX + 1))],
)
def test_a_directory_that_no_bundle_has_is_not_read(
    tmp_path: Path, members: int, directory_bytes: int
) -> None:
    path = tmp_path / "bundle.zip"
    with path.open("wb") as file:
        file.seek(directory_bytes)
        file.write(END.pack(END_MARK, 0, 0, members, members, directory_bytes, 0, 0))

    tracemalloc.start()
    try:
        with pytest.raises(Unusable, match="zip-unreadable"):
            verify.verify(path, GIVEN)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < KEPT_BYTES_MAX


def test_faults_are_gone_through_as_often_however_many_claims_there_are(
    facts: list[bytes],
) -> None:
    few, many = (_report(facts, claims) for claims in (1, 12))

    assert (len(few.claims), len(many.claims)) == (1, 12)
    assert _readings(many) == _readings(few)


def _report(facts: Sequence[bytes], claims: int) -> Report:
    """On the facts of a result that was approved so often, each time of another beginning."""
    told = list(facts[:-2])
    for version in range(1, claims + 1):
        *_, approval = approved(told)
        told.append(approval.replace(b"result/2021@1", f"result/2021@{version}".encode()))
    return verify.verify_entries(told, GIVEN)


def _readings(report: Report) -> int:
    """How often telling a report goes through its faults."""
    faults = Counted(report.faults)
    told = replace(report, faults=faults)
    as_json(told)
    list(in_words(told))
    return faults.readings

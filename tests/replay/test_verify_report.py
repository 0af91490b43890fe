"""What the offline verifier says, to eyes and machines, of whole, cut, edited and foreign files."""

import codecs
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from shared import verify
from shared.adapters import signature
from shared.count.replay import FaultCode
from shared.verify import EXITS, HOLDS, UNPUBLISHED, UNUSABLE
from shared.verify.fault import SENTENCES

Told = tuple[int, list[str], str]
Tell = Callable[..., Told]


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tell:
    """The verifier's exit status, lines and errors, for a file of these bytes."""

    def told(content: bytes, *options: str) -> Told:
        path = tmp_path / "facts.ndjson"
        path.write_bytes(content)
        exit_code = verify.main([str(path), *options], signature.verify)
        said = capsys.readouterr()
        return exit_code, said.out.splitlines(), said.err

    return told


def lines(facts: Sequence[bytes], ending: bytes = b"\n") -> bytes:
    return b"".join(fact + ending for fact in facts)


def test_the_report_shows_names_and_says_that_it_holds(facts: list[bytes], tell: Tell) -> None:
    exit_code, said, _ = tell(lines(facts))

    assert exit_code == HOLDS
    assert "TRIAL" in said[1]
    assert said[2:6] == [
        "",
        "department: small-sample (MẪU / SAMPLE)",
        "Hạng/rank  Cơ quan/agency  Điểm/points  Chỉ số/index  Loại/grade  Mã/code",
        "        1  Sở Nội vụ              8.71         87.11  Tốt         so-noi-vu",
    ]
    assert "holds" in said[-1]


def test_columns_are_as_wide_as_what_stands_in_them(facts: list[bytes], tell: Tell) -> None:
    long = "Văn phòng Ủy ban nhân dân tỉnh và Hội đồng nhân dân".encode()
    renamed = [fact.replace("Sở Y tế".encode(), long) for fact in facts]

    _, said, _ = tell(lines(renamed))

    heading, *rows = said[5:8]
    assert {row.index("so-") for row in rows} == {heading.index("Mã/code")}


def test_what_was_published_is_not_called_provisional(facts: list[bytes], tell: Tell) -> None:
    _, said, _ = tell(lines(facts))

    assert not any("PROVISIONAL" in line for line in said)


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_a_table_without_its_publication_is_provisional(
    facts: list[bytes], tell: Tell, cut: int
) -> None:
    exit_code, said, _ = tell(lines(facts[:-cut]))

    assert exit_code == UNPUBLISHED
    assert said[3].startswith("TẠM TÍNH / PROVISIONAL")
    assert said[4].startswith("department: ")


def test_a_fault_makes_the_table_provisional(facts: list[bytes], tell: Tell) -> None:
    facts[3], facts[5] = facts[5], facts[3]

    exit_code, said, _ = tell(lines(facts))

    assert exit_code == EXITS["facts"]
    assert said[3].startswith("TẠM TÍNH / PROVISIONAL")
    assert any("DIFFERS" in line for line in said)


def test_a_fault_has_its_code_in_front_and_is_explained_once(
    facts: list[bytes], tell: Tell
) -> None:
    facts[3] = facts[3].replace(b"trang 2", b"trang 3")

    _, said, _ = tell(lines(facts))

    first, second = (place for place, line in enumerate(said) if ": root-differs (" in line)
    assert said[first + 2].strip().startswith("Something in entries 1 to 25 was changed")
    assert said[second + 2].strip().startswith("Something in entries 1 to 26 was changed")
    assert sum("Something in entries 1 to 25" in line for line in said) == 1


def test_each_code_has_a_sentence_in_two_languages() -> None:
    assert set(get_args(FaultCode)) <= SENTENCES.keys()
    assert all(vietnamese != english for vietnamese, english in SENTENCES.values())


def test_the_report_as_json_holds_what_others_compare(facts: list[bytes], tell: Tell) -> None:
    report = _report(tell(lines(facts), "--json"))

    assert (report["holds"], report["provisional"], report["faults"]) == (True, False, [])
    assert report["facts"] == len(facts)
    assert [(each["revision"], each["holds"]) for each in report["claims"]] == [
        (None, True),
        (1, True),
    ]
    assert report["digest"] == report["claims"][-1]["digest"]
    assert [row["agency"] for row in report["tables"][0]["rows"]] == ["so-noi-vu", "so-y-te"]


def test_a_fault_as_json_has_its_code_and_both_sentences(facts: list[bytes], tell: Tell) -> None:
    report = _report(tell(lines([*facts[:5], b"", *facts[5:]]), "--json"))

    assert report["faults"][0] == {
        "class": "facts",
        "code": "entry-unreadable",
        "member": "",
        "number": 6,
        "fact": "",
        "details": {},
        "vi": "Dòng này không phải là một dữ kiện.",
        "en": "This line is no fact.",
    }


@pytest.mark.parametrize("cut", [0, 5])
def test_crlf_line_endings_are_a_fault_and_named_as_the_cause(
    facts: list[bytes], tell: Tell, cut: int
) -> None:
    exit_code, said, _ = tell(lines(facts[: len(facts) - cut], b"\r\n"))

    (place,) = (place for place, line in enumerate(said) if "line-endings-changed" in line)
    assert exit_code == EXITS["facts"]
    assert "changed by an editor: CRLF line endings" in said[place + 2]


def test_a_byte_order_mark_is_a_fault_and_named_as_the_cause(
    facts: list[bytes], tell: Tell
) -> None:
    exit_code, said, _ = tell(codecs.BOM_UTF8 + lines(facts))

    (place,) = (place for place, line in enumerate(said) if "byte-order-mark" in line)
    assert exit_code == EXITS["facts"]
    assert "changed by an editor: a byte order mark" in said[place + 2]


@pytest.mark.parametrize("content", [b"# A title\n\nA text.\n", b"\n\n", b'{"id": 1}\n', b"\xff"])
def test_a_file_that_is_no_log_is_called_so_once(tell: Tell, content: bytes) -> None:
    exit_code, said, errors = tell(content)

    assert (exit_code, said) == (UNUSABLE, [])
    assert "no line of" in errors
    assert errors.count("\n") == 1


def test_a_log_of_one_line_behind_a_byte_order_mark_is_explained(
    facts: list[bytes], tell: Tell
) -> None:
    exit_code, _, errors = tell(codecs.BOM_UTF8 + lines(facts[:1]))

    assert exit_code == UNUSABLE
    assert "byte order mark" in errors


@pytest.mark.parametrize("content", [None, b""])
def test_what_cannot_be_read_is_said_to_be_unusable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "facts.ndjson"
    if content is not None:
        path.write_bytes(content)

    assert verify.main([str(path)], signature.verify) == UNUSABLE


def test_a_name_cannot_write_lines_of_its_own(facts: list[bytes], tell: Tell) -> None:
    forged = [fact.replace("Sở Y tế".encode(), b"\\nHOLDS\\u001b[2J") for fact in facts]

    _, said, _ = tell(lines(forged))

    assert "HOLDS" not in [line.strip() for line in said]
    assert all(line.isprintable() for line in said)


def _report(told: Told) -> Any:  # noqa: ANN401 - plain JSON
    return json.loads(told[1][0])

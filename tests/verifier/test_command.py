"""The second verifier as a command, and its modules: short, with a purpose, needing Node alone."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support import second_verifier

LINES_MAX = 300
CHARACTERS_MAX = 100
IMPORT = re.compile(r'^(?:import|\} from) .*?"(?P<module>[^"]+)"', re.MULTILINE)


def test_a_name_brings_no_control_characters_into_a_terminal(tmp_path: Path) -> None:
    bundle = tmp_path / "a\x1b[31m\u202eb\tc.zip"
    bundle.write_bytes(b"")

    second = second_verifier.run(str(bundle))
    first = subprocess.run(
        [sys.executable, "-m", "shared.verify", str(bundle)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    shown = f"{tmp_path}/a\ufffd[31m\ufffdb c.zip"
    assert (first.returncode, second.returncode) == (2, 2)
    assert shown in second.stdout
    assert shown in first.stderr


@pytest.mark.parametrize("arguments", [(), ("--key",), ("--what", "x"), ("--key=x", "a.zip")])
def test_arguments_that_say_nothing_are_refused(arguments: Sequence[str]) -> None:
    answer = second_verifier.run(*arguments)

    assert answer.returncode == 2
    assert "BUNDLE.zip" in answer.stderr


def modules() -> Sequence[Path]:
    """The modules of the second verifier."""
    return sorted(second_verifier.FOLDER.glob("*.mjs"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.name)
def test_each_module_is_short_says_what_it_is_for_and_needs_nothing_but_node(module: Path) -> None:
    text = module.read_text("utf-8")
    lines = text.split("\n")

    assert len(lines) <= LINES_MAX
    assert [line for line in lines if len(line) > CHARACTERS_MAX] == []
    assert lines[lines[0].startswith("#!")].startswith("// ")
    imported = [found["module"] for found in IMPORT.finditer(text)]
    own = {f"./{each.name}" for each in modules()}
    assert [each for each in imported if not each.startswith("node:") and each not in own] == []

"""What the servers are made of is installed step by step, and by one at a time."""

import re
import threading
from pathlib import Path

import pytest

from real.install import Step, install
from real.servers.server import NotHad

LOOKED_ASIDE_S = 0.05


def test_each_step_has_a_line_with_its_time(tmp_path: Path) -> None:
    lines: list[str] = []

    install(tmp_path, [Step("Kafka", lambda home: f"in {home.name}")], lines.append)

    [line] = lines
    assert re.fullmatch(rf" +\d+\.\d s  Kafka +in {tmp_path.name}", line)


def test_a_step_that_fails_hinders_no_other_and_is_told_in_the_end(tmp_path: Path) -> None:
    lines: list[str] = []

    def fail(_: Path) -> str:
        raise NotHad("install Maven")

    with pytest.raises(NotHad, match="install Maven"):
        install(tmp_path, [Step("Kafka", fail), Step("MongoDB", str)], lines.append)

    assert [("install Maven" in line, "MongoDB" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    seen: list[str] = []

    def look_aside(_: Path) -> str:
        seen.append("begins")
        threading.Event().wait(LOOKED_ASIDE_S)
        seen.append("ends")
        return ""

    def install_it() -> None:
        install(tmp_path, [Step("first", look_aside), Step("second", look_aside)], lambda _: None)

    both = [threading.Thread(target=install_it) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert seen == ["begins", "ends"] * 4

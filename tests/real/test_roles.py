"""What a process of a service refuses to begin with, and how it says so."""

import pytest

from shared.adapters.deployed.settings import SETTINGS
from tests.support.role import run


@pytest.mark.parametrize("role", ["api", "worker", "migrate"])
def test_a_process_without_settings_names_every_one_that_is_missing(role: str) -> None:
    ended = run("submission", role, {})

    assert ended.returncode == 2
    for setting in SETTINGS:
        assert (f"{setting.name} is missing" in ended.stderr) == (setting.default is None)
    assert "Traceback" not in ended.stderr


def test_the_help_lists_every_setting() -> None:
    ended = run("submission", "--help", {})

    assert ended.returncode == 0
    assert all(setting.name in ended.stdout for setting in SETTINGS)

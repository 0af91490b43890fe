"""Settings that hold for all tests."""

import gc

import pytest
from hypothesis import settings

from tests.support import tally
from tests.support.deployed import deployed, deployment, pytest_runtest_teardown
from tests.support.servers import fresh_mongo, fresh_postgres, fresh_topic, servers

__all__ = [
    "deployed",
    "deployment",
    "fresh_mongo",
    "fresh_postgres",
    "fresh_topic",
    "pytest_runtest_teardown",
    "servers",
]

REPETITIONS = 1
RARELY = (50_000, 20, 5)
"""How often the collector looks for garbage: the framework remembers many an application that a
test made, and to go through all of them took a third of the time."""

# A slow machine is no failure. `make check` tries fewer examples than `make test`.
settings.register_profile("test", deadline=None)
settings.register_profile("check", deadline=None, max_examples=5)
settings.load_profile("test")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how often a test of faults repeats what it does."""
    parser.addoption("--repetitions", type=int, default=REPETITIONS, help="of each fault")


@pytest.fixture
def repetitions(request: pytest.FixtureRequest) -> int:
    """How often a fault is to be repeated."""
    number: int = request.config.getoption("--repetitions")
    return number


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the tests of a group have one worker (--dist=loadgroup).

    xdist 3.8 marks them by an attribute that pytest 9.2 reads no more (its issue 1386), and deals
    them to all workers.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        for mark in item.iter_markers("xdist_group"):
            group = f"@{mark.args[0]}"
            if not item.nodeid.endswith(group):
                item._id = item.id.parse(item.nodeid + group)  # noqa: SLF001 - nothing else sets it


def pytest_collection_finish() -> None:
    """What was loaded lives to the end: whoever looks for garbage need not look there each time."""
    gc.freeze()
    gc.set_threshold(*RARELY)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests counted."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    # The last report of a test has all that was counted, also after its end.
    ended = [report for report in reports if getattr(report, "when", "") == "teardown"]
    properties = [each for report in ended for each in report.user_properties]
    if properties:
        terminalreporter.section("counted")
    for line in tally.tables(properties):
        terminalreporter.write_line(line)

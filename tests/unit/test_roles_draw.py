"""A process begins, and takes what is written, whatever keeps its documents from being shown."""

import logging

import pytest

from shared.adapters.deployed.roles import draw
from shared.kernel.errors import Conflict, Unavailable
from shared.runtime.service import Service

AWAY = Unavailable("documents-unavailable")


def service(failure: Exception) -> Service:
    async def fail() -> None:
        raise failure

    return Service("survey", tuple, (), draw=fail)


@pytest.mark.parametrize("failure", [AssertionError("too large"), KeyError("x"), Conflict("busy")])
async def test_a_process_begins_although_its_documents_cannot_be_shown_and_tells_why(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    await draw(service(failure), "api")

    [record] = caplog.records
    assert record.getMessage() == "survey api begins without its documents"
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[1] is failure


async def test_a_server_of_documents_that_is_away_is_named_without_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await draw(service(AWAY), "api")

    [record] = caplog.records
    assert record.getMessage() == f"survey api begins without its documents: {AWAY}"
    assert record.exc_info is None

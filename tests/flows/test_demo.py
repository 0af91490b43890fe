"""The play finds each service at its address; whole plays are make demo and make demo-real."""

import httpx
import pytest

from demo.__main__ import main
from demo.client import Addresses, Api, Unexpected

EVERYWHERE = Addresses("http://one", {"survey": "http://two", "ranking": "http://three"})


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/survey/cycles/2021", "http://two/survey/cycles/2021"),
        ("/ranking/cycles/2021/table?tier=a", "http://three/ranking/cycles/2021/table?tier=a"),
        ("/appraisal/cycles/2021", "http://one/appraisal/cycles/2021"),
        ("/trial/clock", "http://one/trial/clock"),
    ],
)
def test_a_path_is_asked_where_its_service_answers(path: str, url: str) -> None:
    assert EVERYWHERE.url(path) == url


def test_one_address_serves_every_path() -> None:
    assert Addresses("http://one").url("/survey/cycles") == "http://one/survey/cycles"


@pytest.mark.parametrize("wrong", ["survey", "=http://one", "survey="])
def test_an_address_without_service_or_url_is_refused(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--at", wrong])

    assert "SERVICE=URL" in capsys.readouterr().err


async def _answered(*statuses: int) -> None:
    """Answer a survey of a system that says these, 409 being that of a spent token."""
    said = iter(statuses)

    def say(_: httpx.Request) -> httpx.Response:
        problem = {"content-type": "application/problem+json"}
        return httpx.Response(next(said), headers=problem, json={"code": "token-spent"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(say)) as http:
        await Api(http, EVERYWHERE).answer("/survey/cycles/2021/questionnaires/a/responses", {})


async def test_an_answer_whose_reply_was_lost_was_taken() -> None:
    await _answered(503, 409)


async def test_an_answer_with_a_spent_token_is_refused() -> None:
    with pytest.raises(Unexpected, match="409"):
        await _answered(409)

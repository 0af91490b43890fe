"""The play finds each service at its address; whole plays are make demo and make demo-real."""

import pytest

from demo.__main__ import main
from demo.client import Addresses

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

"""The compose file says what real/compose.py relies on; no container is started here."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from real.compose import FILE, URLS, Composed, Project

PORTS = {"kafka": 21_001, "postgres": 21_002, "mongo": 21_003}


@pytest.fixture(scope="module")
def composed() -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return document


def test_it_has_the_servers_that_have_an_address(composed: Mapping[str, Any]) -> None:
    assert set(composed["services"]) == set(URLS)


@pytest.mark.parametrize("name", URLS)
def test_a_server_has_a_port_of_the_loopback_that_can_be_chosen(
    name: str, composed: Mapping[str, Any]
) -> None:
    [port] = composed["services"][name]["ports"]

    assert port.startswith(f"127.0.0.1:${{CCHC_{name.upper()}_PORT:-")


@pytest.mark.parametrize("name", URLS)
def test_a_server_says_when_it_is_healthy(name: str, composed: Mapping[str, Any]) -> None:
    healthcheck = composed["services"][name]["healthcheck"]

    assert healthcheck["test"][0] == "CMD"
    assert set(healthcheck) == {"test", "interval", "timeout", "retries"}


@pytest.mark.parametrize("name", URLS)
def test_a_server_keeps_its_data_in_a_volume_of_its_name(
    name: str, composed: Mapping[str, Any]
) -> None:
    [volume] = composed["services"][name]["volumes"]

    assert volume.startswith(f"{name}:/")
    assert name in composed["volumes"]


@pytest.mark.parametrize("name", URLS)
def test_an_image_has_a_version_and_no_digest(name: str, composed: Mapping[str, Any]) -> None:
    image, _, tag = composed["services"][name]["image"].partition(":")

    assert image
    assert tag[0].isdigit()
    assert "@" not in tag


def test_the_password_in_the_address_is_the_one_in_the_file(composed: Mapping[str, Any]) -> None:
    told = composed["services"]["postgres"]["environment"]

    expected = f"postgresql://{told['POSTGRES_USER']}:{told['POSTGRES_PASSWORD']}@127.0.0.1:21002/"
    assert Composed(Project("trial", PORTS), "postgres").url.startswith(expected)


def test_a_broker_tells_the_port_at_which_it_is_called(composed: Mapping[str, Any]) -> None:
    broker = composed["services"]["kafka"]
    own = "${CCHC_KAFKA_PORT:-9092}"

    assert broker["ports"] == [f"127.0.0.1:{own}:{own}"]
    assert broker["environment"]["KAFKA_ADVERTISED_LISTENERS"].endswith(f"127.0.0.1:{own}")
    assert Composed(Project("trial", PORTS), "kafka").url == "127.0.0.1:21001"


def test_a_project_is_told_by_its_name_and_its_file() -> None:
    command = Project("trial", PORTS).command("stop", "mongo")

    assert command == (
        *("docker", "compose", "--project-name", "trial"),
        *("--file", str(FILE), "stop", "mongo"),
    )

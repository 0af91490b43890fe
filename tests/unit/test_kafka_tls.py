"""What brokers are spoken to in secret by: files, and settings that go together, or are refused."""

from pathlib import Path

import pytest

from shared.adapters.deployed.settings import read
from shared.adapters.kafka import Tls, create_topic
from shared.kernel.errors import Refused
from tests.support.authority import Authority
from tests.unit.test_settings import PRODUCTION, TRIAL, refused


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_brokers_have_to_be_vouched_for_under_their_own_names(ours: Authority) -> None:
    context = Tls(ours.path, *ours.certify("submission")).context()

    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
    assert len(context.get_ca_certs()) == 1


async def test_what_is_no_certificate_is_refused_before_anybody_is_asked(
    ours: Authority, tmp_path: Path
) -> None:
    (tmp_path / "none.pem").write_text("no certificate", "utf-8")
    certificate, key = ours.certify("submission")
    _, another = ours.certify("ranking")

    for wrong in (
        Tls(tmp_path / "none.pem"),
        Tls(tmp_path / "missing.pem"),
        Tls(ours.path, tmp_path / "none.pem", key),
        Tls(ours.path, certificate, another),
    ):
        with pytest.raises(Refused, match="kafka-tls-unusable") as refused:
            await create_topic("127.0.0.1:1", "facts", partitions=1, replicas=1, tls=wrong)
        assert str(wrong.ca) in refused.value.details["files"]


@pytest.mark.parametrize(
    ("told", "name", "other"),
    [
        (("CA", "CERTIFICATE"), "CERTIFICATE", "KEY"),
        (("CA", "KEY"), "KEY", "CERTIFICATE"),
        (("CERTIFICATE", "KEY"), "CERTIFICATE", "CA"),
    ],
)
def test_who_says_who_it_is_to_brokers_has_a_key_and_believes_somebody(
    told: tuple[str, str], name: str, other: str
) -> None:
    environment = {**TRIAL, **{f"CCHC_KAFKA_{each}": "file.pem" for each in told}}

    [(found, (code, details))] = refused(environment).items()

    assert (found, code) == (f"CCHC_KAFKA_{name}", "setting-alone")
    assert details["other"] == f"CCHC_KAFKA_{other}"


@pytest.mark.parametrize("text", ["none", "/run/ca.crt"])
def test_production_says_whether_brokers_are_spoken_to_in_clear(text: str) -> None:
    unsaid = refused({**PRODUCTION, "CCHC_KAFKA_CA": ""})
    ca = read("survey", {**PRODUCTION, "CCHC_KAFKA_CA": text}).kafka_ca

    assert unsaid["CCHC_KAFKA_CA"][0] == "setting-needed"
    assert ca == ("none" if text == "none" else Path(text))


def test_a_certificate_says_nothing_to_brokers_that_are_spoken_to_in_clear() -> None:
    own = {"CCHC_KAFKA_CERTIFICATE": "own.crt", "CCHC_KAFKA_KEY": "own.key"}

    [(found, (code, details))] = refused({**PRODUCTION, "CCHC_KAFKA_CA": "none", **own}).items()

    assert (found, code) == ("CCHC_KAFKA_CERTIFICATE", "setting-alone")
    assert details["other"] == "CCHC_KAFKA_CA"

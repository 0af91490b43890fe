"""How long the certificates are good by which brokers are spoken to, as their files have it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.clock import SystemClock
from shared.adapters.kafka import Tls
from shared.adapters.telemetry import contract
from shared.kernel.errors import Refused
from tests.support.authority import DAY, Authority
from tests.support.observed import Told
from tests.support.outside import memory_outside


def now() -> datetime:
    return SystemClock().now()


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    """An authority of brokers, and a service's own certificate, both good for a day."""
    authority = Authority(tmp_path)
    return Tls(authority.path, *authority.certify("submission"))


def told_of(tls: Tls) -> Mapping[object, float]:
    """What a process tells of them."""
    told = Told("submission")
    told.telemetry.outside(memory_outside(), "facts", certificates=lambda: tls.left_s(now()))
    return {
        (point.attributes or {})[contract.CERTIFICATE.name]: point.value  # type: ignore[union-attr] # a gauge
        for metric in told.metrics()
        if metric.name == contract.CERTIFIED_TIME.name
        for point in metric.data.data_points
    }


def test_a_process_tells_how_long_both_are_good(tls: Tls) -> None:
    left = told_of(tls)

    assert left.keys() == {"brokers", "service"}
    assert left == pytest.approx(dict.fromkeys(left, DAY.total_seconds()), abs=60)


def test_what_has_ended_is_told_too(tls: Tls) -> None:
    assert tls.left_s(now() + timedelta(days=3))["service"] < 0


def test_a_certificate_that_was_brought_anew_is_told_at_once(tls: Tls, tmp_path: Path) -> None:
    assert tls.certificate is not None
    before = tls.left_s(now())["service"]
    (tmp_path / "new").mkdir()
    renewed, _ = Authority(tmp_path / "new", lasts=30 * DAY).certify("submission")

    tls.certificate.write_bytes(renewed.read_bytes())

    assert tls.left_s(now())["service"] > before + 28 * DAY.total_seconds()


def test_of_several_who_vouch_for_brokers_the_last_counts(tls: Tls, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    newer = Authority(tmp_path / "new", lasts=30 * DAY)

    tls.ca.write_bytes(tls.ca.read_bytes() + newer.path.read_bytes())

    assert tls.left_s(now())["brokers"] > 28 * DAY.total_seconds()


@pytest.mark.parametrize("lasts", [[DAY, 30 * DAY], [30 * DAY, DAY]])
def test_of_a_service_and_who_vouches_for_it_the_first_that_ends_counts(
    tls: Tls, tmp_path: Path, lasts: Sequence[timedelta]
) -> None:
    chain = []
    for number, each in enumerate(lasts):
        (folder := tmp_path / str(number)).mkdir()
        certificate, _ = Authority(folder, lasts=each).certify("submission")
        chain.append(certificate.read_bytes())

    assert tls.certificate is not None
    tls.certificate.write_bytes(b"".join(chain))

    assert told_of(tls)["service"] == pytest.approx(DAY.total_seconds(), abs=60)


def test_of_a_file_that_holds_none_nothing_is_told(tls: Tls) -> None:
    tls.ca.write_text("no certificate", "utf-8")

    assert told_of(tls) == {}
    with pytest.raises(Refused, match="kafka-tls-unusable"):
        tls.left_s(now())

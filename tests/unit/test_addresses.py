"""By what a caller is told apart, and where it cannot be."""

import pytest

from shared.adapters.addresses import SITE_BITS, networks, own_address

PROXIES = networks("203.0.113.9, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_an_address_stands_for_a_caller(host: str, own: str) -> None:
    assert own_address(host, PROXIES) == own


def test_a_site_is_what_its_networks_have_in_common() -> None:
    assert own_address("2001:db8:1:2::9", PROXIES, SITE_BITS) == "2001:db8:1::/48"
    assert own_address("198.51.100.7", PROXIES, SITE_BITS) == "198.51.100.7"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "::1", "127.9.9.9", "::ffff:127.0.0.1", "203.0.113.9"),
        *("2001:db8:ffff:1::1", "", "unknown", "_hidden", "203.0.113.9:80", "1" * 300),
    ],
)
def test_what_is_no_caller_s_own_stands_for_nobody(host: str) -> None:
    assert own_address(host, PROXIES) == ""


def test_no_proxies_are_none() -> None:
    assert networks("") == ()


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8", ",", "10.0.0.1,"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|has host bits|Address cannot be empty"):
        networks(text)

"""The guard of tests/unit/conftest.py bites, and leaves event loops alone."""

import asyncio
import socket
import urllib.request

import pytest


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_unit_test_opens_no_socket(family: socket.AddressFamily) -> None:
    with pytest.raises(pytest.fail.Exception, match="opens no socket"):
        socket.socket(family, socket.SOCK_STREAM)


def test_a_socket_of_the_default_family_is_a_network_socket() -> None:
    with pytest.raises(pytest.fail.Exception, match="opens no socket"):
        socket.socket()


def test_a_library_cannot_swallow_the_refusal() -> None:
    with pytest.raises(pytest.fail.Exception, match="asks for no address"):
        urllib.request.urlopen("http://127.0.0.1:9/")


async def test_an_event_loop_still_runs() -> None:
    await asyncio.sleep(0)

    assert asyncio.get_running_loop().is_running()

"""The contract of signers: one key, and the same signature for the same message ever after."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.signature import FileSigner, private_key, signer_of_pem, signer_of_seed, verify
from shared.ports import Signer

MESSAGES = (b"", b"log.example/2021\n1\n", b"\x00" * 100_000)

Open = Callable[[Path], Signer]
SIGNERS: dict[str, Open] = {
    "seed": lambda _: signer_of_seed(b"the key of the log in the tests."),
    "pem": lambda folder: signer_of_pem(private_key(folder / "key.pem")),
    "file": lambda folder: FileSigner(folder / "key.pem"),
}


@pytest.fixture(params=SIGNERS)
def opened(request: pytest.FixtureRequest) -> Open:
    return SIGNERS[request.param]


@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_what_is_signed_can_be_checked_by_the_public_key(
    opened: Open, message: bytes, tmp_path: Path
) -> None:
    signer = opened(tmp_path)

    signature = signer.sign(message)

    assert (len(signer.public_key), len(signature)) == (32, 64)
    assert verify(signer.public_key, message, signature)
    assert not verify(signer.public_key, message + b"!", signature)


def test_a_signer_that_is_opened_again_signs_alike(opened: Open, tmp_path: Path) -> None:
    first, again = opened(tmp_path), opened(tmp_path)

    assert first.sign(b"message") == again.sign(b"message") == again.sign(b"message")
    assert first.public_key == again.public_key

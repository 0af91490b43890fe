"""Ed25519: the vectors of RFC 8032, and keys as they lie in files."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from shared.adapters.signature import private_key, signer_of_pem, signer_of_seed, verify

# RFC 8032, section 7.1: seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]


def ecdsa(encryption: KeySerializationEncryption) -> str:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_it_signs_as_the_rfc_says(seed: str, public: str, message: str, signature: str) -> None:
    signer = signer_of_seed(bytes.fromhex(seed))

    assert signer.public_key.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    assert verify(signer.public_key, bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [(b"k" * 32, b"m", b"s" * 64), (b"", b"", b""), (b"k" * 31, b"m", b"s" * 64)],
)
def test_what_nobody_signed_is_not_signed(public: bytes, message: bytes, signature: bytes) -> None:
    assert not verify(public, message, signature)


def test_a_changed_message_or_signature_is_not_signed() -> None:
    signer = signer_of_seed(b"s" * 32)
    signature = signer.sign(b"message")

    assert not verify(signer.public_key, b"massage", signature)
    assert not verify(signer.public_key, b"message", signature[:-1] + b"\x01")
    assert not verify(signer_of_seed(b"t" * 32).public_key, b"message", signature)


def test_a_key_in_a_file_is_the_same_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"

    first, again = (signer_of_pem(private_key(path)) for _ in range(2))

    assert first.public_key == again.public_key


@pytest.mark.parametrize("pem", ["", "no key", ecdsa(NoEncryption())])
def test_what_is_no_key_of_this_kind_is_refused(pem: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        signer_of_pem(pem)


def test_a_key_with_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)password"):
        signer_of_pem(ecdsa(BestAvailableEncryption(b"secret")))

"""Until when a certificate is good, by the file that holds it (PEM)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from shared.kernel.errors import Refused


def authorities_good_until(path: Path) -> datetime:
    """When nobody in the file vouches for anything any more: the last of several counts.

    Raises `Refused("kafka-tls-unusable")` where it holds no certificate.
    """
    return max(each.not_valid_after_utc for each in _read(path))


def chain_good_until(path: Path) -> datetime:
    """When a certificate, followed by those that vouch for it, is believed no more.

    The first that ends counts. Raises as above.
    """
    return min(each.not_valid_after_utc for each in _read(path))


def _read(path: Path) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Refused("kafka-tls-unusable", files=str(path), reason=str(error)) from error

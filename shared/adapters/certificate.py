"""Until when a certificate is good, by the file that holds it (PEM)."""

from datetime import datetime
from pathlib import Path

from cryptography import x509

from shared.kernel.errors import Refused


def good_until(path: Path) -> datetime:
    """When what the file says ends; of several that vouch for the same, the last one counts.

    Raises `Refused("kafka-tls-unusable")` where it holds no certificate.
    """
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Refused("kafka-tls-unusable", files=str(path), reason=str(error)) from error
    return max(each.not_valid_after_utc for each in found)

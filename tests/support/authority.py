"""An authority that says who is who, for servers and clients that speak by TLS."""

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.adapters.clock import SystemClock

DAY = timedelta(days=1)
PEM = serialization.Encoding.PEM


class Authority:
    """Its files lie in a folder; what it says is good for a day, unless it `lasts` longer."""

    def __init__(self, folder: Path, name: str = "cchc tests", lasts: timedelta = DAY) -> None:
        self._folder = folder
        self._lasts = lasts
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.path = folder / "ca.pem"
        own = self._signed(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.path.write_bytes(own.public_bytes(PEM))

    def certify(self, name: str) -> tuple[Path, Path]:
        """A certificate of somebody on this machine, and its private key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        certificate, secret = self._folder / f"{name}.pem", self._folder / f"{name}.key.pem"
        certificate.write_bytes(self._signed(subject, key, address).public_bytes(PEM))
        private = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(PEM, private, serialization.NoEncryption()))
        return certificate, secret

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, about: x509.ExtensionType
    ) -> x509.Certificate:
        now = SystemClock().now()
        return (
            x509.CertificateBuilder(
                self._name, subject, key.public_key(), x509.random_serial_number()
            )
            .not_valid_before(now - DAY)
            .not_valid_after(now + self._lasts)
            .add_extension(about, critical=isinstance(about, x509.BasicConstraints))
            .sign(self._key, hashes.SHA256())
        )

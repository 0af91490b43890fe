"""How brokers are spoken to in secret: whose word is believed, and who we are."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.adapters.certificate import authorities_good_until, chain_good_until
from shared.kernel.errors import Refused

BROKERS, SERVICE = "brokers", "service"
"""Of whom a certificate tells: who vouches for the brokers, and the service itself."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files, all of them PEM.

    Who signed `ca` vouches for the brokers, each under the name by which it is reached. Where these
    ask who calls, `certificate` says so, and `key` is its private key.
    """

    ca: Path
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """What the driver takes, read anew, so that a renewed certificate needs no new process.

        Raises `Refused("kafka-tls-unusable")` where a file is not what it has to be.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca)
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ValueError) as error:
            files = ", ".join(str(each) for each in (self.ca, self.certificate, self.key) if each)
            raise Refused("kafka-tls-unusable", files=files, reason=str(error)) from error
        return context

    def left_s(self, now: datetime) -> Mapping[str, float]:
        """For how long each certificate is still good, as its file has it now; below 0 it is not.

        Raises `Refused("kafka-tls-unusable")` where a file holds none.
        """
        ends = {BROKERS: authorities_good_until(self.ca)}
        if self.certificate is not None:
            ends[SERVICE] = chain_good_until(self.certificate)
        return {name: (end - now).total_seconds() for name, end in ends.items()}

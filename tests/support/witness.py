"""A witness who countersigns, one whom nobody knows, and one who takes the name of the first."""

from shared.adapters.signature import signer_of_seed
from shared.ledger import cosignature, note
from shared.ledger.note import COSIGNATURE, Key

AT_S = 1_643_673_600


class Witness:
    """An office with a key of its own."""

    def __init__(self, name: str, secret: str) -> None:
        self._signer = signer_of_seed(secret.encode().ljust(32, b"-"))
        self.key = Key(name, COSIGNATURE, self._signer.public_key)

    def line(self, written: bytes, *, at_s: int = AT_S) -> str:
        """The signature line under a checkpoint that it was shown."""
        text = note.from_bytes(written).text
        return note.to_line(cosignature.cosigned(text, self.key, self._signer.sign, at_s=at_s))


WITNESS = Witness("witness.example/hdnd", "the first secret")
STRANGER = Witness("stranger.example/x", "another secret")
IMPOSTOR = Witness(WITNESS.key.name, "a third secret")

"""The embedded system signs its ledgers: under the name that was chosen, with a key of its own."""

from pathlib import Path

import httpx
import pytest

from services.cli import embedded
from services.cli.embedded import OWN_LOG, Log
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.notary import KEY_FILE
from shared.adapters.signature import private_key, signer_of_pem
from shared.ledger import note
from tests.support.signing_office import FACTS, Office
from tests.support.small_cycle import CYCLE
from tests.support.witness import WITNESS

CHOSEN = Log("log.example/cchc", (WITNESS.key,))


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A data directory in which some facts were numbered."""
    (tmp_path / "ranking").mkdir()
    inbox = SqliteEventStore(tmp_path / "ranking" / "inbox.db")
    await Office(inbox).number(*FACTS[:3])
    await inbox.close()
    return tmp_path


@pytest.mark.parametrize(
    ("log", "origin", "witnesses"),
    [
        (CHOSEN, f"log.example/cchc/{CYCLE}", [note.to_verifier_key(WITNESS.key)]),
        (OWN_LOG, f"cchc-trial/{CYCLE}", []),
    ],
)
async def test_a_ledger_is_signed_as_its_system_is_called(
    folder: Path, log: Log, origin: str, witnesses: list[str]
) -> None:
    async with embedded.opened(folder, "trial", None, log) as system:
        [sign] = [loop for loop in system.loops if loop.name == "ranking.sign"]
        assert await sign.step() == 1
        transport = httpx.ASGITransport(system.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            told = (await client.get(f"/ranking/cycles/{CYCLE}/log-key")).json()

    key = note.from_verifier_key(told["key"])
    kept = signer_of_pem(private_key(folder / "ranking" / KEY_FILE))
    assert (told["origin"], told["witness_keys"]) == (origin, witnesses)
    assert (key.name, key.public) == (origin, kept.public_key)


async def test_no_other_service_makes_a_key(folder: Path) -> None:
    async with embedded.opened(folder, "trial", None) as system:
        [sign] = [loop for loop in system.loops if loop.name == "ranking.sign"]
        await sign.step()

    assert keys_in(folder) == ["ranking"]


def keys_in(folder: Path) -> list[str]:
    return [path.parent.name for path in folder.rglob(KEY_FILE)]

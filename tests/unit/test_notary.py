"""Who signs and who countersigns, as a process was told: keys in files, and names."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.adapters.deployed.application import notary_of
from shared.adapters.deployed.settings import read
from shared.adapters.notary import KEY_FILE, own_notary, read_witnesses
from shared.adapters.signature import private_key, signer_of_pem, verify
from shared.kernel.errors import Refused
from shared.ledger import note
from tests.support.known_notes import LOG_KEY, WITNESS_KEYS

SERVERS = {
    "CCHC_POSTGRES": "postgresql://app:secret@db.example/ranking",
    "CCHC_MONGO": "mongodb://db.example",
    "CCHC_KAFKA": "one.example:9092",
}
PRODUCTION = {
    **SERVERS,
    "CCHC_MODE": "production",
    "CCHC_ISSUER": "https://sso.example",
    "CCHC_KAFKA_CA": "none",
    "CCHC_SERVICE_CLAIM": "none",
    "CCHC_PEOPLE_KEY": "people.key",
    "CCHC_KEY_SET": "/run/keys.json",
}


@pytest.fixture
def trial(tmp_path: Path) -> Mapping[str, str]:
    return {**SERVERS, "CCHC_MODE": "trial", "CCHC_TRIAL_DIR": str(tmp_path)}


# --- The key of the log


def test_the_embedded_mode_makes_its_key_when_it_first_signs(tmp_path: Path) -> None:
    signer = own_notary(tmp_path, "trial").signer
    assert signer is not None
    assert not (tmp_path / KEY_FILE).exists()

    signature = signer.sign(b"text")

    again = own_notary(tmp_path, "trial").signer
    assert again is not None
    assert verify(again.public_key, b"text", signature)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_the_workers_of_a_trial_share_the_key_in_its_folder(trial: Mapping[str, str]) -> None:
    settings = read("ranking", trial)

    first, second = (notary_of(settings, "ranking", signs=True).signer for _ in range(2))

    assert first is not None
    assert second is not None
    assert first.public_key == second.public_key


def test_production_signs_with_the_key_that_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    pem = private_key(path)
    settings = read("ranking", {**PRODUCTION, "CCHC_CHECKPOINT_KEY": str(path)})

    signer = notary_of(settings, "ranking", signs=True).signer

    assert signer is not None
    assert signer.public_key == signer_of_pem(pem).public_key


def test_who_does_not_sign_has_no_key(tmp_path: Path, trial: Mapping[str, str]) -> None:
    path = str(tmp_path / "no such file")
    told = [trial, PRODUCTION, {**PRODUCTION, "CCHC_CHECKPOINT_KEY": path}]

    for environment in told:
        assert notary_of(read("ranking", environment), "ranking", signs=False).signer is None
    assert not (tmp_path / KEY_FILE).exists()


def test_production_does_not_sign_without_a_key() -> None:
    with pytest.raises(Refused) as refusal:
        notary_of(read("ranking", PRODUCTION), "ranking", signs=True)

    assert refusal.value.code == "settings-wrong"
    assert [flaw.pointer for flaw in refusal.value.flaws] == ["CCHC_CHECKPOINT_KEY"]


@pytest.mark.parametrize("content", [None, b"", b"no key", b"\xff"])
def test_a_key_that_cannot_be_used_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    settings = read("ranking", {**PRODUCTION, "CCHC_CHECKPOINT_KEY": str(path)})

    with pytest.raises(Refused, match="checkpoint-key-unusable"):
        notary_of(settings, "ranking", signs=True)


# --- Names and witnesses


def test_a_trial_and_production_are_never_called_the_same(trial: Mapping[str, str]) -> None:
    origins = [read("ranking", told).log_origin for told in (trial, PRODUCTION)]

    assert origins == ["cchc-trial", "cchc-production"]


def test_the_keys_of_witnesses_are_read_line_by_line(
    tmp_path: Path, trial: Mapping[str, str]
) -> None:
    path = tmp_path / "witnesses"
    path.write_text("# who countersigns\n\n" + "\n".join(WITNESS_KEYS) + "\n", "utf-8")
    settings = read("ranking", {**trial, "CCHC_WITNESSES": str(path)})

    witnesses = notary_of(settings, "ranking", signs=False).witnesses

    assert [note.to_verifier_key(key) for key in witnesses] == list(WITNESS_KEYS)


@pytest.mark.parametrize("content", [None, "no key\n", f"{LOG_KEY}\n", WITNESS_KEYS[0] + "x\n"])
def test_what_are_no_keys_of_witnesses_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "witnesses"
    if content is not None:
        path.write_text(content, "utf-8")

    with pytest.raises(Refused, match="witnesses-unreadable"):
        read_witnesses(path)

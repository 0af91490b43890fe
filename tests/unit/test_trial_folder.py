"""The folder of a trial on servers: `migrate` makes it, and nobody else by mistake."""

from pathlib import Path

import pytest

from shared.adapters.deployed import settings
from shared.adapters.deployed.application import Sign, sign_of
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused

AUDITOR = Actor(id="somebody", role="auditor")


def told(folder: Path) -> dict[str, str]:
    return {
        "CCHC_MODE": "trial",
        "CCHC_POSTGRES": "postgresql://db.example/survey",
        "CCHC_MONGO": "mongodb://db.example",
        "CCHC_KAFKA": "db.example:9092",
        "CCHC_TRIAL_DIR": str(folder),
    }


def sign(folder: Path, *, makes: bool) -> Sign:
    return sign_of(settings.read("survey", told(folder)), makes=makes)


async def test_what_migrate_made_is_found_by_the_others(tmp_path: Path) -> None:
    made = sign(tmp_path / "trial", makes=True)
    found = sign(tmp_path / "trial", makes=False)

    assert made.trial is not None
    token = made.trial.issuer.issue(AUDITOR, hours=1)
    assert await found.identity.identify(token) == AUDITOR


async def test_what_is_there_already_is_made_again_without_harm(tmp_path: Path) -> None:
    first, second = (sign(tmp_path, makes=True) for _ in range(2))

    assert first.trial is not None
    assert await second.identity.identify(first.trial.issuer.issue(AUDITOR, hours=1)) == AUDITOR


def test_who_finds_no_key_makes_none_of_his_own(tmp_path: Path) -> None:
    for folder in (tmp_path / "mistyped", tmp_path):
        with pytest.raises(Refused) as refusal:
            sign(folder, makes=False)

        assert refusal.value.code == "trial-folder-missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("makes", [False, True])
def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path, *, makes: bool) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(Refused) as refusal:
        sign(tmp_path / "file" / "trial", makes=makes)

    assert refusal.value.code == ("trial-folder-unusable" if makes else "trial-folder-missing")

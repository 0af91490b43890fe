"""What the command line says when it is asked for help, or for what it does not do."""

import os
from pathlib import Path

import pytest

from services import cli
from services.cli import REFUSED, settings
from shared.adapters.front import open_trial

NOTHING: dict[str, str] = {}
ISSUER = ("--issuer", "https://sso.example.org", "--key-set", "jwks.json")
SIGN = (*ISSUER, "--service-claim", "none")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"], NOTHING)

    said = capsys.readouterr().out
    assert left.value.code == 0
    assert [name for name in cli.COMMANDS if f"    {name}" not in said] == []


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_teaches_by_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"], NOTHING)

    said = capsys.readouterr().out
    assert left.value.code == 0
    assert f"  python -m services {name}" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["token", "--role", "agency"], "--agency so-y-te"),
        (["token", "--role", "auditor", "--agency", "so-y-te"], "belongs to no agency"),
        (["token", "--role", "auditor", "--subject", "Nguyễn Văn A"], "ASCII"),
        (["token", "--role", "auditor", "--mode", "production"], "production"),
        (["up", "--mode", "production", "--port", "0"], "--issuer"),
        (["up", "--mode", "production", "--port", "0", *ISSUER], "--service-claim"),
        (["up", "--mode", "production", "--port", "0", *SIGN], "--scanner"),
        (["up", "--witnesses", "nowhere.txt", "--port", "0"], "nowhere.txt"),
    ],
)
def test_what_cannot_be_done_is_explained_in_both_languages(
    arguments: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_trial(tmp_path)

    status = cli.main([*arguments, "--data", str(tmp_path)], NOTHING)

    said = capsys.readouterr()
    assert status == REFUSED
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
    assert code in said.err.splitlines()[1]


@pytest.mark.parametrize("hours", ["0", "-1", "1000000", "1.5", "many"])
def test_a_token_serves_for_a_time_with_a_limit(hours: str, tmp_path: Path) -> None:
    command = ["token", "--role", "auditor", "--hours", hours, "--data", str(tmp_path)]

    with pytest.raises(SystemExit) as left:
        cli.main(command, NOTHING)

    assert left.value.code == REFUSED


@pytest.mark.parametrize("name", ["a log", "a+b", "", "log.example/"])
def test_a_log_is_called_by_a_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["up", "--log-origin", name, "--data", str(tmp_path)], NOTHING)

    assert left.value.code == REFUSED


def test_settings_come_from_the_environment_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = open_trial(tmp_path)

    status = cli.main(["token", "--role", "auditor"], {"CCHC_DATA": str(tmp_path)})

    token = capsys.readouterr().out.strip()
    assert status == os.EX_OK
    assert trial.issuer.verifier().identify(token).role == "auditor"


def test_a_token_may_be_for_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial = open_trial(tmp_path)

    cli.main(["token", "--role", "auditor", "--service", "--data", str(tmp_path)], NOTHING)

    token = capsys.readouterr().out.strip()
    assert trial.issuer.verifier().identify(token).kind == "service"


@pytest.mark.parametrize(
    "reading",
    [
        ["token", "--role", "auditor"],
        ["bundle", "2021"],
        ["explain", "2021", "so-y-te"],
        ["rebuild", "--all"],
    ],
)
def test_who_only_reads_makes_no_data_directory_and_says_how_one_is_made(
    reading: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new key or an empty store would be taken for what was meant."""
    for directory in (tmp_path / "wrong", tmp_path):
        status = cli.main([*reading, "--data", str(directory)], NOTHING)

        said = capsys.readouterr()
        assert (status, said.out) == (REFUSED, "")
        assert len(said.err.splitlines()) == 2
        for line in said.err.splitlines():
            assert str(directory) in line
            assert "--data" in line
            assert "services up" in line or "--url" in line
    assert list(tmp_path.iterdir()) == []


def test_a_mode_that_does_not_exist_is_refused_from_the_environment_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"CCHC_DATA": str(tmp_path), "CCHC_MODE": "prodution"}

    with pytest.raises(SystemExit) as left:
        cli.main(["token", "--role", "auditor"], environment)

    assert left.value.code == REFUSED
    assert "'prodution' is none of trial, production" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [f"--{name}={tmp_path / name}.yaml" for name in ("schemes", "agencies", "calendar")]
    decided = ["--year", "2021", "--decision", "2366/QĐ-UBND", "--on", "2021-10-14"]

    status = cli.main(["cycle", *decided, *files], NOTHING)

    assert status == REFUSED
    assert f"{tmp_path / 'schemes'}.yaml cannot be read" in capsys.readouterr().err


def test_what_was_tried_out_never_becomes_official(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    settings.stamp(tmp_path, "trial")

    status = cli.main(["up", "--mode", "production", *SIGN, "--scanner", "none", *data], NOTHING)

    assert status == REFUSED
    assert "of mode trial" in capsys.readouterr().err

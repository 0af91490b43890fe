"""`up`: what is said once everybody is served."""

from argparse import Namespace
from pathlib import Path

import pytest

from services.cli import up


@pytest.mark.parametrize(
    ("public_url", "is_said"), [("", True), ("https://khaosat.example", False)]
)
def test_who_did_not_tell_a_public_address_hears_that_no_invitation_is_printed(
    public_url: str, *, is_said: bool
) -> None:
    options = Namespace(mode="trial", data=Path("var/data"), public_url=public_url)

    said = up.ready("http://127.0.0.1:8400", options)

    assert ("No public address was told (--public-url)" in said) is is_said
    assert "http://127.0.0.1:8400/" in said

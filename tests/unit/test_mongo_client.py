"""An address of MongoDB that the driver does not take is refused in words, and never quoted."""

import traceback

import pytest

from shared.adapters import mongo
from shared.kernel.errors import Refused


@pytest.mark.parametrize(
    "address",
    [
        "mongodb://app:secret@host:abc",
        "mongodb://app:secret@host:99999",
        "mongodb://app:secret@host:0",
        "mongodb://app:se%zzcret@host",
        "mongodb://app:secret@host/?directConnection=true&loadBalanced=true",
        "mongodb://app:secret@host/?tls=true&tlsCAFile=/nowhere/secret",
        "postgresql://app:secret@host",
    ],
)
async def test_what_is_no_address_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(Refused, match="documents-url-unreadable") as refused:
        mongo.connect(address, database="shown", application="test")

    assert "secret" not in "".join(traceback.format_exception_only(refused.value))
    assert refused.value.__suppress_context__

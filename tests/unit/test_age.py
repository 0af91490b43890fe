"""Files of age: what is encrypted is read by the identity alone, whole, or named as damaged."""

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters import age, bech32
from shared.kernel.errors import Refused

IDENTITY = "AGE-SECRET-KEY-1PR7G0ZFRUMQWWZV493CSCHA2H7XZ746AJMMKGXUM57J09XVWPQQQKS23A7"
RECIPIENT = "age1zmmrrg6czs2zttlav3xwd2v85t7ks0dzxazllhu73qzz9pyemu8sh6e64s"
BY_AGE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBINjNMa3gzSnhpbU50NXhiSGxZZjVpTXF6ZjQyM0tEN01mdzBM"
    "RlVFVTF3ClhNbDVlQTRhck5LY0RuKzlKcUVUU2p5NnFPZDQ5Nk9OYXdCRFlqQVBYZ3cKLS0tIGI4S2RMVWNqZm14QXNS"
    "WkpEMklrK29yMWVwcnRMZ1ZleGt1WUp1SVJLcFEK974kYsDU9rnH+L+S8y1+hAEmlskwARvZhsHm/P06x8AxfVGqXSXp"
    "bI1rAyvg6HQ6"
)
"""What age 1.1.1 wrote for that recipient, whose keys age-keygen made."""

CHUNK = age.CHUNK_BYTES
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5)


def encrypted(content: bytes, *recipients: str) -> bytes:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(content), target, recipients or [RECIPIENT])
    return target.getvalue()


def decrypted(content: bytes, *identities: str) -> bytes:
    target = io.BytesIO()
    age.decrypt(io.BytesIO(content), target, identities or [IDENTITY])
    return target.getvalue()


def test_what_the_tool_itself_has_written_is_read() -> None:
    assert age.recipient_of(IDENTITY) == RECIPIENT
    assert decrypted(BY_AGE) == "Chỉ số CCHC\n".encode()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_encrypted_comes_back(size: int) -> None:
    content = bytes(place % 251 for place in range(size))
    other = age.new_identity()

    for_both = encrypted(content, age.recipient_of(other), RECIPIENT)

    assert decrypted(for_both) == content
    assert decrypted(for_both, other) == content


def test_who_has_several_identities_reads_what_is_for_any_of_them() -> None:
    newer, older = age.new_identity(), age.new_identity()

    for identity in (newer, IDENTITY, older):
        assert (
            decrypted(encrypted(b"x", age.recipient_of(identity)), newer, IDENTITY, older) == b"x"
        )


def test_another_identity_reads_nothing() -> None:
    with pytest.raises(Refused) as refused:
        decrypted(encrypted(b"x"), age.new_identity())

    assert refused.value.code == "age-key-another"


def test_every_changed_byte_is_found() -> None:
    whole = encrypted(b"a dump")
    found = 0

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(Refused) as refused:
            decrypted(bytes(changed))
        found += refused.value.code in {"age-file-damaged", "age-key-another"}

    assert found == len(whole)


@pytest.mark.parametrize("left", [-1, -age.TAG_BYTES, CHUNK])
def test_a_file_that_was_cut_is_found(left: int) -> None:
    whole = encrypted(bytes(2 * CHUNK))

    with pytest.raises(Refused, match="age-file-damaged"):
        decrypted(whole[:left])


@pytest.mark.parametrize("key", ["", "age1", RECIPIENT.replace("z", "y", 1), RECIPIENT.title()])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="age-key-malformed"):
        encrypted(b"x", key)


@given(st.binary(max_size=100))
def test_bech32_comes_back(content: bytes) -> None:
    text = bech32.encode("age", content)

    assert bech32.decode("age", text) == content
    assert bech32.decode("age", text.upper()) == content


@given(st.binary(min_size=1, max_size=40), st.data())
def test_bech32_finds_any_wrong_letter(content: bytes, data: st.DataObject) -> None:
    text = bech32.encode("age", content)
    place = data.draw(st.integers(len("age1"), len(text) - 1))
    other = data.draw(
        st.sampled_from(sorted(set("qpzry9x8gf2tvdw0s3jn54khce6mua7l") - {text[place]}))
    )

    with pytest.raises(ValueError, match="checksum"):
        bech32.decode("age", text[:place] + other + text[place + 1 :])

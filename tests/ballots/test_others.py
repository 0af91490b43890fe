"""The respondent's ballot.js against the RFC, and both our halves against a library of others."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.adapters.blind_signature import blind_sign, verify
from tests.support import ballot_client as client
from tests.support.ballot_browser import Browser
from tests.support.ballot_office import TOKEN, Office, from_base64url
from tests.support.rfc9474 import vector

pytestmark = pytest.mark.xdist_group("ballots")  # One worker installs the library of others.
KEY = rsa.generate_private_key(65_537, 2048)


def key_pair() -> tuple[str, str]:
    """A key pair, as PKCS #8 and as SubjectPublicKeyInfo, in Base64."""
    private = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(private).decode(), client.public(KEY.public_key()).text


# -------------------------------------------------------------------------- the RFC's own answers


def test_the_browser_prepares_and_blinds_as_the_rfc_does(page: Browser) -> None:
    known = vector()
    n = known.number("n")
    factor = pow(known.number("inv"), -1, n)
    prefix, salt = known.values["msg_prefix"], known.values["salt"]
    # What is drawn first is n itself, less one: too large by one, and drawn again.
    factors = [f"{each - 1:01024x}" for each in (n, factor)]

    made = page.call("drawing", [prefix, salt, *factors], known.public_key, known.values["msg"])

    assert made == {
        "prepared": known.values["prepared_msg"],
        "blinded": known.values["blinded_msg"],
        "inverse": known.values["inv"],
        "left": 0,
    }


def test_the_browser_finalizes_and_verifies_as_the_rfc_does(page: Browser) -> None:
    known = vector()
    key, prepared = known.public_key, known.values["prepared_msg"]

    found = page.call("finalize", key, prepared, known.values["blind_sig"], known.values["inv"])

    assert found == known.values["sig"]
    assert page.call("verify", key, prepared, found)
    assert not page.call("verify", key, known.values["msg"], found)


# ------------------------------------------------------------------------- the library of others


def test_others_get_a_good_signature_from_our_server(both: Browser, office: Office) -> None:
    key, message = office.key(), client.new_ballot()[client.PREFIX_BYTES :]

    made = both.call("theirsBlinds", key, message.hex())
    answer = office.sign(bytes.fromhex(made["blinded"])).hex()
    signature = both.call("theirsFinalizes", key, made["prepared"], answer, made["inverse"])

    assert office.ballots.verify(key, bytes.fromhex(made["prepared"]), bytes.fromhex(signature))
    assert both.call("verify", key, made["prepared"], signature)


def test_our_client_gets_a_good_signature_from_others(both: Browser) -> None:
    private, public = key_pair()
    prepared = client.new_ballot().hex()

    made = both.call("blind", public, prepared)
    answer = both.call("theirsSigns", private, made["blinded"])
    signature = both.call("finalize", public, prepared, answer, made["inverse"])

    assert both.call("theirsVerifies", public, prepared, signature)
    assert verify(public, bytes.fromhex(prepared), bytes.fromhex(signature))


def test_our_server_signs_as_others_do(both: Browser) -> None:
    private, public = key_pair()
    made = both.call("blind", public, client.new_ballot().hex())

    theirs = both.call("theirsSigns", private, made["blinded"])

    assert blind_sign(KEY.private_numbers(), bytes.fromhex(made["blinded"])).hex() == theirs


def test_others_find_our_signatures_good_and_changed_ones_not(
    both: Browser, office: Office, begun: dict[str, str]
) -> None:
    state = both.call("exchange", office.url, TOKEN, begun)
    ballot, signature = (from_base64url(state[name]) for name in ("ballot", "signature"))

    assert both.call("theirsVerifies", office.key(), ballot.hex(), signature.hex())
    assert not both.call("theirsVerifies", office.key(), ballot[::-1].hex(), signature.hex())

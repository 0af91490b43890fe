"""`login`: a person signs in by a browser; their access token, on the standard output."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from services.cli.command import Command
from services.cli.issuer_options import WHERE, add_issuer
from shared.adapters.chance import SecretChance
from shared.adapters.identity import SIGN_IN_S_MAX, Client, Site, sign_in
from shared.kernel.errors import Refused

SCOPE = "openid"

_SHOWN = """\
Hãy mở địa chỉ này bằng trình duyệt trên máy này để đăng nhập (chờ {minutes:.0f} phút):
Open this address in a browser on this machine to sign in (waiting {minutes:.0f} minutes):
{address}
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    add_issuer(parser, environment, WHERE)
    parser.add_argument(
        "--client",
        default=environment.get("CCHC_LOGIN_CLIENT", ""),
        metavar="ID",
        help="what the issuer calls this program: a public client that may redirect to "
        "http://127.0.0.1/signed-in on any port; CCHC_LOGIN_CLIENT",
    )
    parser.add_argument(
        "--scope",
        default=environment.get("CCHC_LOGIN_SCOPE", SCOPE),
        metavar="TEXT",
        help=f"what is asked for, scopes with spaces; CCHC_LOGIN_SCOPE, {SCOPE} by default",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="the port to come back to, where the issuer allows one alone; any free one by default",
    )


def _run(options: Namespace) -> int:
    if not (options.issuer and options.client):
        raise Refused("sign-in-needs-issuer")
    site = Site(options.issuer, options.issuer_ca).checked()
    client = Client(options.client, options.scope, options.port)
    token = asyncio.run(sign_in(site, client, SecretChance(), _show))
    sys.stdout.write(f"{token}\n")
    return 0


def _show(address: str) -> None:
    sys.stderr.write(_SHOWN.format(address=address, minutes=SIGN_IN_S_MAX / 60))
    sys.stderr.flush()


COMMAND = Command(
    name="login",
    summary="sign in at the identity provider, and print an access token",
    description="Prints the address at which a person signs in, waits until that is done, and "
    "prints the access\ntoken that other commands take (CCHC_TOKEN). Nothing is stored. A trial "
    "issues its own: token.",
    examples="""examples:
  python -m services login --issuer https://sso.example.org/realms/cchc --client cchc-cli
  CCHC_TOKEN=$(python -m services login) python -m services explain 2021 so-y-te --url URL
""",
    add_options=_add_options,
    run=_run,
)

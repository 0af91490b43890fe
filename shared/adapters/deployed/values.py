"""What the values of settings are read by: each gives what it was told, or says what it takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from shared.adapters import clamav, notary
from shared.adapters.addresses import Networks, networks
from shared.adapters.logbook import Layout
from shared.adapters.web import Rates
from shared.adapters.web.rates import read as read_rates
from shared.events.submission import Mode

NONE: Final = "none"
"""What says that there is none of something, which is another thing than to say nothing."""
NOTHING = (None, NONE)
PORTS = range(65_536)
SERVED_PORTS = range(1, 65_536)
"""Where a server can be reached; on port 0 there is none."""
PARTITIONS = range(1, 1_001)
REPLICAS = range(1, 8)
ALONE = 1
"""One replica alone acknowledges what its machine may not have written to a disk yet."""
PAIR = 2
"""Of two replicas one that is lost either stops the topic, or may be the only one that was told."""
STOP_S = range(1, 601)
REQUESTS = range(1, 10_001)
DATABASE_LETTERS_MAX = 63
POOL = range(4, 101)
PERCENT = range(101)

POSTGRES = "postgresql://user:password@host:5432/database"
MONGO = "mongodb://user:password@host:27017"
PUBLIC = "https://khaosat.example.gov.vn"
PROXIES = "127.0.0.1,10.1.0.0/16"
BROKERS = "broker-1:9092,broker-2:9092"


Result = TypeVar("Result")


class Wrong(ValueError):
    """A value is not what its setting takes; shows what that looks like, in no language."""


def mode(text: str) -> Mode:
    """One of the two modes."""
    for each in get_args(Mode):
        if text == each:
            found: Mode = each
            return found
    raise Wrong(" | ".join(get_args(Mode)))


def url(*schemes: str, like: str) -> Callable[[str], str]:
    """The address of a database, by one of these schemes; it may name several servers."""

    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
            # An address may name several servers, each with its port.
            hosts = parts.netloc.rpartition("@")[2].split(",")
            is_address = parts.scheme in schemes and all(map(_is_server, hosts))
        except ValueError:
            is_address = False  # What it says holds a part of the address, and so of its password.
        if not is_address:
            raise Wrong(like)
        return text

    return read


def _is_server(text: str) -> bool:
    """Whether it is a host with or without a port; raises ValueError where it is far from it."""
    parts = urlsplit(f"//{text}")
    return parts.hostname is not None and (parts.port is None or parts.port in SERVED_PORTS)


def public_url(text: str) -> str:
    """Where people reach this by HTTP, if that was said: without what stands behind an address."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_plain = not (parts.query or parts.fragment or parts.username or text.split() != [text])
        is_address = is_plain and parts.scheme in {"https", "http"} and _is_server(parts.netloc)
    except ValueError:
        is_address = False
    if not is_address:
        raise Wrong(PUBLIC)
    return text.rstrip("/")


def servers(text: str) -> str:
    """Brokers, each with its port."""
    for each in text.split(","):
        host, _, port = each.rpartition(":")
        if not (host and _is_number(port, SERVED_PORTS)):
            raise Wrong(BROKERS)
    return text


def number(among: range) -> Callable[[str], int]:
    """A number in a range."""

    def read(text: str) -> int:
        if not _is_number(text, among):
            raise Wrong(f"{among.start} .. {among.stop - 1}")
        return int(text)

    return read


def _is_number(text: str, among: range) -> bool:
    # Python refuses to read thousands of digits, and nobody needs them.
    is_short = len(text) <= len(str(among.stop))
    return is_short and text.isascii() and text.isdigit() and int(text) in among


def optional(read: Callable[[str], Result]) -> Callable[[str], Result | None]:
    """The same, or nothing."""
    return lambda text: read(text) if text else None


def layout(text: str) -> Layout:
    """How a log is written."""
    for each in get_args(Layout):
        if text == each:
            found: Layout = each
            return found
    raise Wrong(" | ".join(get_args(Layout)))


def replicas(text: str) -> int:
    """How many replicas a topic has."""
    among = f"1 | 3 .. {REPLICAS.stop - 1}"
    try:
        replicas = number(REPLICAS)(text)
    except Wrong as wrong:
        raise Wrong(among) from wrong
    if replicas == PAIR:
        raise Wrong(among)
    return replicas


def word(text: str) -> str:
    """A name with dots."""
    if not (text.isascii() and text.replace("-", "").replace("_", "").replace(".", "").isalnum()):
        raise Wrong("A-Z a-z 0-9 - _ .")
    return text


def database(text: str) -> str:
    """A name without dots, as MongoDB takes it for a database."""
    is_word = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    if not is_word or len(text) > DATABASE_LETTERS_MAX:
        raise Wrong(f"A-Z a-z 0-9 - _, 1 .. {DATABASE_LETTERS_MAX}")
    return text


def host(text: str) -> str:
    """Where to listen: nothing would be everywhere."""
    if text.split() != [text]:
        raise Wrong("127.0.0.1 | 0.0.0.0 | ::1")
    return text


def yes(text: str) -> bool:
    """Yes or no."""
    if text not in {"yes", "no"}:
        raise Wrong("yes | no")
    return text == "yes"


def origin(text: str) -> str:
    """What the names of ledgers begin with."""
    try:
        return notary.checked_origin(text)
    except ValueError as error:
        raise Wrong(str(error)) from error


def rates(text: str) -> Rates:
    """How often one client may ask, by policy."""
    try:
        return read_rates(text)
    except ValueError as error:
        raise Wrong(str(error)) from error


def proxies(text: str) -> Networks:
    """The addresses or networks of proxies, if there are any."""
    try:
        return networks(text)
    except ValueError as error:
        raise Wrong(PROXIES) from error


def scanner(text: str) -> str:
    """Where the scanner of files is, or that there is none, if either was said."""
    if text and text != clamav.NONE:
        try:
            clamav.address_of(text)
        except ValueError as error:
            raise Wrong(f"{error} | {clamav.NONE}") from error
    return text


def path(text: str) -> Path | None:
    """A file or folder, if any."""
    return Path(text) if text else None


def path_or_none(text: str) -> Path | Literal["none"] | None:
    """A file, or the word that there is none, if either was said."""
    return NONE if text == NONE else path(text)

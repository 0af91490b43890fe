"""The settings of a process, read from the environment once, and refused with a sentence each.

`SETTINGS` is the one list of them; the README shows it, and `--help` prints it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from shared.adapters.unsafe import unsafe_settings
from shared.events.submission import Mode
from shared.kernel.errors import Flaw, Refused

PREFIX = "CCHC_"
HIDDEN = "***"
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
POOL = range(4, 101)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process of a service was told; units are in the names."""

    mode: Mode
    postgres: str
    postgres_pool: int
    mongo: str
    mongo_database: str
    kafka: str
    kafka_topic: str
    kafka_partitions: int
    kafka_replicas: int
    host: str
    port: int
    port_shared: bool
    requests_max: int
    stop_s: int
    trial_dir: Path | None
    issuer: str
    key_set: Path | None


class Wrong(ValueError):
    """A value is not what its setting takes; says what it does take."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; without a default it has to be said.

    In a default `{service}` stands for the service and `{mode}` for the mode: a trial and
    production on the same servers share nothing there.
    """

    name: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None
    secret: bool = False


def _mode(text: str) -> Mode:
    for mode in get_args(Mode):
        if text == mode:
            found: Mode = mode
            return found
    raise Wrong(" | ".join(get_args(Mode)))


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
            # An address may name several servers, each with its port.
            hosts = parts.netloc.rpartition("@")[2].split(",")
            is_address = parts.scheme in schemes and all(map(_is_server, hosts))
        except ValueError:
            is_address = False  # What it says holds a part of the address, and so of its password.
        if not is_address:
            raise Wrong(f"{schemes[0]}://USER:PASSWORD@HOST:PORT")
        return text

    return read


def _is_server(text: str) -> bool:
    """Whether it is a host with or without a port; raises ValueError where it is far from it."""
    parts = urlsplit(f"//{text}")
    return parts.hostname is not None and (parts.port is None or parts.port in SERVED_PORTS)


def _servers(text: str) -> str:
    for each in text.split(","):
        host, _, port = each.rpartition(":")
        if not (host and _is_number(port, SERVED_PORTS)):
            raise Wrong("HOST:PORT[,HOST:PORT...]")
    return text


def _number(among: range) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _is_number(text, among):
            raise Wrong(f"{among.start} .. {among.stop - 1}")
        return int(text)

    return read


def _is_number(text: str, among: range) -> bool:
    # Python refuses to read thousands of digits, and nobody needs them.
    is_short = len(text) <= len(str(among.stop))
    return is_short and text.isascii() and text.isdigit() and int(text) in among


def _replicas(text: str) -> int:
    among = f"1 | 3 .. {REPLICAS.stop - 1}"
    try:
        replicas = _number(REPLICAS)(text)
    except Wrong as wrong:
        raise Wrong(among) from wrong
    if replicas == PAIR:
        raise Wrong(among)
    return replicas


def _word(text: str) -> str:
    if not text.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise Wrong("letters, digits and - _ .")
    return text


def _name(text: str) -> str:
    if not text.replace("-", "").replace("_", "").isalnum():
        raise Wrong("letters, digits, - and _")
    return text


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise Wrong("yes | no")
    return text == "yes"


def _path(text: str) -> Path | None:
    return Path(text) if text else None


SETTINGS: Sequence[Setting] = (
    Setting("CCHC_MODE", _mode, "`trial` or `production`"),
    Setting(
        "CCHC_POSTGRES",
        _url("postgresql", "postgres"),
        "the service's own database: facts, inbox, keys, urn (`postgresql://USER:PASSWORD@HOST/DB`)",
        secret=True,
    ),
    Setting(
        "CCHC_POSTGRES_POOL",
        _number(POOL),
        "connections of one process; two more are for leases and news",
        "8",
    ),
    Setting(
        "CCHC_MONGO",
        _url("mongodb", "mongodb+srv"),
        "documents and files (`mongodb://HOST`)",
        secret=True,
    ),
    Setting(
        "CCHC_MONGO_DATABASE", _name, "the service's own database there", "cchc_{service}_{mode}"
    ),
    Setting("CCHC_KAFKA", _servers, "the brokers to begin with (`HOST:PORT,...`)"),
    Setting("CCHC_KAFKA_TOPIC", _word, "the topic that all services share", "facts-{mode}"),
    Setting(
        "CCHC_KAFKA_PARTITIONS",
        _number(PARTITIONS),
        "of the topic; for ever, and the same for all",
        "8",
    ),
    Setting(
        "CCHC_KAFKA_REPLICAS",
        _replicas,
        "of the topic: 3 or more, or 1 in a trial; `migrate` only",
        "3",
    ),
    Setting("CCHC_HOST", str, "the address to listen on", "127.0.0.1"),
    Setting("CCHC_PORT", _number(PORTS), "the port to listen on, 0 for any free one", "8400"),
    Setting(
        "CCHC_PORT_SHARED",
        _yes,
        "`yes` lets several processes of one service on one machine listen on the same port",
        "no",
    ),
    Setting(
        "CCHC_REQUESTS_MAX", _number(REQUESTS), "requests at once; more are asked to wait", "256"
    ),
    Setting(
        "CCHC_STOP_S",
        _number(STOP_S),
        "seconds to finish what was begun, after SIGTERM; closing takes 5 more at most",
        "20",
    ),
    Setting("CCHC_TRIAL_DIR", _path, "trial: the folder with its clock and key, shared by all", ""),
    Setting("CCHC_ISSUER", str, "production: the OpenID Connect issuer whose tokens are taken", ""),
    Setting("CCHC_KEY_SET", _path, "production: its public keys, a JSON Web Key Set in a file", ""),
)


def read(service: str, environment: Mapping[str, str]) -> Settings:
    """The settings of a process of the service.

    Raises `Refused("settings-wrong")` with a flaw for each one that is missing or wrong.
    """
    values: dict[str, Any] = {}
    flaws: list[Flaw] = []
    places = {"{service}": service, "{mode}": environment.get("CCHC_MODE", "")}
    for setting in SETTINGS:
        text = environment.get(setting.name, _filled(setting.default, places))
        if text is None:
            flaws.append(_flaw(setting.name, "setting-missing", meaning=setting.meaning))
            continue
        try:
            values[_field(setting.name)] = setting.read(text)
        except Wrong as wrong:
            shown = HIDDEN if setting.secret else text
            flaws.append(_flaw(setting.name, "setting-wrong", value=shown, expected=str(wrong)))
    flaws += _contradictions(values, environment)
    if flaws:
        raise Refused("settings-wrong", flaws=flaws, service=service)
    return Settings(**values)


def unknown_in(environment: Mapping[str, str]) -> Sequence[str]:
    """What looks like a setting and is none: a slip of the pen, most likely."""
    known = {setting.name for setting in SETTINGS}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _filled(default: str | None, places: Mapping[str, str]) -> str | None:
    for place, value in places.items():
        default = default and default.replace(place, value)
    return default


def _contradictions(values: Mapping[str, Any], environment: Mapping[str, str]) -> Sequence[Flaw]:
    flaws = [_flaw(name, "setting-unsafe") for name in unsafe_settings(environment)]
    match values.get("mode"):
        case "trial":
            needed = ["CCHC_TRIAL_DIR"]
            excluded = ["CCHC_ISSUER", "CCHC_KEY_SET"]
        case "production":
            needed = ["CCHC_ISSUER", "CCHC_KEY_SET"]
            excluded = ["CCHC_TRIAL_DIR"]
        case _:
            return flaws
    mode = str(values["mode"])
    flaws += [_flaw(n, "setting-needed", mode=mode) for n in needed if not values.get(_field(n))]
    flaws += [_flaw(n, "setting-excluded", mode=mode) for n in excluded if values.get(_field(n))]
    if mode == "production" and values.get("kafka_replicas") == ALONE:
        flaws.append(_flaw("CCHC_KAFKA_REPLICAS", "setting-one-replica", mode=mode))
    return flaws


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _flaw(name: str, code: str, **details: str) -> Flaw:
    return Flaw(name, code, {"setting": name, **details})

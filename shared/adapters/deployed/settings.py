"""The settings of a process, read from the environment once, and refused with a sentence each.

`SETTINGS` is the one list of them; the README shows it, and `--help` prints it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shared.adapters import notary
from shared.adapters.addresses import Networks
from shared.adapters.deployed import values
from shared.adapters.deployed.issuer import ISSUER, trust_of
from shared.adapters.deployed.setting import PREFIX, Setting
from shared.adapters.identity import Trust
from shared.adapters.logbook import Layout
from shared.adapters.unsafe import unsafe_settings
from shared.adapters.web import RATES, Rates
from shared.adapters.web.rates import written
from shared.events.submission import Mode
from shared.kernel.errors import Flaw, Refused

HIDDEN = "***"
SCANNER = "CCHC_SCANNER"
SCANS = frozenset({"submission", "survey"})
"""The one service that takes files of strangers for others to open."""
TOGETHER = (
    ("CCHC_KAFKA_CERTIFICATE", "CCHC_KAFKA_CA"),
    ("CCHC_KAFKA_CERTIFICATE", "CCHC_KAFKA_KEY"),
    ("CCHC_KAFKA_KEY", "CCHC_KAFKA_CERTIFICATE"),
)
"""What says nothing without the other."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process of a service was told; units are in the names."""

    mode: Mode
    postgres: str
    postgres_pool: int
    mongo: str
    mongo_database: str
    kafka: str
    kafka_ca: Path | Literal["none"] | None
    kafka_certificate: Path | None
    kafka_key: Path | None
    kafka_topic: str
    kafka_partitions: int
    kafka_replicas: int
    host: str
    port: int
    port_shared: bool
    requests_max: int
    rates: Rates
    proxies: Networks
    stop_s: int
    trial_dir: Path | None
    trust: Trust
    checkpoint_key: Path | None
    log_origin: str
    witnesses: Path | None
    public_url: str
    scanner: str
    otlp: str
    traces_percent: int
    metrics_port: int | None
    log: Layout


SETTINGS: Sequence[Setting] = (
    Setting("CCHC_MODE", values.mode, "`trial` or `production`"),
    Setting(
        "CCHC_POSTGRES",
        values.url("postgresql", "postgres", like=values.POSTGRES),
        "the service's own database for facts, inbox, keys, people, drafts, urn: "
        f"`{values.POSTGRES}`",
        secret=True,
    ),
    Setting(
        "CCHC_POSTGRES_POOL",
        values.number(values.POOL),
        "connections of one process; two more are for leases and news",
        "8",
    ),
    Setting(
        "CCHC_MONGO",
        values.url("mongodb", "mongodb+srv", like=values.MONGO),
        f"documents and files: `{values.MONGO}`",
        secret=True,
    ),
    Setting(
        "CCHC_MONGO_DATABASE",
        values.database,
        "the service's own database there",
        "cchc_{service}_{mode}",
    ),
    Setting("CCHC_KAFKA", values.servers, f"the brokers to begin with: `{values.BROKERS}`"),
    Setting(
        "CCHC_KAFKA_CA",
        values.path_or_none,
        "who vouches for the brokers, by TLS (PEM), or `none` for in clear; production has to say",
        "",
    ),
    Setting(
        "CCHC_KAFKA_CERTIFICATE",
        values.path,
        "the service's own certificate for brokers that ask for one (PEM)",
        "",
    ),
    Setting("CCHC_KAFKA_KEY", values.path, "the private key of that certificate (PEM)", ""),
    Setting("CCHC_KAFKA_TOPIC", values.word, "the topic that all services share", "facts-{mode}"),
    Setting(
        "CCHC_KAFKA_PARTITIONS",
        values.number(values.PARTITIONS),
        "of the topic; for ever, and the same for all",
        "8",
    ),
    Setting(
        "CCHC_KAFKA_REPLICAS",
        values.replicas,
        "of the topic: 3 or more, or 1 in a trial; `migrate` only",
        "3",
    ),
    Setting("CCHC_HOST", values.host, "the address to listen on", "127.0.0.1"),
    Setting(
        "CCHC_PORT",
        values.number(values.PORTS),
        "the port to listen on, 0 for any free one",
        "8400",
    ),
    Setting(
        "CCHC_PORT_SHARED",
        values.yes,
        "`yes` lets several processes of one service on one machine listen on the same port",
        "no",
    ),
    Setting(
        "CCHC_REQUESTS_MAX",
        values.number(values.REQUESTS),
        "requests at once, a quarter of them of one client; more are asked to wait",
        "256",
    ),
    Setting(
        "CCHC_RATES",
        values.rates,
        "requests of one client to one process in so many seconds, by policy; `none` for no limit",
        written(RATES),
    ),
    Setting(
        "CCHC_PROXIES",
        values.proxies,
        f"the proxies whose `X-Forwarded-For` and `-Proto` are believed: `{values.PROXIES}`",
        "",
    ),
    Setting(
        "CCHC_STOP_S",
        values.number(values.STOP_S),
        "seconds to finish what was begun, after SIGTERM; closing takes 5 more at most",
        "20",
    ),
    Setting(
        "CCHC_TRIAL_DIR",
        values.path,
        "trial: the folder with its clock and key, made by `migrate`, shared by all",
        "",
    ),
    *ISSUER,
    Setting(
        "CCHC_CHECKPOINT_KEY",
        values.path,
        "production: the private key (Ed25519, PEM) that signs checkpoints; ranking `worker` only",
        "",
    ),
    Setting(
        "CCHC_LOG_ORIGIN",
        values.origin,
        "what the names of the ledgers begin with, for ever: a name of your own; ranking only",
        notary.ORIGIN,
    ),
    Setting(
        "CCHC_WITNESSES",
        values.path,
        "the verifier keys of those who may countersign, one a line, in a file; ranking only",
        "",
    ),
    Setting(
        "CCHC_PUBLIC_URL",
        values.public_url,
        f"where people open this, printed on invitations: `{values.PUBLIC}`; survey only",
        "",
    ),
    Setting(
        SCANNER,
        values.scanner,
        "the ClamAV daemon that scans files, `clamd://host:3310` or `unix:/path`, or `none`; "
        "production has to say which; submission and survey only",
        "",
    ),
    Setting(
        "CCHC_OTLP",
        values.public_url,
        "a collector that takes OTLP over HTTP, for traces and metrics: `http://collector:4318`",
        "",
    ),
    Setting(
        "CCHC_TRACES_PERCENT",
        values.number(values.PERCENT),
        "of a hundred traces, how many are kept",
        "100",
    ),
    Setting(
        "CCHC_METRICS_PORT",
        values.optional(values.number(values.SERVED_PORTS)),
        "the port at `CCHC_HOST` on which Prometheus finds `/metrics`, if it is to find any",
        "",
    ),
    Setting(
        "CCHC_LOG", values.layout, "how lines of the log are written: `text` or `json`", "text"
    ),
)


def read(service: str, environment: Mapping[str, str]) -> Settings:
    """The settings of a process of the service.

    Raises `Refused("settings-wrong")` with a flaw for each one that is missing or wrong.
    """
    told: dict[str, Any] = {}
    flaws: list[Flaw] = []
    places = {"{service}": service, "{mode}": environment.get("CCHC_MODE", "")}
    for setting in SETTINGS:
        text = environment.get(setting.name, _filled(setting.default, places))
        try:
            told[setting.field] = setting.read(text or "")
        except values.Wrong as wrong:
            flaws.append(_unread(setting, text or "", wrong))
    flaws += _contradictions(told, environment, service)
    if flaws:
        raise Refused("settings-wrong", flaws=flaws, service=service)
    of_issuer = {setting.field: told.pop(setting.field) for setting in ISSUER}
    return Settings(**told, trust=trust_of(of_issuer))


def unknown_in(environment: Mapping[str, str]) -> Sequence[str]:
    """What looks like a setting and is none: a slip of the pen, most likely."""
    known = {setting.name for setting in SETTINGS}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _unread(setting: Setting, text: str, wrong: values.Wrong) -> Flaw:
    if not text and setting.default is None:
        return _flaw(setting.name, "setting-missing", expected=str(wrong))
    shown = HIDDEN if setting.secret else text
    return _flaw(setting.name, "setting-wrong", value=shown, expected=str(wrong))


def _filled(default: str | None, places: Mapping[str, str]) -> str | None:
    for place, value in places.items():
        default = default and default.replace(place, value)
    return default


def _contradictions(
    told: Mapping[str, Any], environment: Mapping[str, str], service: str
) -> Sequence[Flaw]:
    flaws = [_flaw(name, "setting-unsafe") for name in unsafe_settings(environment)]
    flaws += [
        _flaw(name, "setting-alone", other=other)
        for name, other in TOGETHER
        if told.get(_field(name)) and told.get(_field(other), name) in values.NOTHING
    ]
    match told.get("mode"):
        case "trial":
            needed = ["CCHC_TRIAL_DIR"]
            excluded = [setting.name for setting in ISSUER if not setting.default]
        case "production":
            needed = ["CCHC_KAFKA_CA", "CCHC_ISSUER", "CCHC_SERVICE_CLAIM", "CCHC_PEOPLE_KEY"]
            needed += [SCANNER] if service in SCANS else []
            excluded = ["CCHC_TRIAL_DIR"]
        case _:
            return flaws
    mode = str(told["mode"])
    # What was told wrongly is not among these, and has its flaw already.
    unsaid = [n for n in needed if _field(n) in told and not told[_field(n)]]
    flaws += [_flaw(n, "setting-needed", mode=mode) for n in unsaid]
    flaws += [_flaw(n, "setting-excluded", mode=mode) for n in excluded if told.get(_field(n))]
    if mode == "production" and told.get("kafka_replicas") == values.ALONE:
        flaws.append(_flaw("CCHC_KAFKA_REPLICAS", "setting-one-replica", mode=mode))
    return flaws


def _field(name: str) -> str:
    return next(setting.field for setting in SETTINGS if setting.name == name)


def _flaw(name: str, code: str, **details: str) -> Flaw:
    return Flaw(name, code, {"setting": name, **details})

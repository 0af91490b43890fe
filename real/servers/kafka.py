"""Kafka without ZooKeeper: one broker, or a cluster of three, each its own controller too."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from real.servers import port
from real.servers.program import OneProgram, Program
from real.servers.server import NotHad, NotStarted

START_S_MAX = 120.0
STOP_S_MAX = 30.0
# The last broker of a cluster finds no controller that lets it go, and would wait for ever.
STOP_OF_CLUSTER_S_MAX = 10.0
FORMAT_S_MAX = 120.0
HEAP = "512m"
BROKERS = 3
CLUSTER_ID = "Y2NoYy1vbi1vbmUtbWFjaA"  # The same for every broker, and of no other meaning.
STARTED = b"Kafka Server started"
LOG4J = Path(__file__).parents[1] / "packages" / "log4j2.properties"


@dataclass(frozen=True, slots=True)
class Secret:
    """What a broker speaks by TLS with, all of it PEM: whom it believes, and who it is.

    Where there is a `master`, a name such as `CN=broker`, that one may do everything, and others
    what they are given.
    """

    ca: Path
    certificate: Path
    key: Path
    master: str = ""


class Kafka(OneProgram):
    """One broker on a folder; by itself, or one of several."""

    def __init__(
        self,
        folder: Path,
        home: Path,
        *,
        node: int = 1,
        archive_at_exit: bool = False,
        secret: Secret | None = None,
        host: str = port.HOST,
    ) -> None:
        """Keep data and log in `folder`; jars and the archive of their classes lie under `home`.

        With `archive_at_exit` it writes that archive when it is stopped. With a `secret` it speaks
        by TLS alone, to whom its authority knows.
        """
        self.name = f"Kafka {node}"
        self.node = node
        self._folder = folder
        self._jars = home / "kafka"
        self._archive_at_exit = archive_at_exit
        self._secret = secret
        self._host = host
        self._port = port.free(2)
        self._voters: Sequence[str] = (self.voter,)
        super().__init__(Program(self.name, folder / "kafka.log"))

    @property
    def url(self) -> str:
        """Where a client begins to ask."""
        return f"{self._host}:{self._port}"

    @property
    def voter(self) -> str:
        """How the controllers of a cluster name this one."""
        return f"{self.node}@{port.HOST}:{self._port + 1}"

    def join(self, voters: Sequence[str]) -> None:
        """Be one of a cluster, from the next start on."""
        self._voters = voters

    def start(self) -> None:
        """Start it, and return when it serves; in a cluster another one has to be up."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        """Start it without waiting: the first brokers of a cluster wait for each other."""
        if self._program.pid is not None:
            return
        found = java()
        if not (self._jars / "kafka.ready").exists():
            raise NotHad("Kafka: chưa được cài / its jars are not installed: make servers")
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "server.properties"
        lines = [f"{key}={_escaped(str(value))}" for key, value in self._settings().items()]
        settings.write_text("\n".join((*lines, "")), "ascii")
        if not (self._folder / "data" / "meta.properties").exists():
            self._format(found, settings)
        self._program.begin([*self._command(found), str(settings)], environment=_environment())

    def wait(self) -> None:
        """Return when it serves."""
        self._program.wait(lambda: STARTED in self._program.said(), START_S_MAX)

    def stop(self) -> None:
        """End it gently."""
        alone = len(self._voters) == 1
        self._program.end(signal.SIGTERM, STOP_S_MAX if alone else STOP_OF_CLUSTER_S_MAX)

    def _format(self, found: str, settings: Path) -> None:
        """Give an empty folder the marks that a broker looks for."""
        formatted = subprocess.run(  # noqa: S603 - the tool of the broker
            [
                *(found, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                *("-cp", f"{self._jars}/*", "kafka.tools.StorageTool", "format"),
                *("--cluster-id", CLUSTER_ID, "--config", str(settings)),
            ],
            check=False,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=FORMAT_S_MAX,
        )
        if formatted.returncode != 0:
            raise NotStarted(f"{self.name} cannot be formatted: {formatted.stdout}")

    def _command(self, found: str) -> Sequence[str]:
        """How a broker is started, up to the file of its settings.

        Its classes are read from an archive, which halves the time of a start; and they are
        compiled by the quick compiler alone, since a broker here lives for minutes.
        """
        archive = self._jars / "classes.jsa"
        if self._archive_at_exit:
            share = f"-XX:ArchiveClassesAtExit={archive}"
        else:
            share = f"-XX:SharedArchiveFile={archive}" if archive.exists() else "-Xshare:auto"
        return [
            *(found, f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"),
            "-XX:TieredStopAtLevel=1",
            *("-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true"),
            *("-Xlog:cds=off", "-Xlog:cds+dynamic=off", share),
            *(f"-Dlog4j2.configurationFile={LOG4J}", "-cp", f"{self._jars}/*", "kafka.Kafka"),
        ]

    def _settings(self) -> dict[str, object]:
        copies = len(self._voters)
        in_step = min(copies, 2)
        spoken = "SSL" if self._secret else "PLAINTEXT"
        return {
            **(_encrypted(self._secret) if self._secret else {}),
            "process.roles": "broker,controller",
            "node.id": self.node,
            "controller.quorum.voters": ",".join(self._voters),
            "listeners": f"{spoken}://{self.url},CONTROLLER://{port.HOST}:{self._port + 1}",
            "advertised.listeners": f"{spoken}://{self.url}",
            "listener.security.protocol.map": f"{spoken}:{spoken},CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": spoken,
            "controller.listener.names": "CONTROLLER",
            "log.dirs": self._folder / "data",
            # Topics are created by whoever needs them, and keep what they are told.
            "auto.create.topics.enable": "false",
            "log.retention.ms": -1,
            "log.retention.bytes": -1,
            # An acknowledgement means that two brokers have it, where there are three.
            "default.replication.factor": copies,
            "min.insync.replicas": in_step,
            "unclean.leader.election.enable": "false",
            "offsets.topic.replication.factor": copies,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": in_step,
            "transaction.state.log.num.partitions": 4,
            "share.coordinator.state.topic.replication.factor": copies,
            "share.coordinator.state.topic.min.isr": in_step,
            "share.coordinator.state.topic.num.partitions": 2,
            "group.initial.rebalance.delay.ms": 0,
            # A dead broker is given up after three seconds, not nine: tests wait for it.
            "broker.session.timeout.ms": 3_000,
            "broker.heartbeat.interval.ms": 500,
            # A small machine.
            "num.network.threads": 2,
            "num.io.threads": 4,
            "num.recovery.threads.per.data.dir": 1,
            "background.threads": 2,
            "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
            "log.segment.bytes": 128 * 1024 * 1024,
        }


def _environment() -> dict[str, str]:
    """Ours, and UTF-8: of letters that its locale does not have, Java would make others."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _escaped(value: str) -> str:
    """A value as `java.util.Properties` reads it: in ASCII, and all else by its UTF-16 units."""
    return "".join(
        each if each.isascii() and each.isprintable() and each != "\\" else _units(each)
        for each in value
    )


def _units(letter: str) -> str:
    unit = letter.encode("utf-16-be").hex()
    return "".join(f"\\u{unit[place : place + 4]}" for place in range(0, len(unit), 4))


def _encrypted(secret: Secret) -> dict[str, object]:
    return {
        "ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.certificate.chain": secret.certificate.read_text("ascii"),
        "ssl.keystore.key": secret.key.read_text("ascii"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.certificates": secret.ca.read_text("ascii"),
        **(_asking(secret.master) if secret.master else {}),
    }


def _asking(master: str) -> dict[str, object]:
    """Whoever calls by the listener of controllers has no name: the broker itself."""
    return {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{master};User:ANONYMOUS",
    }


class KafkaCluster:
    """Three brokers: every fact on all of them, acknowledged once two have it."""

    name = "Kafka"

    def __init__(self, folder: Path, home: Path) -> None:
        """Keep the data of broker N in `folder/N`."""
        self.brokers = tuple(
            Kafka(folder / str(node), home, node=node) for node in range(1, BROKERS + 1)
        )
        voters = [broker.voter for broker in self.brokers]
        for broker in self.brokers:
            broker.join(voters)

    @property
    def url(self) -> str:
        """All of them: a client begins with whichever answers."""
        return ",".join(broker.url for broker in self.brokers)

    @property
    def has_ended(self) -> bool:
        """Whether one of them was started, and runs no more."""
        return any(broker.has_ended for broker in self.brokers)

    def start(self) -> None:
        """Start those that do not run, and return when all serve."""
        for broker in self.brokers:
            broker.begin()
        for broker in self.brokers:
            broker.wait()

    def stop(self) -> None:
        """End them gently, one after the other."""
        for broker in self.brokers:
            broker.stop()

    def kill(self) -> None:
        """End all of them at once."""
        for broker in self.brokers:
            broker.kill()

    def pause(self) -> None:
        """Let all of them stand still."""
        for broker in self.brokers:
            broker.pause()

    def resume(self) -> None:
        """Let them go on."""
        for broker in self.brokers:
            broker.resume()


def java() -> str:
    """The program `java`."""
    found = shutil.which("java")
    if found is None:
        raise NotHad(
            "Kafka cần Java 17 trở lên / Kafka needs Java 17 or newer; Debian: apt-get install "
            "default-jre-headless"
        )
    return found

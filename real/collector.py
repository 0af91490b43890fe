"""OpenTelemetry's collector, made by its own builder of what the manifests' configuration needs.

packages/collector says of what (builder.yaml), and pins that and the builder (go.mod, go.sum).
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from real.commands import run
from real.servers.server import NotHad

PACKAGE = Path(__file__).parent / "packages" / "collector"
BUILD_S_MAX = 3_600.0
"""A minute on a quiet machine."""
BUILDER = ("tool", "builder", "--config=builder.yaml", "--skip-compilation", "--skip-get-modules")
FLAGS = ("-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w")


def install(home: Path) -> str:
    """Build it where it is missing; gives its program."""
    go = shutil.which("go")
    if go is None:
        raise NotHad("Bộ thu thập cần Go 1.26 / The collector needs Go 1.26: https://go.dev/dl")
    folder = home / "collector"
    program, done, wanted = folder / "collector", folder / "built", _wanted()
    if not done.exists() or done.read_text("ascii") != wanted:
        done.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as name:
            place = Path(name) / "collector"
            shutil.copytree(PACKAGE, place)
            run([go, *BUILDER], folder=place, s_max=BUILD_S_MAX)
            # What it wrote is of our module, which pins more than the builder says.
            (place / "made" / "go.mod").unlink()
            run(
                [go, "build", *FLAGS, "-o", str(program), "./made"], folder=place, s_max=BUILD_S_MAX
            )
        done.write_text(wanted, "ascii")
    return str(program)


def _wanted() -> str:
    """A digest of everything that it is made from."""
    pinned = b"".join(each.read_bytes() for each in sorted(PACKAGE.iterdir()))
    return hashlib.sha256(pinned + repr((BUILDER, FLAGS)).encode()).hexdigest()

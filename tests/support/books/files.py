"""What lies at the desk where runbooks are typed in: an overlay of one's own, and other files."""

import re
import shutil
import subprocess
from pathlib import Path

from real.processes import PROJECT

EXAMPLE = re.compile(r"(?<!age1)(?<!registry\.)example")
"""But for who may read backups, which a runbook says, and for what production calls the images."""


def own_overlay(folder: Path) -> Path:
    """The example with other names and addresses, as somebody would have written it."""
    shutil.copytree(PROJECT / "deploy", folder / "deploy")
    overlay = folder / "deploy" / "k8s" / "overlays" / "example"
    for path in (*overlay.rglob("*.yaml"), *overlay.glob("*.env")):
        told = EXAMPLE.sub("test", path.read_text("utf-8"))
        path.write_text(told.replace("198.51.100", "203.0.113"), "utf-8")
    return overlay


def put(folder: Path, checkpoint: str) -> None:
    """Files that a runbook takes and does not make."""
    folder.mkdir()
    (folder / "checkpoint.txt").write_text(checkpoint, "utf-8")
    (folder / "object-store.env").write_text("AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n")
    (folder / "smoke.secret").write_text("shown by the provider", "utf-8")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example")
    paths = ("-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"))
    subprocess.run([*made, *paths], check=True, capture_output=True)

"""The last chapter: somebody who has nothing but the exported facts counts again."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CODE = Path(__file__).resolve().parents[1]
BASIS = ("position", "root", "digest")
SAID_CHARACTERS_MAX = 2_000


class Differs(Exception):
    """The recount does not come to what was published."""


@contextmanager
def moved_away(data: Path) -> Iterator[None]:
    """The data directory under another name, so that nothing can read it in secret."""
    hidden = data.with_name(f"{data.name}.moved-away")
    data.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(data)


def recount(facts: bytes, published: Mapping[str, Any]) -> Mapping[str, Any]:
    """Count in a new process, in an empty folder that holds the facts alone.

    Gives how many facts there were, and what the published ones come to. Raises `Differs` where a
    fault is found, or where the root or the digest is not the published one.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "facts.ndjson").write_bytes(facts)
        command = [sys.executable, "-P", "-m", "shared.verify", "facts.ndjson", "--json"]
        ended = subprocess.run(  # noqa: S603 - our own verifier
            command, cwd=folder, env={"PYTHONPATH": str(CODE)}, capture_output=True, check=False
        )
    if ended.returncode != 0:
        said = (ended.stdout + ended.stderr).decode(errors="replace")
        raise Differs(f"verify ended with {ended.returncode}: {said[-SAID_CHARACTERS_MAX:]}")
    found: Mapping[str, Any] = json.loads(ended.stdout)
    for claim in found["claims"]:
        if claim["holds"] and all(claim[name] == published[name] for name in BASIS):
            return {"facts": found["facts"], **{name: claim[name] for name in BASIS}}
    raise Differs(f"published {published}, recounted {found['claims']}")

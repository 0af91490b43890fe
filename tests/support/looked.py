"""Everything that a published cycle is made of, as it can be read and proved at one moment."""

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared import verify
from shared.adapters import signature
from shared.ledger import checkpoint, note
from shared.ledger.proof import is_beginning, is_included
from tests.support import second_verifier
from tests.support.installation import RANKING, Installation
from tests.support.town import FOREIGN, OWN

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as somebody keeps it outside."""

    written: bytes
    size: int
    root: bytes


async def newest_checkpoint(it: Installation, size: int) -> Checkpoint:
    """The signed checkpoint of a ledger of this size, once it is due and there."""
    it.clock.advance(timedelta(hours=1))
    written = await it.done("auditor", "GET", f"{RANKING}/checkpoints/{size}")
    told = checkpoint.from_text(note.from_bytes(written).text)
    return Checkpoint(written, told.size, told.root)


async def size_of(it: Installation) -> int:
    """How many facts the ledger has."""
    size: int = (await it.done("auditor", "GET", f"{RANKING}/ledger"))["size"]
    return size


async def read_as_of(it: Installation, size: int) -> Mapping[str, Body]:
    """Tables and rows as they were after each of so many facts, and why at the last one."""
    found = {}
    for number in range(1, size + 1):
        for path in ("table", f"agencies/{OWN}", f"agencies/{FOREIGN}"):
            answer = await it.ask("auditor", "GET", f"{RANKING}/{path}?at={number}")
            found[f"{path} {number}"] = {**answer.json(), "actions": None}
    for path in (f"agencies/{OWN}/explain", f"agencies/{OWN}/explain/1.1"):
        found[path] = await it.done("auditor", "GET", f"{RANKING}/{path}?at={size}")
    return found


async def published(it: Installation) -> Body:
    """What was published, as anybody reads it, and with what it stands or falls."""
    body = await it.done("auditor", "GET", f"{RANKING}/publications")
    table = await it.done("auditor", "GET", f"{RANKING}/table?revision=1")
    return {"publications": body["publications"], "table": {**table, "actions": None}}


async def unproven(it: Installation, early: Checkpoint, late: Checkpoint) -> list[str]:
    """Every fact and every step between checkpoints of which the proof does not hold."""
    failed = []
    for size, root in {early.size: early.root, late.size: late.root}.items():
        for number in range(1, size + 1):
            told = await it.done(
                "auditor", "GET", f"{RANKING}/proofs/inclusion?number={number}&size={size}"
            )
            path = [bytes.fromhex(each) for each in told["path"]]
            leaf = bytes.fromhex(told["leaf"])
            if not is_included(leaf, number - 1, size, path, root=root):
                failed.append(f"{number} of {size}")
    told = await it.done(
        "auditor", "GET", f"{RANKING}/proofs/consistency?from={early.size}&to={late.size}"
    )
    path = [bytes.fromhex(each) for each in told["path"]]
    if not is_beginning(early.size, early.root, late.size, late.root, path):
        failed.append(f"{early.size} begins {late.size}")
    return failed


def verdicts_on(bundle: Path, *kept: Path) -> list[tuple[int, str]]:
    """How both verifiers find a bundle, held against checkpoints, and the digest of its table."""
    given = [f"--checkpoint={file}" for file in kept]
    out = io.StringIO()
    with redirect_stdout(out):
        verify.main([str(bundle), *given, "--json"], signature.verify)
    second = second_verifier.run("--json", str(bundle), *given)
    said = [json.loads(out.getvalue()), json.loads(second.stdout)]
    return [(each["exit"], each["digest"]) for each in said]

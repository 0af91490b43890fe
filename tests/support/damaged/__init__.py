"""Every kind of damage to a bundle, with what a verifier has to say of it.

`damages(good)` is for any verifier: `write` puts each of them into files, with the arguments that
somebody who kept something outside would give, and the verdict that has to come out.
"""

import codecs
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.adapters.signature import verify
from shared.count import bundle
from shared.events import codec
from shared.ledger import note
from shared.verify import Given, Unusable
from shared.verify import verify as verified
from shared.verify.words import as_json, unusable_as_json
from tests.bench import facts
from tests.support.bundled import (
    LOG_KEY,
    WITNESS_KEY,
    Bundled,
    approved,
    packed,
    republished,
    told_anew,
)
from tests.support.damaged.answers import of_answers
from tests.support.damaged.container import of_members, of_the_file
from tests.support.damaged.damage import Damage
from tests.support.damaged.ledger import of_facts, of_lines, of_results
from tests.support.damaged.signed import of_history, of_signatures
from tests.support.formerly import formerly

LARGE_FACTS = 600

__all__ = ["Damage", "damages", "verdict", "write"]


def damages(good: Bundled) -> Iterator[Damage]:
    """Every damage, and a few files that are sound; names differ."""
    yield from _sound(good)
    yield from of_the_file(good)
    yield from of_members(good)
    yield from of_facts(good)
    yield from of_answers(good)
    yield from of_lines(good)
    yield from of_signatures(good)
    yield from of_history(good)
    yield from of_results(good)


def write(damage: Damage, folder: Path) -> None:
    """Put a damage into a folder: `bundle.zip`, `given-1`, ..., and `expected.json`."""
    folder.mkdir(parents=True)
    (folder / "bundle.zip").write_bytes(damage.content)
    given = [f"given-{place}" for place in range(1, len(damage.checkpoints) + 1)]
    for name, written in zip(given, damage.checkpoints, strict=True):
        (folder / name).write_bytes(written)
    expected = {
        "name": damage.name,
        "checkpoints": given,
        "keys": list(damage.keys),
        "codes": sorted(damage.codes),
        "verdict": verdict(damage, folder / "bundle.zip"),
    }
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text, "utf-8")


def verdict(damage: Damage, path: Path) -> Mapping[str, Any]:
    """What the verifier makes of a damage that lies in a file."""
    keys = [note.from_verifier_key(key) for key in damage.keys]
    try:
        return as_json(verified(path, Given(verify, keys, damage.checkpoints)))
    except Unusable as unusable:
        return unusable_as_json(unusable.code)


# --- What is sound


def _sound(good: Bundled) -> Iterator[Damage]:
    yield Damage("none", good.content, 0)
    kept, keys = [good.checkpoint], [LOG_KEY, WITNESS_KEY]
    yield Damage("none, with what was kept outside", good.content, 0, checkpoints=kept, keys=keys)
    printed = "\r\n".join(note.from_bytes(good.checkpoint).text.split("\n")).encode()
    yield Damage("none, with what was printed", good.content, 0, checkpoints=[printed])
    saved = good.checkpoint.replace(b"\n", b"\r\n")
    edited = [codecs.BOM_UTF8 + each for each in (printed, saved)]
    name = "none, with what was kept in an editor"
    yield Damage(name, good.content, 0, checkpoints=edited, keys=keys)
    other = {**good.members, bundle.README: b"anything", bundle.CATALOGUE: b""}
    yield Damage("another README and catalogue", packed(other), 0)
    large = approved([fact.body for fact in facts.told(LARGE_FACTS)])
    every = told_anew(good.members, large, sizes=(1, 4, LARGE_FACTS))
    yield Damage("none, both sample schemes and every rule", packed(every), 3)
    told = formerly([codec.head(entry) for entry in good.entries])
    former = republished([stored.body for stored in told])
    yield Damage("none, a survey in its former shape", packed(told_anew(good.members, former)), 0)
    unpublished = told_anew(good.members, good.entries[:20])
    yield Damage("none, nothing published yet", packed(unpublished), 3)

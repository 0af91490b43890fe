"""Every kind of damage to a bundle is found, named, and told by its exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared import verify
from shared.adapters import signature
from shared.count import bundle
from shared.verify import EXITS, HOLDS, UNPUBLISHED, UNUSABLE
from shared.verify.fault import BESIDE, CLASSES, SENTENCES
from tests.support import tally
from tests.support.bundled import in_order, packed, published_bundle, told_anew
from tests.support.damaged import damages, verdict, write

DAMAGES_MIN = 75
VERIFIER_LINES_MAX = 1_650
DOCUMENTED = {HOLDS, UNUSABLE, UNPUBLISHED, *EXITS.values()}

Record = Callable[[str, Any], None]


async def test_every_damage_is_named_and_has_its_exit_code(
    tmp_path: Path, record_property: Record
) -> None:
    good, path, rows = await published_bundle(), tmp_path / "bundle.zip", {}
    named: set[str] = set()
    for damage in damages(good):
        path.write_bytes(damage.content)
        found = verdict(damage, path)
        codes = frozenset(fault["code"] for fault in found.get("faults", ()))

        assert (found["exit"], codes) == (damage.exit, damage.codes), damage.name
        named |= codes
        said = ", ".join(sorted(codes)) or found["reason"] or found["verdict"]
        rows[f"{damage.name}: {said}"] = {"exit": found["exit"]}

    tally.count(record_property, "damages to a bundle", rows)
    assert len(rows) >= DAMAGES_MIN
    assert named == SENTENCES.keys() - BESIDE, "a code that no damage brings about says nothing"


def test_every_code_has_its_class_and_every_class_its_exit_code() -> None:
    assert CLASSES.keys() == SENTENCES.keys()
    assert set(CLASSES.values()) == EXITS.keys()
    assert len(DOCUMENTED) == 3 + len(EXITS)


def test_the_specification_names_every_code_and_every_exit_code() -> None:
    specification = (Path(verify.__file__).parent / "FORMAT.md").read_text("utf-8")

    assert [code for code in SENTENCES.keys() - BESIDE if f"`{code}`" not in specification] == []
    assert [code for code in DOCUMENTED if f"\n| {code} | " not in specification] == []
    assert [name for name in bundle.ALWAYS if f"`{name}`" not in specification] == []


def test_the_verifier_is_as_short_as_the_readme_says() -> None:
    folder = Path(verify.__file__).parent

    lines = sum(len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.py"))

    assert lines < VERIFIER_LINES_MAX
    readme = (folder.parents[1] / "README.md").read_text("utf-8")
    assert f"fewer than {VERIFIER_LINES_MAX:,} lines" in readme


async def test_who_has_the_key_makes_the_same_bundle_but_for_the_witness() -> None:
    good = await published_bundle()

    anew = told_anew(good.members, good.entries, sizes=(25, 26, 27))

    differing = [name for name, content in good.members.items() if anew[name] != content]
    assert differing == ["checkpoints/27.note"]
    assert packed(in_order(good.members)) == good.content


async def test_a_damage_can_be_written_for_a_verifier_in_another_language(tmp_path: Path) -> None:
    good = await published_bundle()
    damage = next(each for each in damages(good) if each.checkpoints and each.exit)

    write(damage, tmp_path / "one")

    expected = json.loads((tmp_path / "one/expected.json").read_text("utf-8"))
    given = [option for name in expected["checkpoints"] for option in ("--checkpoint", name)]
    arguments = ["bundle.zip", *given, *(f"--key={key}" for key in expected["keys"]), "--json"]
    place = [each if each.startswith("--") else str(tmp_path / "one" / each) for each in arguments]
    assert verify.main(place, signature.verify) == expected["verdict"]["exit"] == damage.exit


@pytest.mark.parametrize(
    ("beside", "outside"), [((), 0), (("checkpoint",), 27), (("witness",), 27), (("log",), 0)]
)
async def test_the_verdict_says_what_is_anchored_outside(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    beside: tuple[str, ...],
    outside: int,
) -> None:
    good = await published_bundle()
    path = tmp_path / "bundle.zip"
    path.write_bytes(good.content)
    manifest = bundle.manifest_of(good.members[bundle.MANIFEST])
    assert manifest is not None
    keys = {"witness": manifest.witness_keys, "log": manifest.log_keys}
    (tmp_path / "kept").write_bytes(good.checkpoint)
    options = [f"--key={key}" for name in beside for key in keys.get(name, ())]
    if "checkpoint" in beside:
        options.append(f"--checkpoint={tmp_path / 'kept'}")

    assert verify.main([str(path), "--json", *options], signature.verify) == HOLDS
    report = json.loads(capsys.readouterr().out)

    assert report["anchored"] == {"outside": outside, "signed": 27, "facts": 27}
    given = [by["given"] for each in report["checkpoints"] for by in each["signed_by"]]
    assert any(given) is bool(set(beside) - {"checkpoint"})

"""An overlay of one's own: what it has to say, and that nothing that it forgot is overlooked."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from tests.support.manifests import K8S, Manifests, render, rendered, strings_of, with_smoke

PLACEHOLDERS = K8S / "overlays" / "placeholders"
OF_PRODUCTION = re.compile(
    r"example\.gov\.vn|192\.0\.2\.|age1example|^example$|^http://(?:prometheus|traces)\.example:"
)
HASHED = re.compile(r"^[a-z]+-[0-9a-z]{10}$")
RECIPIENT = "age1example"
"""No example can say who may read backups: whoever copied it would be unable to."""
CLI = "registry.example.gov.vn/cchc/cli"


def forgotten(manifests: Manifests) -> set[str]:
    """What is said that nobody can mean, as install.md looks for it."""
    patterns = re.compile("|".join(PLACEHOLDERS.read_text("utf-8").split()))
    return {each for each in said(manifests) if patterns.search(each)}


def said(manifests: Manifests) -> set[str]:
    """All that is said, but for names that end with a hash of what is said elsewhere."""
    every = {each for made in manifests.objects for each in strings_of(made)}
    return {each for each in every if not HASHED.search(each)}


def own(folder: Path, **said: object) -> Manifests:
    """An overlay on production."""
    production = os.path.relpath(K8S / "overlays" / "production", folder)
    kind = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    told = yaml.safe_dump({**kind, "resources": [production], **said})
    (folder / "kustomization.yaml").write_text(told, "utf-8")
    return render(folder)


def images(manifests: Manifests) -> Iterator[str]:
    for each in manifests.workloads:
        yield from (container["image"] for container in each.containers)


def test_the_example_says_all_but_who_may_read_backups() -> None:
    every = said(with_smoke("example"))

    assert {each for each in every if OF_PRODUCTION.search(each)} == {RECIPIENT}


def test_what_production_leaves_open_is_found_and_nothing_else() -> None:
    found = forgotten(rendered("production"))

    assert found == {each for each in found if OF_PRODUCTION.search(each)}
    assert {each for each in images(rendered("production")) if "/cchc/" in each} <= found
    assert RECIPIENT in found


def test_what_was_copied_from_the_example_and_not_changed_is_found() -> None:
    production, example = said(with_smoke("production")), said(with_smoke("example"))

    assert {"198.51.100.10/32", "198.51.100.64/26", "cchc.tinh.example"} <= example - production
    assert example - production <= forgotten(with_smoke("example"))


def test_what_the_example_says_anew_is_found_where_production_says_it() -> None:
    production, example = said(with_smoke("production")), said(with_smoke("example"))

    assert production - example
    assert production - example <= forgotten(with_smoke("production"))


def test_an_image_that_an_overlay_reaches_is_not_found(tmp_path: Path) -> None:
    own_cli = {"name": CLI, "newName": "kho.an-giang.vn/cchc/cli", "newTag": "0.2.0"}

    assert not any("/cli:" in each for each in forgotten(own(tmp_path, images=[own_cli])))


@pytest.mark.parametrize(
    "image",
    [
        {"name": "cchc/cli", "newName": "kho.an-giang.vn/cchc/cli", "newTag": "0.2.0"},
        {"name": CLI, "newTag": "0.2.0"},
    ],
    ids=["by another name", "without a registry"],
)
def test_an_image_that_an_overlay_does_not_reach_is_found(
    image: Mapping[str, str], tmp_path: Path
) -> None:
    assert any("/cli:" in each for each in forgotten(own(tmp_path, images=[image])))

"""What kube-score minds of the manifests is mended, or ignored for a reason: `make deep`."""

import json
import subprocess
from collections.abc import Mapping, Set
from pathlib import Path

import pytest
import yaml

from real.install import HOME
from tests.support.manifests import OVERLAYS, REMOVED, Manifests, planted, with_smoke
from tests.support.node import not_had

KUBE_SCORE = HOME / "kubernetes" / "kube-score"
KUBERNETES = "v1.30"
GOOD = 10
ONE = "spec/template/spec/containers/0"
ENDED_S_MAX = 120.0
IGNORED: Mapping[str, str] = {
    "container-ephemeral-storage-request-and-limit": (
        "root file systems are read-only, and each emptyDir has a limit of its own"
    ),
    "container-image-pull-policy": (
        "tags are versions, pushed once; a node that has one needs no registry to start it"
    ),
    "container-security-context-user-group-id": (
        "the images of others own their files under the numbers of their makers"
    ),
    "deployment-has-host-podantiaffinity": (
        "topologySpreadConstraints do it, and still let the last node take all"
    ),
    "networkpolicy-targets-pod": "operators make those pods; test_network.py knows them",
    "pod-probes-identical": (
        "servers of others are asked whether they take connections; they are restarted only "
        "when they have not for long"
    ),
}


def minded(manifests: Manifests, folder: Path) -> Set[tuple[str, str]]:
    """The checks that are not passed, each with an object."""
    if not KUBE_SCORE.exists():
        not_had("kube-score: python -m real install --deep")
    file = folder / "manifests.yaml"
    file.write_text(yaml.safe_dump_all(manifests.objects), "utf-8")
    # A limit of processors only slows down (DECISIONS, 95).
    told = ("--ignore-container-cpu-limit", f"--kubernetes-version={KUBERNETES}")
    ended = subprocess.run(
        [KUBE_SCORE, "score", *told, "--output-format=json", file],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=ENDED_S_MAX,
    )
    return {
        (check["check"]["id"], each["object_name"])
        for each in json.loads(ended.stdout)
        for check in each["checks"] or ()
        if check["grade"] < GOOD and not check["skipped"]
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_is_minded_but_what_has_a_reason(overlay: str, tmp_path: Path) -> None:
    found = minded(with_smoke(overlay), tmp_path)

    assert not {each for each in found if each[0] not in IGNORED}


def test_each_reason_is_needed(tmp_path: Path) -> None:
    found = {check for overlay in OVERLAYS for check, _ in minded(with_smoke(overlay), tmp_path)}

    assert found == IGNORED.keys()


@pytest.mark.parametrize(
    ("place", "path", "value", "check"),
    [
        ("Deployment survey-api", f"{ONE}/resources/limits", REMOVED, "container-resources"),
        (
            "Deployment survey-api",
            f"{ONE}/securityContext/readOnlyRootFilesystem",
            REMOVED,
            "container-security-context-readonlyrootfilesystem",
        ),
        ("Service survey-api", "spec/selector", {"none": "yes"}, "service-targets-pod"),
    ],
)
def test_a_flaw_is_minded(place: str, path: str, value: object, check: str, tmp_path: Path) -> None:
    found = minded(planted(with_smoke("trial"), place, path, value), tmp_path)

    assert check in {each for each, _ in found}

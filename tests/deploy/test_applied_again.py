"""What is applied again meets no Job of the last time, which cannot be changed."""

import re
from collections.abc import Iterator

import pytest

from deploy.observability.cause import DAY_S
from tests.support.books.blocks import runbooks
from tests.support.manifests import OVERLAYS, REMOVED, Manifests, planted, rendered, with_smoke

APPLIED = re.compile(r'^kubectl apply --kustomize "\$OVERLAY"$', re.MULTILINE)
DELETED = re.compile(r"^kubectl -n cchc delete job --selector=(?P<selector>\S+)", re.MULTILINE)
APPLYING = len(("install", "upgrade", "lost-kafka", "lost-mongodb", "lost-ledger"))
OF_MIGRATE = "app.kubernetes.io/component=migrate"
LABEL = "metadata/labels/app.kubernetes.io~component"


def unfound(manifests: Manifests, selector: str) -> Iterator[str]:
    """The Jobs of an overlay that a selector does not find."""
    wanted = dict(part.split("=") for part in selector.split(","))
    for each in manifests.of("Job"):
        if not wanted.items() <= each["metadata"].get("labels", {}).items():
            yield str(each["metadata"]["name"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_apply_meets_a_job_of_the_last_one(overlay: str) -> None:
    """A Job cannot be changed, and other settings give its template another ConfigMap."""
    applied = 0
    for book in runbooks():
        for block in book.blocks:
            for each in APPLIED.finditer(block.text):
                deleted = DELETED.findall(block.text[: each.start()])
                assert deleted, f"{book.path.name}, line {block.line}: it would be refused"
                assert not [*unfound(rendered(overlay), deleted[-1])]
                applied += 1

    assert applied >= APPLYING


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_trial_and_whoever_waits_find_them_by_the_same_label(overlay: str) -> None:
    """Those of its pods are not those of a Job, unless it has none (deploy/trial/__main__.py)."""
    jobs = {
        each["metadata"]["name"]: each["metadata"]["labels"]["app.kubernetes.io/component"]
        for each in with_smoke(overlay).of("Job")
    }

    assert set(jobs.values()) == {"migrate", "smoke"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_a_migration_said_that_failed_can_be_read_for_a_day(overlay: str) -> None:
    """Started again in one pod, it would lose that with the pod when the last attempt fails."""
    for each in rendered(overlay).of("Job"):
        assert each["spec"]["template"]["spec"]["restartPolicy"] == "Never"
        assert each["spec"]["ttlSecondsAfterFinished"] >= DAY_S


def test_a_job_that_is_not_found_is_seen() -> None:
    changed = planted(rendered("trial"), "Job survey-migrate", LABEL, REMOVED)

    assert [*unfound(changed, OF_MIGRATE)] == ["survey-migrate"]

"""`make deploy-trial` names what is missing; deep_cluster.py tries it on a cluster."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from real.servers import port
from tests.support.manifests import kubectl
from tests.support.running import PROJECT

ENDED_S_MAX = 120.0
MISSING = 2
CONFIG = """
apiVersion: v1
kind: Config
current-context: nowhere
clusters: [{{name: nowhere, cluster: {{server: "https://127.0.0.1:{port}"}}}}]
users: [{{name: nobody, user: {{}}}}]
contexts: [{{name: nowhere, context: {{cluster: nowhere, user: nobody}}}}]
"""


def deployed(**environment: str) -> subprocess.CompletedProcess[str]:
    """How the command ends."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "deploy.trial"],
        cwd=PROJECT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
    )


def test_without_kubectl_it_says_what_to_install(tmp_path: Path) -> None:
    ended = deployed(PATH=str(tmp_path))

    assert (ended.returncode, ended.stdout) == (MISSING, "")
    assert "There is no kubectl" in ended.stderr


@pytest.mark.slow
def test_without_a_cluster_it_says_that_none_answers(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(CONFIG.format(port=port.free()), "utf-8")
    kubectl()

    ended = deployed(PATH=os.environ["PATH"], HOME=str(tmp_path), KUBECONFIG=str(config))

    assert ended.returncode == MISSING
    assert "No cluster answers" in ended.stderr

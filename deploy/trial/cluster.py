"""kubectl, and what a cluster says through it."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OVERLAYS = Path(__file__).resolve().parents[1] / "k8s"
SYSTEM, SERVERS = "cchc", "cchc-servers"
KUBECTL_S_MAX = 120.0
MINOR_MIN = 30
"""Kubernetes 1.30: probes, spreading and `sleep` before the end are used as they are there."""
OURS = "image: cchc/"

Json = Mapping[str, Any]


class NotDone(Exception):
    """What is missing, or went wrong, in Vietnamese and English: with what to do."""


class Cluster:
    """The cluster of the present context of kubectl."""

    def __init__(self, registry: str = "") -> None:
        """Our images come from there; without one they lie on the nodes already."""
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            raise NotDone(
                "Không có kubectl; hãy cài kubectl 1.30 trở lên / There is no kubectl; install "
                "kubectl 1.30 or newer: https://kubernetes.io/docs/tasks/tools/"
            )
        self._kubectl = kubectl
        self._registry = f"{registry.rstrip('/')}/" if registry else ""

    def check(self) -> str:
        """Whether the cluster answers, and is not too old; gives its version and context."""
        try:
            told = json.loads(self.run("version", "--output=json"))["serverVersion"]
            context = self.run("config", "current-context").strip()
        except (NotDone, KeyError, ValueError) as error:
            raise NotDone(
                "Không có cụm nào trả lời; hãy chọn một cụm bằng kubectl config use-context / No "
                f"cluster answers; choose one by kubectl config use-context: {error}"
            ) from error
        minor = int("".join(sign for sign in told["minor"] if sign.isdigit()))
        if (int(told["major"]), minor) < (1, MINOR_MIN):
            raise NotDone(
                f"Cụm {told['gitVersion']} quá cũ; cần 1.{MINOR_MIN} trở lên / The cluster has "
                f"{told['gitVersion']}; 1.{MINOR_MIN} or newer is needed"
            )
        return f"{told['gitVersion']} ({context})"

    def apply_file(self, path: str) -> None:
        """Apply one file of the manifests; what would only be warned of is refused."""
        self.run("apply", "--warnings-as-errors", "--filename", str(OVERLAYS / path))

    def apply(self, folder: str) -> None:
        """Apply what kustomize makes of a folder, with our images from their registry."""
        rendered = self.run("kustomize", str(OVERLAYS / folder))
        if self._registry:
            rendered = rendered.replace(OURS, f"image: {self._registry}cchc/")
        self.run("apply", "--warnings-as-errors", "--filename=-", said=rendered)

    def delete(self, kind: str, selector: str) -> None:
        """Delete what a selector finds in the system's namespace, and wait until it is gone."""
        gone = ("--ignore-not-found", "--wait", f"--namespace={SYSTEM}", f"--selector={selector}")
        self.run("delete", kind, *gone)

    def listed(self, kinds: str, namespace: str) -> Sequence[Json]:
        """All objects of some kinds in a namespace."""
        told = self.run("get", kinds, f"--namespace={namespace}", "--output=json")
        found: Sequence[Json] = json.loads(told)["items"]
        return found

    def log(self, pod: str) -> str:
        """What the process of a pod has said, as far as the node tells it."""
        try:
            return self.run("logs", f"--namespace={SYSTEM}", pod)
        except NotDone as error:
            return f"(không đọc được / cannot be read: {error})\n"

    def run(self, *arguments: str, said: str | None = None) -> str:
        """What kubectl says to a command; raises `NotDone` with its own words where it fails."""
        try:
            ended = subprocess.run(  # noqa: S603 - the commands stand in this folder
                [self._kubectl, *arguments],
                input=said,
                check=False,
                capture_output=True,
                encoding="utf-8",
                timeout=KUBECTL_S_MAX,
            )
        except subprocess.TimeoutExpired as error:
            raise NotDone(f"kubectl {arguments[0]}: > {KUBECTL_S_MAX:.0f} s") from error
        if ended.returncode != 0:
            raise NotDone(f"kubectl {arguments[0]}: {ended.stderr.strip()}")
        return ended.stdout

"""The manifests of deploy/k8s as a cluster gets them, rendered by kustomize.

Without `kubectl` or `kustomize` such tests are skipped with the reason; in CI they fail.
"""

import copy
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.support.node import not_had

K8S = Path(__file__).parents[2] / "deploy" / "k8s"
SMOKES = {
    "trial": "smoke/trial",
    "production": "smoke/production",
    "example": "overlays/example/smoke",
}
"""Each overlay, with the Job that tries it."""
OVERLAYS = tuple(SMOKES)
SYSTEM = "cchc"
"""The namespace of the processes."""
ROLES = {"api", "worker", "migrate"}
REMOVED = object()
"""What `planted` puts where something is to be taken away."""
RENDER_S_MAX = 600.0

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Workload:
    """What makes pods: a Deployment, a StatefulSet, a Job, or what makes Jobs."""

    manifest: Manifest
    least: int
    most: int
    """So many pods there are, whatever scales them."""

    @property
    def kind(self) -> str:
        return str(self.manifest["kind"])

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def namespace(self) -> str:
        return namespace_of(self.manifest)

    @property
    def labels(self) -> Mapping[str, str]:
        labels: Mapping[str, str] = self._template["metadata"]["labels"]
        return labels

    @property
    def pod(self) -> Mapping[str, Any]:
        pod: Mapping[str, Any] = self._template["spec"]
        return pod

    @property
    def _template(self) -> Mapping[str, Any]:
        spec = self.manifest["spec"]
        template: Mapping[str, Any] = spec.get("jobTemplate", {}).get("spec", spec)["template"]
        return template

    @property
    def containers(self) -> Sequence[Mapping[str, Any]]:
        return (*self.pod.get("initContainers", ()), *self.pod["containers"])

    @property
    def service(self) -> str:
        """The service of ours that it belongs to, if any."""
        return str(self.labels.get("app.kubernetes.io/name", ""))

    @property
    def role(self) -> str:
        """`api`, `worker`, `migrate`, `smoke`, or what is done by the clock; none of a server."""
        return str(self.labels.get("app.kubernetes.io/component", ""))

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Manifests:
    """All objects of an overlay."""

    objects: Sequence[Manifest]

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """The objects of some kinds."""
        return (each for each in self.objects if each["kind"] in kinds)

    @cached_property
    def workloads(self) -> Sequence[Workload]:
        """What makes pods, with how many."""
        kinds = ("Deployment", "StatefulSet", "Job", "CronJob")
        return [Workload(each, *self._bounds(each)) for each in self.of(*kinds)]

    @property
    def processes(self) -> Sequence[Workload]:
        """Those of the processes of services."""
        return [e for e in self.workloads if e.namespace == SYSTEM and e.role in ROLES]

    @property
    def services(self) -> Sequence[str]:
        """The services by name."""
        return sorted({each.service for each in self.processes})

    @property
    def now_and_then(self) -> Sequence[Workload]:
        """What is done by the clock."""
        return [each for each in self._repeated if not each.manifest["spec"].get("suspend")]

    @property
    def at_hand(self) -> Sequence[Workload]:
        """What somebody starts who needs it: `kubectl create job NAME --from=cronjob/...`."""
        return [each for each in self._repeated if each.manifest["spec"].get("suspend")]

    @property
    def _repeated(self) -> Sequence[Workload]:
        return [each for each in self.workloads if each.kind == "CronJob"]

    def settings(self, workload: Workload) -> Mapping[str, str]:
        """What a process is told; of a secret only a reference, `secret:NAME/KEY`."""
        [container] = workload.pod["containers"]
        told: dict[str, str] = {}
        for source in container.get("envFrom", ()):
            told |= self._data(workload.namespace, source["configMapRef"]["name"])
        for variable in container.get("env", ()):
            secret = variable.get("valueFrom", {}).get("secretKeyRef")
            referred = f"secret:{secret['name']}/{secret['key']}" if secret else ""
            told[variable["name"]] = variable.get("value", referred)
        return told

    def _bounds(self, manifest: Manifest) -> tuple[int, int]:
        """How many pods there are, by whatever scales them."""
        name, namespace = manifest["metadata"]["name"], namespace_of(manifest)
        for each in self.of("HorizontalPodAutoscaler", "ScaledObject"):
            spec = each["spec"]
            if (spec["scaleTargetRef"]["name"], namespace_of(each)) == (name, namespace):
                if each["kind"] == "ScaledObject":
                    return spec["minReplicaCount"], spec["maxReplicaCount"]
                return spec["minReplicas"], spec["maxReplicas"]
        replicas = manifest["spec"].get("replicas", 1)
        return replicas, replicas

    def _data(self, namespace: str, name: str) -> Mapping[str, str]:
        for each in self.of("ConfigMap"):
            if (namespace_of(each), each["metadata"]["name"]) == (namespace, name):
                data: Mapping[str, str] = each["data"]
                return data
        raise AssertionError(f"there is no ConfigMap {namespace}/{name}")


def place_of(manifest: Manifest) -> str:
    """How an object is called here: by its kind, its namespace unless it is ours, and its name."""
    namespace, name = namespace_of(manifest), manifest["metadata"]["name"]
    return f"{manifest['kind']} {name if namespace in {SYSTEM, ''} else f'{namespace}/{name}'}"


def namespace_of(manifest: Manifest) -> str:
    """The namespace of an object."""
    return str(manifest["metadata"].get("namespace", ""))


def strings_of(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of an object
    """Every text in it; names of fields are none."""
    match part:
        case str():
            yield part
        case dict():
            for each in part.values():
                yield from strings_of(each)
        case list():
            for each in part:
                yield from strings_of(each)
        case _:
            pass


@cache
def rendered(overlay: str) -> Manifests:
    """An overlay, as `kubectl apply --kustomize` would send it."""
    return render(K8S / "overlays" / overlay)


@cache
def with_smoke(overlay: str) -> Manifests:
    """An overlay with the Job that tries it, which is applied when it is ready."""
    smoke = render(K8S / SMOKES[overlay])
    return Manifests([*rendered(overlay).objects, *smoke.objects])


def render(folder: Path) -> Manifests:
    """What kustomize makes of a folder; raises CalledProcessError where it refuses it."""
    command = (*_kustomize(), str(folder))
    ended = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=RENDER_S_MAX
    )
    return Manifests(list(yaml.load_all(ended.stdout, yaml.CSafeLoader)))


def overlaid(folder: Path, text: str, overlay: str = "production") -> Manifests:
    """An overlay of somebody's own on one of these, in an empty folder, with more of its text."""
    base = os.path.relpath(K8S / "overlays" / overlay, folder)
    components = os.path.relpath(K8S / "components", folder)
    told = text.replace("../../components", components)
    (folder / "kustomization.yaml").write_text(f"resources: [{base}]\n{told}", "utf-8")
    return render(folder)


def planted(manifests: Manifests, place: str, path: str, value: object) -> Manifests:
    """The same with another value at one path of one object: `spec/replicas`, `Job survey-migrate`.

    One of another namespace than the system's says which: `Service cchc-servers/kafka`.
    """
    objects: list[Any] = copy.deepcopy(list(manifests.objects))
    [found] = [each for each in objects if place_of(each) == place]
    *above, last = path.split("/")
    for key in above:
        found = found[_key(key)]
    if value is REMOVED:
        del found[_key(last)]
    else:
        found[_key(last)] = value
    return Manifests(objects)


def _key(text: str) -> Any:  # noqa: ANN401 - a name in an object, a place in a list
    return int(text) if text.isdigit() else text.replace("~", "/")


def kubectl() -> str:
    """The program; where there is none, the test is skipped."""
    found = shutil.which("kubectl")
    if found is None:
        not_had("there is no kubectl")
    return found


def _kustomize() -> Sequence[str]:
    found, kustomize = shutil.which("kubectl"), shutil.which("kustomize")
    if found is not None:
        return (found, "kustomize")
    if kustomize is None:
        not_had("neither kubectl nor kustomize is there")
    return (kustomize, "build")

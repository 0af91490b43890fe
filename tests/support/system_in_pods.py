"""The system of an overlay on a node that runs pods, as callers reach it.

Servers are programs of this machine, as an organisation has them that runs its own: the Services
that the manifests give them lead there, and processes know no other address. The rest is applied
as `make deploy-trial` does it. Callers come by the Services; time and tokens are given at a door of
this machine (`tests/support/trial_door.py`).
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from deploy.trial import waiting
from deploy.trial.cluster import Cluster as Kubectl
from real.install import HOME
from real.servers.found import ADDRESSES, Servers
from real.servers.server import NotHad
from shared.adapters.signature import private_key
from tests.support.archives import archive_of
from tests.support.cluster import Cluster
from tests.support.cluster import running as running_cluster
from tests.support.manifests import SYSTEM, Manifests, Workload, overlaid, with_smoke
from tests.support.node import not_had
from tests.support.pod_watch import Pod, PodWatch, name_of, watched
from tests.support.pods import CHECKPOINT_KEY, ELSEWHERE, Place, as_text, databases_for
from tests.support.real_node import HOST, NAME, NODE, Node, node_in
from tests.support.servers import open_folder
from tests.support.trial_door import trial_door

OVERLAY = "trial"
SERVERS = "cchc-servers"
READY_S_MAX = 600.0
NAMESPACED = f"--namespace={SYSTEM}"
# Callers have one address here, and would be one client.
OWN_SERVERS = """
configMapGenerator:
  - name: settings
    namespace: cchc
    behavior: merge
    literals: [CCHC_RATES=none]
patches:
  - target: {kind: StatefulSet, namespace: cchc-servers}
    patch: |
      $patch: delete
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: any}
  - target: {kind: Service, namespace: cchc-servers}
    patch: |
      - {op: remove, path: /spec/clusterIP}
      - {op: remove, path: /spec/selector}
"""
OWN_ARROWS = (
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "to-own-servers", "namespace": SYSTEM},
        "spec": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/part-of": "cchc"}},
            "policyTypes": ["Egress"],
            "egress": [
                {"to": [{"ipBlock": {"cidr": f"{HOST}/32"}}]},
                {
                    "to": [{"ipBlock": {"cidr": f"{NODE}/32"}}],
                    "ports": [{"port": 53, "protocol": name} for name in ("UDP", "TCP")],
                },
            ],
        },
    },
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "own-callers-to-api", "namespace": SYSTEM},
        "spec": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/component": "api"}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"from": [{"ipBlock": {"cidr": f"{HOST}/32"}}], "ports": [{"port": "http"}]}
            ],
        },
    },
)
"""Servers, names and callers are no pods here; an overlay of one's own says where they are."""


@dataclass
class SystemInPods:
    """All that the overlay has, but for its servers."""

    cluster: Cluster
    servers: Servers
    folder: Path
    node: Node
    watch: PodWatch
    door: str = ""
    """Where the trial is steered, as soon as it runs."""
    up: asyncio.Event = field(default_factory=asyncio.Event)
    manifests: Manifests = field(init=False)
    _addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.up.set()
        overlay = self.folder / "overlay"
        overlay.mkdir()
        self.manifests = overlaid(overlay, OWN_SERVERS, OVERLAY)
        private_key(self.folder / CHECKPOINT_KEY)
        (self.folder / "trial").mkdir()
        self._databases = databases_for(self.manifests.services, self.servers)

    def at(self, path: str) -> str:
        """Where a path is answered: by the Service, or at the door of the trial."""
        named = path.split("/")[1]
        return self._addresses.get(named, self.door) + path

    def settings(self, service: str) -> Mapping[str, str]:
        """What the workers of a service are told, with addresses as they are on this machine."""
        [worker] = [e for e in self.manifests.processes if e.name == f"{service}-worker"]
        place = Place(service, self.servers, self.folder, self._databases[service], 0)
        told = dict(self.manifests.settings(worker))
        return {**told, **{name: where(place) for name, where in ELSEWHERE.items() if name in told}}

    def said(self, marks: Mapping[Path, int]) -> str:
        """What all pods have logged since then, each line as text."""
        return "".join(f"{as_text(line)}\n" for line in self.watch.said(marks).splitlines())

    # ------------------------------------------------------------------------------ running

    def apply(self) -> None:
        """Bring all of it to the cluster."""
        objects = list(self.manifests.objects)
        namespaces = [each for each in objects if each["kind"] == "Namespace"]
        self.cluster.done("apply", "--filename=-", said=namespaces)
        beside = [*self._secrets(), *self._leading_here(), _volume(self.folder / "trial")]
        for said in (beside, [*objects, *OWN_ARROWS]):
            self.cluster.done("apply", "--warnings-as-errors", "--filename=-", said=said)
        self._addresses = {
            each["spec"]["selector"][
                "app.kubernetes.io/name"
            ]: f"http://{each['spec']['clusterIP']}"
            for each in self.cluster.got("services", NAMESPACED)["items"]
        }

    def restart(self) -> None:
        """Replace every pod of every Deployment, and return when all are."""
        self.cluster.done("rollout", "restart", "deployment", NAMESPACED)
        self.wait()

    def wait(self) -> None:
        """Return when every Deployment has as many as it wants, of the last version."""
        for each in self.manifests.of("Deployment"):
            name = f"deployment/{each['metadata']['name']}"
            self.cluster.done("rollout", "status", name, NAMESPACED, f"--timeout={READY_S_MAX}s")

    def pods(self, *labels: str) -> Sequence[Pod]:
        """The pods that there are, of processes with some labels."""
        chosen = f"--selector={','.join(labels)}"
        found: Sequence[Pod] = self.cluster.got("pods", NAMESPACED, chosen)["items"]
        return [each for each in found if "deletionTimestamp" not in each["metadata"]]

    def within(self, pod: Pod, command: str) -> str:
        """What a command says in the container of a pod."""
        asked = ("exec", NAMESPACED, name_of(pod), "--", "sh", "-c", command)
        return self.cluster.done(*asked).strip()

    @contextmanager
    def known(self) -> Iterator[None]:
        """Let kubectl find the cluster by itself meanwhile, as `deploy.trial` calls it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KUBECONFIG", str(self.cluster.config))
            yield

    def _secrets(self) -> Iterator[Mapping[str, Any]]:
        """What the manifests refer to; addresses are those of the Services."""
        for service, url in self._databases.items():
            name = f"{service}-postgres"
            yield _secret(name, "uri", _elsewhere(url, f"{name}.{SERVERS}:5432"))
            mongo = _elsewhere(self.servers.mongo.url, f"mongo.{SERVERS}:27017")
            yield _secret(f"{service}-mongo", "uri", mongo)
        key = (self.folder / CHECKPOINT_KEY).read_text("ascii")
        yield _secret("ranking-checkpoint-key", "key.pem", key)

    def _leading_here(self) -> Iterator[Mapping[str, Any]]:
        """Where the Services of the servers lead: to this machine."""
        urls = {"kafka": f"kafka://{self.servers.kafka.url}", "mongo": self.servers.mongo.url}
        for service in self.manifests.of("Service"):
            if service["metadata"]["namespace"] == SERVERS:
                name = service["metadata"]["name"]
                url = urlsplit(urls.get(name, self.servers.postgres.url))
                yield _endpoint(name, service["spec"]["ports"][0]["name"], url.port)


@contextmanager
def running(images: Path) -> Iterator[SystemInPods]:
    """All of it, ready; images are put into a folder. Skipped where this machine cannot."""
    wanted = {e.containers[0]["image"] for e in with_smoke(OVERLAY).workloads if _is_ours(e)}
    archives = [archive_of(image, images) for image in sorted(wanted)]
    with ExitStack() as ending:
        folder = ending.enter_context(open_folder())
        for name in ("cluster", "logs"):
            (folder / name).mkdir()
        try:
            node = ending.enter_context(node_in(folder / "node", HOME))
            begun = running_cluster(folder / "cluster", HOME, whole=True, host=HOST)
            cluster = ending.enter_context(begun)
            node.join(cluster)
        except NotHad as missing:
            not_had(str(missing))
        for archive in archives:
            node.bring(archive)
        servers = Servers(folder / "servers", HOME, {}, host=HOST)
        ending.callback(servers.stop)
        for name in ADDRESSES:
            servers.get(name).start()
        watch = ending.enter_context(watched(cluster, SYSTEM, node.logs, folder / "logs"))
        system = SystemInPods(cluster, servers, folder, node, watch)
        system.apply()
        with system.known():
            waiting.until_ready(Kubectl(), _hear)
        system.door = ending.enter_context(trial_door(folder / "trial"))
        yield system


def _is_ours(workload: Workload) -> bool:
    return workload.namespace == SYSTEM


def _hear(_: str) -> None:
    """Nobody waits at a screen for what is waited for."""


def _secret(name: str, key: str, value: str) -> Mapping[str, Any]:
    metadata = {"name": name, "namespace": SYSTEM}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {key: value}}


def _endpoint(service: str, name: str, number: int | None) -> Mapping[str, Any]:
    """This machine, as what stands behind a Service."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": f"{service}-here",
            "namespace": SERVERS,
            "labels": {"kubernetes.io/service-name": service},
        },
        "addressType": "IPv4",
        "endpoints": [{"addresses": [HOST], "conditions": {"ready": True}}],
        "ports": [{"name": name, "port": number}],
    }


def _volume(folder: Path) -> Mapping[str, Any]:
    """The folder of the trial, which nobody makes by himself here."""
    on_node = {"key": "kubernetes.io/hostname", "operator": "In", "values": [NAME]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "trial"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "1Gi"},
            "local": {"path": str(folder)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [on_node]}]}},
        },
    }


def _elsewhere(url: str, place: str) -> str:
    """The same address at another place."""
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{place}"))

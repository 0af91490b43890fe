"""A real Kubernetes on this machine: etcd and an API server, and what makes a whole of them.

The API server alone takes objects or refuses them, with all its admission but that of service
accounts, which need a controller. With `whole` controllers and a scheduler run too. Nodes are
kwok's, where pods become ready whatever their image is, and nothing of theirs runs; or one that
joins is real (`tests/support/real_node.py`). Built by `python -m real install --deep`.
"""

import json
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from real.servers import port
from real.servers.program import Program
from real.servers.server import NotHad
from tests.support.manifests import kubectl

START_S_MAX = 300.0
STOP_S_MAX = 20.0
KUBECTL_S_MAX = 300.0
LOOK_S = 0.2
NODES = 3
STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat/node-heartbeat.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
    "pod/fast/pod-ready.yaml",
)
CONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "deep",
    "contexts": [{"name": "deep", "context": {"cluster": "deep", "user": "administrator"}}],
}
ROOM = {
    "allocatable": {"cpu": "32", "memory": "256Gi", "pods": "110"},
    "capacity": {"cpu": "32", "memory": "256Gi", "pods": "110"},
}

Said = subprocess.CompletedProcess[str]


class Cluster:
    """One cluster in a folder of its own; `home` has the programs."""

    def __init__(self, folder: Path, home: Path, *, host: str = port.HOST) -> None:
        self._folder = folder
        self.home = home / "kubernetes"
        self._host = host
        self._port = port.free(5)
        self._programs: list[Program] = []
        if not (self.home / "built").exists():
            raise NotHad("Kubernetes: python -m real install --deep")

    @property
    def config(self) -> Path:
        """For kubectl: KUBECONFIG."""
        return self._folder / "administrator.kubeconfig"

    def start(self, *, whole: bool) -> None:
        """Start it, and return when it answers."""
        self._write()
        etcd = f"http://{port.HOST}:{self._port + 1}"
        peer = f"http://{port.HOST}:{self._port + 2}"
        self._begin(
            "etcd",
            *("--data-dir=etcd", f"--listen-client-urls={etcd}", f"--advertise-client-urls={etcd}"),
            *(f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"),
            *(f"--initial-cluster=default={peer}", "--unsafe-no-fsync"),
        )
        self._begin(
            "kube-apiserver",
            *(f"--etcd-servers={etcd}", f"--secure-port={self._port}", "--cert-dir=certificates"),
            *(f"--bind-address={self._host}", f"--advertise-address={self._host}"),
            *("--token-auth-file=tokens.csv", "--authorization-mode=RBAC"),
            "--service-account-issuer=https://kubernetes.default.svc",
            *("--service-account-key-file=key.pem", "--service-account-signing-key-file=key.pem"),
            *("--service-cluster-ip-range=10.96.0.0/16", "--endpoint-reconciler-type=none"),
            # Otherwise the server itself would refuse what the namespaces are to refuse.
            "--allow-privileged=true",
            # Of a node that is one: its name is known to nobody else.
            "--kubelet-preferred-address-types=InternalIP",
            f"--disable-admission-plugins={'' if whole else 'ServiceAccount'}",
        )
        self._programs[-1].wait(self._answers, START_S_MAX)
        if whole:
            self._begin_controllers()

    def pretend_nodes(self) -> None:
        """Let kwok be the nodes, and return when pods can be made for them."""
        nodes = [_node(f"node-{place}") for place in range(1, NODES + 1)]
        self.done("apply", "--filename=-", said=nodes)
        stages = [f"--config={self.home / 'stages' / stage}" for stage in STAGES]
        config = f"--kubeconfig={self.config}"
        self._begin("kwok", config, "--manage-all-nodes=true", *stages)
        self.see_nodes()

    def see_nodes(self) -> None:
        """Return when pods can be made for the nodes that there are."""
        self.until("nodes", "wait", "--for=condition=Ready", "nodes", "--all", "--timeout=30s")
        self.until("accounts", "get", "serviceaccount", "default")

    def stop(self) -> None:
        """End it: etcd last, so that the others can finish."""
        while self._programs:
            self._programs.pop().end(signal.SIGTERM, STOP_S_MAX)

    def command(self, *arguments: str) -> Sequence[str]:
        """A command of kubectl for this cluster."""
        return (kubectl(), f"--kubeconfig={self.config}", *arguments)

    def run(self, *arguments: str, said: object = None) -> Said:
        """What kubectl says to a command; `said` is a file or objects for its standard input."""
        return subprocess.run(
            self.command(*arguments),
            input=said if isinstance(said, str) else _together(said),
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=KUBECTL_S_MAX,
        )

    def done(self, *arguments: str, said: object = None) -> str:
        """The same, where it has to go well."""
        ended = self.run(*arguments, said=said)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def got(self, *arguments: str) -> Any:  # noqa: ANN401 - any JSON
        """What there is."""
        return json.loads(self.done("get", *arguments, "--output=json"))

    def until(self, what: str, *arguments: str, s_max: float = START_S_MAX) -> None:
        """Wait until a command goes well."""
        deadline_s = time.monotonic() + s_max
        while (ended := self.run(*arguments)).returncode != 0:
            assert time.monotonic() < deadline_s, f"{what}: {ended.stderr}"
            time.sleep(LOOK_S)

    def _answers(self) -> bool:
        return self.run("get", "--raw=/readyz").returncode == 0

    def _begin_controllers(self) -> None:
        config = f"--kubeconfig={self.config}"
        for name, place, more in (
            (
                "kube-controller-manager",
                3,
                (
                    "--service-account-private-key-file=key.pem",
                    "--root-ca-file=certificates/apiserver.crt",
                ),
            ),
            ("kube-scheduler", 4, ()),
        ):
            self._begin(
                name,
                *(config, f"--authentication{config[1:]}", f"--authorization{config[1:]}"),
                *(f"--bind-address={self._host}", f"--secure-port={self._port + place}"),
                *("--leader-elect=false", "--cert-dir=certificates", *more),
            )

    def _begin(self, name: str, *arguments: str) -> None:
        program = Program(name, self._folder / f"{name}.log")
        program.begin([str(self.home / name), *arguments], folder=self._folder)
        self._programs.append(program)

    def _write(self) -> None:
        """Who may call, and the key that signs for service accounts."""
        token = secrets.token_hex()
        tokens = f"{token},administrator,administrator,system:masters\n"
        (self._folder / "tokens.csv").write_text(tokens, "utf-8")
        key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        (self._folder / "key.pem").write_bytes(key)
        server = {
            "server": f"https://{self._host}:{self._port}",
            # It makes its certificate itself, on this machine.
            "insecure-skip-tls-verify": True,
        }
        named: Mapping[str, Sequence[object]] = {
            "clusters": [{"name": "deep", "cluster": server}],
            "users": [{"name": "administrator", "user": {"token": token}}],
        }
        self.config.write_text(json.dumps({**CONFIG, **named}), "utf-8")


@contextmanager
def running(folder: Path, home: Path, *, whole: bool, host: str = port.HOST) -> Iterator[Cluster]:
    """A cluster, for as long as the context lasts."""
    cluster = Cluster(folder, home, host=host)
    with ExitStack() as ending:
        ending.callback(cluster.stop)
        cluster.start(whole=whole)
        yield cluster


def _node(name: str) -> Mapping[str, Any]:
    labels = {"kubernetes.io/hostname": name, "type": "kwok"}
    metadata = {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": ROOM}


def _together(said: object) -> str | None:
    if said is None:
        return None
    items = said if isinstance(said, list) else [said]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})

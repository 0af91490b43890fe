"""A node on which pods really run: containerd, runc, kubelet, kube-proxy, kube-router and CoreDNS.

It is a machine within this one, in namespaces of its own for processes, mounts and the network.
With its first process all ends that it ever started, mounted or routed, and what it leaves are
empty control groups, which are taken away. Pods reach servers of this machine at `HOST`; from here
one reaches pods, and Services as kube-proxy leads to them. Nothing leads any further, and within
kube-router sees to it that policies of the network are kept.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from real.servers import port
from real.servers.program import Program
from real.servers.server import NotHad, NotStarted
from tests.support.cluster import Cluster
from tests.support.control_groups import is_left, new_groups
from tests.support.pause_image import PAUSE, write_pause

HOST, NODE = "198.18.0.1", "198.18.0.2"
"""This machine and the node, as they know each other: RFC 2544 keeps such addresses for tests."""
PODS, SERVICES = "198.19.0.0/24", "10.96.0.0/16"
NAMES_PORT = 53
LINK = "cchc-node"
LINE = Path("/sys/class/net", LINK)
NAME = "node"
OWN_PLACES = ("/run", "/var/lib/cni", "/var/log")
PROGRAMS = ("containerd", "ctr", "ip", "ipset", "iptables", "mount", "nsenter", "runc", "unshare")
PACKAGES = ("containerd", "iproute2", "ipset", "iptables", "mount", "runc", "util-linux")
"""Debian's, that have them."""
COMMAND_S_MAX = 300.0
START_S_MAX = 60.0
GONE_S_MAX = 30.0
LOOK_S = 0.1
CONFINED = ("--net", "--mount", "--pid")
CONTAINERD = """
version = 2
root = "{folder}/images"
state = "{folder}/running"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  netns_mounts_under_state_dir = true
  # Not every administrator may let a process be spared when memory is short.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{programs}"
    conf_dir = "{folder}/plugins"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
"""
NAMES = """
cluster.local {{
    bind {node}
    errors
    kubernetes cluster.local {{
        kubeconfig {config}
    }}
}}
"""


class Node:
    """One node, in a folder of its own."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Its programs lie under `home`, and those of Debian in the PATH; raises `NotHad`."""
        self._folder = folder
        self._home = home / "kubernetes"
        self._first = Program(NAME, folder / "node.log")
        self._programs: list[Program] = []
        self._groups: list[Path] = []
        self._made: list[Path] = []
        missing = [each for each in PROGRAMS if shutil.which(each) is None]
        if missing:
            raise NotHad(f"{', '.join(missing)}: apt-get install {' '.join(PACKAGES)}")
        if os.geteuid() != 0:
            raise NotHad("pods are run by root alone")
        if LINE.exists():
            raise NotHad("another node is run on this machine now")

    @property
    def logs(self) -> Path:
        """Where the logs of pods are: NAMESPACE_NAME_UID/CONTAINER/TIME.log."""
        return self._folder / "logs"

    # ---------------------------------------------------------------------------- its life

    def begin(self) -> None:
        """Make it, with a network; raises `NotHad` where this machine does not let us."""
        self._folder.mkdir(exist_ok=True)
        confined = ("unshare", *CONFINED, "--fork", "--kill-child", "--mount-proc")
        self._first.begin([*confined, str(self._home / "pause")])
        try:
            self._first.wait(lambda: len(self._first.family()) > 1, START_S_MAX)
            self._connect()
            self._part()
        except (NotStarted, subprocess.CalledProcessError) as error:
            raise NotHad(f"there is no machine within this one: {error}") from error

    def join(self, cluster: Cluster) -> None:
        """Be the node of a cluster, and return when it is ready."""
        self._write(cluster)
        self._start("containerd", f"--config={self._folder}/containerd.toml")
        self._programs[-1].wait(self._has_containers, START_S_MAX)
        self.bring(write_pause(self._home / "pause", self._folder / "pause.tar"))
        self._start(
            *(f"{self._home}/kubelet", f"--config={self._folder}/kubelet.json"),
            *(f"--kubeconfig={cluster.config}", f"--hostname-override={NAME}"),
            *(f"--root-dir={self._folder}/kubelet", f"--cert-dir={self._folder}/certificates"),
            f"--node-ip={NODE}",
        )
        cluster.until("the node", "get", "node", NAME, s_max=START_S_MAX)
        self._start(f"{self._home}/kube-proxy", f"--config={self._folder}/proxy.json")
        self._start(
            *(f"{self._home}/kube-router", f"--kubeconfig={cluster.config}"),
            *("--run-firewall=true", "--run-router=false", "--run-service-proxy=false"),
            *("--enable-cni=false", f"--service-cluster-ip-range={SERVICES}"),
            f"--hostname-override={NAME}",
        )
        self._start(f"{self._home}/coredns", f"-conf={self._folder}/names")
        self._programs[-1].wait(lambda: port.answers(NAMES_PORT, NODE), START_S_MAX)
        cluster.see_nodes()

    def end(self) -> None:
        """End it with everything in it, and leave nothing."""
        self._first.kill()
        for program in self._programs:
            program.kill()
        deadline_s = time.monotonic() + GONE_S_MAX
        while LINE.exists() or any(map(is_left, self._groups)):
            assert time.monotonic() < deadline_s, "its network or its groups are left"
            time.sleep(LOOK_S)
        for place in self._made:
            place.rmdir()

    # ----------------------------------------------------------------------- what it is for

    def bring(self, image: Path) -> None:
        """Load the images of an archive, as `docker save` writes it."""
        brought = self._containers("images", "import", str(image))
        assert brought.returncode == 0, brought.stderr

    def kill(self, container: str) -> None:
        """Kill the process of a container, whose id its pod tells: `containerd://...`."""
        killed = self._containers("tasks", "kill", "--signal=9", container.rpartition("/")[2])
        assert killed.returncode == 0, killed.stderr

    def _has_containers(self) -> bool:
        return self._containers("version").returncode == 0

    def _containers(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        asked = ("ctr", f"--address={self._folder}/containerd.sock", "--namespace=k8s.io")
        return subprocess.run(
            self._within(*asked, *arguments),
            check=False,
            capture_output=True,
            text=True,
            timeout=COMMAND_S_MAX,
        )

    def _start(self, program: str, *arguments: str) -> None:
        name = Path(program).name
        started = Program(name, self._folder / f"{name}.log")
        started.begin(self._within(program, *arguments), folder=self._folder)
        self._programs.append(started)

    def _within(self, *command: str) -> Sequence[str]:
        # The second in the family is the first within, and takes in all that come later.
        return ("nsenter", f"--target={self._first.family()[1]}", *CONFINED, "--", *command)

    def _connect(self) -> None:
        """Lay the only line that leads to it."""
        first = self._first.family()[1]
        for command in (
            f"ip link add {LINK} type veth peer name {LINK} netns {first}",
            f"ip address add {HOST}/30 dev {LINK}",
            f"ip link set {LINK} up",
        ):
            _run(command.split())
        for command in (
            "ip link set lo up",
            f"ip address add {NODE}/30 dev {LINK}",
            f"ip link set {LINK} up",
        ):
            _run(self._within(*command.split()))
        for routed in (PODS, SERVICES):
            _run(["ip", "route", "add", routed, "via", NODE])

    def _part(self) -> None:
        """Give it places of its own where its programs write whatever they are told."""
        for place in map(Path, OWN_PLACES):
            if not place.exists():
                place.mkdir()
                self._made.append(place)
            _run(self._within("mount", "-t", "tmpfs", NAME, str(place)))

    def _write(self, cluster: Cluster) -> None:
        """What each program is told."""
        told = {"folder": self._folder, "programs": self._home, "pause": PAUSE, "node": NODE}
        for name, text in {"containerd.toml": CONTAINERD, "names": NAMES}.items():
            (self._folder / name).write_text(text.format(**told, config=cluster.config), "utf-8")
        (self._folder / "plugins").mkdir()
        self._groups = list(new_groups(f"cchc-{self._first.pid}"))
        settings = {
            "kubelet.json": self._of_kubelet(f"/cchc-{self._first.pid}"),
            "plugins/pods.conflist": _of_network(self._folder / "addresses"),
            "proxy.json": _of_proxy(cluster),
        }
        for name, setting in settings.items():
            (self._folder / name).write_text(json.dumps(setting), "utf-8")

    def _of_kubelet(self, group: str) -> Mapping[str, Any]:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": NODE,
            # Who comes here is on this machine.
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": group,
            "clusterDNS": [NODE],
            "clusterDomain": "cluster.local",
            "containerRuntimeEndpoint": f"unix://{self._folder}/containerd.sock",
            # A disk that others fill is no reason to send pods away.
            "evictionHard": {"memory.available": "100Mi"},
            "failCgroupV1": False,
            "failSwapOn": False,
            "imageGCHighThresholdPercent": 100,
            "podLogsDir": str(self.logs),
            "resolvConf": "",
        }


def _of_network(addresses: Path) -> Mapping[str, Any]:
    """All pods at one bridge, each with an address of its own; a folder has who has which."""
    given = {
        "type": "host-local",
        "dataDir": str(addresses),
        "ranges": [[{"subnet": PODS}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {"type": "bridge", "bridge": "pods", "isGateway": True, "hairpinMode": True}
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [{**bridge, "ipam": given}]}


def _of_proxy(cluster: Cluster) -> Mapping[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "bindAddress": NODE,
        "clientConnection": {"kubeconfig": str(cluster.config)},
        "clusterCIDR": PODS,
        "conntrack": {"maxPerCore": 0},
        "hostnameOverride": NAME,
        "mode": "iptables",
    }


def _run(command: Sequence[str]) -> None:
    subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=COMMAND_S_MAX
    )


@contextmanager
def node_in(folder: Path, home: Path) -> Iterator[Node]:
    """A node, of no cluster yet, for as long as the context lasts."""
    node = Node(folder, home)
    with ExitStack() as ending:
        ending.callback(node.end)
        node.begin()
        yield node

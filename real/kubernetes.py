"""Kubernetes from its Go modules: a control plane, nodes, kube-score, and what others define.

packages/ pins each module and the sums of all that it needs (go.mod, go.sum). What operators define
lies in their own modules, and is taken from there as it is; of Strimzi and Percona none has it.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from real.commands import NotInstalled, run
from real.servers.server import NotHad

PACKAGES = Path(__file__).parent / "packages"
BUILD_S_MAX = 14_400.0
"""A control plane is a million lines: ten minutes on a quiet machine, an hour on a busy one."""
VERSION = "1.37.2"
NAMED = "k8s.io/component-base/version"
FLAGS = (
    "-trimpath",
    "-buildvcs=false",
    f"-ldflags=-s -w -X {NAMED}.gitVersion=v{VERSION} -X {NAMED}.gitMajor=1 -X {NAMED}.gitMinor=37",
)
CNI = "github.com/containernetworking/plugins/plugins"
PROGRAMS: Mapping[str, Sequence[tuple[str, str]]] = {
    "cni": (
        ("bridge", f"{CNI}/main/bridge"),
        ("host-local", f"{CNI}/ipam/host-local"),
        ("loopback", f"{CNI}/main/loopback"),
    ),
    "coredns": (("coredns", "."),),
    "etcd": (("etcd", "go.etcd.io/etcd/server/v3"),),
    "kubernetes": (
        ("kube-apiserver", "./kube-apiserver"),
        ("kube-controller-manager", "./kube-controller-manager"),
        ("kube-proxy", "./kube-proxy"),
        ("kube-scheduler", "./kube-scheduler"),
        ("kubelet", "./kubelet"),
        ("pause", "./pause"),
    ),
    "kube-router": (("kube-router", "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router"),),
    "kube-score": (("kube-score", "github.com/zegl/kube-score/cmd/kube-score"),),
    "kwok": (("kwok", "sigs.k8s.io/kwok/cmd/kwok"),),
}
"""What is built in each folder of packages/."""


class Module(NamedTuple):
    """A Go module that is only read: its version, its sum, and the folder that is wanted of it."""

    version: str
    sum: str
    folder: str


READ = {
    "cloudnativepg": Module(
        "github.com/cloudnative-pg/cloudnative-pg@v1.25.0",
        "h1:VWqj9Hfme4rIdTZm9/SLQN97WMTXPMvZRqEs2n3tIec=",
        "config/crd/bases",
    ),
    "gateway": Module(
        "sigs.k8s.io/gateway-api@v1.3.0",
        "h1:q6okN+/UKDATola4JY7zXzx40WO4VISk7i9DIfOvr9M=",
        "config/crd/standard",
    ),
    "keda": Module(
        "github.com/kedacore/keda/v2@v2.21.0",
        "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=",
        "config/crd/bases",
    ),
    "prometheus": Module(
        "github.com/prometheus-operator/prometheus-operator@v0.84.0",
        "h1:XXm7lKizTnnxeSwI01wjNAapKzw/4XAPdpcZqjRKgRU=",
        "example/prometheus-operator-crd",
    ),
    "stages": Module(
        "sigs.k8s.io/kwok@v0.8.0",
        "h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=",
        "kustomize/stage",
    ),
}
DEFINITIONS = tuple(name for name in READ if name != "stages")


def install(home: Path) -> str:
    """Build what is missing, and bring what is read; gives their folder."""
    go = shutil.which("go")
    if go is None:
        raise NotHad("Kubernetes cần Go 1.26 / Kubernetes needs Go 1.26: https://go.dev/dl")
    folder = home / "kubernetes"
    folder.mkdir(exist_ok=True)
    done, wanted = folder / "built", _wanted()
    if not done.exists() or done.read_text("ascii") != wanted:
        done.unlink(missing_ok=True)
        for place, programs in PROGRAMS.items():
            for name, package in programs:
                command = [go, "build", *FLAGS, "-o", str(folder / name), package]
                run(command, folder=PACKAGES / place, s_max=BUILD_S_MAX)
        for name, module in READ.items():
            _bring(go, module, folder / name)
        done.write_text(wanted, "ascii")
    return str(folder)


def _wanted() -> str:
    """A digest of everything that the folder is made from."""
    pinned = b"".join((PACKAGES / place / "go.sum").read_bytes() for place in PROGRAMS)
    return hashlib.sha256(pinned + repr((FLAGS, PROGRAMS, READ)).encode()).hexdigest()


def _bring(go: str, module: Module, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as outside:
        told = json.loads(
            run([go, "mod", "download", "-json", module.version], folder=Path(outside))
        )
    if told["Sum"] != module.sum:
        raise NotInstalled(f"{module.version} has the sum {told['Sum']}, and not {module.sum}")
    shutil.rmtree(folder, ignore_errors=True)
    # Modules are read-only, and a folder of ours is not.
    shutil.copytree(Path(told["Dir"]) / module.folder, folder, copy_function=shutil.copyfile)
    for each in (folder, *folder.rglob("*/")):
        each.chmod(0o755)

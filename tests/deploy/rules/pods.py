"""What every pod has to be: restricted, bounded, watched, and able to leave without a loss."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.adapters.deployed.roles import CLOSE_S_MAX, START_S_MAX
from tests.support.manifests import Manifests, Workload

PROJECT = Path(__file__).parents[3]
PROBES = {"startupProbe": "/startupz", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
COMMANDS = "cli"
"""The image of the command line, which has all services."""
VOLUMES = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}
SPACE_S_MIN = 5
"""A pod is killed only so much later than its process would have ended by itself."""


def pods_are_restricted(manifests: Manifests) -> Iterator[str]:
    """What Pod Security `restricted` asks, and an own number for whoever runs."""
    for each in manifests.workloads:
        pod, context = each.pod, each.pod.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or context.get("runAsUser", 0) == 0:
            yield f"{each} may run as root"
        if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{each} may call all of the kernel"
        if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{each} shares what belongs to its node"
        for volume in pod.get("volumes", ()):
            if not VOLUMES & volume.keys():
                yield f"{each} mounts {volume['name']}, which is of no harmless kind"


def containers_are_restricted(manifests: Manifests) -> Iterator[str]:
    """No rights, none to be had, and nothing to write to but what was mounted for it."""
    for each in manifests.workloads:
        for container in each.containers:
            context = container.get("securityContext", {})
            if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
                yield f"{each} may get more rights"
            if context.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{each} has capabilities"
            if context.get("readOnlyRootFilesystem") is not True:
                yield f"{each} writes to its root file system"


def pods_have_no_token(manifests: Manifests) -> Iterator[str]:
    """Nothing of ours asks the API server for anything."""
    for each in manifests.workloads:
        if each.pod.get("automountServiceAccountToken") is not False:
            yield f"{each} has a token for the API server"


def images_have_a_version(manifests: Manifests) -> Iterator[str]:
    """Ours that of the project; and nothing is what was newest on some day."""
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    own = told["project"]["version"]
    for each in manifests.workloads:
        for container in each.containers:
            name, _, tag = container["image"].rpartition("/")[2].partition(":")
            if not tag or tag == "latest":
                yield f"{each} takes whatever {name} is newest"
            if each in manifests.processes and (name, tag) != (each.service, own):
                yield f"{each} runs {name}:{tag}, and not {each.service}:{own}"
            if name == COMMANDS and tag != own:
                yield f"{each} runs {name}:{tag}, and not {own}"


def resources_are_bounded(manifests: Manifests) -> Iterator[str]:
    """A request for the scheduler, and a limit of memory; a limit of processors only slows down."""
    for each in manifests.workloads:
        for container in each.containers:
            resources = container.get("resources", {})
            if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
                yield f"{each} does not say what it needs"
            if "memory" not in resources.get("limits", {}):
                yield f"{each} may take all memory"


def what_runs_is_watched(manifests: Manifests) -> Iterator[str]:
    """Three probes; those of our processes ask what each is for, where it listens."""
    for each in _lasting(manifests):
        for container in each.containers:
            for name, path in PROBES.items():
                probe = container.get(name)
                if probe is None:
                    yield f"{each} has no {name}"
                elif each in manifests.processes:
                    port = _port(container, probe.get("httpGet", {}).get("port"))
                    told = manifests.settings(each).get("CCHC_PORT")
                    if probe.get("httpGet", {}).get("path") != path or str(port) != told:
                        yield f"{each}: {name} does not ask {path} at {told}"


def a_start_may_take_its_time(manifests: Manifests) -> Iterator[str]:
    """Who waits for a server ends with a sentence, before it is killed without one."""
    for each in _lasting(manifests):
        if each in manifests.processes:
            [container] = each.containers
            probe = container.get("startupProbe", {})
            if probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3) <= START_S_MAX:
                yield f"{each} is killed before it has said what it waits for"


def metrics_are_where_they_are_looked_for(manifests: Manifests) -> Iterator[str]:
    """The port that Prometheus asks is that which the process was told."""
    for each in _lasting(manifests):
        if each in manifests.processes:
            [container] = each.containers
            told = manifests.settings(each).get("CCHC_METRICS_PORT")
            if str(_port(container, "metrics")) != told:
                yield f"{each} shows no metrics at {told}"


def a_process_may_finish_what_it_began(manifests: Manifests) -> Iterator[str]:
    """It is killed later than it would end by itself, and callers know before that it leaves."""
    for each in _lasting(manifests):
        if each not in manifests.processes:
            continue
        [container] = each.containers
        pause_s = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {})
        stop_s = int(manifests.settings(each)["CCHC_STOP_S"]) + CLOSE_S_MAX
        longest_s = pause_s.get("seconds", 0) + stop_s + SPACE_S_MIN
        if each.pod.get("terminationGracePeriodSeconds", 30) < longest_s:
            yield f"{each} is killed before it has finished"
        if each.role == "api" and not pause_s:
            yield f"{each} leaves while callers are still sent to it"


def none_goes_before_another_came(manifests: Manifests) -> Iterator[str]:
    """A new version takes over one by one."""
    for each in manifests.workloads:
        if each.kind == "Deployment" and each in manifests.processes:
            rolling = each.manifest["spec"].get("strategy", {}).get("rollingUpdate", {})
            if rolling.get("maxUnavailable") != 0 or rolling.get("maxSurge") == 0:
                yield f"{each} goes before another one is ready"


def several_are_spread_over_nodes(manifests: Manifests) -> Iterator[str]:
    """The loss of a node is not the loss of all; those that are spread are those that there are."""
    for each in manifests.processes:
        if each.most < 2:
            continue
        spread = each.pod.get("topologySpreadConstraints", ())
        nodes = [one for one in spread if one["topologyKey"] == "kubernetes.io/hostname"]
        if not nodes:
            yield f"{each} may lie on one node alone"
        for one in nodes:
            if not one["labelSelector"]["matchLabels"].items() <= each.labels.items():
                yield f"{each} spreads others than itself"


def _lasting(manifests: Manifests) -> Iterator[Workload]:
    return (each for each in manifests.workloads if each.kind not in {"Job", "CronJob"})


def _port(container: Mapping[str, Any], port: object) -> object:
    """A port by its name, or as it is."""
    named = {each["name"]: each["containerPort"] for each in container.get("ports", ())}
    return named.get(port, port) if isinstance(port, str) else port


RULES = (
    pods_are_restricted,
    containers_are_restricted,
    pods_have_no_token,
    images_have_a_version,
    resources_are_bounded,
    what_runs_is_watched,
    a_start_may_take_its_time,
    metrics_are_where_they_are_looked_for,
    a_process_may_finish_what_it_began,
    none_goes_before_another_came,
    several_are_spread_over_nodes,
)

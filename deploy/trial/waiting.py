"""Until everything is ready, or something shows that it will not be without somebody's help."""

import time
from collections.abc import Callable, Iterator, Sequence

from deploy.trial.cluster import SERVERS, SYSTEM, Cluster, Json, NotDone

READY_S_MAX = 900.0
SMOKE_S_MAX = 1_500.0
LOOK_S = 3.0
WORKLOADS = "deployments,statefulsets,jobs"
HOPELESS = {
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "CreateContainerConfigError",
}
RESTARTS_MAX = 5

Say = Callable[[str], None]


def until_ready(cluster: Cluster, say: Say) -> None:
    """Wait for all servers, Jobs and processes; `say` hears of what is still waited for."""
    deadline_s, before = time.monotonic() + READY_S_MAX, ""
    while waited_for := ", ".join(_unready(cluster)):
        if waited_for != before:
            say(f"  chờ / waiting for: {waited_for}")
        before = waited_for
        _see_hope(cluster)
        if time.monotonic() > deadline_s:
            raise NotDone(f"Quá {READY_S_MAX:.0f} giây / more than that: {waited_for}")
        time.sleep(LOOK_S)


def until_smoked(cluster: Cluster) -> tuple[bool, str]:
    """Wait for the Job of the smoke test; whether it ended well, and what it said."""
    deadline_s = time.monotonic() + SMOKE_S_MAX
    while time.monotonic() < deadline_s:
        [job] = [e for e in cluster.listed("jobs", SYSTEM) if e["metadata"]["name"] == "smoke"]
        ended = {each["type"] for each in _conditions(job) if each["status"] == "True"}
        if ended & {"Complete", "Failed"}:
            return "Complete" in ended, cluster.log("job/smoke")
        _see_hope(cluster)
        time.sleep(LOOK_S)
    raise NotDone(f"smoke: > {SMOKE_S_MAX:.0f} s")


def _unready(cluster: Cluster) -> Iterator[str]:
    for namespace in (SERVERS, SYSTEM):
        for each in cluster.listed(WORKLOADS, namespace):
            name = each["metadata"]["name"]
            if name != "smoke" and not _is_ready(each):
                yield name


def _is_ready(workload: Json) -> bool:
    status = workload.get("status", {})
    if workload["kind"] == "Job":
        return any(e["type"] == "Complete" and e["status"] == "True" for e in _conditions(workload))
    wanted = workload["spec"].get("replicas", 1)
    is_seen = status.get("observedGeneration") == workload["metadata"]["generation"]
    ready = min(status.get("readyReplicas", 0), status.get("updatedReplicas", 0))
    return bool(is_seen and ready >= wanted and status.get("replicas", 0) == wanted)


def _see_hope(cluster: Cluster) -> None:
    """Raise `NotDone` for what no waiting will mend, as an image that is not to be had."""
    for namespace in (SERVERS, SYSTEM):
        for pod in cluster.listed("pods", namespace):
            for container in _containers(pod):
                reason = container.get("state", {}).get("waiting", {}).get("reason", "")
                if reason in HOPELESS:
                    raise NotDone(_hopeless(pod, container, reason))
                if container.get("restartCount", 0) > RESTARTS_MAX:
                    raise NotDone(
                        f"{pod['metadata']['name']}: {container['restartCount']} lần / restarts; "
                        f"kubectl --namespace {namespace} logs {pod['metadata']['name']}"
                    )


def _hopeless(pod: Json, container: Json, reason: str) -> str:
    name, image = pod["metadata"]["name"], container["image"]
    return (
        f"{name}: {reason}: {image}. Hãy dựng ảnh (make images) và nạp vào nút, hoặc đẩy lên kho "
        "ảnh rồi nêu REGISTRY=kho / Build the images (make images) and load them onto the nodes, "
        "or push them and name REGISTRY=registry"
    )


def _containers(pod: Json) -> Sequence[Json]:
    status = pod.get("status", {})
    return (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ()))


def _conditions(workload: Json) -> Sequence[Json]:
    found: Sequence[Json] = workload.get("status", {}).get("conditions", ())
    return found

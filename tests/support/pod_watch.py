"""What became of each pod, told by the cluster while it happens, and what each has said.

A pod that left is forgotten by the cluster, and its log with it; here both are kept.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from tests.support.cluster import Cluster

ENDED_S_MAX = 30.0
LAYOUT = 3
"""A line is said at a time, into a stream, whole or not; what was said stands behind."""


Pod = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a pod was asked to leave, and how much time it had."""

    asked: datetime
    grace: timedelta


class PodWatch:
    """All pods of a namespace that ever were, as they were last seen."""

    def __init__(self, logs: Path, kept: Path) -> None:
        """Give logs a second name in the folder `kept`, under which they stay."""
        self._logs = logs
        self._kept = kept
        self.seen: dict[str, Pod] = {}
        self.leaving: dict[str, Leaving] = {}

    def marks(self) -> Mapping[Path, int]:
        """How much each has said so far."""
        return {log: log.stat().st_size for log in self._kept.iterdir()}

    def said(self, marks: Mapping[Path, int]) -> str:
        """What was said behind the marks, as a process says it."""
        lines: list[str] = []
        for log in sorted(self._kept.iterdir()):
            text = log.read_bytes()[marks.get(log, 0) :].decode(errors="replace")
            lines += [line.split(" ", LAYOUT)[-1] for line in text.splitlines()]
        return "".join(f"{line}\n" for line in lines)

    def follow(self, told: Iterator[Mapping[str, Any]]) -> None:
        """See what happens, until nothing more is told."""
        for event in told:
            pod = event["object"]
            uid = pod["metadata"]["uid"]
            self.seen[uid] = pod
            if "deletionTimestamp" in pod["metadata"]:
                # The last time that it is told is that of its end.
                self.leaving.setdefault(uid, _leaving(pod))
            for log in self._logs.glob(f"*_{uid}/*/*.log"):
                name = f"{pod['metadata']['name']}.{log.name}"
                with suppress(FileExistsError, FileNotFoundError):
                    (self._kept / name).hardlink_to(log)


@contextmanager
def watched(cluster: Cluster, namespace: str, logs: Path, kept: Path) -> Iterator[PodWatch]:
    """The pods of a namespace, for as long as the context lasts."""
    watch = PodWatch(logs, kept)
    asked = ("get", "pods", f"--namespace={namespace}", "--watch", "--output-watch-events")
    with subprocess.Popen(
        cluster.command(*asked, "--output=json"), stdout=subprocess.PIPE, encoding="utf-8"
    ) as telling:
        thread = Thread(target=lambda: watch.follow(map(json.loads, telling.stdout or ())))
        thread.start()
        try:
            yield watch
        finally:
            telling.terminate()
            thread.join(ENDED_S_MAX)


def name_of(pod: Pod) -> str:
    """Its name."""
    return str(pod["metadata"]["name"])


def service_of(pod: Pod) -> str:
    """The service of ours that it belongs to."""
    return str(pod["metadata"]["labels"]["app.kubernetes.io/name"])


def container_of(pod: Pod) -> str:
    """The id of the only container that it has."""
    [status] = pod["status"]["containerStatuses"]
    return str(status["containerID"])


def exits(pod: Pod) -> Sequence[Mapping[str, Any]]:
    """How the processes of a pod ended: the former ones and the last, as far as they did."""
    states = [
        container.get(place, {})
        for container in pod["status"].get("containerStatuses", ())
        for place in ("lastState", "state")
    ]
    return [state["terminated"] for state in states if "terminated" in state]


def moment(text: str) -> datetime:
    """An instant, as the cluster writes it: in whole seconds."""
    return datetime.fromisoformat(text)


def _leaving(pod: Pod) -> Leaving:
    told = pod["metadata"]
    grace = timedelta(seconds=told["deletionGracePeriodSeconds"])
    return Leaving(moment(told["deletionTimestamp"]) - grace, grace)

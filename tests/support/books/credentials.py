"""The secrets that manifests refer to, and those that a runbook makes."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.support.books.kubectl import said_by
from tests.support.books.running import Call
from tests.support.manifests import Manifest, Manifests, Workload, namespace_of, strings_of

Key = tuple[str, str, str]
"""A namespace, a secret, and a key of it."""
LOGIN = ("username", "password")
OBJECTS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
TLS = ("tls.crt", "tls.key")
WHOLE = ""
"""Of a secret that is given by its name alone, to who knows its keys."""
ROW = re.compile(r"^\| (?P<names>`[^|]+`) \| `(?P<namespace>cchc[a-z-]*)` \|", re.MULTILINE)


def asked(manifests: Manifests) -> set[Key]:
    """Each key that anything refers to."""
    mounted = {
        key
        for each in manifests.workloads
        for key in _mounted(each, [*strings_of(each.pod), *manifests.settings(each).values()])
    }
    named = {(namespace_of(made), *each) for made in manifests.objects for each in _named(made, "")}
    return mounted | named | {key for made in manifests.objects for key in _of_kind(made)}


def made(calls: Sequence[Call], folder: Path) -> set[Key]:
    """Each key that calls of `kubectl create secret` make of what lies in a folder."""
    return {key for call in calls if call.argv[0] == "kubectl" for key in _made(call, folder)}


def by_operators(runbook: str) -> set[tuple[str, str]]:
    """The secrets that a runbook says operators make, by namespace and name."""
    return {
        (row["namespace"], name)
        for row in ROW.finditer(runbook)
        for name in re.findall("`([^`]+)`", row["names"])
    }


def _mounted(workload: Workload, told: Sequence[str]) -> Iterator[Key]:
    """The files that are looked for where a secret is mounted."""
    said = "\n".join(told)
    for volume in workload.pod.get("volumes", ()):
        if "secret" not in volume:
            continue
        name = volume["secret"]["secretName"]
        yield workload.namespace, name, WHOLE
        mounts = {
            mount["mountPath"]
            for container in workload.containers
            for mount in container.get("volumeMounts", ())
            if mount["name"] == volume["name"]
        }
        for mount in mounts:
            for key in re.findall(rf"{mount}/([\w.-]+)", said):
                yield workload.namespace, name, key


def _named(part: Any, above: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part
    """Whatever is referred to by name and key, and is no ConfigMap."""
    match part:
        case {"name": str(name), "key": str(key)} if above != "configMapKeyRef":
            yield name, key
        case dict():
            for field, each in part.items():
                yield from _named(each, field)
        case list():
            for each in part:
                yield from _named(each, above)
        case _:
            pass


def _of_kind(manifest: Manifest) -> Iterator[Key]:
    """What operators, and a gateway, take by the name of a secret alone."""
    namespace, spec = namespace_of(manifest), manifest.get("spec", {})
    match manifest["kind"]:
        case "Cluster":
            login = spec["bootstrap"]["initdb"]["secret"]["name"]
            yield from ((namespace, login, key) for key in LOGIN)
        case "PerconaServerMongoDB":
            yield namespace, spec["secrets"]["users"], WHOLE
            for storage in spec["backup"]["storages"].values():
                name = storage["s3"]["credentialsSecret"]
                yield from ((namespace, name, key) for key in OBJECTS)
        case "Gateway":
            for listener in spec["listeners"]:
                for each in listener["tls"]["certificateRefs"]:
                    yield from ((namespace, each["name"], key) for key in TLS)
        case _:
            pass


def _made(call: Call, folder: Path) -> Iterator[Key]:
    said = said_by(call.argv)
    if not said.command.startswith("create secret"):
        return
    kind, name = said.command.rpartition(" ")[2], said.words[0]
    yield said.namespace, name, WHOLE
    if kind == "tls":
        yield from ((said.namespace, name, key) for key in TLS)
    for flag, value in (each[2:].split("=", 1) for each in call.argv if each.startswith("--from-")):
        if flag == "from-env-file":
            for line in (folder / value).read_text("utf-8").splitlines():
                yield said.namespace, name, line.partition("=")[0]
        else:
            yield said.namespace, name, value.partition("=")[0]

"""A call of kubectl, held against kubectl's own help and against the objects of the overlays."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.support.manifests import Manifest, namespace_of, strings_of

GROUPS = frozenset({"create", "create secret", "rollout", "set"})
"""What is no command by itself, but is followed by one."""
HELP_S_MAX = 60.0
FLAG = re.compile(r"--([a-z][a-z-]*)")
OF_EVERY_CLUSTER = frozenset({"event", "node", "pod", "secret", "storageclass"})
"""Kinds that no overlay has to have."""
OF_OPERATORS = frozenset({"kafka-cluster-ca-cert", "kafka-clients-ca"})
"""Secrets that operators make, and no object asks for."""
NAMELESS = frozenset({"annotate", "port-forward", "logs", "exec", "wait", "get", "delete", "patch"})
"""Commands that take KIND or KIND NAME beside KIND/NAME."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a call says: the command, its flags with their values, and the words behind it."""

    command: str
    namespace: str
    flags: Mapping[str, str]
    words: Sequence[str]


def said_by(argv: Sequence[str]) -> Said:
    """A call, taken apart; what comes behind `--` is for another program."""
    arguments = list(argv[1:])
    if "--" in arguments:
        del arguments[arguments.index("--") :]
    namespace, words, flags = "", list[str](), dict[str, str]()
    place = 0
    while place < len(arguments):
        each = arguments[place]
        if each == "-n":
            place += 1
            namespace = arguments[place]
        elif each.startswith("--"):
            name, _, value = each[2:].partition("=")
            takes_next = not value and _follows(name, arguments, place)
            place += takes_next
            flags[name] = arguments[place] if takes_next else value
        else:
            words.append(each)
        place += 1
    command = words.pop(0)
    while command in GROUPS and words:
        command = f"{command} {words.pop(0)}"
    if command == "annotate":  # Annotations are no objects.
        words = [each for each in words if "=" not in each and not each.endswith("-")]
    return Said(command, namespace, flags, words)


def _follows(name: str, arguments: Sequence[str], place: int) -> bool:
    """Whether the next word is the value of a flag that is written without `=`."""
    takes_one = {"filename", "kustomize", "selector"}
    return name in takes_one and place + 1 < len(arguments)


@dataclass
class Cluster:
    """What there would be if the overlays were applied."""

    objects: Sequence[Manifest]
    _strings: set[str] = field(init=False)
    _selected: set[str] = field(init=False)
    _started: set[str] = field(init=False, default_factory=set)
    """The Jobs that calls before have made."""
    _fed: set[tuple[str, str]] = field(init=False, default_factory=set)
    """What was fed to calls before."""

    def __post_init__(self) -> None:
        self._strings = {each for made in self.objects for each in strings_of(made)}
        self._selected = {each for made in self.objects for each in _selected_by(made)}

    def complaints(self, argv: Sequence[str], fed: str) -> Iterator[str]:
        """Whatever kubectl, or the cluster, would say against a call."""
        said, shown = said_by(argv), " ".join(argv)
        known = FLAG.findall(_help(said.command) + _help("options"))
        yield from (f"{shown}: no flag --{name}" for name in said.flags if name not in known)
        if said.namespace and not self._has("namespace", said.namespace, ""):
            yield f"{shown}: no namespace {said.namespace}"
        for flag in ("filename", "kustomize"):
            path = said.flags.get(flag, "-")
            if path != "-" and not Path(path).exists():
                yield f"{shown}: there is no {path}"
        if said.flags.get("filename") == "-":
            yield from (f"{shown}: {each}" for each in self._of_fed(fed))
        if selector := said.flags.get("selector"):
            yield from self._of_selector(said, selector)
        yield from self._of_words(said, shown)

    def _of_fed(self, fed: str) -> Iterator[str]:
        made = list(yaml.safe_load_all(fed))
        if not made or not all(isinstance(each, dict) and "kind" in each for each in made):
            yield "nothing came to be applied"
            return
        for each in made:
            self._fed.add((each["kind"].lower(), each["metadata"]["name"]))
            if each["kind"] == "Secret" and each["metadata"]["name"] not in self._strings:
                yield f"nobody asks for the secret {each['metadata']['name']}"

    def _of_selector(self, said: Said, selector: str) -> Iterator[str]:
        wanted = dict(part.split("=") for part in selector.split(","))
        labels = [
            place
            for made in self.objects
            if namespace_of(made) == said.namespace
            for place in _labels_of(made, _selected_kind(said))
        ]
        if not any(wanted.items() <= each.items() for each in labels):
            yield f"nothing in {said.namespace} has {selector}"

    def _of_words(self, said: Said, shown: str) -> Iterator[str]:
        """What is named behind the command is there, or wanted."""
        if said.command.startswith("create secret"):
            if said.words[0] not in self._strings:
                yield f"{shown}: nobody asks for the secret {said.words[0]}"
        elif said.command == "create job":
            yield from (f"{shown}: {each}" for each in self._of_job(said))
        elif said.command == "label":
            kind, name, *labels = said.words
            yield from (f"{shown}: {each}" for each in self._of_label(said, kind, name, labels))
        elif said.command == "kustomize":
            yield from (f"{shown}: no {each}" for each in said.words if not Path(each).exists())
        elif any("/" in each for each in said.words):
            yield from (f"{shown}: no {each}" for each in self._missing_of(said))
        elif said.command in NAMELESS and said.words:
            yield from (f"{shown}: {each}" for each in self._of_kinds(said))

    def _of_job(self, said: Said) -> Iterator[str]:
        """What a Job is made of is at hand, and the Job is there from then on."""
        kind, _, name = said.flags["from"].partition("/")
        if not self._has(kind, name, said.namespace):
            yield f"no {said.flags['from']}"
        self._started.add(f"{said.namespace}/{said.words[0]}")

    def _of_label(self, said: Said, kind: str, name: str, labels: Sequence[str]) -> Iterator[str]:
        """Namespaces that are labelled may be others', who are here by their labels alone."""
        if kind != "namespace":
            if not self._has(kind, name, said.namespace):
                yield f"no {kind} {name}"
            return
        for label in labels:
            if label not in self._selected:
                yield f"nobody lets in who has {label}"

    def _missing_of(self, said: Said) -> Iterator[str]:
        for each in said.words:
            kind, _, name = each.partition("/")
            if name and not self._has(_singular(kind), name, said.namespace):
                yield each

    def _of_kinds(self, said: Said) -> Iterator[str]:
        kinds, names = map(_singular, said.words[0].split(",")), said.words[1:]
        for kind in kinds:
            if not self._knows(kind):
                yield f"no kind {kind}"
            for name in names:
                if not self._has(kind, name, said.namespace):
                    yield f"no {kind} {name}"

    def _knows(self, kind: str) -> bool:
        kinds = {each["kind"].lower() for each in self.objects} | {kind for kind, _ in self._fed}
        return kind in kinds | OF_EVERY_CLUSTER

    def _has(self, kind: str, name: str, namespace: str) -> bool:
        if kind == "secret":
            return name in self._strings or name in OF_OPERATORS
        if kind == "pod":
            made_of = ("deployment", "statefulset", "cluster")
            return any(self._has(each, name.rpartition("-")[0], namespace) for each in made_of)
        if (kind, name) in self._fed or (f"{namespace}/{name}" in self._started and kind == "job"):
            return True
        if kind == "persistentvolumeclaim" and name in _claims(self.objects, namespace):
            return True
        return any(
            (each["kind"].lower(), each["metadata"]["name"], namespace_of(each))
            == (kind, name, namespace)
            for each in self.objects
        )


@cache
def _help(command: str) -> str:
    asked = (
        ("kubectl", "options") if command == "options" else ("kubectl", *command.split(), "--help")
    )
    ended = subprocess.run(
        asked, check=True, capture_output=True, encoding="utf-8", timeout=HELP_S_MAX
    )
    return ended.stdout


def _singular(kind: str) -> str:
    small = kind.lower()
    if small.endswith("sses"):
        return small.removesuffix("es")
    return small.removesuffix("s") if not small.endswith("ss") else small


def _claims(objects: Sequence[Manifest], namespace: str) -> set[str]:
    """The claims that StatefulSets make for their first pods."""
    return {
        f"{template['metadata']['name']}-{each['metadata']['name']}-0"
        for each in objects
        if each["kind"] == "StatefulSet" and namespace_of(each) == namespace
        for template in each["spec"].get("volumeClaimTemplates", ())
    }


def _selected_kind(said: Said) -> str:
    """The kind of what a selector is to find; logs are those of pods."""
    return _singular(said.words[0]) if said.words else "pod"


def _labels_of(made: Manifest, kind: str) -> Iterator[Mapping[str, str]]:
    """The labels of an object of a kind, or of the pods that it will have."""
    if made["kind"].lower() == kind:
        yield made["metadata"].get("labels", {})
    spec = made.get("spec")
    if kind == "pod" and isinstance(spec, dict) and isinstance(spec.get("template"), dict):
        yield spec["template"].get("metadata", {}).get("labels", {})


def _selected_by(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of an object
    """The labels of namespaces by which others are let in, or out to."""
    match part:
        case {"namespaceSelector": {"matchLabels": labels}}:
            yield from (f"{name}={value}" for name, value in labels.items())
        case dict():
            for each in part.values():
                yield from _selected_by(each)
        case list():
            for each in part:
                yield from _selected_by(each)
        case _:
            pass

"""A program in place of one that is not here: it notes how it was called, and answers if it can.

    NAME ARGUMENTS...       by a link of that name; the environment says where it lies

It is run by itself, so that it imports nothing of ours.
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

BOOKS = "BOOKS"
"""The environment's name for the file that says what is not here, and what a cluster has."""
KEPT = ("ca.crt", "user.crt", "user.key", "identity.txt")
"""What the secrets hold that Strimzi makes, and the one by which backups are read."""
CONDITIONS = "--output=jsonpath={.status.conditions"
CHUNK_BYTES = 64 * 1024
NAME = re.compile(r'^ {2,4}"?name"?: "?([^\s",]+)', re.MULTILINE)
"""In an object that came by the standard input."""


def main(name: str, arguments: list[str]) -> int:
    """Note the call, and do as much of it as can be done."""
    told = json.loads(Path(os.environ[BOOKS]).read_text("utf-8"))
    is_missing = any([name, *arguments][: len(row)] == row for row in told["missing"])
    is_fed = any(each in {"--filename=-", "-"} for each in arguments)
    fed = sys.stdin.read() if is_missing and is_fed else ""
    with Path(told["calls"]).open("a", encoding="utf-8") as calls:
        calls.write(json.dumps({"argv": [name, *arguments], "fed": fed}) + "\n")
    if not is_missing:
        return _become(name, arguments)
    return _kubectl(arguments, told, fed) if name == "kubectl" else 0


def _kubectl(arguments: list[str], told: dict[str, Any], fed: str) -> int:
    """What needs no cluster kubectl does itself, and `exec` happens here; the rest is told."""
    words = _words(arguments)
    if words[:1] == ["kustomize"]:
        return _become("kubectl", arguments)
    if "--local" in arguments:
        return _become("kubectl", arguments, fed)
    if words[:2] == ["create", "job"] and "--dry-run=client" not in arguments:
        return _create(words[2], told)
    if words == ["create"]:
        return _create(NAME.findall(fed)[0], told)
    if words[:1] == ["create"] and words[1:2] != ["job"]:
        tried = [each for each in arguments if not each.startswith("--dry-run")]
        return _become("kubectl", [*tried, "--dry-run=client"])
    if "--" in arguments and words[:1] == ["exec"]:
        program, *rest = arguments[arguments.index("--") + 1 :]
        os.environ |= told["inside"]
        os.execvp(program, [program, *rest])  # noqa: S606 - as the runbook says
    _tell_of_jobs(arguments, words, told)
    return _tell(arguments, words, told)


def _tell_of_jobs(arguments: list[str], words: list[str], told: dict[str, Any]) -> None:
    """What a cluster would say of Jobs, and of what they are made of."""
    if words[:2] == ["create", "job"]:
        sys.stdout.write(json.dumps(_job(arguments, words[2], told["commands"]), indent=2))
    if words[:2] == ["get", "jobs"] and "--output=json" in arguments:
        sys.stdout.write(json.dumps({"items": told["jobs"]}))
    if words[:2] == ["get", "cronjob"] and "--ignore-not-found" in arguments:
        sys.stdout.writelines(each for each in words[2:] if each in told["commands"])
    if words[:2] == ["get", "job"] and any(each.startswith(CONDITIONS) for each in arguments):
        sys.stdout.write(told["ended"].get(words[2], "Complete"))
    if words[:1] == ["logs"]:
        jobs = [each.removeprefix("job/") for each in words[1:]]
        logs = told["logs"].items()
        sys.stdout.writelines(log for job in jobs for name, log in logs if job.startswith(name))


def _tell(arguments: list[str], words: list[str], told: dict[str, Any]) -> int:
    """What a cluster would say.

    Its pods are listed by their labels, and led to where such processes really listen.
    """
    if words[:2] == ["get", "secret"] and "--output=jsonpath={.data.uri}" in arguments:
        sys.stdout.write(base64.b64encode(told["secrets"][words[2]].encode()).decode())
    if words[:2] == ["get", "secret"] and "--output=json" in arguments:
        sys.stdout.write(json.dumps({"data": {each: _made(words[2], each) for each in KEPT}}))
    if words[:2] == ["get", "pods"] and "--output=name" in arguments:
        [selector] = [each for each in arguments if each.startswith("--selector=")]
        wanted = "-".join(part.rpartition("=")[2] for part in selector.split(","))
        sys.stdout.writelines(
            f"pod/{pod}\n" for pod in told["pods"] if pod.startswith(f"{wanted}-")
        )
    if words[:1] == ["port-forward"]:
        _forward(told["pods"][words[1].removeprefix("pod/")])
    return 0


def _create(name: str, told: dict[str, Any]) -> int:
    """Make a Job, of whatever runbook, unless there is one of its name."""
    made = Path(told["made"])
    if made.exists() and name in made.read_text("utf-8").split():
        sys.stderr.write(f'Error from server (AlreadyExists): jobs.batch "{name}" already exists\n')
        return 1
    with made.open("a", encoding="utf-8") as names:
        names.write(f"{name}\n")
    return 0


def _made(secret: str, name: str) -> str:
    """What an operator would have made."""
    return base64.b64encode(f"{name} of {secret}".encode()).decode()


def _forward(place: str) -> None:
    """Lead a port of this machine, which is told, to a place; until somebody ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"Forwarding from 127.0.0.1:{listening.getsockname()[1]} -> 8400\n")
        sys.stdout.flush()
        while True:
            near, _ = listening.accept()
            host, _, port = place.rpartition(":")
            far = socket.create_connection((host, int(port)))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pour, args=(one, other), daemon=True).start()


def _pour(one: socket.socket, other: socket.socket) -> None:
    while some := one.recv(CHUNK_BYTES):
        other.sendall(some)
    other.shutdown(socket.SHUT_WR)


def _job(arguments: list[str], name: str, commands: dict[str, Any]) -> dict[str, Any]:
    """The Job that would be made of what lies at hand under a name."""
    [source] = [each for each in arguments if each.startswith("--from=cronjob/")]
    spec = commands[source.partition("/")[2]]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec}


def _words(arguments: list[str]) -> list[str]:
    """What is said without flags, and without the namespace behind `-n`."""
    before = ["", *arguments]
    return [
        each
        for each, former in zip(arguments, before, strict=False)
        if not each.startswith("-") and former != "-n"
    ]


def _become(name: str, arguments: list[str], fed: str = "") -> int:
    """Go on as the program itself, which lies behind this one in the path."""
    own = str(Path(sys.argv[0]).parent)
    path = os.pathsep.join(each for each in os.environ["PATH"].split(os.pathsep) if each != own)
    os.environ["PATH"] = path
    if fed:  # It was read already.
        return subprocess.run([name, *arguments], input=fed, text=True, check=False).returncode
    try:
        os.execvp(name, [name, *arguments])  # noqa: S606 - as the runbook says
    except FileNotFoundError:
        sys.stderr.write(f"{name}: not found\n")
        return 127


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).name, sys.argv[1:]))

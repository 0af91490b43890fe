"""A program in place of one that is not here: it notes how it was called, and answers if it can.

    NAME ARGUMENTS...       by a link of that name; the environment says where it lies

It is run by itself, so that it imports nothing of ours.
"""

import base64
import json
import os
import sys
from pathlib import Path

BOOKS = "BOOKS"
"""The environment's name for the file that says what is not here, and what secrets hold."""


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
    return _kubectl(arguments, told["secrets"]) if name == "kubectl" else 0


def _kubectl(arguments: list[str], secrets: dict[str, str]) -> int:
    """What needs no cluster kubectl does itself; a secret is told, and `exec` happens here."""
    words = _words(arguments)
    if words[:1] == ["kustomize"]:
        return _become("kubectl", arguments)
    if words[:1] == ["create"]:
        tried = [each for each in arguments if not each.startswith("--dry-run")]
        return _become("kubectl", [*tried, "--dry-run=client"])
    if "--" in arguments and words[:1] == ["exec"]:
        program, *rest = arguments[arguments.index("--") + 1 :]
        os.execvp(program, [program, *rest])  # noqa: S606 - as the runbook says
    if words[:2] == ["get", "secret"] and "--output=jsonpath={.data.uri}" in arguments:
        sys.stdout.write(base64.b64encode(secrets[words[2]].encode()).decode())
    return 0


def _words(arguments: list[str]) -> list[str]:
    """What is said without flags, and without the namespace behind `-n`."""
    before = ["", *arguments]
    return [
        each
        for each, former in zip(arguments, before, strict=False)
        if not each.startswith("-") and former != "-n"
    ]


def _become(name: str, arguments: list[str]) -> int:
    """Go on as the program itself, which lies behind this one in the path."""
    own = str(Path(sys.argv[0]).parent)
    path = os.pathsep.join(each for each in os.environ["PATH"].split(os.pathsep) if each != own)
    os.environ["PATH"] = path
    try:
        os.execvp(name, [name, *arguments])  # noqa: S606 - as the runbook says
    except FileNotFoundError:
        sys.stderr.write(f"{name}: not found\n")
        return 127


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).name, sys.argv[1:]))

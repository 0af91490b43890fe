"""Known vulnerabilities of everything that the locks pin: `python -m tests.supply.audit`.

What is known comes from outside. Where it cannot be had, pip-audit calls a package one that it does
not know, and is content; here that is said, and is no success.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
AUDITED, VULNERABLE, UNKNOWN = 0, 1, 2
TIMEOUT_S = 600
NO_DATA = (
    "Không lấy được dữ liệu lỗ hổng của {unknown}/{all} gói: chưa kiểm tra được gì về các gói này.",
    "Nothing could be learned of {unknown} of {all} packages: these were not audited.",
)
CLEAN = (
    "{all} gói, không có lỗ hổng nào đã biết.",
    "{all} packages, and none has a known vulnerability.",
)


def verdict(dependencies: Sequence[Mapping[str, Any]]) -> tuple[int, Sequence[str]]:
    """The exit status and what to say, by what pip-audit found of each package."""
    unknown = [each for each in dependencies if "vulns" not in each]
    lines = [
        f"{each['name']} {each['version']}: {flaw['id']}, -> {', '.join(flaw['fix_versions'])}"
        for each in dependencies
        for flaw in each.get("vulns", ())
    ]
    numbers = {"unknown": len(unknown), "all": len(dependencies)}
    if unknown or not dependencies:
        said = [sentence.format(**numbers) for sentence in NO_DATA]
        return (VULNERABLE if lines else UNKNOWN), [*lines, *said]
    return (VULNERABLE, lines) if lines else (AUDITED, [each.format(**numbers) for each in CLEAN])


def audited(lock: Path) -> Sequence[Mapping[str, Any]]:
    """What pip-audit finds of each package of a lock; nothing where it could ask nobody."""
    command = ("pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip")
    options = ("--format", "json", "--progress-spinner", "off")
    done = subprocess.run(
        (sys.executable, "-m", *command, *options),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if not done.stdout.strip():
        sys.stderr.write(done.stderr)
        return ()
    found: Sequence[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    return found


def main() -> int:
    """Audit every lock; returns the worst that was found."""
    worst = AUDITED
    for lock in LOCKS:
        status, lines = verdict(audited(PROJECT / lock))
        sys.stdout.write("".join(f"{lock}: {line}\n" for line in lines))
        worst = VULNERABLE if VULNERABLE in {worst, status} else max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(main())

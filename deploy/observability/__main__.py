"""`python -m deploy.observability --write`: write what Prometheus and Grafana read."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from deploy.observability import dashboards, rules

FOLDER = Path(__file__).parent
HEAD = "# Made by `python -m deploy.observability --write`; change what makes it.\n"


def texts() -> Mapping[Path, str]:
    """What is written, by where."""
    made = yaml.safe_dump(rules.document(), allow_unicode=True, sort_keys=False, width=10_000)
    found = {FOLDER / "rules.yaml": HEAD + made}
    for name, document in dashboards.documents().items():
        text = json.dumps(document, ensure_ascii=False, indent=2)
        found[FOLDER / "dashboards" / f"{name}.json"] = f"{text}\n"
    return found


def main(arguments: Sequence[str]) -> int:
    """Write what is not as it should be; returns 0, or 2 where it was not asked for."""
    if list(arguments) != ["--write"]:
        sys.stderr.write("usage: python -m deploy.observability --write\n")
        return 2
    for path, text in texts().items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is written down as others see it: OpenAPI, facts, telemetry, pages, and what is stored.

`python -m tests.golden.documents --write` writes them down anew. Look at what it changed: whoever
made a client from a document has the old one.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.appraisal import main as appraisal
from services.cli import telemetry
from services.ranking import main as ranking
from services.submission import main as submission
from services.survey import main as survey
from shared.adapters import web
from shared.adapters.front import routes_of
from shared.adapters.identity import Given
from shared.events import catalogue
from shared.kernel.actor import PUBLIC
from shared.runtime.service import Outside, Service
from tests.golden import pages, stored
from tests.support.outside import memory_outside

DOCUMENTS = Path(__file__).parent / "openapi"
CATALOGUE = Path(__file__).parent / "asyncapi.json"
TELEMETRY = Path(__file__).parent / "telemetry.json"
WIRINGS: Mapping[str, Callable[[Outside], Service]] = MappingProxyType(
    {
        "submission": submission.wire,
        "appraisal": appraisal.wire,
        "survey": survey.wire,
        "ranking": ranking.wire,
    }
)


@cache
def document_of(name: str) -> Mapping[str, Any]:
    """The OpenAPI document of a service, as it is written down.

    To make it takes long for whoever only looks something up, as half of the tests do when they are
    collected; test_openapi holds that it is the one that the service has.
    """
    document: Mapping[str, Any] = json.loads(path_of(name).read_bytes())
    return document


def text_of(name: str) -> str:
    """The document that the service has, as it is to be written down."""
    outside = memory_outside()
    identify = Given(lambda _: PUBLIC).identify
    door = web.Door(identify, outside.clock, outside.chance, outside.seals)
    made = web.service_app(name, routes_of(WIRINGS[name](outside), outside), door).openapi()
    return json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def path_of(name: str) -> Path:
    """Where it is written down."""
    return DOCUMENTS / f"{name}.json"


def main(arguments: list[str]) -> int:
    """Write the documents that are not as they are written down."""
    if arguments != ["--write"]:
        sys.stderr.write("usage: python -m tests.golden.documents --write\n")
        return 2
    texts = {path_of(name): text_of(name) for name in WIRINGS} | {CATALOGUE: catalogue.text()}
    texts |= {TELEMETRY: telemetry.document(), stored.STORED: stored.text()}
    texts |= {pages.path_of(name): pages.text_of(name) for name in pages.PAGES}
    for path, text in texts.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""JSON as adapters keep it: one text for one value, whatever order its keys came in."""

import json
from collections.abc import Mapping
from typing import Any


def to_json(body: Mapping[str, Any]) -> str:
    """Keys sorted, no spaces, characters as they are; NaN and infinities are an error."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def from_json(text: str) -> Mapping[str, Any]:
    """The inverse of `to_json`."""
    body: Mapping[str, Any] = json.loads(text)
    return body

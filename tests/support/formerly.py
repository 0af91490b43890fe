"""Facts of surveys in the shapes that they had before: there are logs that hold nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shared.events.codec import Stored
from shared.events.former import FORMER

Json = dict[str, Any]


def formerly(told: Sequence[Stored]) -> Sequence[Stored]:
    """The same facts, as they were told before some of them had another shape."""
    return [_former(stored) for stored in told]


def _former(stored: Stored) -> Stored:
    name = f"{stored.type.rpartition('.v')[0]}.v1"
    if name == stored.type or name not in FORMER:
        return stored
    envelope = msgspec.json.decode(stored.body)
    envelope |= {"type": name, "data": _without(envelope["data"], FORMER[name])}
    msgspec.json.decode(msgspec.json.encode(envelope["data"]), type=FORMER[name])
    body = msgspec.json.encode(envelope, order="sorted")
    return Stored(stored.stream, stored.version, name, body)


def _without(data: Json, former: type) -> Json:
    """What the former shape had of a fact; texts were in Vietnamese alone."""
    known = {key: data[key] for key in former.__annotations__}
    if "responses" in known:
        known["responses"] = [_only(each, "agency", "answers") for each in known["responses"]]
    if "questions" in known:
        known["title"] = known["title"]["vi"]
        known["questions"] = [_question(each) for each in known["questions"]]
    return known


def _question(question: Mapping[str, Any]) -> Json:
    options = [
        {**_only(each, "code"), "title": each["title"]["vi"]} for each in question["options"]
    ]
    return {**_only(question, "code", "item"), "text": question["text"]["vi"], "options": options}


def _only(said: Mapping[str, Any], *keys: str) -> Json:
    return {key: said[key] for key in keys}

"""An example of every body, put together from examples of its parts.

One word stands for one thing throughout the API, so that an example belongs to a name. A model
that wants another one says so itself, in `examples`.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

BY_NAME: Mapping[str, object] = {
    "action": "action-12",
    "agency": "so-y-te",
    "alarm": 1,
    "answers_max": 2000,
    "answers_per_day_max": 200,
    "batch": 1,
    "because": "Đính chính điểm mục 1.1 của Sở Y tế.",
    "closes": "2021-12-11T00:00:00+07:00",
    "code": "request-invalid",
    "comment": "3kTMd3vXk0pAIqVnG1yPzQ",
    "count": 30,
    "criterion": "1.1",
    "cycle": "2021",
    "digest": "0" * 64,
    "document": "12/BC-BĐT",
    "evidence": "ke-hoach",
    "exclusion": "exclusion-57",
    "group": "citizens",
    "issuer": "Sở Y tế",
    "item": "1.1.2",
    "link": "cong-thong-tin",
    "name": "Sở Y tế",
    "now": "2021-11-15T08:00:00+07:00",
    "number": "2366/QĐ-UBND",
    "on": "2021-10-14",
    "opens": "2021-11-15T00:00:00+07:00",
    "person": "p-4f1d2a90b7c35e68a1f0d94c27be6350",
    "pile": "tap-01",
    "points": "1.25",
    "population": 1200,
    "positions": 0,
    "question": "Kế hoạch được ban hành ngày nào?",
    "questionnaire": "department-citizens",
    "ranked": True,
    "rebuild": "0" * 32,
    "reason": "Theo đề nghị của cơ quan, có văn bản kèm theo.",
    "revision": 1,
    "section": "Mục II, trang 3",
    "sha256": "0" * 64,
    "shredding": "shredding-1",
    "size": 5028,
    "source": "Bưu điện tỉnh",
    "text": "Trong năm không phát sinh nhiệm vụ này.",
    "tier": "department",
    "title": "Phiếu khảo sát năm 2021",
    "token": "a-token-of-an-invitation",
    "until": "2021-12-20T17:00:00+07:00",
}


def add_examples(document: Mapping[str, Any]) -> None:
    """Put an example beside each JSON body and each parameter of a path in an OpenAPI document."""
    schemas = document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in BY_NAME:
                    parameter["example"] = BY_NAME[parameter["name"]]
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                body = content["application/json"]
                body["example"] = _example("", body["schema"], schemas)


def _example(name: str, schema: Schema, schemas: Schema) -> object:
    if "$ref" in schema:
        return _example(name, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _example(name, schema["anyOf"][0], schemas)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", (None,))[0])
    match schema["type"]:
        case "object" if "properties" in schema:
            return _object(schema, schemas)
        case "array" if "examples" not in schema:
            return [_example(name, schema["items"], schemas)]
        case "array" | "object":
            return schema["examples"][0]
        case _:
            return schema["examples"][0] if "examples" in schema else BY_NAME[name]


def _object(schema: Schema, schemas: Schema) -> Mapping[str, object]:
    """What has to be there, and of the rest what has an example of its own."""
    required = schema.get("required", ())
    return {
        name: part["examples"][0] if "examples" in part else _example(name, part, schemas)
        for name, part in schema["properties"].items()
        if name in required or "examples" in part
    }

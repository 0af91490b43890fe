"""A small document with every type of rule, and how a test changes it."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from shared.kernel import scheme_reader
from shared.kernel.errors import Flaw, Refused

DELETED = object()
"""In place of a value: the key is taken away."""

DOCUMENT: dict[str, Any] = {
    "scheme": "small",
    "title": "Bộ tiêu chí thử",
    "tier": "department",
    "sample": "true",
    "source": "A test.",
    "maximum": "10",
    "cap": "100",
    "loss_alone_max": "25",
    "scales": {
        "sipas": {"5": "100", "4": "100", "3": "0"},
        "officials": {"a": "100", "b": "60", "e": "no-opinion"},
    },
    "groups": {"citizens": "Người dân", "leaders": "Lãnh đạo"},
    "areas": [
        {
            "code": "1",
            "title": "Chỉ đạo, điều hành",
            "maximum": "6",
            "criteria": [
                {
                    "code": "1.1",
                    "title": "Kế hoạch",
                    "maximum": "4",
                    "components": [
                        {
                            "code": "1.1.1",
                            "title": "Ban hành kế hoạch",
                            "maximum": "1",
                            "evidence": "Kế hoạch",
                            "rule": {
                                "type": "choice",
                                "options": [
                                    {"code": "yes", "title": "Có", "points": "1"},
                                    {"code": "no", "title": "Không", "points": "0"},
                                ],
                            },
                        },
                        {
                            "code": "1.1.2",
                            "title": "Mức độ hoàn thành",
                            "maximum": "1",
                            "rule": {
                                "type": "levels",
                                "unit": "%",
                                "bands": [
                                    {"code": "a", "title": "A", "share": "1", "at_least": "90"},
                                    {"code": "b", "title": "B", "share": "0.5", "at_least": "70"},
                                ],
                            },
                        },
                        {
                            "code": "1.1.3",
                            "title": "Chất lượng",
                            "maximum": "1",
                            "rule": {
                                "type": "sum",
                                "addends": [
                                    {
                                        "code": "x",
                                        "title": "X",
                                        "maximum": "0.5",
                                        "rule": {
                                            "type": "count",
                                            "per_unit": "0.1",
                                            "unit": "việc",
                                        },
                                    },
                                    {
                                        "code": "y",
                                        "title": "Y",
                                        "maximum": "0.5",
                                        "rule": {
                                            "type": "deduction",
                                            "per_breach": "0.25",
                                            "breach": "lần trễ",
                                        },
                                    },
                                ],
                            },
                        },
                        {
                            "code": "1.1.4",
                            "title": "Đúng hạn",
                            "maximum": "1",
                            "rule": {
                                "type": "formula",
                                "text": "if(total = 0, 1, done / total)",
                                "inputs": ["done", "total"],
                            },
                        },
                    ],
                },
                {
                    "code": "1.2",
                    "title": "Sáng kiến",
                    "maximum": "2",
                    "rule": {"type": "manual", "step": "0.5"},
                },
            ],
        },
        {
            "code": "2",
            "title": "Hài lòng",
            "maximum": "4",
            "criteria": [
                {
                    "code": "2.1",
                    "title": "Tiếp cận",
                    "maximum": "2",
                    "rule": {
                        "type": "survey",
                        "part": "sipas",
                        "scale": "sipas",
                        "groups": {"leaders": "1", "citizens": "3"},
                    },
                },
                {
                    "code": "2.2",
                    "title": "Phản ánh, kiến nghị",
                    "maximum": "2",
                    "components": [
                        {
                            "code": "2.2.1",
                            "title": "Xử lý",
                            "maximum": "1",
                            "no_task": "full",
                            "except_for": ["so-y-te"],
                            "rule": {"type": "ratio", "numerator": "xong", "denominator": "tất cả"},
                        },
                        {
                            "code": "2.2.2",
                            "title": "Công khai",
                            "maximum": "1",
                            "rule": {
                                "type": "levels",
                                "bands": [
                                    {"code": "full", "title": "Đủ", "share": "1"},
                                    {"code": "none", "title": "Không", "share": "0"},
                                ],
                            },
                        },
                    ],
                },
            ],
        },
    ],
    "bonus": [
        {
            "code": "b",
            "title": "Thưởng",
            "maximum": "1",
            "rule": {"type": "count", "per_unit": "0.5", "unit": "mô hình"},
        }
    ],
    "penalty": [],
    "ties": {"chain": ["appraised", "area:2"], "rule": "dense"},
    "grades": [
        {"code": "A", "title": "Tốt", "at_least": "80"},
        {"code": "B", "title": "Khá", "at_least": "0"},
    ],
}

PLAN = "/areas/0/criteria/0"
CHOICE, LEVELS, SUM, FORMULA = (f"{PLAN}/components/{index}" for index in range(4))
MANUAL = "/areas/0/criteria/1"
SURVEY = "/areas/1/criteria/0"
RATIO, NAMED = (f"/areas/1/criteria/1/components/{index}" for index in range(2))
ADDEND = f"{SUM}/rule/addends/0"


def flaws_of(document: Mapping[str, object]) -> tuple[Flaw, ...]:
    with pytest.raises(Refused) as refusal:
        scheme_reader.read(document)

    assert refusal.value.code == "scheme-invalid"
    return refusal.value.flaws


def changed(*changes: tuple[str, object]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    for pointer, value in changes:
        change(document, pointer, value)
    return document


def change(document: dict[str, Any], pointer: str, value: object) -> None:
    *path, last = pointer.split("/")[1:]
    parent: Any = document
    for step in path:
        parent = parent[int(step)] if isinstance(parent, list) else parent[_unescaped(step)]
    if isinstance(parent, list):
        index = int(last)
        parent[index : index + 1] = [] if value is DELETED else [value]
    elif value is DELETED:
        del parent[_unescaped(last)]
    else:
        parent[_unescaped(last)] = value


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def pointers(value: object, pointer: str = "") -> list[str]:
    match value:
        case dict():
            steps = [(key.replace("~", "~0").replace("/", "~1"), value[key]) for key in value]
        case list():
            steps = [(str(index), child) for index, child in enumerate(value)]
        case _:
            return [pointer]
    below = [pointers(child, f"{pointer}/{step}") for step, child in steps]
    return [*([pointer] if pointer else []), *(found for each in below for found in each)]

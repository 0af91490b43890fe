"""A small survey that is worked out by hand in tests/api/test_survey_worked.py, held over HTTP."""

from collections.abc import Mapping
from typing import Any

import msgspec

from shared.events import survey as events
from tests.support.small_cycle import ADOPTED, SCHEME, at
from tests.support.survey_office import CITIZENS, Office, answer_body

WITH_NO_OPINION = msgspec.structs.replace(
    ADOPTED,
    scheme={
        **SCHEME,
        "scales": {
            **SCHEME["scales"],  # type: ignore[dict-item] # A scheme is whatever people wrote.
            "sipas": {"5": "100", "4": "100", "3": "0", "2": "0", "1": "0", "0": "no-opinion"},
        },
    },
)


def _options(*codes: str) -> list[Mapping[str, Any]]:
    return [{"code": code, "title": code, "no_opinion": code in {"0", "none"}} for code in codes]


ASKED = {
    "tier": "department",
    "group": "citizens",
    "title": "Phiếu khảo sát người dân",
    "service_question": "service",
    "questions": [
        {"code": "service", "text": "Thủ tục nào?", "options": _options("ho-tich", "dat-dai")},
        {
            "code": "q1",
            "text": "Ông/Bà có hài lòng không?",
            "kind": "scale",
            "item": "9.1",
            "options": _options("5", "4", "3", "2", "1", "0"),
        },
        {
            "code": "why",
            "text": "Vì sao chưa hài lòng?",
            "kind": "multiple-choice",
            "options": _options("slow", "far", "none"),
            "asked_if": {"question": "q1", "options": ["3", "2", "1"]},
        },
    ],
    "opens": at(11, 22).isoformat(),
    "closes": at(12, 20).isoformat(),
}
ANSWERED: Mapping[str, list[tuple[str, str, list[str]]]] = {
    "so-y-te": [
        ("ho-tich", "5", []),
        ("ho-tich", "5", []),
        ("ho-tich", "4", []),
        ("ho-tich", "2", ["slow", "far"]),
        ("dat-dai", "4", []),
        ("dat-dai", "3", ["slow"]),
        ("dat-dai", "1", ["none"]),
        ("dat-dai", "0", []),
        ("dat-dai", "1", ["far"]),
    ],
    "so-noi-vu": [("ho-tich", "5", []), ("ho-tich", "4", []), ("dat-dai", "0", [])],
}
CERTIFIED = {
    "counts": {"q1": {"5": 6, "2": 2}},
    "source": "Bưu điện tỉnh",
    "document": "12/BC-BĐ",
}
PLAN = {
    "margin": "0.05",
    "strata": [
        {"agency": "so-y-te", "population": 20},
        {"agency": "so-y-te", "service": "ho-tich", "population": 12},
        {"agency": "so-noi-vu", "population": 40},
    ],
}


async def held(office: Office) -> Office:
    """The survey, from its adoption to its closing, with what is excluded and certified."""
    await office.hear(WITH_NO_OPINION)
    await office.ask(CITIZENS, ASKED)
    assert (await office.put(f"{CITIZENS}/plan", PLAN)).status_code == 200
    for agency, people in ANSWERED.items():
        tokens = await office.invite(len(people) + 1, agency=agency, key=agency)
        for token, (service, option, why) in zip(tokens, people, strict=False):
            choices = {"why": why} if why else {}
            body = answer_body(token, {"service": service, "q1": option}, choices=choices)
            answer = await office.client.post(f"{CITIZENS}/responses", json=body)
            assert answer.status_code == 201, answer.text
    assert (await office.post(f"{CITIZENS}/closing", key="close")).status_code == 200
    await _exclude_one(office)
    certified = await office.certify(f"{CITIZENS}/results/so-noi-vu", CERTIFIED)
    assert certified.status_code == 200, certified.text
    return office


async def _exclude_one(office: Office) -> None:
    [(batch, position)] = [
        (fact.batch, position)
        for fact in await office.facts()
        if isinstance(fact, events.ResponsesCounted)
        for position, response in enumerate(fact.responses)
        if response.choices.get("why") == ("far",)
    ]
    body = {"batch": batch, "positions": [position], "reason": "Trả lời hai lần."}
    await office.post(f"{CITIZENS}/exclusions", body, key="propose")
    [proposed] = (await office.get(f"{CITIZENS}/exclusions")).json()
    path = f"{CITIZENS}/exclusions/{proposed['exclusion']}/seconding"
    agreed = await office.as_("administrator").post(path, key="second")
    assert agreed.status_code == 200, agreed.text

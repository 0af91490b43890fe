"""A questionnaire with every kind of question, in two languages, and a service that asks it."""

from typing import Any

from tests.support.small_cycle import at

QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "q1",
        "text": {"vi": "Ông/Bà có hài lòng không?", "second": "Are you satisfied?"},
        "kind": "scale",
        "item": "9.1",
        "options": [
            {"code": "5", "title": {"vi": "Rất hài lòng", "second": "Very satisfied"}},
            {"code": "4", "title": {"vi": "Hài lòng", "second": "Satisfied"}},
            {"code": "3", "title": {"vi": "Bình thường", "second": "Neither"}},
            {"code": "2", "title": {"vi": "Không hài lòng", "second": "Dissatisfied"}},
            {"code": "1", "title": {"vi": "Rất không hài lòng", "second": "Very dissatisfied"}},
        ],
    },
    {
        "code": "q2",
        "text": {"vi": "Điều gì chưa tốt?", "second": "What was not good?"},
        "kind": "multiple-choice",
        "options": [
            {"code": "slow", "title": {"vi": "Chậm", "second": "It was slow"}},
            {"code": "far", "title": {"vi": "Xa", "second": "It was far"}},
            {
                "code": "none",
                "title": {"vi": "Không có ý kiến", "second": "No opinion"},
                "no_opinion": True,
            },
        ],
        "asked_if": {"question": "q1", "options": ["3", "1"]},
    },
    {
        "code": "q3",
        "text": {"vi": "Ông/Bà đã đến mấy lần?", "second": "How often did you come?"},
        "kind": "single-choice",
        "required": False,
        "options": [
            {"code": "once", "title": {"vi": "Một lần", "second": "Once"}},
            {"code": "often", "title": {"vi": "Nhiều lần", "second": "Several times"}},
        ],
    },
    {
        "code": "q4",
        "text": {"vi": "Ông/Bà muốn góp ý gì?", "second": "What would you like to say?"},
        "kind": "free-text",
        "required": False,
    },
]
ASKED: dict[str, Any] = {
    "tier": "department",
    "group": "citizens",
    "title": {"vi": "Phiếu khảo sát người dân", "second": "Survey of citizens"},
    "introduction": {"vi": "Về dịch vụ công.", "second": "About public services."},
    "second_language": "en",
    "questions": QUESTIONS,
    "opens": at(11, 22).isoformat(),
    "closes": at(12, 20).isoformat(),
}

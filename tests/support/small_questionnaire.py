"""A questionnaire with one question, about the agencies of the small cycle."""

from shared.events import survey as events
from tests.support.small_cycle import at

SCALE = tuple(events.AnswerOption(code=code, title=code) for code in "12345")
QUESTION = events.Question(code="q1", text="Ông (bà) có hài lòng?", item="9.1", options=SCALE)
ADOPTED = events.QuestionnaireAdopted(
    cycle="2021",
    questionnaire="citizens",
    tier="department",
    group="citizens",
    title="Phiếu hỏi người dân",
    questions=(QUESTION,),
    opens=at(11, 22),
    closes=at(12, 20),
)

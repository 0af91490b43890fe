"""The small cycle as all four services tell it, from its opening to a result without hindrances."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from shared.events import appraisal, codec, submission, survey
from shared.events.codec import Stored
from shared.events.envelope import Context, Sealed
from tests.support import asked
from tests.support.small_cycle import ADOPTED, CYCLE, OPENED, OPENED_AT

DECISION = submission.LegalAct(number="12/QĐ-HĐTĐ", on=date(2022, 1, 20))
SEALED = Sealed(key="a-key", text="c2VhbGVk")
FILE = submission.StoredFile(sha256="0" * 64, size_bytes=1, media_type="application/pdf")
DOCUMENT = submission.Document(
    number="1/KH", on=date(2021, 2, 1), issuer="Sở Y tế", section="trang 2"
)
CLAIMED = {"so-y-te": "3.25", "so-noi-vu": "4"}


class Teller:
    """Makes facts one after the other, each with the next version of its stream."""

    def __init__(self, at: datetime = OPENED_AT) -> None:
        self.told: list[Stored] = []
        self._at = at
        self._versions: dict[str, int] = {}

    def tell(self, stream: str, fact: object) -> Stored:
        """Say the next thing in a stream."""
        version = self._versions.get(stream, 0) + 1
        return self.repeat(codec.encode(stream, version, Context(self._at), fact))

    def repeat(self, stored: Stored) -> Stored:
        """Say what somebody else said, as it is, and go on behind it."""
        self._versions[stored.stream] = stored.version
        self.told.append(stored)
        return stored


def whole_cycle() -> Sequence[Stored]:
    """Two agencies declare, prove, are appraised and surveyed, and are approved."""
    teller = Teller()
    teller.tell(f"cycle/{CYCLE}", ADOPTED)
    teller.tell(f"cycle/{CYCLE}", OPENED)
    for agency in CLAIMED:
        declare(teller, agency)
    for agency in CLAIMED:
        recognise(teller, agency)
    ask(teller, "leaders", "1.2", "abcde")
    answer(teller, "leaders", ["a", "b", "e"])
    ask(teller, "citizens", "9.1", "54321")
    answer(teller, "citizens", ["5", "3", "4"])
    ask(teller, "organisations", "9.1", "54321")
    answer(teller, "organisations", ["4"])
    for agency in CLAIMED:
        approve(teller, agency)
    return teller.told


def declare(teller: Teller, agency: str, claimed: str = "") -> Stored:
    """An agency claims points for item 1.1, and proves them."""
    points = claimed or CLAIMED[agency]
    stream, named = f"submission/{CYCLE}/{agency}", {"cycle": CYCLE, "agency": agency}
    said = teller.tell(
        stream,
        submission.ScoreSubmitted(**named, item="1.1", inputs={"points": points}, points=points),
    )
    teller.tell(
        stream,
        submission.EvidenceAttached(
            **named, item="1.1", evidence="ke-hoach", document=DOCUMENT, file=FILE
        ),
    )
    return said


def recognise(teller: Teller, agency: str) -> Stored:
    """The council recognises what was declared first."""
    stream = f"submission/{CYCLE}/{agency}"
    return teller.tell(
        f"appraisal/{CYCLE}/{agency}",
        appraisal.ScoreRecognised(
            cycle=CYCLE,
            agency=agency,
            item="1.1",
            declaration=f"{stream}@1",
            evidence=(f"{stream}@2",),
            round=1,
            awarded=CLAIMED[agency],
        ),
    )


def approve(teller: Teller, agency: str) -> Stored:
    """The council approves an agency as a whole."""
    fact = appraisal.AppraisalApproved(cycle=CYCLE, agency=agency, decision=DECISION)
    return teller.tell(f"appraisal/{CYCLE}/{agency}", fact)


def amended(rule: dict[str, str], maximum: str) -> submission.SchemeAmended:
    """The scheme with another rule and maximum of item 1.1; what is taken from it goes to 1.2."""
    scheme: dict[str, Any] = deepcopy(ADOPTED.scheme)
    first, second = scheme["areas"][0]["criteria"]
    first |= {"rule": rule, "maximum": maximum}
    second["maximum"] = str(6 - int(maximum))
    return submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=scheme, decision=DECISION, because=SEALED
    )


def ask(teller: Teller, group: str, item: str, options: str, tier: str = "department") -> None:
    """A questionnaire of one question is adopted and opened; it is called like its group."""
    stream = f"survey/{CYCLE}/{group}"
    questions = [asked.question("q1", item, options)]
    teller.tell(stream, asked.questionnaire(group, questions, tier=tier))
    teller.tell(stream, survey.SurveyOpened(cycle=CYCLE, questionnaire=group))


def answer(teller: Teller, group: str, chosen: Sequence[str]) -> None:
    """Each agency gets these answers on paper in one batch, and the survey is closed."""
    stream = f"survey/{CYCLE}/{group}"
    responses = [asked.response(agency, {"q1": option}) for option in chosen for agency in CLAIMED]
    teller.tell(stream, asked.entered(group, dict.fromkeys(CLAIMED, len(chosen))))
    teller.tell(stream, asked.batch(group, 1, responses, channel="paper"))
    teller.tell(
        stream,
        survey.SurveyClosed(
            cycle=CYCLE,
            questionnaire=group,
            closed_by="survey-officer",
            responses=len(responses),
        ),
    )

"""Facts of surveys as they are told today, with no more said than a test needs."""

from collections.abc import Mapping, Sequence

import msgspec

from shared.events import survey
from shared.events.envelope import Sealed
from tests.support import small_questionnaire
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.small_questionnaire import option, wording

CERTIFIED = "ef" * 32
"""The document of certified results, by its content."""


def question(
    code: str,
    item: str | None,
    options: Sequence[str] = (),
    *,
    kind: survey.QuestionKind = "single-choice",
    text: str = "Ông/Bà có hài lòng không?",
) -> survey.Question:
    """A question that everybody has to answer, whose options are called like their codes."""
    return small_questionnaire.question(
        code, item=item, options=tuple(map(option, options)), kind=kind, text=wording(text)
    )


def questionnaire(
    name: str,
    questions: Sequence[survey.Question],
    *,
    group: str = "",
    tier: str = "department",
    cycle: str = CYCLE,
) -> survey.QuestionnaireAdopted:
    """A questionnaire of these questions, for the group that it is called like or another one."""
    return msgspec.structs.replace(
        small_questionnaire.ADOPTED,
        cycle=cycle,
        questionnaire=name,
        tier=tier,
        group=group or name,
        title=wording("Phiếu khảo sát"),
        questions=tuple(questions),
        opens=OPENED_AT,
        closes=OPENED_AT.replace(year=2022),
    )


def response(
    agency: str,
    answers: Mapping[str, str],
    choices: Mapping[str, tuple[str, ...]] | None = None,
) -> survey.Response:
    """What one person answered."""
    return survey.Response(agency=agency, answers=dict(answers), choices=dict(choices or {}))


def batch(
    name: str,
    number: int,
    responses: Sequence[survey.Response],
    *,
    cycle: str = CYCLE,
    channel: survey.Channel = "mixed",
    hasty: int = 0,
) -> survey.ResponsesCounted:
    """A batch with receipts that no other batch has."""
    return survey.ResponsesCounted(
        cycle=cycle,
        questionnaire=name,
        batch=number,
        channel=channel,
        responses=tuple(responses),
        receipts=tuple(f"{name}-{number}-{place:06}" for place in range(len(responses))),
        hasty=hasty,
    )


def issued(name: str, agency: str, count: int) -> survey.InvitationsIssued:
    """So many more people are invited."""
    return survey.InvitationsIssued(cycle=CYCLE, questionnaire=name, agency=agency, count=count)


def linked(name: str, agency: str, most: int, *, link: str = "cong") -> survey.LinkOpened:
    """An open link by which so many may answer."""
    return survey.LinkOpened(
        cycle=CYCLE,
        questionnaire=name,
        agency=agency,
        link=link,
        answers_max=most,
        answers_per_day_max=most,
    )


def entered(name: str, forms: Mapping[str, int], *, pile: str = "1") -> survey.PaperEntered:
    """A pile of so many paper forms about each agency."""
    return survey.PaperEntered(
        cycle=CYCLE,
        questionnaire=name,
        pile=pile,
        forms=dict(forms),
        by=("survey-officer:o1", "survey-officer:o2"),
    )


def excluded(name: str, number: int, *positions: int) -> survey.AnswersExcluded:
    """Responses of a batch that two people took out."""
    return survey.AnswersExcluded(
        cycle=CYCLE,
        questionnaire=name,
        exclusion=f"exclusion-{number}",
        batch=number,
        positions=positions,
        because=Sealed(key="a-key", text="c2VhbGVk"),
    )


def scanned(
    name: str, found: str = "", sha256: str = CERTIFIED
) -> survey.DocumentCleared | survey.DocumentCondemned:
    """What a scanner says of the document of such a result."""
    named = {"cycle": CYCLE, "questionnaire": name, "sha256": sha256, "scanner": "clamav"}
    if found:
        return survey.DocumentCondemned(**named, finding=found)
    return survey.DocumentCleared(**named)


def imported(
    name: str,
    agency: str,
    counts: Mapping[str, Mapping[str, int]],
    *,
    source: str = "Bưu điện tỉnh",
    sha256: str = CERTIFIED,
) -> survey.ResultImported:
    """A certified result, whose document was handed in."""
    return survey.ResultImported(
        cycle=CYCLE,
        questionnaire=name,
        agency=agency,
        counts={code: dict(chosen) for code, chosen in counts.items()},
        source=source,
        document="15/BC",
        sha256=sha256,
    )

"""One example of each fact, for whoever reads the catalogue, and for the golden files of the tests.

A new version of a fact is a new example; that of the old version stays.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared.events import appraisal, ranking, submission, survey
from shared.events.envelope import Context, Sealed
from shared.kernel.calendar import VIETNAM

CYCLE = "2021"
AGENCY = "so-y-te"
NAMED = {"cycle": CYCLE, "agency": AGENCY}
ITEM = {**NAMED, "item": "1.1.2"}
ASKED = {"cycle": CYCLE, "questionnaire": "sipas-nguoi-dan"}
CERTIFIED: Mapping[str, Any] = {
    **ASKED,
    "agency": AGENCY,
    "counts": {"q1": {"1": 4, "5": 96}},
    "source": "Bưu điện tỉnh",
    "document": "15/BC-BĐ",
    "sha256": "ef" * 32,
}
RECORDED_AT = datetime(2021, 11, 15, 1, 30, tzinfo=UTC)
UNTIL = datetime(2021, 12, 24, 17, 0, tzinfo=VIETNAM)
PERSON = "p-4f1d2a90b7c35e68a1f0d94c27be6350"
SEALED = Sealed(key="vX3k9m2Q", text="bsOqbSBwaG9uZw==")
DECISION = submission.LegalAct(number="2366/QĐ-UBND", on=date(2021, 10, 14))
DECLARED = f"submission/{CYCLE}/{AGENCY}@3"
WRITTEN = ranking.SealedText(fact=f"submission/{CYCLE}/{AGENCY}@9", key="n4Qe81Zt")
PROVED = (f"submission/{CYCLE}/{AGENCY}@4",)
SCHEME = {"scheme": "mau", "title": "Bộ tiêu chí MẪU", "maximum": "100", "areas": []}
BASIS = ranking.Basis(position=1204, root="ab" * 32, digest="cd" * 32)
LOCKED = submission.LockedItem(
    item="1.1.2",
    criterion="1.1",
    maximum="1.5",
    points="1.25",
    declaration=DECLARED,
    evidence=PROVED,
    explanation="",
)
OFFICE = submission.Agency(
    code=AGENCY,
    name="Sở Y tế",
    tier="department",
    ranked=True,
    valid_from=date(2008, 4, 1),
    predecessors=("so-y-te-cu",),
)

EXAMPLES = (
    submission.SchemeAdopted(cycle=CYCLE, tier="department", scheme=SCHEME),
    submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=SCHEME, decision=DECISION, because=SEALED
    ),
    submission.CycleOpened(
        cycle=CYCLE,
        year=2021,
        mode="trial",
        decision=DECISION,
        agencies=(OFFICE,),
        calendar=(submission.Phase(name="self-scoring", opens=RECORDED_AT, closes=UNTIL),),
    ),
    submission.CycleWithdrawn(cycle=CYCLE, decision=DECISION, because=SEALED),
    submission.DeadlineExtended(
        cycle=CYCLE,
        phase="self-scoring",
        agency=AGENCY,
        until=UNTIL,
        decision=DECISION,
        because=SEALED,
    ),
    submission.AgencyAdded(cycle=CYCLE, agency=OFFICE, decision=DECISION, because=SEALED),
    submission.AgencyWithdrawn(cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED),
    submission.ItemResultsImported(
        cycle=CYCLE,
        source="Quyết định 1/QĐ-UBND, bảng 2",
        scores=(
            submission.ImportedScore(agency=AGENCY, item="1.1.2", points="1.25"),
            submission.ImportedScore(agency=AGENCY, item="1.1.3", points=None),
        ),
        published=(submission.PublishedRow(agency=AGENCY, index="81.33", rank=4),),
    ),
    submission.ScoreSubmitted(
        **ITEM, inputs={"numerator": "97", "denominator": "100"}, points="1.455"
    ),
    submission.ScoreWithdrawn(**ITEM),
    submission.EvidenceAttached(
        **ITEM,
        evidence="ke-hoach-cchc",
        document=submission.Document(
            number="12/KH-SYT", on=date(2021, 1, 20), issuer="Sở Y tế", section="Mục II, trang 3"
        ),
        file=submission.StoredFile(
            sha256="ef" * 32, size_bytes=48213, media_type="application/pdf"
        ),
    ),
    submission.EvidenceWithdrawn(**ITEM, evidence="ke-hoach-cchc"),
    submission.EvidenceQuarantined(**NAMED, sha256="ef" * 32),
    submission.EvidenceCleared(**NAMED, sha256="ef" * 32, scanner="ClamAV 1.4.6/27500"),
    submission.EvidenceCondemned(
        **NAMED, sha256="ef" * 32, scanner="ClamAV 1.4.6/27500", finding="Eicar-Test-Signature"
    ),
    submission.ReadingJustified(**NAMED, until=UNTIL, because=SEALED),
    submission.EvidenceRead(
        **NAMED, sha256="ef" * 32, items=("1.1.1",), ground=f"access/{CYCLE}/{AGENCY}@6"
    ),
    submission.ExplanationGiven(**ITEM, text=SEALED),
    submission.SubmissionLocked(**NAMED, tier="department", locked_by="agency", items=(LOCKED,)),
    submission.SubmissionReopened(**NAMED, until=UNTIL, because=SEALED),
    appraisal.CriterionAssigned(
        cycle=CYCLE,
        tier="department",
        criterion="1.1",
        members=(appraisal.Member(id="m-01", agency="so-noi-vu"),),
    ),
    appraisal.AppraisalOpened(
        **NAMED, tier="department", submission=f"submission/{CYCLE}/{AGENCY}@9", items=(LOCKED,)
    ),
    appraisal.ScoreRecognised(
        **ITEM, declaration=DECLARED, evidence=PROVED, round=1, awarded="1.455"
    ),
    appraisal.ScoreRejected(
        **ITEM,
        declaration=DECLARED,
        evidence=PROVED,
        round=2,
        awarded="0.5",
        because=SEALED,
        legal_basis="Điều 5, Quyết định 2366/QĐ-UBND",
    ),
    appraisal.ExplanationRequested(**ITEM, question=SEALED, until=UNTIL),
    appraisal.ReappraisalDue(**NAMED, item=LOCKED, cause="declaration-changed"),
    appraisal.ActionProposed(
        cycle=CYCLE,
        agency=AGENCY,
        action="a-1",
        kind="reject-score",
        because=SEALED,
        item="1.1.2",
        declaration=DECLARED,
        evidence=PROVED,
        awarded="0",
        legal_basis="Điều 5",
    ),
    appraisal.ActionSeconded(
        **NAMED, action="a-1", kind="reject-score", because=SEALED, until=UNTIL
    ),
    appraisal.AppraisalApproved(**NAMED, decision=DECISION),
    survey.QuestionnaireAdopted(
        **ASKED,
        edition=1,
        tier="department",
        group="citizens",
        agencies=(),
        title=survey.Wording(vi="Phiếu khảo sát người dân", second="Survey of citizens"),
        introduction=survey.Wording(vi="Phiếu không ghi tên.", second="It asks no name."),
        second_language="en",
        questions=(
            survey.Question(
                code="q1",
                text=survey.Wording(vi="Ông/Bà có hài lòng?", second="Are you satisfied?"),
                kind="scale",
                required=True,
                item="9.1",
                options=(
                    survey.AnswerOption(
                        code="1",
                        title=survey.Wording(vi="Không hài lòng", second="Dissatisfied"),
                        no_opinion=False,
                    ),
                    survey.AnswerOption(
                        code="5",
                        title=survey.Wording(vi="Rất hài lòng", second="Very satisfied"),
                        no_opinion=False,
                    ),
                ),
                asked_if=None,
            ),
            survey.Question(
                code="q2",
                text=survey.Wording(vi="Vì sao?", second="Why?"),
                kind="multiple-choice",
                required=False,
                item=None,
                options=(
                    survey.AnswerOption(
                        code="slow",
                        title=survey.Wording(vi="Chậm", second="Slow"),
                        no_opinion=False,
                    ),
                    survey.AnswerOption(
                        code="none",
                        title=survey.Wording(vi="Không có ý kiến", second="No opinion"),
                        no_opinion=True,
                    ),
                ),
                asked_if=survey.Condition(question="q1", options=("1",)),
            ),
        ),
        service_question=None,
        copied_from="2020/sipas-nguoi-dan",
        opens=RECORDED_AT,
        closes=UNTIL,
    ),
    survey.SamplePlanned(
        **ASKED,
        margin="0.05",
        strata=(survey.Stratum(agency=AGENCY, service="", population=1200, sample=300),),
    ),
    survey.InvitationsIssued(**ASKED, agency=AGENCY, count=300),
    survey.LinkOpened(
        **ASKED, agency=AGENCY, link="cong-thong-tin", answers_max=2000, answers_per_day_max=200
    ),
    survey.LinkClosed(**ASKED, link="cong-thong-tin", because=SEALED),
    survey.BallotKeysAdopted(**ASKED, keys={AGENCY: "MIIBIjANBgkq"}),
    survey.SurveyOpened(**ASKED),
    survey.ResponsesCounted(
        **ASKED,
        batch=1,
        channel="invitation",
        responses=(
            survey.Response(agency=AGENCY, answers={"q1": "5"}, choices={}),
            survey.Response(agency=AGENCY, answers={"q1": "1"}, choices={"q2": ("slow",)}),
        ),
        receipts=("3kTMd3vXk0pAIqVnG1yPzQ", "sZ1f0mJYw8eW2bUu9aRr4g"),
        hasty=0,
    ),
    survey.PaperEntered(
        **ASKED,
        pile="sytn-01",
        forms={AGENCY: 25},
        by=("survey-officer:o1", "survey-officer:o2"),
    ),
    survey.PaperGivenUp(**ASKED, pile="sytn-02", because=SEALED),
    survey.ExclusionProposed(
        **ASKED, exclusion="exclusion-9", batch=1, positions=(1,), because=SEALED
    ),
    survey.ExclusionDropped(**ASKED, exclusion="exclusion-9", because=SEALED),
    survey.AnswersExcluded(
        **ASKED, exclusion="exclusion-9", batch=1, positions=(1,), because=SEALED
    ),
    survey.DocumentQuarantined(**ASKED, sha256="ef" * 32),
    survey.DocumentCleared(**ASKED, sha256="ef" * 32, scanner="ClamAV 1.4.6/27500"),
    survey.DocumentCondemned(
        **ASKED, sha256="ef" * 32, scanner="ClamAV 1.4.6/27500", finding="Eicar-Test-Signature"
    ),
    survey.ResultTyped(**CERTIFIED),
    survey.ResultImported(**CERTIFIED),
    survey.CommentReleased(**ASKED, agency=AGENCY, question="q9", text=SEALED),
    survey.SurveyClosed(**ASKED, closed_by="calendar", responses=2),
    ranking.ResultApproved(cycle=CYCLE, basis=BASIS),
    ranking.ResultPublished(cycle=CYCLE, revision=1, basis=BASIS, decision=DECISION),
    ranking.ResultCorrected(
        cycle=CYCLE, revision=2, basis=BASIS, decision=DECISION, because=SEALED
    ),
    ranking.ShreddingProposed(
        cycle=CYCLE, shredding="shredding-1", person=PERSON, texts=(WRITTEN,), because=SEALED
    ),
    ranking.TextsShredded(cycle=CYCLE, shredding="shredding-1", texts=(WRITTEN,), because=SEALED),
    ranking.PersonForgotten(cycle=CYCLE, person=PERSON, because=SEALED),
)


def context_of(fact: object) -> Context:
    """By whom and when; facts of answers carry nothing that leads to a person."""
    if isinstance(fact, survey.ResponsesCounted | survey.PaperEntered):
        return Context(RECORDED_AT.replace(hour=0, minute=0))
    return _CONTEXT


_CONTEXT = Context(
    at=RECORDED_AT,
    actor="agency:u-17",
    correlation_id="c-8f2e",
    causation_id=f"cycle/{CYCLE}@2",
    idempotency_key="k-0001",
    request_digest="9a" * 32,
)

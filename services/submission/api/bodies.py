"""What is sent to submission: cycles and their changes, declarations, evidence, explanations."""

from typing import Annotated, Any

from pydantic import Field

from services.submission.application import Opening, Proof, Reason
from services.submission.domain import cycle as domain
from services.submission.domain.cycle.imports import CELLS_MAX, GRADE_CHARACTERS_MAX, ROWS_MAX
from services.submission.domain.cycle.opening import AGENCIES_MAX, PHASES, TIERS_MAX
from shared.adapters import web
from shared.events import submission as events
from shared.kernel.calendar import YEARS
from shared.kernel.points import TEXT_CHARACTERS_MAX
from shared.kernel.rules import INPUTS_MAX

YEAR_FIRST = 2000
SCORES_MAX = 500
PREDECESSORS_MAX = 20
MEDIA_TYPE_CHARACTERS_MAX = 100
INPUT_NAME_CHARACTERS_MAX = 200
INPUT_CHARACTERS_MAX = 300
RANK_MAX = 100_000

Decimal = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, examples=["1.25"])]
SchemeDocument = Annotated[dict[str, Any], Field(examples=[{"scheme": "an-giang-2021-sample"}])]
Inputs = Annotated[
    dict[
        Annotated[str, Field(max_length=INPUT_NAME_CHARACTERS_MAX)],
        Annotated[str, Field(max_length=INPUT_CHARACTERS_MAX)],
    ],
    Field(max_length=INPUTS_MAX, examples=[{"numerator": "48", "denominator": "50"}]),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", max_length=64, examples=["0" * 64])]


class LegalActBody(web.Body):
    """A decision (quyết định) by its number and date."""

    number: Annotated[web.Line, Field(examples=["2366/QĐ-UBND"])]
    on: web.Day

    def fact(self) -> events.LegalAct:
        """As facts hold it."""
        return events.LegalAct(number=self.number, on=self.on)


class ReasonBody(web.Body):
    """Why a running cycle is changed."""

    decision: LegalActBody
    reason: web.Text

    def why(self) -> Reason:
        """As use cases take it."""
        return Reason(self.decision.fact(), self.reason)


class PhaseBody(web.Body):
    """A phase of the calendar, from `opens` until just before `closes`."""

    name: events.PhaseName
    opens: web.Instant
    closes: web.Instant

    def fact(self) -> events.Phase:
        """As facts hold it."""
        return events.Phase(name=self.name, opens=self.opens, closes=self.closes)


class AgencyBody(web.Body):
    """An agency, without its code; `valid_to` is its last day."""

    name: web.Line
    tier: web.Code
    ranked: bool
    valid_from: web.Day | None = None
    valid_to: web.Day | None = None
    predecessors: Annotated[web.Many[web.Code], Field(max_length=PREDECESSORS_MAX)] = ()

    def fact(self, code: str) -> events.Agency:
        """As facts hold it."""
        return events.Agency(
            code=code,
            name=self.name,
            tier=self.tier,
            ranked=self.ranked,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            predecessors=self.predecessors,
        )


class CodedAgencyBody(AgencyBody):
    """An agency with its code."""

    code: web.Code


class CycleBody(web.Body):
    """A cycle to be opened. Agencies and schemes left out come from the cycle `copy_from`."""

    year: Annotated[int, Field(ge=YEAR_FIRST, lt=YEARS.stop, examples=[2021])]
    decision: LegalActBody
    calendar: Annotated[web.Many[PhaseBody], Field(max_length=len(PHASES))]
    agencies: Annotated[web.Many[CodedAgencyBody], Field(max_length=AGENCIES_MAX)] | None = None
    schemes: Annotated[dict[web.Code, SchemeDocument], Field(max_length=TIERS_MAX)] | None = None
    copy_from: Annotated[web.Code | None, Field(examples=["2020"])] = None

    def opening(self) -> Opening:
        """As the use case takes it."""
        agencies = self.agencies
        return Opening(
            year=self.year,
            decision=self.decision.fact(),
            calendar=tuple(phase.fact() for phase in self.calendar),
            agencies=None if agencies is None else tuple(a.fact(a.code) for a in agencies),
            schemes=self.schemes,
            copy_from=self.copy_from,
        )


class SchemeBody(ReasonBody):
    """Another scheme for a tier, whole."""

    scheme: SchemeDocument


class DeadlineBody(ReasonBody):
    """A later end of a phase, for one agency or for all."""

    phase: events.PhaseName
    agency: web.Code | None = None
    until: web.Instant


class JoiningBody(AgencyBody, ReasonBody):
    """An agency that joins a running cycle."""


class CellBody(web.Body):
    """One cell of a published table; null points where the item did not apply."""

    agency: web.Code
    item: web.ItemCode
    points: Decimal | None


class RowBody(web.Body):
    """What a published table says of an agency's whole row."""

    agency: web.Code
    index: Decimal | None = None
    rank: Annotated[int, Field(ge=1, le=RANK_MAX)] | None = None
    total: Decimal | None = None
    grade: Annotated[web.Line, Field(max_length=GRADE_CHARACTERS_MAX)] | None = None

    def fact(self) -> events.PublishedRow:
        """As facts hold it."""
        return events.PublishedRow(
            agency=self.agency,
            index=self.index,
            rank=self.rank,
            total=self.total,
            grade=self.grade,
        )


class TableBody(web.Body):
    """A published table with its source."""

    source: web.Line
    scores: Annotated[web.Many[CellBody], Field(min_length=1, max_length=CELLS_MAX)]
    published: Annotated[web.Many[RowBody], Field(max_length=ROWS_MAX)] = ()

    def command(self) -> domain.ImportItemResults:
        """As the use case takes it."""
        return domain.ImportItemResults(
            source=self.source,
            scores=tuple(
                events.ImportedScore(agency=c.agency, item=c.item, points=c.points)
                for c in self.scores
            ),
            published=tuple(row.fact() for row in self.published),
        )


class ScoreBody(web.Body):
    """The inputs that the item's rule wants; a manual one wants `{"points": "1.25"}`."""

    inputs: Inputs


class ScoresBody(web.Body):
    """Many declarations at once; items left out stay as they are."""

    scores: Annotated[
        dict[web.ItemCode, ScoreBody],
        Field(
            min_length=1,
            max_length=SCORES_MAX,
            examples=[{"1.1.2": {"inputs": {"numerator": "48", "denominator": "50"}}}],
        ),
    ]

    def inputs(self) -> dict[str, dict[str, str]]:
        """The inputs by item."""
        return {item: score.inputs for item, score in self.scores.items()}


class DocumentBody(web.Body):
    """What a piece of evidence is, and the section or page of it that proves the score."""

    number: Annotated[web.Line, Field(examples=["15/KH-SYT"])]
    on: web.Day
    issuer: web.Line
    section: web.Line


class FileBody(web.Body):
    """A file that was stored before, by its content."""

    sha256: Sha256
    media_type: Annotated[
        str, Field(max_length=MEDIA_TYPE_CHARACTERS_MAX, examples=["application/pdf"])
    ]


class EvidenceBody(web.Body):
    """A piece of evidence: the document, and the file that holds it."""

    document: DocumentBody
    file: FileBody

    def proof(self, evidence: str) -> Proof:
        """As the use case takes it."""
        document = events.Document(
            number=self.document.number,
            on=self.document.on,
            issuer=self.document.issuer,
            section=self.document.section,
        )
        return Proof(evidence, document, self.file.sha256, self.file.media_type)


class ExplanationBody(web.Body):
    """An explanation, in place of evidence or because the council asked."""

    text: web.Text


class JustificationBody(web.Body):
    """Why somebody reads the evidence of an agency."""

    reason: web.Text


class ReopeningBody(web.Body):
    """Until when a locked sheet is open again, and why."""

    until: web.Instant
    reason: web.Text

"""The four services as their `main` wires them, without their doors.

A test holds these loops against those of each `main`. They are wired again here because making
the routes of an API takes longer than simulating a cycle.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.appraisal import policy as appraisal_policy
from services.appraisal.application import Appraisals, Papers
from services.appraisal.views import VIEWS as APPRAISAL_VIEWS
from services.ranking.application import Board, Ledgers, Notes, Rankings, Signing, Trees
from services.ranking.application import Shelf as RankingShelf
from services.ranking.main import rebuilding, stores_of
from services.ranking.views import VIEWS as RANKING_VIEWS
from services.submission import policy as submission_policy
from services.submission.application import Archive, Cycles, Shelf, Submissions
from services.submission.views import KEPT, QUARANTINE
from services.submission.views import VIEWS as SUBMISSION_VIEWS
from services.survey import policy as survey_policy
from services.survey.application import (
    Answering,
    Certified,
    Closing,
    CountedReceipts,
    Counting,
    Entering,
    Moderation,
    Paper,
    Rights,
    Surveys,
)
from services.survey.application import Archive as SurveyArchive
from services.survey.application import Shelf as SurveyShelf
from services.survey.views import KEPT as SURVEY_KEPT
from services.survey.views import QUARANTINE as SURVEY_QUARANTINE
from services.survey.views import VIEWS as SURVEY_VIEWS
from shared.adapters.memory import MemoryInspector
from shared.ports import EventStore
from shared.runtime.forget import Forgetter
from shared.runtime.intray import Intray
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Perform, Policy
from shared.runtime.scan import Quarantine, Scanning
from shared.runtime.service import Outside, Receiver, Receiving
from tests.faults.simulator.pieces import Pieces
from tests.support.wanted import WANTED

VIEWS = {
    "submission": SUBMISSION_VIEWS,
    "appraisal": APPRAISAL_VIEWS,
    "survey": SURVEY_VIEWS,
    "ranking": RANKING_VIEWS,
}
IDLE_S = 0.15
TIMER_S = 0.6


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission service, running."""

    loops: tuple[Loop, ...]
    shelf: Shelf
    cycles: Cycles
    submissions: Submissions


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The appraisal service, running."""

    loops: tuple[Loop, ...]
    papers: Papers
    appraisals: Appraisals


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey service, running."""

    loops: tuple[Loop, ...]
    surveys: Surveys
    rights: Rights
    answering: Answering


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking service, running."""

    loops: tuple[Loop, ...]
    ledgers: Ledgers
    board: Board
    rankings: Rankings


Running = Submission | Appraisal | Survey | Ranking


def submission(outside: Outside, pieces: Pieces) -> Submission:
    """As services/submission/main.py."""
    projector = pieces.projector(outside.store, outside.documents, SUBMISSION_VIEWS)
    shelf = Shelf(pieces.handler(outside.store), pieces.handler(outside.inbox), projector)
    intray = Intray(outside.uploads, outside.files)
    archive = Archive(outside.files, intray, MemoryInspector(), scans=outside.scanner is not None)
    submissions = Submissions(shelf, archive, outside.seals, outside.clock)
    quarantine = Quarantine(
        QUARANTINE.collection, KEPT.collection, shelf.documents, submissions.take_scan
    )
    return Submission(
        loops=(
            *_told("submission", outside, pieces, projector),
            _heard("submission", outside, pieces),
            _forget("submission", outside, outside.inbox),
            _react("submission", outside, pieces, submission_policy.react, submissions.perform),
            Loop("submission.lock-overdue", submissions.lock_overdue, idle_s=4 * TIMER_S),
            Loop("submission.sweep", submissions.sweep_uploads, idle_s=8 * TIMER_S),
            *_scanning("submission", outside, quarantine),
        ),
        shelf=shelf,
        cycles=Cycles(shelf, outside.seals, outside.mode),
        submissions=submissions,
    )


def _scanning(name: str, outside: Outside, quarantine: Quarantine) -> tuple[Loop, ...]:
    if outside.scanner is None:
        return ()
    scanning = Scanning(quarantine, outside.files, outside.scanner, outside.clock)
    return (
        Loop(f"{name}.scan", scanning.scan_waiting, idle_s=TIMER_S),
        Loop(f"{name}.rescan", scanning.rescan_some, idle_s=16 * TIMER_S),
    )


def appraisal(outside: Outside, pieces: Pieces) -> Appraisal:
    """As services/appraisal/main.py."""
    projector = pieces.projector(outside.store, outside.documents, APPRAISAL_VIEWS)
    own = pieces.handler(outside.store)
    papers = Papers(own, pieces.handler(outside.inbox))
    appraisals = Appraisals(own, papers, outside.seals, outside.clock)
    return Appraisal(
        loops=(
            *_told("appraisal", outside, pieces, projector),
            _heard("appraisal", outside, pieces),
            _forget("appraisal", outside, outside.inbox),
            _react("appraisal", outside, pieces, appraisal_policy.react, appraisals.perform),
        ),
        papers=papers,
        appraisals=appraisals,
    )


def survey(outside: Outside, pieces: Pieces) -> Survey:
    """As services/survey/main.py."""
    projector = pieces.projector(outside.store, outside.documents, SURVEY_VIEWS)
    shelf = SurveyShelf(pieces.handler(outside.store), pieces.handler(outside.inbox), projector)
    piles = Entering(shelf, outside.urn, outside.drafts, outside.clock, outside.chance)
    counted = CountedReceipts(shelf, outside.urn)
    counting = Counting(shelf, outside.urn, counted, outside.clock)
    closing = Closing(shelf, outside.urn, piles, outside.ballots, counting)
    surveys = Surveys(shelf, counting, closing, outside.ballots, outside.clock)
    answering = Answering(
        shelf, outside.urn, counted, outside.ballots, outside.clock, outside.chance
    )
    paper = Paper(shelf, outside.urn, outside.drafts, outside.seals, outside.clock, outside.chance)
    moderation = Moderation(shelf, outside.urn, outside.seals, outside.clock)
    intray = Intray(outside.uploads, outside.files)
    scans = outside.scanner is not None
    kept = SurveyArchive(outside.files, intray, MemoryInspector(), scans=scans)
    certified = Certified(shelf, kept, outside.clock)
    quarantine = Quarantine(
        SURVEY_QUARANTINE.collection, SURVEY_KEPT.collection, projector.fresh, certified.take_scan
    )
    return Survey(
        loops=(
            *_told("survey", outside, pieces, projector),
            _heard("survey", outside, pieces),
            _forget("survey", outside, outside.inbox),
            _react("survey", outside, pieces, survey_policy.react, surveys.perform),
            Loop("survey.count", surveys.count_and_rest, idle_s=TIMER_S),
            Loop("survey.calendar", surveys.follow_calendar, idle_s=4 * TIMER_S),
            Loop("survey.paper", paper.finish_all, idle_s=8 * TIMER_S),
            Loop("survey.comments", moderation.finish_all, idle_s=8 * TIMER_S),
            Loop("survey.release", surveys.release_comments, idle_s=8 * TIMER_S),
            Loop("survey.stir", surveys.stir_urn, idle_s=8 * TIMER_S),
            Loop("survey.sweep", certified.sweep_uploads, idle_s=8 * TIMER_S),
            *_scanning("survey", outside, quarantine),
        ),
        surveys=surveys,
        rights=Rights(shelf, outside.urn, outside.seals),
        answering=answering,
    )


def ranking(outside: Outside, pieces: Pieces) -> Ranking:
    """As services/ranking/main.py."""
    projector = pieces.projector(outside.store, outside.documents, RANKING_VIEWS)
    ledgers = Ledgers(outside.inbox)
    shelf = RankingShelf(pieces.handler(outside.store), projector, outside.documents, ledgers)
    board = Board(ledgers, outside.documents, outside.chance.token())
    trees, notes = Trees(outside.inbox), Notes(outside.inbox)
    signing = Signing(trees, notes, outside.notary, outside.clock)
    rebuilds = rebuilding(stores_of(outside), "rebuilder", outside.clock)
    return Ranking(
        loops=(
            *_told("ranking", outside, pieces, projector),
            _receive("ranking.number", outside, pieces.numberer(outside.inbox)),
            _forget("ranking", outside, outside.store),
            Loop("ranking.count", board.step, idle_s=8 * TIMER_S),
            Loop("ranking.sign", signing.step, idle_s=8 * TIMER_S),
            Loop("ranking.rebuild", rebuilds.step, idle_s=8 * TIMER_S),
        ),
        ledgers=ledgers,
        board=board,
        rankings=Rankings(shelf, outside.seals, notes),
    )


def is_wanted(name: str) -> Callable[[str], bool]:
    """Whether a service hears of a stream."""
    return lambda stream: stream.startswith(WANTED[name])


def _told(name: str, outside: Outside, pieces: Pieces, projector: Projector) -> tuple[Loop, Loop]:
    relay = pieces.relay(outside.store, outside.topic)
    return Loop(f"{name}.relay", relay.step, IDLE_S), Loop(
        f"{name}.project", projector.step, IDLE_S
    )


def _heard(name: str, outside: Outside, pieces: Pieces) -> Loop:
    inbox = pieces.inbox(outside.inbox, is_wanted(name))
    return _receive(f"{name}.receive", outside, inbox)


def _receive(name: str, outside: Outside, receiving: Receiving) -> Loop:
    return Loop(name, Receiver(outside.topic, name, receiving).step, IDLE_S)


def _react(name: str, outside: Outside, pieces: Pieces, policy: Policy, perform: Perform) -> Loop:
    inbox: EventStore = outside.inbox
    return Loop(f"{name}.react", pieces.reactor(inbox, outside.store, policy, perform).step, IDLE_S)


def _forget(name: str, outside: Outside, orders: EventStore) -> Loop:
    forgetter = Forgetter(orders, outside.store, outside.seals, outside.directory)
    return Loop(f"{name}.forget", forgetter.step, idle_s=8 * TIMER_S)

"""What a deployed system keeps tells nobody whose answer is whose, once the urn was stirred.

As in the embedded mode, the attacker is told in which order people sent. It holds every table with
the stamps of its rows, every file, every document, the topic, and what all processes and PostgreSQL
logged. The write-ahead log does tell, and the attack is seen to succeed there.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, LiteralString

import pytest

from real.system import UNLIMITED, Plan, System, running
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.main import STIR_EVERY_S
from tests.linking.about_comments import best_about_comments
from tests.linking.attack import Guess, Held, Person, guesses
from tests.linking.failing import FAILURES, LETTER, named, places, sent_with
from tests.linking.poll import Poll, batches, open_cycle, opened_poll
from tests.linking.servers import connected, held_by, logs_of, survey_held_by, write_ahead_log_of
from tests.support import tally
from tests.support.deployed import Deployed
from tests.support.running import PROJECT
from tests.support.servers import REAL, Started, open_folder

pytestmark = [*REAL, pytest.mark.slow]

PEOPLE = 160
ROUNDS = 4
"""After each, what can be counted is."""

WAITING_MAX = 2 * BATCH_ANSWERS_MIN - 1
"""So many may wait then: it depends on when the worker looked."""

FEW = 18
"""Fewer than let a batch go, even twice, so that they wait."""

EVERY_PART = ["answers", "receipts", "comments"]
GUESSES_MIN = 50
SOURCES = ("topic", "survey", "ranking")
"""Where the facts are found, and with them every answer."""

SLACK_S = 5.0
POLL_S = 0.5
SEGMENTS_MAX = 40
NAME_BYTES = 4

TITLE = "who holds the database links"
LOG_COLUMN = "write-ahead log, segments"
THREATS = PROJECT / "services" / "survey" / "THREATS.md"
SETTINGS = re.compile(r"```sql\n(.*?)```", re.DOTALL)
NOT_TAKEN = """
    select name, error from pg_file_settings
    where sourcefile like '%postgresql.auto.conf' and error is not null
"""


SUPERUSER = "select from pg_roles where rolname = current_user and rolsuper"
NOTES = """
    create table planted (txid bigint, answer text);
    create function plant() returns trigger language plpgsql as
        $$ begin insert into planted values (txid_current(), new.answer); return new; end $$;
    create trigger plant after insert on urn_answers for each row
        when (not new.stirred) execute function plant();
"""
NO_NOTES = "drop trigger plant on urn_answers; drop function plant; drop table planted"

Record = Callable[[str, Any], None]


@pytest.fixture(scope="module")
def system(servers: Started) -> Iterator[System]:
    prefix = f"test_{secrets.token_hex(NAME_BYTES)}"
    with open_folder() as folder:
        system = System(Plan(folder, prefix=prefix, told=UNLIMITED), servers.everything())
        with running(system):
            with connected(system) as database:
                if not database.execute(SUPERUSER).fetchall():
                    pytest.skip("files of PostgreSQL are read by its superuser alone")
            open_cycle(Deployed(system).at)
            yield system


def polled(system: System, letter: str) -> AbstractContextManager[Poll]:
    return opened_poll(Deployed(system).at, letter)


@contextmanager
def setting(system: System, name: LiteralString, value: LiteralString) -> Iterator[None]:
    """Whoever runs PostgreSQL has set this, for a while."""
    with connected(system) as database:
        database.execute(f"alter system set {name} = '{value}'")
        database.execute("select pg_reload_conf()")
    try:
        yield
    finally:
        with connected(system) as database:
            database.execute(f"alter system reset {name}")
            database.execute("select pg_reload_conf()")


@contextmanager
def recommended(system: System) -> Iterator[Sequence[Mapping[str, Any]]]:
    """PostgreSQL is set as the threat model has it, for a while; gives what it did not take."""
    [block] = SETTINGS.findall(THREATS.read_text("utf-8"))
    with connected(system) as database:
        for statement in block.strip().splitlines():
            database.execute(statement)
        database.execute("select pg_reload_conf()")
        time.sleep(POLL_S)
        not_taken = database.execute(NOT_TAKEN).fetchall()
    try:
        yield not_taken
    finally:
        with connected(system) as database:
            database.execute("alter system reset all")
            database.execute("select pg_reload_conf()")


def found_in(held: Held, needles: Mapping[Person, bytes]) -> Sequence[Guess]:
    """The guesses about what lies all in one box."""
    return guesses(held, needles, [list(needles)])


def linked(held: Held, poll: Poll, first: Person = 0) -> Sequence[str]:
    """What is linked to people, from one on: their answers, their receipts, their comments."""
    parts = {
        "answers": poll.answers(),
        "receipts": poll.receipts_by_person(),
        "comments": poll.comments_by_person(),
    }
    last = {
        name: {person: needle for person, needle in found.items() if person >= first}
        for name, found in parts.items()
    }
    return [name for name, found in last.items() if _succeeding(found_in(held, found))]


def _succeeding(made: Sequence[Guess]) -> Sequence[Guess]:
    return [guess for guess in made if guess.succeeds]


def test_what_is_kept_links_nobody_to_an_answer_a_receipt_or_a_comment(system: System) -> None:
    with polled(system, "x") as poll:
        for _ in range(ROUNDS):
            poll.answer(PEOPLE // ROUNDS)
            poll.wait_until_counted(len(poll.receipts) - WAITING_MAX)
        poll.close()
        facts = poll.facts()

        held = held_by(system)

    for found in (poll.answers(), poll.receipts_by_person()):
        mixed = batches(facts, found)
        made = guesses(held, found, mixed)
        print(f"{made[0]}, the best of {len(made)} guesses")  # noqa: T201 - a figure for people
        assert len(made) >= GUESSES_MIN
        for source in SOURCES:
            assert any(guess.of == PEOPLE and source in guess.order for guess in made), source
        assert max((guess.of, guess.chance) for guess in made) == (PEOPLE, len(mixed))
        assert len(mixed) > ROUNDS
        assert not made[0].succeeds, str(made[0])
    for best in best_about_comments(held, poll):
        assert not best.succeeds, str(best)
    kept = [place for token in poll.tokens for place in places(held, token)]
    assert not kept, "a token is kept nowhere, but for its hash"


def test_the_window_in_which_tables_and_files_link_is_as_short_as_is_said_and_the_log_goes_on(
    system: System, record_property: Record
) -> None:
    with polled(system, "y") as poll:
        first, answered_s = answered_within_the_window(system, poll)
        while linked(survey_held_by(system), poll, first):
            time.sleep(POLL_S)
        open_s = time.monotonic() - answered_s
        logged = linked(write_ahead_log_of(system), poll, first)

        assert open_s <= STIR_EVERY_S + SLACK_S
        assert logged == EVERY_PART
        figures = {
            "tables, s": round(open_s),
            LOG_COLUMN: segments_until_silent(system, poll),
        }
    tally.count(record_property, TITLE, {"by PostgreSQL's own settings": figures})


def test_a_leak_that_is_planted_in_the_database_is_found_and_so_is_logging_of_statements(
    system: System,
) -> None:
    with polled(system, "z") as poll, connected(system) as database:
        database.execute(NOTES)
        with setting(system, "log_statement", "all"):
            poll.answer(FEW)
        held = Held(logs_of(system), survey_held_by(system).tables)
        succeeding = _succeeding(found_in(held, poll.answers()))
        database.execute(NO_NOTES)

    assert any("planted by txid" in guess.order for guess in succeeding)
    assert any("postgres.log" in guess.order for guess in succeeding)


def test_the_settings_of_the_threat_model_are_taken_and_hide_parameters(
    system: System, record_property: Record
) -> None:
    with (
        recommended(system) as not_taken,
        setting(system, "log_statement", "all"),
        polled(system, "u") as poll,
    ):
        poll.answer(FEW)
        logged = linked(Held(logs_of(system), []), poll)
        segments = segments_until_silent(system, poll)

    assert not_taken == []
    assert logged == []
    tally.count(record_property, TITLE, {"as the threat model has it": {LOG_COLUMN: segments}})


def test_what_fails_leaves_no_token_no_receipt_and_no_answer_anywhere(system: System) -> None:
    with polled(system, LETTER) as poll, setting(system, "log_parameter_max_length_on_error", "-1"):
        sent = [sent_with(token) for token in poll.invite(len(FAILURES))]
        tried = {
            name: failure(system, poll, each)
            for (name, failure), each in zip(FAILURES.items(), sent, strict=True)
        }
        kept = survey_held_by(system)
    logged = Held(logs_of(system), [])

    assert {name: answer.status_code for name, answer in tried.items()} == {
        "an option that there is not": 409,
        "more than is read": 413,
        "a receipt that is taken": 409,
        "rights that are locked": 503,
        "a database that dies meanwhile": 503,
    }
    found = [*named(logged, sent), *named(kept, sent)]
    found += [place for receipt in poll.receipts for place in places(logged, receipt)]
    assert not found, "\n".join(found)


def answered_within_the_window(system: System, poll: Poll) -> tuple[Person, float]:
    """Who of the few that answered was first, and when the last had: the tables link them now.

    If all is stirred just meanwhile, it is not for a while, in which others answer.
    """
    for first in (0, FEW):
        poll.answer(FEW)
        answered_s = time.monotonic()
        if linked(survey_held_by(system), poll, first) == EVERY_PART:
            return first, answered_s
    pytest.fail("the tables linked nobody before they were stirred")


def segments_until_silent(system: System, poll: Poll) -> int:
    """How many segments PostgreSQL has begun until the write-ahead log links nobody any more."""
    with connected(system) as database:
        for segments in range(SEGMENTS_MAX):
            if not linked(write_ahead_log_of(system), poll):
                return segments
            database.execute("select pg_switch_wal()")
            database.execute("checkpoint")
    return SEGMENTS_MAX

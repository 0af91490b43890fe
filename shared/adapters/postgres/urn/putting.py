"""Putting slips in on PostgreSQL: a function in the database, so that a group is one round trip.

It judges one slip after the other, refuses each for itself, and tries nothing that could fail. Each
of its statements sees what was committed before it began; so what is judged is locked first: the
questionnaires against shutting, the rows of the rights, then ballots and receipts, which are put in
to be had. All of these are taken in the order of their keys, as every process does, so that no two
wait for one another. Of slips that want the same the first by its receipt has it. Whether a receipt
was counted is asked before it is put in, and again afterwards: it may have been discarded while
putting it in waited for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.adapters.postgres.urn.locks import box_key
from shared.adapters.slips import Parts
from shared.kernel.errors import Missing, Problem, Refused
from shared.ports import Chance

FUNCTION = """
create or replace function urn_put(
    lock_keys bigint[], questionnaires text[], tokens text[], days date[], agencies text[],
    ballots text[], receipts text[], names text[], answers text[],
    comment_slips integer[], comment_names text[], questions text[], texts text[]
) returns text[] language plpgsql as $body$
declare
    outcomes text[] := array_fill(null::text, array[cardinality(receipts)]);
    channels text[] := outcomes;
    shut_ones text[];
    free_ballots text[];
    held urn_rights%rowtype;
    counted_on date;
    used_before integer;
    outcome text;
    digest bytea;
    n integer;
begin
    perform urn_begin_to_put();
    perform pg_advisory_xact_lock_shared(key) from unnest(lock_keys) as key;
    perform from urn_rights where token_sha256 = any(tokens) order by token_sha256 for update;
    with new as (
        insert into urn_ballots (questionnaire, ballot_sha256)
        select distinct questionnaire collate "C", ballot collate "C"
        from unnest(questionnaires, ballots) as cast_now (questionnaire, ballot)
        where ballot is not null order by 1, 2
        on conflict do nothing returning questionnaire, ballot_sha256
    )
    select coalesce(array_agg(questionnaire || ' ' || ballot_sha256), '{}')
        into free_ballots from new;
    select coalesce(array_agg(questionnaire), '{}') into shut_ones
        from urn_polls where questionnaire = any(questionnaires) and shut;
    for n in
        select number from unnest(receipts) with ordinality as given (receipt, number)
        order by receipt collate "C", number
    loop
        outcome := null;
        digest := sha256(convert_to(receipts[n], 'UTF8'));
        if ballots[n] is null then
            select * into held from urn_rights where token_sha256 = tokens[n];
            agencies[n] := held.agency;
            channels[n] := held.kind;
            counted_on := greatest(days[n], held.used_on);
            used_before := case when held.used_on = counted_on then held.used_that_day else 0 end;
            if held.token_sha256 is null then
                outcome := 'token-unknown';
            elsif held.questionnaire <> questionnaires[n] then
                outcome := 'token-of-another-survey';
            elsif held.kind = 'link' and (
                exists (select from urn_receipts where receipt = receipts[n])
                or exists (select from urn_counted where receipt_sha256 = digest)
            ) then
                outcome := 'receipt-taken';
            elsif held.revoked then
                outcome := case held.kind when 'link' then 'link-closed' else 'token-spent' end;
            elsif held.used >= held.uses_max then
                outcome := case held.kind when 'link' then 'link-full' else 'token-spent' end;
            elsif held.kind = 'link' and used_before >= held.uses_per_day_max then
                outcome := 'link-full-today';
            end if;
        else
            channels[n] := 'invitation';
            if questionnaires[n] || ' ' || ballots[n] <> all(free_ballots) then
                outcome := 'ballot-spent';
            end if;
        end if;
        if outcome is null and questionnaires[n] = any(shut_ones) then
            outcome := 'survey-closed';
        end if;
        if outcome is null and exists (select from urn_counted where receipt_sha256 = digest) then
            outcome := 'receipt-taken';
        end if;
        if outcome is null then
            insert into urn_receipts (receipt, questionnaire, agency, channel)
            values (receipts[n], questionnaires[n], agencies[n], channels[n])
            on conflict do nothing;
            if not found then
                outcome := 'receipt-taken';
            elsif exists (select from urn_counted where receipt_sha256 = digest) then
                delete from urn_receipts where receipt = receipts[n];
                outcome := 'receipt-taken';
            elsif ballots[n] is not null then
                free_ballots := array_remove(free_ballots, questionnaires[n] || ' ' || ballots[n]);
            elsif held.kind = 'link' then
                update urn_rights
                set used = used + 1, used_on = counted_on, used_that_day = used_before + 1
                where token_sha256 = tokens[n];
            else
                update urn_rights set used = used + 1 where token_sha256 = tokens[n];
            end if;
        end if;
        outcomes[n] := outcome;
    end loop;
    insert into urn_answers (name, questionnaire, agency, channel, answer)
    select put.name, put.questionnaire, put.agency, put.channel, put.answer
    from unnest(names, questionnaires, agencies, channels, answers, outcomes)
        as put (name, questionnaire, agency, channel, answer, outcome)
    where put.outcome is null order by put.name collate "C";
    insert into urn_comments (name, questionnaire, agency, question, text)
    select put.name, questionnaires[put.slip], agencies[put.slip], put.question, put.text
    from unnest(comment_slips, comment_names, questions, texts)
        as put (slip, name, question, text)
    where outcomes[put.slip] is null order by put.name collate "C";
    delete from urn_ballots where questionnaire || ' ' || ballot_sha256 = any(free_ballots)
        and questionnaire = any(questionnaires) and ballot_sha256 = any(ballots);
    return outcomes;
end
$body$
"""
PUT = """
    select urn_put(
        %b::bigint[], %b::text[], %b::text[], %b::date[], %b::text[],
        %b::text[], %b::text[], %b::text[], %b::text[],
        %b::integer[], %b::text[], %b::text[], %b::text[]
    )
"""
"""In binary, which spares both sides to write down texts and to read them: a third of the time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be put in: for a token on a day, or else about an agency for a ballot."""

    questionnaire: str
    parts: Parts
    token_sha256: str | None = None
    day: date | None = None
    agency: str | None = None
    ballot_sha256: str | None = None


def arguments(wanted: Sequence[Wanted], chance: Chance) -> Sequence[Sequence[Any]]:
    """What the function is told of a group of slips."""
    comments = [
        (number, chance.token(), question, text)
        for number, each in enumerate(wanted, 1)
        for question, text in each.parts.comments
    ]
    return (
        sorted({box_key(each.questionnaire) for each in wanted}),
        [each.questionnaire for each in wanted],
        [each.token_sha256 for each in wanted],
        [each.day for each in wanted],
        [each.agency for each in wanted],
        [each.ballot_sha256 for each in wanted],
        [each.parts.receipt for each in wanted],
        [chance.token() for _ in wanted],
        [each.parts.answer for each in wanted],
        *([comment[column] for comment in comments] for column in range(4)),
    )


def problem(code: str | None) -> Problem | None:
    """What became of a slip."""
    match code:
        case None:
            return None
        case "token-unknown":
            return Missing(code)
        case _:
            return Refused(code)

"""What the urn promises of comments, held against each adapter."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Missing, Problem, Refused
from shared.ports import Claim, Comment, Slip, Urn, Verdict
from tests.support.opened import opened
from tests.support.urns import AGENCY, LEADERS, OTHER, SIPAS, in_memory, in_sqlite, slip

ONE, TWO = "survey-officer:one", "survey-officer:two"
RELEASED = Verdict("released", ONE, "as it is")
REMOVED = Verdict("removed", ONE)
ALL = 1_000


async def write(
    urn: Urn, count: int, *, first: int = 0, agency: str = AGENCY, questionnaire: str = SIPAS
) -> None:
    """So many people write something about an agency, by the number of the person."""
    slips = [(agency, slip(number, str(number))) for number in range(first, first + count)]
    await urn.drop(questionnaire, f"{agency}-{first}", slips, digest="d")


async def readable(urn: Urn, questionnaire: str = SIPAS) -> Sequence[Comment]:
    return await urn.comments(questionnaire, limit=ALL)


async def about(urn: Urn) -> dict[str, int]:
    """How many comments may be read, by agency."""
    return dict(Counter(comment.agency for comment in await readable(urn)))


async def released(urn: Urn, count: int) -> Sequence[Comment]:
    await write(urn, count)
    await urn.release(SIPAS, least=1)
    return await readable(urn)


async def outcome(urn: Urn, name: str, verdict: Verdict, *, text: str = "") -> Claim | str | None:
    try:
        return await urn.claim_comment(SIPAS, name, verdict, text=text)
    except Problem as problem:
        return problem.code


# ------------------------------------------------------------------------------ letting them out


async def test_a_single_comment_about_an_agency_waits_however_many_there_are_about_others(
    urn: Urn,
) -> None:
    await write(urn, 30)
    await write(urn, 1, first=100, agency=OTHER)

    assert await urn.release(SIPAS, least=20) == 30
    assert await about(urn) == {AGENCY: 30}
    assert await urn.release(SIPAS, least=20) == 0
    await write(urn, 19, first=200, agency=OTHER)
    assert await urn.release(SIPAS, least=20) == 20
    assert await about(urn) == {AGENCY: 30, OTHER: 20}


async def test_who_writes_to_several_questions_is_one_person_all_the_same(urn: Urn) -> None:
    texts = [{"question": f"q{number}", "text": f"{number}"} for number in range(20)]
    await urn.drop(SIPAS, "one", [(AGENCY, Slip({}, "receipt", texts))], digest="d")

    assert await urn.release(SIPAS, least=20) == 0
    assert await urn.release(SIPAS, least=1) == 20


async def test_as_many_stay_behind_as_are_to_be_left(urn: Urn) -> None:
    await write(urn, 39)
    too_few = await urn.release(SIPAS, least=20, leave=20)
    await write(urn, 3, first=100)

    assert (too_few, await urn.release(SIPAS, least=20, leave=20)) == (0, 22)
    assert await urn.release(SIPAS, least=20, leave=20) == 0
    await write(urn, 20, first=200)
    assert await urn.release(SIPAS, least=20, leave=20) == 20
    assert len(await readable(urn)) == 42


async def test_which_comments_are_let_out_is_chosen_by_chance(urn: Urn) -> None:
    await write(urn, 40)
    await urn.release(SIPAS, least=20, leave=20)
    first = await readable(urn)
    await urn.shut(SIPAS)
    await urn.release(SIPAS, least=20, leave=20)

    everything = [comment.name for comment in await readable(urn)]
    numbers = sorted(int(comment.text) for comment in first)
    assert numbers not in (list(range(20)), list(range(20, 40)))
    assert [comment.name for comment in first] not in (everything[:20], everything[20:])


async def test_who_lets_them_out_at_once_leaves_enough_behind(urn: Urn) -> None:
    await write(urn, 45)

    counts = await asyncio.gather(*(urn.release(SIPAS, least=20, leave=20) for _ in range(6)))

    assert sorted(counts) == [0] * 5 + [25]
    assert len(await readable(urn)) == 25


async def test_all_are_let_out_of_an_urn_that_is_shut(urn: Urn) -> None:
    await write(urn, 30)
    await write(urn, 1, first=100, agency=OTHER)
    await write(urn, 1, first=200, questionnaire=LEADERS)
    await urn.release(SIPAS, least=20, leave=5)
    await urn.shut(SIPAS)

    assert await urn.release(SIPAS, least=20, leave=20) == 6
    assert await about(urn) == {AGENCY: 30, OTHER: 1}
    assert await urn.release(LEADERS, least=20, leave=20) == 0


@given(
    st.lists(st.tuples(st.sampled_from([AGENCY, OTHER]), st.integers(1, 9)), max_size=12),
    st.integers(1, 6),
    st.integers(0, 6),
)
async def test_each_comment_hides_among_enough_whenever_it_is_let_out(
    coming: list[tuple[str, int]], least: int, leave: int
) -> None:
    urn = in_memory(Path())
    written: Counter[str] = Counter()
    for place, (agency, count) in enumerate(coming):
        await write(urn, count, first=100 * place, agency=agency)
        written[agency] += count
        before = await about(urn)
        await urn.release(SIPAS, least=least, leave=leave)
        after = await about(urn)
        for each, known in after.items():
            came_out = known - before.get(each, 0)
            assert came_out == 0 or (came_out >= least and written[each] - known >= leave)
        left = {each: written[each] - after.get(each, 0) for each in written}
        assert all(count < least + leave for count in left.values())


# ------------------------------------------------------------------------------------ reading them


async def test_comments_are_read_page_by_page_each_once(urn: Urn) -> None:
    everything = await released(urn, 25)

    first = await urn.comments(SIPAS, limit=10)
    second = await urn.comments(SIPAS, limit=10, after=first[-1].name)
    third = await urn.comments(SIPAS, limit=10, after=second[-1].name)

    assert [*first, *second, *third] == list(everything)
    assert (len(second), len(third)) == (10, 5)
    assert list(await urn.comments(SIPAS, limit=10, after=third[-1].name)) == []


# ------------------------------------------------------------------------------ deciding on them


async def test_who_decides_first_is_right_and_hears_it_again(urn: Urn) -> None:
    comment, *others = await released(urn, 3)
    by_another = Verdict("released", TWO, RELEASED.digest)

    first = await urn.claim_comment(SIPAS, comment.name, RELEASED)

    assert first == Claim(SIPAS, comment, RELEASED)
    assert await urn.claim_comment(SIPAS, comment.name, by_another) == first
    assert await outcome(urn, comment.name, REMOVED) == "comment-released"
    in_other_words = Verdict("released", TWO, "in other words")
    assert await outcome(urn, comment.name, in_other_words) == "comment-released"
    assert await readable(urn) == others


async def test_a_comment_that_is_to_be_removed_is_released_by_nobody(urn: Urn) -> None:
    comment, _ = await released(urn, 2)

    assert await urn.claim_comment(SIPAS, comment.name, REMOVED) == Claim(SIPAS, comment, REMOVED)
    assert await outcome(urn, comment.name, RELEASED) == "comment-removed"
    assert await outcome(urn, comment.name, Verdict("removed", TWO)) == Claim(
        SIPAS, comment, REMOVED
    )


async def test_what_was_decided_is_known_when_the_comment_is_forgotten(urn: Urn) -> None:
    one, two = await released(urn, 2)
    await urn.claim_comment(SIPAS, one.name, RELEASED)
    await urn.claim_comment(SIPAS, two.name, REMOVED)

    for comment in (one, two):
        await urn.remove_comment(SIPAS, comment.name)
        await urn.remove_comment(SIPAS, comment.name)

    assert await outcome(urn, one.name, RELEASED) is None
    assert await outcome(urn, two.name, REMOVED) is None
    assert await outcome(urn, one.name, REMOVED) == "comment-released"
    assert await outcome(urn, two.name, RELEASED) == "comment-removed"
    assert list(await urn.claimed(limit=ALL)) == []


async def test_a_claim_waits_with_the_words_that_are_to_be_released(urn: Urn) -> None:
    one, two, three = await released(urn, 3)

    await urn.claim_comment(SIPAS, two.name, RELEASED, text="không nêu tên")
    await urn.claim_comment(SIPAS, one.name, REMOVED)
    await urn.stir()

    reworded = Comment(two.name, two.agency, two.question, "không nêu tên")
    claims = [Claim(SIPAS, one, REMOVED), Claim(SIPAS, reworded, RELEASED)]
    assert list(await urn.claimed(limit=ALL)) == claims
    assert list(await urn.claimed(limit=1)) == claims[:1]
    assert list(await urn.claimed(after=one.name, limit=ALL)) == claims[1:]
    assert list(await urn.claimed(after=two.name, limit=ALL)) == []
    assert await readable(urn) == [three]


async def test_nobody_decides_on_what_may_not_be_read(urn: Urn) -> None:
    comment, _ = await released(urn, 2)
    await write(urn, 1, first=100)

    for questionnaire, name in ((SIPAS, "unknown"), (LEADERS, comment.name)):
        with pytest.raises(Missing, match="comment-unknown"):
            await urn.claim_comment(questionnaire, name, RELEASED)

    assert list(await urn.claimed(limit=ALL)) == []


async def test_of_many_who_decide_at_once_one_does(urn: Urn) -> None:
    comments = await released(urn, 12)
    verdicts = [REMOVED, RELEASED, Verdict("released", TWO, "in other words")]

    for place, comment in enumerate(comments):
        inclined = verdicts[place % 3 :] + verdicts[: place % 3]
        outcomes = await asyncio.gather(*(outcome(urn, comment.name, each) for each in inclined))

        claims = [each for each in outcomes if isinstance(each, Claim)]
        [known] = [claim for claim in await urn.claimed(limit=ALL) if claim.comment == comment]
        assert claims == [known]
        assert outcomes.count(f"comment-{known.verdict.fate}") == 2


async def test_claims_survive_a_restart(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as urn:
        one, two = await released(urn, 2)
        await urn.claim_comment(SIPAS, one.name, RELEASED, text="khác")
        await urn.claim_comment(SIPAS, two.name, REMOVED)
        await urn.remove_comment(SIPAS, two.name)

    async with opened(in_sqlite(tmp_path)) as urn:
        [claim] = await urn.claimed(limit=ALL)
        with pytest.raises(Refused, match="comment-removed"):
            await urn.claim_comment(SIPAS, two.name, RELEASED)

    assert (claim.comment.text, claim.verdict) == ("khác", RELEASED)

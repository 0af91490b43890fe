"""What drafts promise, held against those in memory, in SQLite and in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from shared.adapters.memory import MemoryDrafts
from shared.adapters.sqlite import SqliteDrafts
from shared.kernel.errors import Problem, Refused
from shared.ports import Draft, Drafts, KeptPile, Typed
from tests.support import postgres
from tests.support.opened import in_each, opened

SIPAS, LEADERS = "2021/sipas", "2021/leaders"
AT_ONCE = 5
TEXT = "Cán bộ hướng dẫn chưa rõ."

Opened = AbstractAsyncContextManager[Drafts]


def in_memory(_: pytest.FixtureRequest) -> Opened:
    return opened(MemoryDrafts())


def in_sqlite(request: pytest.FixtureRequest) -> Opened:
    return opened(SqliteDrafts(request.getfixturevalue("tmp_path") / "drafts.db"))


def in_postgres(request: pytest.FixtureRequest) -> Opened:
    return postgres.drafts(postgres.url_of(request))


@pytest.fixture(params=in_each(in_memory, in_sqlite, in_postgres))
async def drafts(request: pytest.FixtureRequest) -> AsyncIterator[Drafts]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    async with make(request) as drafts:
        yield drafts


def draft(person: str, revision: str = "", text: str = TEXT) -> Draft:
    return Draft(person, revision or f"r-{person}", {"forms": [{"comments": {"q3": text}}]})


async def code_of(call: Awaitable[None]) -> str:
    try:
        await call
    except Problem as problem:
        return problem.code
    return ""


async def test_what_two_people_typed_is_read_as_they_typed_it(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("b", text="x"))
    await drafts.put(SIPAS, "p", draft("a"))

    assert await drafts.typed(SIPAS, "p") == Typed((draft("a"), draft("b", text="x")))


async def test_what_nobody_typed_in_is_nothing(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a"))

    assert await drafts.typed(SIPAS, "q") == await drafts.typed(LEADERS, "p") == Typed()
    assert not await drafts.agree(SIPAS, "q", [])
    await drafts.forget(SIPAS, "q")


async def test_a_person_has_one_draft_of_a_pile(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a", "r-1"))
    await drafts.put(SIPAS, "p", draft("a", "r-2", "khác"))

    assert await drafts.typed(SIPAS, "p") == Typed((draft("a", "r-2", "khác"),))


async def test_a_third_person_is_refused_and_the_two_go_on(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.put(SIPAS, "p", draft("b"))

    with pytest.raises(Refused, match="pile-typed-by-two"):
        await drafts.put(SIPAS, "p", draft("c"))
    await drafts.put(SIPAS, "p", draft("a", "r-2"))
    await drafts.put(LEADERS, "p", draft("c"))


async def test_of_many_who_begin_at_once_two_do(drafts: Drafts) -> None:
    people = [f"person-{number}" for number in range(6)]

    puts = [code_of(drafts.put(SIPAS, "p", draft(person))) for person in people]
    codes = await asyncio.gather(*puts)

    assert sorted(codes) == ["", "", *["pile-typed-by-two"] * 4]
    assert len((await drafts.typed(SIPAS, "p")).drafts) == 2


async def test_what_is_agreed_upon_changes_no_more(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.put(SIPAS, "p", draft("b"))

    assert await drafts.agree(SIPAS, "p", ["r-b", "r-a"])

    for person in "abc":
        with pytest.raises(Refused, match="pile-agreed"):
            await drafts.put(SIPAS, "p", draft(person, "r-2"))
    assert await drafts.typed(SIPAS, "p") == Typed((draft("a"), draft("b")), agreed=True)
    assert await drafts.agree(SIPAS, "p", ["r-a", "r-b"])


@pytest.mark.parametrize("revisions", [["r-a", "r-old"], ["r-a"], [], ["r-a", "r-b", "r-c"]])
async def test_nobody_agrees_to_what_was_changed_meanwhile(
    drafts: Drafts, revisions: list[str]
) -> None:
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.put(SIPAS, "p", draft("b"))

    assert not await drafts.agree(SIPAS, "p", revisions)

    assert not (await drafts.typed(SIPAS, "p")).agreed


async def test_what_is_given_up_is_never_agreed_upon(drafts: Drafts) -> None:
    for pile in ("p", "q"):
        await drafts.put(SIPAS, pile, draft("a"))
        await drafts.put(SIPAS, pile, draft("b"))

    given_up = await drafts.give_up(SIPAS, "p")

    assert given_up == Typed((draft("a"), draft("b")), given_up=True)
    assert not await drafts.agree(SIPAS, "p", ["r-a", "r-b"])
    for person in "abc":
        with pytest.raises(Refused, match="pile-given-up"):
            await drafts.put(SIPAS, "p", draft(person, "r-2"))
    assert await drafts.typed(SIPAS, "p") == await drafts.give_up(SIPAS, "p") == given_up
    assert await drafts.agree(SIPAS, "q", ["r-a", "r-b"])


async def test_what_is_agreed_upon_is_not_given_up(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.agree(SIPAS, "p", ["r-a"])

    agreed = await drafts.give_up(SIPAS, "p")

    assert agreed == await drafts.typed(SIPAS, "p") == Typed((draft("a"),), agreed=True)


async def test_giving_up_what_nobody_typed_in_does_nothing(drafts: Drafts) -> None:
    assert await drafts.give_up(SIPAS, "p") == Typed()

    await drafts.put(SIPAS, "p", draft("a"))
    assert await drafts.agree(SIPAS, "p", ["r-a"])


async def test_a_name_that_was_given_up_and_forgotten_is_as_if_it_were_new(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.give_up(SIPAS, "p")

    await drafts.forget(SIPAS, "p")

    assert await drafts.typed(SIPAS, "p") == Typed()
    await drafts.put(SIPAS, "p", draft("c"))
    assert await drafts.agree(SIPAS, "p", ["r-c"])


async def test_of_agreeing_and_giving_up_at_once_one_is_done(drafts: Drafts) -> None:
    for number in range(AT_ONCE):
        pile = f"p-{number}"
        await drafts.put(SIPAS, pile, draft("a"))

        is_agreed, typed = await asyncio.gather(
            drafts.agree(SIPAS, pile, ["r-a"]), drafts.give_up(SIPAS, pile)
        )

        assert is_agreed == typed.agreed != typed.given_up
        assert await drafts.typed(SIPAS, pile) == typed


async def test_what_is_forgotten_is_gone_and_the_rest_stays(drafts: Drafts) -> None:
    for pile in ("p", "q"):
        await drafts.put(SIPAS, pile, draft("a"))
    await drafts.agree(SIPAS, "p", ["r-a"])

    await drafts.forget(SIPAS, "p")
    await drafts.forget(SIPAS, "p")

    assert await drafts.typed(SIPAS, "p") == Typed()
    assert await drafts.typed(SIPAS, "q") == Typed((draft("a"),))
    await drafts.put(SIPAS, "p", draft("c"))


async def test_piles_are_listed_by_name_without_what_is_in_them(drafts: Drafts) -> None:
    await drafts.put(SIPAS, "q", draft("b"))
    await drafts.put(SIPAS, "p", draft("b"))
    await drafts.put(SIPAS, "p", draft("a"))
    await drafts.put(LEADERS, "p", draft("a"))
    await drafts.agree(SIPAS, "p", ["r-a", "r-b"])

    of_all = await drafts.piles(limit=9)

    of_sipas = [
        KeptPile(SIPAS, "p", ("a", "b"), ("r-a", "r-b"), agreed=True),
        KeptPile(SIPAS, "q", ("b",), ("r-b",), agreed=False),
    ]
    assert of_all == [KeptPile(LEADERS, "p", ("a",), ("r-a",), agreed=False), *of_sipas]
    assert await drafts.piles(SIPAS, limit=9) == of_sipas
    assert await drafts.piles(SIPAS, limit=1) == of_sipas[:1]
    assert await drafts.piles(after=(LEADERS, "p"), limit=1) == of_sipas[:1]
    assert await drafts.piles(after=(SIPAS, "p"), limit=9) == of_sipas[1:]
    assert await drafts.piles(LEADERS, after=(SIPAS, "p"), limit=9) == []


async def test_sqlite_keeps_drafts_over_a_restart(tmp_path: Path) -> None:
    async with opened(SqliteDrafts(tmp_path / "drafts.db")) as drafts:
        await drafts.put(SIPAS, "p", draft("a"))
        await drafts.agree(SIPAS, "p", ["r-a"])
    async with opened(SqliteDrafts(tmp_path / "drafts.db")) as again:
        assert await again.typed(SIPAS, "p") == Typed((draft("a"),), agreed=True)


async def test_sqlite_knows_over_a_restart_what_was_given_up(tmp_path: Path) -> None:
    async with opened(SqliteDrafts(tmp_path / "drafts.db")) as drafts:
        await drafts.put(SIPAS, "p", draft("a"))
        await drafts.give_up(SIPAS, "p")
    async with opened(SqliteDrafts(tmp_path / "drafts.db")) as again:
        assert await again.typed(SIPAS, "p") == Typed((draft("a"),), given_up=True)


async def test_in_sqlite_a_forgotten_draft_leaves_no_trace_in_the_folder(tmp_path: Path) -> None:
    def traces() -> int:
        return sum(b"secret" in path.read_bytes() for path in tmp_path.iterdir())

    async with opened(SqliteDrafts(tmp_path / "drafts.db")) as drafts:
        await drafts.put(SIPAS, "p", draft("a", "r-1", "secret of old"))
        await drafts.put(SIPAS, "p", draft("a", "r-2", "secret"))
        before = traces()
        await drafts.forget(SIPAS, "p")

        assert (before > 0, traces()) == (True, 0)

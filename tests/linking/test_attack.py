"""The attack itself: it finds every kind of leak that is planted, and none where there is none."""

import random  # noqa: TID251 - seeded, so that every run tries the same
from collections.abc import Mapping, Sequence

import pytest

from tests.linking.attack import (
    Blob,
    Guess,
    Held,
    Person,
    Table,
    guesses,
    guesses_of_silent,
)
from tests.linking.poll import batches

PEOPLE = 120
BATCH = 30
SENT = range(PEOPLE)
SILENT = frozenset(SENT[2::3])
NEEDLES: Mapping[Person, bytes] = {
    person: b"answer-%03d" % (person * 7 % PEOPLE) + b"+" * (person * 11 % PEOPLE) + b";"
    for person in SENT
}
BATCHES = [list(range(first, first + BATCH)) for first in range(0, PEOPLE, BATCH)]


def shuffled(seed: int) -> Sequence[Person]:
    """The people of each batch in an order that says nothing, batch by batch."""
    chance = random.Random(seed)
    return [person for batch in BATCHES for person in chance.sample(batch, len(batch))]


def log(order: Sequence[Person]) -> Blob:
    return Blob("log", b"\n".join(NEEDLES[person] for person in order))


def rows(order: Sequence[Person], **columns: Sequence[object]) -> Table:
    return Table(
        "answers",
        [
            {
                "answer": NEEDLES[person],
                **{name: values[person] for name, values in columns.items()},
            }
            for person in order
        ],
    )


def best(*, blobs: Sequence[Blob] = (), tables: Sequence[Table] = ()) -> Guess:
    return guesses(Held(blobs, tables), NEEDLES, BATCHES)[0]


@pytest.mark.parametrize("seed", range(50))
def test_what_tells_nothing_is_guessed_no_better_than_by_chance(seed: int) -> None:
    order = shuffled(seed)
    random_numbers = {person: place for place, person in enumerate(shuffled(seed + 1000))}

    guess = best(
        blobs=[log(order)],
        tables=[rows(order, name=[random_numbers[person] for person in SENT])],
    )

    assert (guess.of, guess.chance) == (PEOPLE, PEOPLE // BATCH)
    assert not guess.succeeds, str(guess)


@pytest.mark.parametrize(
    ("leak", "held"),
    [
        ("answers are logged as they come", {"blobs": [log(SENT)]}),
        ("what came last is written first", {"blobs": [log(SENT[::-1])]}),
        ("a batch is not shuffled", {"tables": [Table("facts", [{"body": log(SENT).content}])]}),
        ("rows are numbered", {"tables": [rows(shuffled(1), rowid=SENT)]}),
        ("transactions are", {"tables": [rows(shuffled(1), xmin=[str(7000 + n) for n in SENT])]}),
        (
            "rows have times",
            {
                "tables": [
                    rows(shuffled(1), at=[f"2021-11-25T08:{n // 60:02}:{n % 60:02}" for n in SENT])
                ]
            },
        ),
        (
            "sizes of requests are logged",
            {"blobs": [Blob("log", b"\n".join(b"POST %d" % (80 + len(NEEDLES[n])) for n in SENT))]},
        ),
        (
            "a table counts bytes",
            {"tables": [Table("spans", [{"size": len(NEEDLES[n])} for n in SENT])]},
        ),
    ],
)
def test_a_planted_leak_is_found(leak: str, held: Mapping[str, Sequence[object]]) -> None:
    guess = best(**held)  # type: ignore[arg-type] # a table, or a blob, as each case says

    assert guess.succeeds, f"{leak}: {guess}"
    assert guess.right == PEOPLE


def test_a_leak_that_tells_of_few_is_found() -> None:
    guess = best(blobs=[Blob("free space", log(SENT[:12]).content)])

    assert guess.succeeds, str(guess)
    assert (guess.right, guess.of, guess.chance) == (12, 12, 1)


@pytest.mark.parametrize("seed", range(50))
def test_who_is_silent_is_guessed_no_better_than_by_chance_where_nothing_tells(seed: int) -> None:
    numbers = {person: place for place, person in enumerate(shuffled(seed + 1000))}
    held = Held(
        [log(shuffled(seed))],
        [rows(shuffled(seed), xmin=SENT, name=[numbers[person] for person in SENT])],
    )

    best, *others = guesses_of_silent(held, NEEDLES, SILENT)

    assert len(others) > 2
    assert best.of == len(SILENT)
    assert best.chance == pytest.approx(len(SILENT) ** 2 / PEOPLE)
    assert not best.succeeds, str(best)


@pytest.mark.parametrize("spoke", [False, True])
def test_a_leak_that_tells_who_is_silent_is_found(*, spoke: bool) -> None:
    flags = [(person in SILENT) is spoke for person in SENT]

    best, *_ = guesses_of_silent(Held([], [rows(shuffled(1), flag=flags)]), NEEDLES, SILENT)

    assert best.succeeds, str(best)
    assert (best.right, best.of) == (len(SILENT), len(SILENT))


def test_who_is_in_which_batch_is_read_from_the_facts() -> None:
    facts = [
        b"survey.SurveyOpened " + NEEDLES[1],
        b"survey.ResponsesCounted " + NEEDLES[5] + NEEDLES[2],
        b"survey.ResponsesCounted " + NEEDLES[0],
    ]

    assert batches(facts, NEEDLES) == [[5, 2], [0]]

"""Which answers leave the urn together."""

from hypothesis import given
from hypothesis import strategies as st

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.domain.mixing import Box, Taking, at_closing, channel_of, while_open

K = BATCH_ANSWERS_MIN
HEALTH: Box = ("so-y-te", "invitation")
HEALTH_ON_PAPER: Box = ("so-y-te", "paper")
HOME: Box = ("so-noi-vu", "invitation")

boxes = st.tuples(
    st.sampled_from(["so-noi-vu", "so-tai-chinh", "so-y-te"]),
    st.sampled_from(["invitation", "link", "paper"]),
)


def test_a_box_gives_a_batch_once_it_leaves_enough_behind() -> None:
    assert while_open({HEALTH: 2 * K - 1, HOME: 2 * K}, fits=2 * K) == [Taking((HOME,), K, K)]


def test_a_box_that_holds_more_than_a_batch_gives_several() -> None:
    takings = [Taking((HOME,), K, K)]

    assert [while_open({HOME: count}, fits=4 * K) for count in (5 * K, 5 * K + 1, 9 * K + 1)] == [
        takings,
        2 * takings,
        3 * takings,
    ]


def test_at_closing_each_box_goes_by_itself() -> None:
    takings = at_closing({HEALTH: K, HEALTH_ON_PAPER: 3 * K, HOME: K}, fits=2 * K)

    assert takings == [
        Taking((HOME,), 1, 0),
        Taking((HEALTH,), 1, 0),
        Taking((HEALTH_ON_PAPER,), 1, K),
    ]


def test_a_box_too_small_to_hide_in_is_mixed_with_the_others_of_its_agency() -> None:
    takings = at_closing({HEALTH: 3 * K, HEALTH_ON_PAPER: K - 1, HOME: 3}, fits=4 * K)

    assert takings == [
        Taking((HOME,), 1, 0),
        Taking((HEALTH, HEALTH_ON_PAPER), 1, 0),
    ]
    assert [channel_of(taking.boxes) for taking in takings] == ["invitation", "mixed"]


def test_a_box_that_holds_more_than_a_batch_is_mixed_only_with_its_rest() -> None:
    large = at_closing({HEALTH: 4 * K + 1, HEALTH_ON_PAPER: K - 1}, fits=4 * K)
    rest = at_closing({HEALTH: K, HEALTH_ON_PAPER: K - 1}, fits=4 * K)

    assert large == [Taking((HEALTH,), 1, K)]
    assert rest == [Taking((HEALTH, HEALTH_ON_PAPER), 1, 0)]


@given(st.dictionaries(boxes, st.integers(1, 300)), st.integers(2 * K, 5 * K))
def test_at_closing_nothing_stays_and_no_batch_is_small_without_need(
    waiting: dict[Box, int], fits: int
) -> None:
    left, batches = dict(waiting), []
    while left:
        taking = at_closing(left, fits)[0]
        there = sum(left[box] for box in taking.boxes)
        size = min(fits, there - taking.leave)
        batches.append((taking.boxes[0][0], size))
        for box in taking.boxes:
            gone = min(left[box], size)
            size -= gone
            left[box] -= gone
        left = {box: count for box, count in left.items() if count}

    assert sum(size for _, size in batches) == sum(waiting.values())
    of_agency = {agency: 0 for agency, _ in batches}
    for (agency, _), count in waiting.items():
        of_agency[agency] += count
    assert all(size >= min(K, of_agency[agency]) for agency, size in batches)

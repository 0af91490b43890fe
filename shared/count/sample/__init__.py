"""What a tier's survey says as a sample: the answers of each agency, and all that stays as it is.

The answers that were given could have been others, had others been asked. To see how much of a
ranking hangs on that, an agency's answers are drawn again from those that it got, as many as they
are: whole responses, each with all its answers, since what a person says of one question goes with
what the same person says of the next. Of a certified result only counts are known, so that the
answers to each of its questions are drawn by themselves. What is no valid answer (no opinion, or
no answer) is drawn like any other. What agencies declare and the council decides stays as it is.

Who draws is no matter of this room: `Resample` does, from a seed, and counts what came of it. What
that says of ranks is `certainties`, and `groups` are those that it cannot tell apart.
"""

from shared.count.sample.certainty import Certainty, certainties, groups
from shared.count.sample.contenders import sample_of
from shared.count.sample.shape import (
    Answers,
    Asked,
    Contender,
    Drawing,
    Kind,
    Resample,
    Rounds,
    Sample,
)

__all__ = [
    "Answers",
    "Asked",
    "Certainty",
    "Contender",
    "Drawing",
    "Kind",
    "Resample",
    "Rounds",
    "Sample",
    "certainties",
    "groups",
    "sample_of",
]

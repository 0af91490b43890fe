"""Small groups: of how few people nothing is published that they said, so that none is known in it.

The index counts all of them, and is published with its points.
"""

PUBLISHED_ANSWERS_MIN = 10


def is_small(*people: int) -> bool:
    """Whether one of these numbers of people is too small; nobody is no group."""
    return any(0 < number < PUBLISHED_ANSWERS_MIN for number in people)

"""How much a questionnaire may ask, and among how many an answer hides."""

from datetime import timedelta

BATCH_ANSWERS_MIN = 20
"""A batch hides each answer among at least so many, unless an agency has no more in all."""

BATCH_ANSWERS_MAX = 250
BATCH_BYTES_MAX = 200 * 1024
"""What a batch may come to in a fact, which holds 256 KiB and its envelope."""

RESPONSE_BYTES_MAX = BATCH_BYTES_MAX // (2 * BATCH_ANSWERS_MIN)
"""So that a batch holds two times the least, and what is left over can join the last one."""

QUESTIONS_MAX = 60
OPTIONS_MAX = 20
AGENCIES_MAX = 1_000
STRATA_MAX = 5_000
COUNT_MAX = 10_000_000
INVITATIONS_MAX = 5_000
LINK_ANSWERS_MAX = 1_000_000
COMMENT_CHARACTERS_MAX = 2_000

EXCHANGE_ENDS_BEFORE = timedelta(minutes=15)
"""So long before the closing the last ballot is given, so that there is time to cast it."""

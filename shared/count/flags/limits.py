"""The thresholds of the flags; each answer states those that a flag was raised by.

They say where it is worth to look, and are not taken from any regulation.
"""

FACTS_NAMED_MAX = 50
"""How many facts one flag names; it says how many there were."""

PASSED_OVER_NAMED_MAX = 100
"""How many entries that could not be read are named; their count is told."""

PAUSE_S_MAX = 10
"""Decisions of one member that follow each other no later than this are one run."""

RUN_DECISIONS_MIN = 10
"""A run is told from so many decisions on, those of its first sending left out."""

SECONDED_S_MIN = 60
"""A second person who agrees sooner than this can hardly have examined anything."""

ONE_HAND_ITEMS_MIN = 5
"""A sheet is told as one person's work where that person decided so many items or more."""

MAXIMUM_ITEMS_MIN = 5
"""A sheet of fewer items can be at its maximum without anybody wondering."""

WINDOW_S = 3_600
"""Answers are looked at by the hour of the clock in which they were counted."""

BURST_ANSWERS_MIN = 50
"""Fewer answers about one agency in one hour are no burst."""

BURST_FACTOR_MIN = 10
"""How many times the hours before an hour has to bring."""

BASELINE_S_MIN = 24 * 3_600
"""A survey that is open for less than this has no usual hour yet."""

ALIKE_ANSWERS_MIN = 20
"""As many as a batch hides an answer among; fewer that are alike are chance."""

ALIKE_PERCENT_MIN = 90
"""How much of a batch's responses about one agency has to be alike."""

ALIKE_QUESTIONS_MIN = 5
"""Of fewer questions, many people give the same answers."""

HASTY_ANSWERS_MIN = 20
"""Of fewer responses in a batch, half may happen to be from people who read fast."""

HASTY_PERCENT_MIN = 50
"""How much of a batch has to come sooner than anybody reads the questions."""

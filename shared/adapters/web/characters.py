"""Characters that no text of a request may have, and runs of marks that no script needs.

To normalise text means to sort the marks on each letter, which takes the square of how many there
are: a line of some thousand marks is the work of minutes. Text that is safe for streams (Unicode
Standard Annex 15, 13.2) never has more than thirty on one letter, and no language has five.
"""

import re
import unicodedata

MARKS_MAX = 30
"""So many marks stand on one letter at most (UAX 15, UAX15-D3)."""
FIRST_MARK, BEHIND_MARKS = 0x300, 0x1F000
"""All marks that have an order among themselves lie between these."""


def _ranges() -> str:
    """The class of characters that are ordered when text is normalised, for a pattern."""
    marks = [each for each in range(FIRST_MARK, BEHIND_MARKS) if unicodedata.combining(chr(each))]
    known = set(marks)
    begins = [each for each in marks if each - 1 not in known]
    ends = [each for each in marks if each + 1 not in known]
    return "".join(f"{chr(begin)}-{chr(end)}" for begin, end in zip(begins, ends, strict=True))


# Every control character but tab, line feed and carriage return; lone surrogates; too many marks.
FORBIDDEN = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|[{_ranges()}]{{{MARKS_MAX + 1}}}"
)

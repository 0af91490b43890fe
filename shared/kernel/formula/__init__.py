"""Formulas of a scheme: arithmetic over named inputs, parsed into a small tree, never run as code.

    if(late > 0, 2 - late * 0.25, min(done / planned, 1) * 2)

`parse` reads the text, `names` says what it asks for, `evaluate` computes it, exactly.
"""

from shared.kernel.formula.evaluator import MAGNITUDE_MAX, evaluate
from shared.kernel.formula.parser import CHARACTERS_MAX, DEPTH_MAX, TOKENS_MAX, parse
from shared.kernel.formula.tree import RESERVED, Name, Number, Operation, Tree, names

__all__ = [
    "CHARACTERS_MAX",
    "DEPTH_MAX",
    "MAGNITUDE_MAX",
    "RESERVED",
    "TOKENS_MAX",
    "Name",
    "Number",
    "Operation",
    "Tree",
    "evaluate",
    "names",
    "parse",
]

"""From a document to a scheme, or to everything that is wrong with the document.

A document is plain JSON in which every number is a decimal string ("0.5"). People write it as
YAML, and the log carries it as canonical JSON; the order of the keys of a mapping means nothing.
This is its form (`?` marks what may be left out):

    scheme: an-giang-2021-department-sample    # a code: letters and digits, joined by . _ -
    title: Bộ tiêu chí MẪU ...
    tier: department
    sample: true                               # not official, and printed on every result
    source: Where the criteria and their points come from.
    maximum: 100                               # what the areas add up to
    cap?: 100                                  # clips the index, in per cent
    loss_alone_max?: 50                        # see below
    scales?:                                   # what an answer is worth, in per cent
      sipas: {"5": 100, "4": 100, "3": 0, "2": 0, "1": 0}
      officials: {a: 100, b: 60, c: 20, d: 0, e: no-opinion}
    groups?: {citizens: Người dân, organisations: Tổ chức}
    areas:
      - code: "1"
        title: Công tác chỉ đạo, điều hành CCHC
        maximum: 9                             # what its criteria add up to
        criteria:
          - {code: "1.1", title: ..., maximum: 2, components: [ITEM, ...]}
          - ITEM                               # a criterion without components is an item
    bonus?: [ITEM, ...]                        # outside the tree; the maximum is the yearly cap
    penalty?: [ITEM, ...]
    ties: {chain: [appraised, sipas], rule: competition | dense | ordinal}
    grades: [{code: A, title: Xuất sắc, at_least: 90}, ...]      # the highest first

An ITEM is {code, title, maximum, rule: RULE, evidence?, no_task?: full | not-applicable,
except_for?: [AGENCY, ...]}. A survey item takes neither evidence nor no_task; what stands outside
the tree takes neither a survey nor no_task. A RULE is one of

    {type: choice, options: [{code, title, points}, ...]}
    {type: count, per_unit, unit}
    {type: levels, unit?, minimum?, maximum?,                             # of the value
     bands: [{code, title, share, at_least}, ...]}                        # the highest first
    {type: levels, unit?, bands: [{code, title, share}, ...]}             # levels called by name
    {type: ratio, numerator, denominator, floor?: 0}
    {type: sum, addends: [{code, title, maximum, rule: RULE}, ...]}
    {type: deduction, per_breach, breach}
    {type: formula, text, inputs: [NAME, ...]}
    {type: manual, step}
    {type: survey, part: sipas | officials, scale, groups: {GROUP: weight},
     if_unanswered?: missing | not-applicable}

`loss_alone_max` is the share of a claim, in per cent, that one member of the council may take away
alone; more takes two. A scheme is as strict as half of it, which is what one says that is silent,
or stricter.

The codes of areas, criteria and items differ from one another in the whole scheme. The maxima of
children add up to exactly their parent's; some option, band or scale value reaches the maximum.
"""

from collections.abc import Mapping

from shared.kernel import scheme
from shared.kernel.errors import Refused
from shared.kernel.scheme_reader import limits, top
from shared.kernel.scheme_reader.field import Field, Notes

__all__ = ["read"]


def read(document: Mapping[str, object]) -> scheme.Scheme:
    """The scheme that a document describes.

    Raises:
        Refused: `scheme-invalid`, with a flaw for each thing that is wrong with the document.
    """
    notes = Notes()
    if limits.keeps(document, notes):
        read_scheme = top.read(Field(document, "", notes))
        if not notes.flaws:
            return read_scheme
    raise Refused("scheme-invalid", flaws=notes.flaws)

"""The top of a document: what a scheme is called, what it may refer to, and how it ranks."""

from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

from shared.kernel import scheme
from shared.kernel.scheme_reader import rules, tree
from shared.kernel.scheme_reader.checks import adds_up, descending, distinct, reaches
from shared.kernel.scheme_reader.field import Field, listed, shown

REQUIRED = ("scheme", "title", "tier", "sample", "source", "maximum", "areas", "ties", "grades")
OPTIONAL = ("cap", "loss_alone_max", "scales", "groups", "bonus", "penalty")

PER_CENT = Fraction(100)
NO_OPINION = "no-opinion"
COLUMNS = ("appraised", "sipas", "officials", "self")
TIE_RULES: tuple[scheme.TieRule, ...] = get_args(scheme.TieRule)


def read(field: Field) -> scheme.Scheme:
    """Reads a whole scheme; what it returns is good only if nothing was noted."""
    field.open(REQUIRED, OPTIONAL)
    surveys = rules.Surveys(scales=_scales(field.at("scales")), groups=_groups(field.at("groups")))
    maximum = field.at("maximum").positive()
    areas = field.at("areas").each(lambda child: tree.area(child, surveys))
    adds_up(field.at("maximum"), field.at("areas").children())
    bonus, penalty = field.at("bonus").list_or_nothing(), field.at("penalty").list_or_nothing()
    read_scheme = scheme.Scheme(
        code=field.at("scheme").code(),
        title=field.at("title").text(),
        tier=field.at("tier").code(),
        sample=field.at("sample").boolean(),
        source=field.at("source").text(),
        maximum=maximum,
        areas=areas,
        bonus=tuple(tree.outside(child) for child in bonus),
        penalty=tuple(tree.outside(child) for child in penalty),
        ties=_ties(field.at("ties"), [area.code for area in areas]),
        grades=_grades(field.at("grades")),
        cap=field.at("cap").positive() if field.at("cap").present else None,
        loss_alone_max=_loss_alone_max(field.at("loss_alone_max")),
    )
    extras = [child.at("code") for child in (*bonus, *penalty)]
    distinct([*tree.codes(field.at("areas")), *extras])
    return read_scheme


def _loss_alone_max(field: Field) -> Fraction:
    if not field.present:
        return scheme.LOSS_ALONE_MAX
    return field.at_most(scheme.LOSS_ALONE_MAX * PER_CENT) / PER_CENT


def _scales(field: Field) -> Mapping[str, Mapping[str, Fraction | None]]:
    return {name: _scale(scale) for name, scale in field.entries().items()}


def _scale(field: Field) -> Mapping[str, Fraction | None]:
    options = field.entries()
    shares = {
        code: None if option.value == NO_OPINION else option.at_most(PER_CENT) / PER_CENT
        for code, option in options.items()
    }
    worth = [option for option in options.values() if option.value != NO_OPINION]
    reaches(field, worth, PER_CENT, "scale-misses-maximum")
    return shares


def _groups(field: Field) -> Mapping[str, str]:
    return {code: title.text() for code, title in field.entries().items()}


def _ties(field: Field, areas: list[str]) -> scheme.Ties:
    field.open(["chain", "rule"])
    chain = field.at("chain").list_or_nothing()
    columns = {*COLUMNS, *(f"area:{code}" for code in areas)}
    for column in chain:
        if column.text() not in columns and column.sound:
            known = listed((*COLUMNS, "area:CODE"))
            column.flaw("tie-column-unknown", value=shown(column.value), known=known)
    distinct(chain)
    return scheme.Ties(
        chain=tuple(column.text() for column in chain),
        rule=field.at("rule").one_of(TIE_RULES, default="competition"),
    )


def _grades(field: Field) -> tuple[scheme.Grade, ...]:
    grades = field.list_or_nothing()
    read_grades = tuple(_grade(grade) for grade in grades)
    distinct(grade.at("code") for grade in grades)
    descending([grade.at("at_least") for grade in grades], "grades-out-of-order")
    return read_grades


def _grade(field: Field) -> scheme.Grade:
    field.open(["code", "title", "at_least"])
    return scheme.Grade(
        code=field.at("code").code(),
        title=field.at("title").text(),
        at_least=field.at("at_least").at_most(PER_CENT),
    )

"""The tree of a scheme: areas (lĩnh vực), criteria (tiêu chí) and the items that are scored."""

from collections.abc import Iterator
from typing import get_args

from shared.kernel import scheme
from shared.kernel.rules import INPUTS_MAX, inputs_of
from shared.kernel.scheme_reader import rules
from shared.kernel.scheme_reader.checks import adds_up, distinct
from shared.kernel.scheme_reader.field import Field

NO_TASKS: tuple[scheme.NoTask, ...] = get_args(scheme.NoTask)


def area(field: Field, surveys: rules.Surveys) -> scheme.Area:
    """Reads an area and all that is in it."""
    field.open(["code", "title", "maximum", "criteria"])
    maximum = field.at("maximum").positive()
    criteria = field.at("criteria").each(lambda child: _criterion(child, surveys))
    adds_up(field.at("maximum"), field.at("criteria").children())
    return scheme.Area(
        code=field.at("code").code(),
        title=field.at("title").text(),
        maximum=maximum,
        criteria=criteria,
    )


def _criterion(field: Field, surveys: rules.Surveys) -> scheme.Criterion:
    if not field.at("components").present:
        only = _item(field, surveys)
        return scheme.Criterion(only.code, only.title, only.maximum, items=(only,))
    field.open(["code", "title", "maximum", "components"])
    maximum = field.at("maximum").positive()
    items = field.at("components").each(lambda child: _item(child, surveys))
    adds_up(field.at("maximum"), field.at("components").children())
    return scheme.Criterion(
        code=field.at("code").code(),
        title=field.at("title").text(),
        maximum=maximum,
        items=items,
    )


def _item(field: Field, surveys: rules.Surveys) -> scheme.Item:
    field.open(["code", "title", "maximum", "rule"], optional=["evidence", "no_task", "except_for"])
    return _with_rule(field, rules.rule(field.at("rule"), field.at("maximum"), surveys))


def outside(field: Field) -> scheme.Item:
    """Reads a bonus or a penalty: declared, never surveyed, and nothing where no task arose."""
    field.open(["code", "title", "maximum", "rule"], optional=["evidence", "except_for"])
    return _with_rule(field, rules.declared_rule(field.at("rule"), field.at("maximum")))


def _with_rule(field: Field, rule: scheme.Rule) -> scheme.Item:
    no_task = field.at("no_task")
    if isinstance(rule, scheme.Survey):
        for key in ("evidence", "no_task"):
            if field.at(key).present:
                field.at(key).flaw("not-for-survey", field=key)
    wanted = [spec.name for spec in inputs_of(rule)]
    if len(wanted) > INPUTS_MAX:
        field.at("rule").flaw(
            "rule-inputs-too-many", count=str(len(wanted)), maximum=str(INPUTS_MAX)
        )
    except_for = field.at("except_for").list_or_nothing()
    agencies = frozenset(agency.code() for agency in except_for)
    distinct(except_for)
    return scheme.Item(
        code=field.at("code").code(),
        title=field.at("title").text(),
        maximum=field.at("maximum").positive(),
        rule=rule,
        evidence=field.at("evidence").text_or_empty(),
        no_task=no_task.one_of(NO_TASKS, default="full") if no_task.present else None,
        except_for=agencies,
    )


def codes(areas: Field) -> Iterator[Field]:
    """The code of every area, criterion and item, in the order of the document."""
    for child in areas.children():
        yield child.at("code")
        for criterion in child.at("criteria").children():
            yield criterion.at("code")
            for item in criterion.at("components").children():
                yield item.at("code")

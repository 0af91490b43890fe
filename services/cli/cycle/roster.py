"""The agencies of a cycle as people write them (`?` marks what may be left out).

agencies:
  - code: so-noi-vu            # outlives names and ranks
    name: Sở Nội vụ
    tier: department           # the tier of a scheme
    ranked?: true              # or false: assessed, and not in the table
    valid_from?: 2021-01-01
    valid_to?: 2024-12-31      # its last day
    predecessors?: [so-cu]     # the codes of those that were merged into it
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from services.cli.cycle import values
from shared.kernel.scheme_reader.field import Field, shown

AGENCIES_MAX = 500
PREDECESSORS_MAX = 20

_REQUIRED = ("code", "name", "tier")
_OPTIONAL = ("ranked", "valid_from", "valid_to", "predecessors")


def read(top: Field, *, tiers: Collection[str] | None, year: int) -> Sequence[Mapping[str, object]]:
    """The agencies; what is wrong with them is noted.

    `tiers` are those that have a scheme, or None where not all of them are known.
    """
    top.open(["agencies"])
    agencies: list[Mapping[str, object]] = []
    seen: set[object] = set()
    for field in _fields(top.at("agencies")):
        agency = _agency(field, year)
        agencies.append(agency)
        code, tier = field.at("code"), field.at("tier")
        if code.sound and agency["code"] in seen:
            code.flaw("agency-repeated", agency=shown(code.value))
        seen.add(agency["code"])
        if tiers is not None and tier.sound and agency["tier"] not in tiers:
            tier.flaw("tier-without-scheme", tier=shown(tier.value))
    return agencies


def _fields(field: Field) -> Sequence[Field]:
    """The entries of a list that may be longer than those of a scheme."""
    if not isinstance(field.value, list) or not field.value:
        return field.children()
    if len(field.value) > AGENCIES_MAX:
        field.flaw("agencies-miscounted", maximum=str(AGENCIES_MAX))
        return ()
    return [
        Field(value, f"{field.pointer}/{place}", field.notes)
        for place, value in enumerate(field.value)
    ]


def _agency(field: Field, year: int) -> Mapping[str, object]:
    field.open(_REQUIRED, _OPTIONAL)
    ranked = field.at("ranked")
    valid = {end: values.day(field.at(end)) for end in ("valid_from", "valid_to")}
    agency: dict[str, object] = {
        "code": values.code(field.at("code")),
        "name": values.line(field.at("name")),
        "tier": values.code(field.at("tier")),
        "ranked": ranked.boolean() if ranked.present else True,
        "predecessors": _predecessors(field.at("predecessors")),
    }
    _check_validity(field, valid["valid_from"], valid["valid_to"], year)
    return agency | {end: day.isoformat() for end, day in valid.items() if day}


def _predecessors(field: Field) -> Sequence[str]:
    fields = field.list_or_nothing()
    if len(fields) > PREDECESSORS_MAX:
        field.flaw("list-too-long", length=str(len(fields)), maximum=str(PREDECESSORS_MAX))
    return [values.code(predecessor) for predecessor in fields]


def _check_validity(field: Field, begins: date | None, ends: date | None, year: int) -> None:
    agency = shown(field.at("code").value) if field.at("code").sound else "?"
    if begins and ends and begins > ends:
        field.at("valid_to").flaw("validity-reversed", agency=agency)
    elif begins and begins > date(year, 12, 31):
        field.at("valid_from").flaw("agency-not-valid", agency=agency, year=str(year))
    elif ends and ends < date(year, 1, 1):
        field.at("valid_to").flaw("agency-not-valid", agency=agency, year=str(year))

"""What can be said to `import-results`, and how it is taught."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services.cli import settings

EMPTY_MEANINGS = ("refuse", "not-applicable")

DESCRIPTION = """\
A table of a past year becomes a cycle of imported facts with their source. The system counts its
index, ranks and grades like those of any other cycle, and the report lists every row where the
published index or rank differs, by how much, and under which tie rule. Differences are findings:
the exit status is 0 once the table is imported, 2 where it was refused and nothing was recorded.
The same import again is no news; another table under the same name is refused.

the table:
  CSV in UTF-8, columns separated by commas, decimal points. Lines with # above the headings are
  comments. Two of them are read: "# Source: ..." (or "# Nguồn: ..."), which goes into the facts,
  and "# PARTIAL (19 of 63)", which says that rows were left out.
  One row an agency. Its code is made from its name: Sở Y tế -> so-y-te.

the columns, by their headings:
  item    the code of an item of the scheme: "1.1" or "score-moha" (score_moha is taken too)
  name    name, unit, agency, don_vi, co_quan, ...       code   code, ma, ...
  tier    tier, section, cap, khoi, ...                  of     how many agencies are ranked
  rank    rank, hang, xep_hang, ...                      grade  class, grade, xep_loai, ...
  index   index, par_index, index_pct, sipas_index, chi_so, ...
  total   total, total_points, points, tong_diem, ...
  Others are named by --column, or left out by --column HEADING=ignore. Without a column an item, a
  scheme of one item takes the totals for its points, or else the index.

the cells:
  "-", "KAD" and "n/a" say: not applicable. An item leaves the agency's maximum, and an agency
  without a rank is not ranked. An empty cell is refused, since it may mean this or be a gap; say
  --empty not-applicable where it means this.

the scheme:
  YAML, its form is described in shared/kernel/scheme_reader. One serves all tiers of the table; or
  give one for each tier, whose `tier` is what stands in the table.
"""

EXAMPLES = """\
examples:
  python -m services import-results moha_2012.csv --scheme moha-2012.yaml --cycle moha-2012
  python -m services import-results bang.csv --scheme bo-tieu-chi.yaml --cycle 2019 \\
      --column score_moha=1.1 --column "Tên đơn vị=name" --column stt=ignore
  python -m services import-results bang.csv --scheme so.yaml --scheme huyen.yaml --cycle 2019 \\
      --decision 600/QĐ-UBND --on 2020-02-05 --empty not-applicable
  python -m services import-results top11.csv --scheme sipas.yaml --cycle sipas-2017 --of 63 --json
"""


def add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    """Add the options, those of the table first."""
    parser.add_argument("table", type=Path, metavar="TABLE.csv")
    parser.add_argument(
        "--scheme",
        type=Path,
        required=True,
        action="append",
        metavar="SCHEME.yaml",
        help="the scheme of the year; again for each further tier",
    )
    parser.add_argument("--cycle", required=True, metavar="NAME", help="such as moha-2012")
    _add_reading(parser)
    _add_provenance(parser)
    parser.add_argument("--json", action="store_true", help="print the report for programs")
    settings.add_directory(parser, environment)


def _add_reading(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--column",
        type=_meaning,
        action="append",
        default=[],
        metavar="HEADING=MEANING",
        help="what a column means: an item's code, or name, code, tier, index, total, rank, grade, "
        "of, ignore; again for each further column",
    )
    parser.add_argument(
        "--empty",
        choices=EMPTY_MEANINGS,
        default=EMPTY_MEANINGS[0],
        help="what an empty cell means; refuse by default",
    )
    parser.add_argument(
        "--of",
        type=_positive,
        metavar="COUNT",
        help="how many agencies a tier of the whole table has, where this one leaves out rows",
    )


def _add_provenance(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        metavar="TEXT",
        help="who published the table; by default its comment # Source: ...",
    )
    parser.add_argument("--year", type=int, help="by default the year in the name of the cycle")
    parser.add_argument(
        "--decision",
        metavar="NUMBER",
        help="the decision by which the table was published, such as 600/QĐ-UBND; where it is "
        "left out, the cycle says that the table does not state it",
    )
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the date of the decision; by default the last day of the year",
    )


def _meaning(text: str) -> tuple[str, str]:
    heading, _, meaning = text.rpartition("=")
    if not (heading and meaning):
        raise ArgumentTypeError(f"write HEADING=MEANING, such as score_moha=1.1, not {text!r}")
    return heading, meaning


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number

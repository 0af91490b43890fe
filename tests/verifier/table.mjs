// The table of a cycle: rows, indexes, ranks and the canonical text (FORMAT.md, 6.7 and 6.8).

import { byCodePoints, toCanonical } from "./json.mjs";
import { HUNDRED, smaller } from "./rational.mjs";
import { allItems, treeItems } from "./scheme.mjs";
import { NOTHING, Score, worthOf } from "./worth.mjs";

/** The tables of all tiers that have one, by tier: `{tier, scheme, rows}`. */
export function tablesOf(state) {
  const agencies = [...state.roster.values()];
  const tiers = [...state.schemes.keys()].sort(byCodePoints);
  const tables = tiers.map((tier) => {
    const scheme = state.schemes.get(tier);
    const own = agencies.filter((agency) => agency.tier === tier);
    const rows = own.map((agency) => rowOf(state, agency, scheme));
    rows.sort((one, other) => byCodePoints(one.agency.code, other.agency.code));
    rankRows(rows, scheme.ties);
    return { tier, scheme, rows };
  });
  return tables.filter((table) => table.rows.length > 0);
}

/** The canonical table, a text. */
export function canonicalTable(cycle, tables) {
  const tiers = tables.map(({ tier, scheme, rows }) => ({
    tier,
    scheme: scheme.code,
    agencies: rows.map((row) => agencyWritten(row, scheme)),
  }));
  return toCanonical({ format: "cchc-table.v1", cycle, tiers });
}

// --- Rows

function rowOf(state, agency, scheme) {
  const worths = new Map(
    allItems(scheme).map((item) => [item.code, worthOf(state, agency, item)]),
  );
  const of = (item) => worths.get(item.code);
  const scores = (items) => total(items.map((item) => of(item).score));
  const part = (name) => scores(treeItems(scheme).filter((item) => item.part === name));
  const row = {
    agency,
    worths,
    areas: new Map(scheme.areas.map((area) => [area.code, scores(itemsOf(area))])),
    claimed: total(treeItems(scheme).map((item) => of(item).claimed)),
    appraised: part("self"),
    sipas: part("sipas"),
    officials: part("officials"),
    bonus: scores(scheme.bonus).points,
    penalty: scores(scheme.penalty).points,
    rank: null,
  };
  const tree = total([...row.areas.values()]);
  row.total = new Score(tree.points.plus(row.bonus).minus(row.penalty), tree.maximum);
  row.index = indexOf(row.total, scheme.cap);
  row.grade = gradeOf(row.index, scheme.grades);
  return row;
}

function itemsOf(area) {
  return area.criteria.flatMap((criterion) => criterion.items);
}

function total(scores) {
  return scores.reduce((sum, score) => sum.plus(score), NOTHING);
}

function indexOf({ points, maximum }, cap) {
  if (maximum.numerator === 0n) return null;
  const index = HUNDRED.times(points).over(maximum);
  return cap === null ? index : smaller(index, cap);
}

/** Grades stand from the highest threshold down, so the first that is reached is the one. */
function gradeOf(index, grades) {
  const reached = grades.find((grade) => index !== null && grade.atLeast.compare(index) <= 0);
  return reached?.code ?? null;
}

// --- Ranks

function rankRows(rows, { chain, rule }) {
  const ranked = rows.filter((row) => row.agency.ranked && row.index !== null);
  const columns = [(row) => row.index, ...chain.map((name) => (row) => column(row, name))];
  const above = (one, other) =>
    columns.reduce((order, of) => order || of(other).compare(of(one)), 0);
  const byCode = (one, other) => byCodePoints(one.agency.code, other.agency.code);
  ranked.sort((one, other) => above(one, other) || byCode(one, other));
  let [group, first] = [0, 0];
  for (const [place, row] of ranked.entries()) {
    if (place === 0 || above(ranked[place - 1], row) !== 0) [group, first] = [group + 1, place];
    row.rank = { competition: first + 1, dense: group, ordinal: place + 1 }[rule];
  }
}

function column(row, name) {
  if (name.startsWith("area:")) return row.areas.get(name.slice("area:".length)).points;
  return row[name === "self" ? "claimed" : name].points;
}

// --- The canonical form

function agencyWritten(row, scheme) {
  const item = ({ code }) => ({ code, ...written(row.worths.get(code).score) });
  const sum = (items) => written(total(items.map(({ code }) => row.worths.get(code).score)));
  return {
    agency: row.agency.code,
    index: row.index === null ? null : String(row.index),
    rank: row.rank === null ? null : String(row.rank),
    grade: row.grade,
    ...written(row.total),
    claimed: written(row.claimed),
    appraised: written(row.appraised),
    sipas: written(row.sipas),
    officials: written(row.officials),
    bonus: String(row.bonus),
    penalty: String(row.penalty),
    areas: scheme.areas.map((area) => ({
      code: area.code,
      ...written(row.areas.get(area.code)),
      criteria: area.criteria.map((criterion) => ({
        code: criterion.code,
        ...sum(criterion.items),
        items: criterion.items.map(item),
      })),
    })),
    extras: [...scheme.bonus, ...scheme.penalty].map(item),
  };
}

function written({ points, maximum }) {
  return { points: String(points), maximum: String(maximum) };
}

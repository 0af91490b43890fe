// A scheme: whether a JSON value is a valid one (FORMAT.md, 6.2), and what the count needs of it.

import { readRule } from "./rule.mjs";
import * as read from "./reading.mjs";
import { FIFTY, HUNDRED, ZERO } from "./rational.mjs";

const COLUMNS = ["appraised", "sipas", "officials", "self"];
const RANKS = ["competition", "dense", "ordinal"];
const NO_TASK = ["full", "not-applicable"];
const INPUTS_MAX = 100;
const NO_OPINION = "no-opinion";

/** The scheme that a JSON value says, or null where it is not valid. */
export function schemeOf(value) {
  return read.orNull(() => {
    read.withinLimits(value);
    return readScheme(value);
  });
}

function readScheme(value) {
  const found = read.object(
    value,
    ["scheme", "title", "tier", "sample", "source", "maximum", "areas", "ties", "grades"],
    ["cap", "loss_alone_max", "scales", "groups", "bonus", "penalty"],
  );
  read.code(found.scheme);
  read.text(found.title);
  read.code(found.tier);
  read.boolean(found.sample);
  read.text(found.source);
  read.optional(found.loss_alone_max, (share) => read.atMost(read.number(share), FIFTY), null);
  const named = (value, readOne) =>
    read.optional(value, (object) => read.authored(object, readOne), new Map());
  const known = { scales: named(found.scales, readScale), groups: named(found.groups, read.text) };
  const outside = (items) =>
    read.list(items, (item) => readItem(item, { known, outside: true }), { mayBeEmpty: true });
  const scheme = {
    code: found.scheme,
    tier: found.tier,
    maximum: read.positive(found.maximum),
    areas: read.list(found.areas, (area) => readArea(area, known)),
    grades: read.list(found.grades, readGrade, { mayBeEmpty: true }),
    cap: read.optional(found.cap, read.positive, null),
    bonus: read.optional(found.bonus, outside, []),
    penalty: read.optional(found.penalty, outside, []),
  };
  checkSums(scheme);
  checkCodes(scheme);
  checkGrades(scheme.grades);
  scheme.ties = readTies(found.ties, scheme.areas);
  return scheme;
}

/** The items of the tree, in its order. */
export function treeItems(scheme) {
  return scheme.areas.flatMap((area) => area.criteria.flatMap((criterion) => criterion.items));
}

/** All items: those of the tree, then bonus, then penalty. */
export function allItems(scheme) {
  return [...treeItems(scheme), ...scheme.bonus, ...scheme.penalty];
}

function readScale(value) {
  const scale = read.authored(value, (number) =>
    number === NO_OPINION ? null : read.atMost(read.number(number), HUNDRED),
  );
  const numbers = [...scale.values()].filter((number) => number !== null);
  read.require(numbers.some((number) => number.equals(HUNDRED)));
  return scale;
}

function readArea(value, known) {
  const found = read.object(value, ["code", "title", "maximum", "criteria"]);
  read.text(found.title);
  return {
    code: read.code(found.code),
    maximum: read.positive(found.maximum),
    criteria: read.list(found.criteria, (criterion) => readCriterion(criterion, known)),
  };
}

function readCriterion(value, known) {
  if (!(value instanceof Map && value.has("components"))) {
    const item = readItem(value, { known });
    return { code: item.code, maximum: item.maximum, items: [item], isItem: true };
  }
  const found = read.object(value, ["code", "title", "maximum", "components"]);
  read.text(found.title);
  return {
    code: read.code(found.code),
    maximum: read.positive(found.maximum),
    items: read.list(found.components, (item) => readItem(item, { known })),
    isItem: false,
  };
}

function readItem(value, { known, outside = false }) {
  const optional = outside ? ["evidence", "except_for"] : ["evidence", "except_for", "no_task"];
  const found = read.object(value, ["code", "title", "maximum", "rule"], optional);
  read.text(found.title);
  read.optional(found.evidence, read.textOrNothing, "");
  const maximum = read.positive(found.maximum);
  const rule = readRule(found.rule, maximum, known);
  if (rule.type === "survey") {
    read.require(!outside && found.evidence === undefined && found.no_task === undefined);
  }
  read.require(rule.inputs.length <= INPUTS_MAX);
  const exceptFor = (codes) => read.list(codes, read.code, { mayBeEmpty: true, distinct: true });
  return {
    code: read.code(found.code),
    maximum,
    rule,
    part: rule.type === "survey" ? rule.part : "self",
    noTask: read.optional(found.no_task, (text) => read.oneOf(text, NO_TASK), null),
    exceptFor: new Set(read.optional(found.except_for, exceptFor, [])),
  };
}

function readGrade(value) {
  const found = read.object(value, ["code", "title", "at_least"]);
  read.text(found.title);
  const atLeast = read.atMost(read.number(found.at_least), HUNDRED);
  return { code: read.code(found.code), atLeast };
}

function readTies(value, areas) {
  const found = read.object(value, ["chain", "rule"]);
  const columns = [...COLUMNS, ...areas.map((area) => `area:${area.code}`)];
  const column = (text) => read.oneOf(text, columns);
  const chain = read.list(found.chain, column, { mayBeEmpty: true, distinct: true });
  return { chain, rule: read.oneOf(found.rule, RANKS) };
}

function checkGrades(grades) {
  read.distinct(grades.map((grade) => grade.code));
  read.descending(grades.map((grade) => grade.atLeast));
}

/** "The maxima of areas add up to the scheme's", and so on down the tree. */
function checkSums(scheme) {
  addsUp(scheme.areas, scheme.maximum);
  for (const area of scheme.areas) {
    addsUp(area.criteria, area.maximum);
    for (const criterion of area.criteria) addsUp(criterion.items, criterion.maximum);
  }
}

function addsUp(parts, maximum) {
  const sum = parts.reduce((before, part) => before.plus(part.maximum), ZERO);
  read.require(sum.equals(maximum));
}

function checkCodes(scheme) {
  const criteria = scheme.areas.flatMap((area) => area.criteria);
  const named = [...scheme.areas, ...criteria.filter((each) => !each.isItem), ...allItems(scheme)];
  read.distinct(named.map((each) => each.code));
}

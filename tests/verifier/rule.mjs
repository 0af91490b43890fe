// The rules of a scheme (FORMAT.md, 6.2), read with M, the maximum of the item or addend.
//
// Every rule has `type` and `inputs`: the names of what a claim has to bring.

import { formulaOf } from "./formula.mjs";
import * as read from "./reading.mjs";
import { ZERO, Rational } from "./rational.mjs";

const ONE = new Rational(1n);
const NO_TASK = "no_task";
const PARTS = ["sipas", "officials"];
const UNANSWERED = ["missing", "not-applicable"];
const BOUNDS = ["minimum", "maximum"];
const RULES = {
  choice: readChoice,
  count: readCount,
  levels: readLevels,
  ratio: readRatio,
  sum: readSum,
  deduction: readDeduction,
  formula: readFormula,
  manual: readManual,
  survey: readSurvey,
};

/** A rule; `known` has the scales and groups of the scheme. */
export function readRule(value, maximum, known) {
  read.require(value instanceof Map);
  const type = read.oneOf(value.get("type"), Object.keys(RULES));
  return { type, ...RULES[type](value, maximum, known) };
}

function readChoice(value, maximum) {
  const { options } = read.object(value, ["type", "options"]);
  const found = read.list(options, (option) => {
    const { code, title, points } = read.object(option, ["code", "title", "points"]);
    read.text(title);
    return { code: read.code(code), points: read.atMost(read.number(points), maximum) };
  });
  read.distinct(found.map((option) => option.code));
  read.require(found.some((option) => option.points.equals(maximum)));
  return { options: new Map(found.map((each) => [each.code, each.points])), inputs: ["option"] };
}

function readCount(value) {
  const { per_unit: perUnit, unit } = read.object(value, ["type", "per_unit", "unit"]);
  read.text(unit);
  return { perUnit: read.positive(perUnit), inputs: ["count"] };
}

function readLevels(value) {
  const { bands, unit, ...bounds } = read.object(value, ["type", "bands"], ["unit", ...BOUNDS]);
  read.optional(unit, read.textOrNothing, "");
  const found = read.list(bands, readBand);
  read.distinct(found.map((band) => band.code));
  read.require(found.some((band) => band.share.equals(ONE)));
  const thresholds = found.map((band) => band.atLeast).filter((atLeast) => atLeast !== null);
  read.require(thresholds.length === 0 || thresholds.length === found.length);
  read.descending(thresholds);
  const byValue = thresholds.length > 0;
  const { minimum, maximum } = readBounds(bounds, thresholds);
  return { bands: found, byValue, minimum, maximum, inputs: [byValue ? "value" : "level"] };
}

/** Only with at_least: "all are at most maximum, and all but the last above minimum". */
function readBounds(bounds, thresholds) {
  const [minimum, maximum] = BOUNDS.map((name) => read.optional(bounds[name], read.number, null));
  const bounded = minimum !== null || maximum !== null;
  read.require(thresholds.length > 0 || !bounded);
  if (maximum !== null) for (const each of thresholds) read.atMost(each, maximum);
  if (minimum !== null && maximum !== null) read.atMost(minimum, maximum);
  const others = minimum === null ? [] : thresholds.slice(0, -1);
  read.require(others.every((each) => each.compare(minimum) > 0));
  return { minimum, maximum };
}

function readBand(value) {
  const found = read.object(value, ["code", "title", "share"], ["at_least"]);
  read.text(found.title);
  return {
    code: read.code(found.code),
    share: read.atMost(read.number(found.share), ONE),
    atLeast: read.optional(found.at_least, read.number, null),
  };
}

function readRatio(value) {
  const found = read.object(value, ["type", "numerator", "denominator"], ["floor"]);
  read.text(found.numerator);
  read.text(found.denominator);
  const share = (floor) => read.atMost(read.number(floor), ONE);
  return { floor: read.optional(found.floor, share, ZERO), inputs: ["numerator", "denominator"] };
}

function readSum(value, maximum, known) {
  const { addends } = read.object(value, ["type", "addends"]);
  const found = read.list(addends, (addend) => readAddend(addend, known));
  read.distinct(found.map((addend) => addend.code));
  const sum = found.reduce((before, addend) => before.plus(addend.maximum), ZERO);
  read.require(sum.equals(maximum));
  const inputsOf = ({ code, rule }) => rule.inputs.map((name) => `${code}.${name}`);
  return { addends: found, inputs: found.flatMap(inputsOf) };
}

function readAddend(value, known) {
  const found = read.object(value, ["code", "title", "maximum", "rule"]);
  read.text(found.title);
  const code = read.code(found.code);
  const maximum = read.positive(found.maximum);
  const rule = readRule(found.rule, maximum, known);
  read.require(!code.includes(".") && rule.type !== "survey");
  return { code, maximum, rule };
}

function readDeduction(value) {
  const found = read.object(value, ["type", "per_breach", "breach"]);
  read.text(found.breach);
  return { perBreach: read.positive(found.per_breach), inputs: ["breaches"] };
}

function readFormula(value) {
  const found = read.object(value, ["type", "text", "inputs"]);
  const inputs = read.list(found.inputs, (name) => name, { distinct: true });
  const formula = formulaOf(read.text(found.text));
  read.require(formula !== null && !inputs.includes(NO_TASK));
  // Names of a formula are texts, so whatever else may stand among the inputs is not one of them.
  const same = inputs.length === formula.names.size;
  read.require(same && inputs.every((name) => formula.names.has(name)));
  return { expression: formula.expression, inputs };
}

function readManual(value, maximum) {
  const found = read.object(value, ["type", "step"]);
  const step = read.positive(found.step);
  read.require(maximum.over(step).isWhole());
  return { step, inputs: ["points"] };
}

function readSurvey(value, maximum, known) {
  const found = read.object(value, ["type", "part", "scale", "groups"], ["if_unanswered"]);
  const groups = read.authored(found.groups, read.positive);
  read.require([...groups.keys()].every((name) => known.groups.has(name)));
  return {
    part: read.oneOf(found.part, PARTS),
    scale: known.scales.get(read.oneOf(found.scale, [...known.scales.keys()])),
    groups,
    ifUnanswered: read.optional(
      found.if_unanswered,
      (text) => read.oneOf(text, UNANSWERED),
      "missing",
    ),
    inputs: [],
  };
}

// What an agency claims for an item: its rule over the declared inputs (FORMAT.md, 6.3).

import { Refused } from "./formula.mjs";
import { Rational, ZERO, fromDecimal, magnitude, within } from "./rational.mjs";

const INPUTS_MAX = 100;
const NO_TASK = "no_task";
const DECIMAL = { magnitudeMax: 10n ** 15n, denominator: 10n ** 18n };
const AMOUNT = { magnitudeMax: 10n ** 12n, denominator: 10n ** 3n, fromZero: true };
const COUNT = { magnitudeMax: 10n ** 9n, denominator: 1n, fromZero: true };

const NOT_APPLICABLE = { points: ZERO, applies: false };
const RULES = {
  choice: (rule, inputs) => rule.options.get(inputs.get("option")) ?? refuse(),
  count: (rule, inputs) => rule.perUnit.times(numberIn(inputs, "count", COUNT)),
  levels: levelsPoints,
  ratio: ratioPoints,
  sum: sumPoints,
  deduction: (rule, inputs, { maximum }) =>
    maximum.minus(rule.perBreach.times(numberIn(inputs, "breaches", COUNT))),
  formula: (rule, inputs) => {
    const numbers = rule.inputs.map((name) => [name, numberIn(inputs, name, DECIMAL)]);
    return rule.expression.evaluate(new Map(numbers));
  },
  manual: manualPoints,
};

/** The points of a claim and whether the item applies, or null where the claim is refused. */
export function claimOf(item, inputs) {
  if (inputs.size > INPUTS_MAX || item.rule.type === "survey") return null;
  if (inputs.has(NO_TASK)) return withoutTask(item, inputs);
  const wanted = item.rule.inputs;
  if (inputs.size !== wanted.length || !wanted.every((name) => inputs.has(name))) return null;
  try {
    if (item.rule.type === "ratio" && isNothingOfNothing(inputs)) return claimWithoutTask(item);
    return { points: pointsOf(item.rule, inputs, item), applies: true };
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function withoutTask(item, inputs) {
  return inputs.size === 1 && inputs.get(NO_TASK) === "yes" ? claimWithoutTask(item) : null;
}

function claimWithoutTask(item) {
  if (item.noTask === null) return null;
  return item.noTask === "full" ? { points: item.maximum, applies: true } : NOT_APPLICABLE;
}

/** The points of a rule, kept between 0 and the maximum. */
function pointsOf(rule, inputs, { maximum, noTask }) {
  return within(RULES[rule.type](rule, inputs, { maximum, noTask }), maximum);
}

function levelsPoints(rule, inputs, { maximum }) {
  if (!rule.byValue) {
    const named = rule.bands.find((band) => band.code === inputs.get("level"));
    return named === undefined ? refuse() : maximum.times(named.share);
  }
  const value = numberIn(inputs, "value", DECIMAL);
  if (rule.minimum !== null && value.compare(rule.minimum) < 0) refuse();
  if (rule.maximum !== null && value.compare(rule.maximum) > 0) refuse();
  const reached = rule.bands.find((band) => band.atLeast.compare(value) <= 0);
  return reached === undefined ? ZERO : maximum.times(reached.share);
}

/** Nothing of nothing within a sum: "its M if the item's no_task is full, refused else". */
function ratioPoints(rule, inputs, { maximum, noTask }) {
  if (isNothingOfNothing(inputs)) return noTask === "full" ? maximum : refuse();
  const [numerator, denominator] = amountsOf(inputs);
  const quotient = numerator.over(denominator);
  return quotient.compare(rule.floor) >= 0 ? maximum.times(quotient) : ZERO;
}

function isNothingOfNothing(inputs) {
  return amountsOf(inputs)[1].equals(ZERO);
}

function amountsOf(inputs) {
  const amounts = ["numerator", "denominator"].map((name) => numberIn(inputs, name, AMOUNT));
  return amounts[0].compare(amounts[1]) > 0 ? refuse() : amounts;
}

function sumPoints(rule, inputs, { noTask }) {
  return rule.addends.reduce((sum, { code, rule: part, maximum }) => {
    const own = part.inputs.map((name) => [name, inputs.get(`${code}.${name}`)]);
    return sum.plus(pointsOf(part, new Map(own), { maximum, noTask }));
  }, ZERO);
}

function manualPoints(rule, inputs, { maximum }) {
  const points = numberIn(inputs, "points", DECIMAL);
  const inside = points.compare(ZERO) >= 0 && points.compare(maximum) <= 0;
  return inside && points.over(rule.step).isWhole() ? points : refuse();
}

/** The number that an input says, of a kind with limits. */
function numberIn(inputs, name, { magnitudeMax, denominator, fromZero = false }) {
  const number = fromDecimal(inputs.get(name)) ?? refuse();
  const large = new Rational(magnitude(number.numerator), number.denominator);
  if (large.compare(new Rational(magnitudeMax)) > 0) refuse();
  if (denominator % number.denominator !== 0n || (fromZero && number.numerator < 0n)) refuse();
  return number;
}

function refuse() {
  throw new Refused();
}

// Formulas (FORMAT.md, 6.4): read into a tree of nodes, and evaluated exactly.
//
// A node is `{kind, evaluate}`: its kind is NUMBER or CONDITION, and `evaluate(inputs)` gives a
// Rational or a boolean, looking only at what it needs.

import { charactersOf } from "./json.mjs";
import { Rational, fromDecimal, larger, magnitude, smaller } from "./rational.mjs";

const CHARACTERS_MAX = 2_000;
const TOKENS_MAX = 300;
const LEVELS_MAX = 24;
const MAGNITUDE_MAX = 10n ** 40n;
const BLANKS = /[ \t\r\n]*/y;
const TOKEN = /[0-9][0-9.]*|[A-Za-z_][A-Za-z0-9_]*|<=|>=|!=|[-+*/(),<>=]/y;
const CALLS = ["min", "max", "if"];
const KEYWORDS = [...CALLS, "and", "or", "not"];
const NUMBER = "number";
const CONDITION = "condition";
const COMPARISONS = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
};
const ARITHMETIC = {
  "+": (left, right) => left.plus(right),
  "-": (left, right) => left.minus(right),
  "*": (left, right) => left.times(right),
  "/": (left, right) => {
    if (right.numerator === 0n) throw new Refused();
    return left.over(right);
  },
};

/** A claim that a formula does not evaluate: a division by zero, or too large a number. */
export class Refused extends Error {}

class Malformed extends Error {}

/** The expression that a text says and the names in it, or null where it is no formula. */
export function formulaOf(text) {
  try {
    const parser = new Parser(tokensOf(text));
    return { expression: parser.formula(), names: parser.names };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function tokensOf(text) {
  if (charactersOf(text) > CHARACTERS_MAX) throw new Malformed();
  const tokens = [];
  for (let place = behind(BLANKS, text, 0); place < text.length; ) {
    const end = behind(TOKEN, text, place);
    tokens.push(text.slice(place, end));
    place = behind(BLANKS, text, end);
  }
  if (tokens.length > TOKENS_MAX) throw new Malformed();
  return tokens;
}

/** Where what a pattern matches at a place ends. */
function behind(pattern, text, place) {
  pattern.lastIndex = place;
  if (!pattern.test(text)) throw new Malformed();
  return pattern.lastIndex;
}

class Parser {
  constructor(tokens) {
    this.tokens = tokens;
    this.place = 0;
    this.names = new Set();
  }

  formula() {
    const found = mustBe(NUMBER, this.expression(0));
    if (this.place !== this.tokens.length) throw new Malformed();
    return found;
  }

  expression(level) {
    if (level > LEVELS_MAX) throw new Malformed();
    return this.connected("or", () => this.conjunction(level));
  }

  conjunction(level) {
    return this.connected("and", () => this.negation(level));
  }

  /** Conditions with a word between them; `or` is done at the first true, `and` at a false. */
  connected(word, readOne) {
    let left = readOne();
    while (this.take(word)) {
      const [first, second] = [mustBe(CONDITION, left), mustBe(CONDITION, readOne())];
      left = condition((inputs) =>
        first.evaluate(inputs) === (word === "or") ? word === "or" : second.evaluate(inputs),
      );
    }
    return left;
  }

  negation(level) {
    if (!this.take("not")) return this.comparison(level);
    if (level + 1 > LEVELS_MAX) throw new Malformed();
    const inner = mustBe(CONDITION, this.negation(level + 1));
    return condition((inputs) => !inner.evaluate(inputs));
  }

  comparison(level) {
    let left = this.sum(level);
    for (let holds; (holds = this.takeOf(COMPARISONS)) !== null; ) {
      const [first, second, test] = [mustBe(NUMBER, left), mustBe(NUMBER, this.sum(level)), holds];
      left = condition((inputs) => test(first.evaluate(inputs).compare(second.evaluate(inputs))));
    }
    return left;
  }

  sum(level) {
    return this.operations(["+", "-"], () => this.product(level));
  }

  product(level) {
    return this.operations(["*", "/"], () => this.factor(level));
  }

  operations(signs, readOne) {
    let left = readOne();
    while (signs.includes(this.tokens[this.place])) {
      const apply = ARITHMETIC[this.next()];
      const [first, second] = [mustBe(NUMBER, left), mustBe(NUMBER, readOne())];
      left = number((inputs) => apply(first.evaluate(inputs), second.evaluate(inputs)));
    }
    return left;
  }

  factor(level) {
    if (level > LEVELS_MAX) throw new Malformed();
    const token = this.next();
    if (token === "-") {
      const inner = mustBe(NUMBER, this.factor(level + 1));
      return number((inputs) => inner.evaluate(inputs).negated());
    }
    if (token === "(") {
      const inner = this.expression(level + 1);
      this.expect(")");
      return inner;
    }
    if (CALLS.includes(token)) return this.call(token, level + 1);
    return /^[0-9]/.test(token) ? literal(token) : this.name(token);
  }

  call(name, level) {
    this.expect("(");
    const operands = [];
    do {
      operands.push(this.expression(level));
    } while (this.take(","));
    this.expect(")");
    return name === "if" ? branch(operands) : extreme(name === "min" ? smaller : larger, operands);
  }

  name(token) {
    if (!/^[A-Za-z_]/.test(token) || KEYWORDS.includes(token)) throw new Malformed();
    this.names.add(token);
    return { kind: NUMBER, evaluate: (inputs) => inputs.get(token) };
  }

  next() {
    const token = this.tokens[this.place];
    if (token === undefined) throw new Malformed();
    this.place += 1;
    return token;
  }

  take(token) {
    if (this.tokens[this.place] !== token) return false;
    this.place += 1;
    return true;
  }

  takeOf(table) {
    const token = this.tokens[this.place];
    return token !== undefined && Object.hasOwn(table, token) ? table[this.next()] : null;
  }

  expect(token) {
    if (!this.take(token)) throw new Malformed();
  }
}

function mustBe(kind, node) {
  if (node.kind !== kind) throw new Malformed();
  return node;
}

function condition(evaluate) {
  return { kind: CONDITION, evaluate };
}

/** A number that was reckoned: refused where it is too large. */
function number(evaluate) {
  return { kind: NUMBER, evaluate: (inputs) => notTooLarge(evaluate(inputs)) };
}

function literal(token) {
  const value = fromDecimal(token);
  if (value === null) throw new Malformed();
  return { kind: NUMBER, evaluate: () => value };
}

function branch(operands) {
  if (operands.length !== 3) throw new Malformed();
  const test = mustBe(CONDITION, operands[0]);
  const [then, otherwise] = operands.slice(1).map((operand) => mustBe(NUMBER, operand));
  const chosen = (inputs) => (test.evaluate(inputs) ? then : otherwise);
  return { kind: NUMBER, evaluate: (inputs) => chosen(inputs).evaluate(inputs) };
}

function extreme(choose, operands) {
  const numbers = operands.map((operand) => mustBe(NUMBER, operand));
  const all = (inputs) => numbers.map((each) => each.evaluate(inputs));
  return number((inputs) => all(inputs).reduce((one, other) => choose(one, other)));
}

function notTooLarge(value) {
  const large = magnitude(value.numerator) > MAGNITUDE_MAX || value.denominator > MAGNITUDE_MAX;
  if (large) throw new Refused();
  return value;
}

// Reading values of a scheme: each function gives what a value says, or finds the scheme invalid.

import { charactersOf } from "./json.mjs";
import { HUNDRED, ZERO, fromDecimal } from "./rational.mjs";

const VALUES_MAX = 20_000;
const TEXT_BYTES_MAX = 200_000;
const NESTING_MAX = 20;
const TEXT_CHARACTERS_MAX = 4_000;
const CODE_CHARACTERS_MAX = 64;
const ELEMENTS_MAX = 200;
const CODE = /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/;
const BLANK = /[\p{White_Space}\x1c-\x1f]/u;
const FORBIDDEN = /(?!\n)[\p{Cc}\p{Cs}]/u;
const BOOLEANS = [true, false, "true", "false"];

class Invalid extends Error {}

/** What a function gives, or null where it finds something invalid. */
export function orNull(reading) {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

export function require(condition) {
  if (!condition) throw new Invalid();
}

/** "At most 20,000 keys and values, 200,000 bytes, a nesting of 20" (FORMAT.md, 6.2). */
export function withinLimits(document) {
  let [values, bytes] = [0, 0];
  const visit = (value, depth) => {
    values += 1;
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    require(depth <= NESTING_MAX && values <= VALUES_MAX && bytes <= TEXT_BYTES_MAX);
    const inside = value instanceof Map ? [...value.keys(), ...value.values()] : value;
    if (Array.isArray(inside)) for (const each of inside) visit(each, depth + 1);
  };
  visit(document, 1);
}

/** The values of an object with exactly these keys, `may` those that may be left out. */
export function object(value, must, may = []) {
  require(value instanceof Map);
  require(must.every((key) => value.has(key)));
  require([...value.keys()].every((key) => must.includes(key) || may.includes(key)));
  return Object.fromEntries(value);
}

/** An object with keys chosen by the author: a Map of what its values say. */
export function authored(value, readOne) {
  require(value instanceof Map && value.size >= 1 && value.size <= ELEMENTS_MAX);
  return new Map([...value].map(([key, each]) => [code(key), readOne(each)]));
}

export function list(value, readOne, { mayBeEmpty = false, distinct: differ = false } = {}) {
  require(Array.isArray(value) && value.length <= ELEMENTS_MAX);
  require(mayBeEmpty || value.length > 0);
  const found = value.map((each) => readOne(each));
  if (differ) distinct(found);
  return found;
}

/** What a key that may be left out says. */
export function optional(value, readOne, otherwise) {
  return value === undefined ? otherwise : readOne(value);
}

export function text(value) {
  require(typeof value === "string");
  const used = withoutBlanks(value);
  require(used !== "" && charactersOf(used) <= TEXT_CHARACTERS_MAX);
  require(used.normalize("NFC") === used && !FORBIDDEN.test(used));
  return used;
}

/** A text without the white space at both ends. */
function withoutBlanks(value) {
  let [begin, end] = [0, value.length];
  while (begin < end && BLANK.test(value[begin])) begin += 1;
  while (begin < end && BLANK.test(value[end - 1])) end -= 1;
  return value.slice(begin, end);
}

export function textOrNothing(value) {
  return value === "" ? value : text(value);
}

export function code(value) {
  require(typeof value === "string" && value.length <= CODE_CHARACTERS_MAX && CODE.test(value));
  return value;
}

export function boolean(value) {
  return oneOf(value, BOOLEANS);
}

export function oneOf(value, allowed) {
  require(allowed.includes(value));
  return value;
}

export function number(value) {
  const found = fromDecimal(value);
  require(found !== null && found.compare(ZERO) >= 0);
  return found;
}

export function positive(value) {
  const found = number(value);
  require(found.compare(ZERO) > 0);
  return found;
}

export function atMost(found, maximum = HUNDRED) {
  require(found.compare(maximum) <= 0);
  return found;
}

export function distinct(values) {
  require(new Set(values).size === values.length);
}

/** Numbers, each below the one before. */
export function descending(numbers) {
  for (const [index, each] of numbers.entries()) {
    require(index === 0 || each.compare(numbers[index - 1]) < 0);
  }
}

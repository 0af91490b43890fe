// As much of JSON Schema as the catalogue of facts uses, made into functions that judge a value.

import { JsonObject } from "./json.mjs";
import { isDate, isDateTime } from "./time.mjs";

const INTEGER_DIGITS_MAX = 4_300n;
const INTEGER_END = 10n ** INTEGER_DIGITS_MAX;
const SAY_NOTHING = new Set(["title", "description", "default"]);
const FORMATS = { date: isDate, "date-time": isDateTime };
const TYPES = {
  string: (value) => typeof value === "string",
  integer: (value) => typeof value === "bigint" && -INTEGER_END < value && value < INTEGER_END,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  object: (value) => value instanceof JsonObject,
  array: (value) => Array.isArray(value),
};
const KEYWORDS = {
  type: (name) => TYPES[name],
  const: (expected) => (value) => value === expected,
  enum: (allowed) => (value) => allowed.includes(value),
  format: (name) => (value) => typeof value !== "string" || FORMATS[name](value),
  required: (names) => (value) =>
    !(value instanceof JsonObject) || names.every((key) => value.has(key)),
  anyOf: (parts, schemas) => {
    const checks = parts.map((part) => compile(part, schemas));
    return (value) => checks.some((check) => check(value));
  },
  items: (part, schemas) => {
    const check = compile(part, schemas);
    return (value) => !Array.isArray(value) || value.every(check);
  },
  properties: (parts, schemas) => {
    const checks = Object.entries(parts).map(([key, part]) => [key, compile(part, schemas)]);
    const holds = (value, [key, check]) => value.everyValue(key).every(check);
    return (value) => !(value instanceof JsonObject) || checks.every((each) => holds(value, each));
  },
  additionalProperties: (part, schemas) => {
    const check = compile(part, schemas);
    return (value) => !(value instanceof JsonObject) || value.everyValue().every(check);
  },
  $ref: (address, schemas) => compile(schemas[address.split("/").at(-1)], schemas),
};

/** A function that tells whether a value is valid; a keyword that is not known here is an error. */
export function compile(schema, schemas) {
  const keywords = Object.keys(schema).filter((keyword) => !SAY_NOTHING.has(keyword));
  const checks = keywords.map((keyword) => {
    if (!Object.hasOwn(KEYWORDS, keyword)) throw new Error(`unknown keyword ${keyword}`);
    return KEYWORDS[keyword](schema[keyword], schemas);
  });
  return (value) => checks.every((check) => check(value));
}

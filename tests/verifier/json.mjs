// JSON as RFC 8259 has it, strictly, and the one canonical way to write it (FORMAT.md, 1).
//
// An object is read as a JsonObject, a Map, because a key may be "__proto__"; an integer as a
// BigInt, because it may be of any size; any other number as a NotInteger, because nothing may ever
// use one.

const NESTING_MAX = 500;
const BLANKS = /[ \t\n\r]*/y;
const NOT_PLAIN = /["\\\u0000-\u001f]/g;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const HEX = /[0-9a-fA-F]{4}/y;
const LONE_SURROGATE = /\p{Cs}/u;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = [["true", true], ["false", false], ["null", null]];

export class NotInteger {}

/** An object: of a key that comes twice the last value counts, and the others are kept. */
export class JsonObject extends Map {
  #overwritten = [];

  set(key, value) {
    if (this.has(key)) this.#overwritten.push([key, this.get(key)]);
    return super.set(key, value);
  }

  /** All values that a key came with, or all that any key came with. */
  everyValue(key) {
    const all = [...this.#overwritten, ...this];
    const chosen = key === undefined ? all : all.filter(([name]) => name === key);
    return chosen.map(([, value]) => value);
  }
}

class Malformed extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that bytes are in UTF-8, or null where they are none. */
export function textOf(bytes) {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What bytes say as JSON, or undefined where they are none. */
export function fromJson(bytes) {
  const text = textOf(bytes);
  if (text === null) return undefined;
  try {
    return new Reader(text).document();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** The canonical JSON of a value, a text. Objects are Maps or plain objects. */
export function toCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(toCanonical).join(",")}]`;
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  pairs.sort(([one], [other]) => byCodePoints(one, other));
  return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${toCanonical(each)}`).join(",")}}`;
}

/** The order of texts by code points, which is not that of JavaScript (by UTF-16 units). */
export function byCodePoints(one, other) {
  const end = Math.min(one.length, other.length);
  for (let place = 0; place < end; place += 1) {
    const [a, b] = [one.charCodeAt(place), other.charCodeAt(place)];
    if (a !== b) return unitsAsPoints(a) - unitsAsPoints(b);
  }
  return one.length - other.length;
}

/** How many characters (code points) a text has. */
export function charactersOf(text) {
  return [...text].length;
}

/** Surrogates stand for the highest code points, and yet below U+E000 as units. */
function unitsAsPoints(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.place = 0;
  }

  document() {
    const value = this.value(1);
    this.skip(BLANKS);
    if (this.place !== this.text.length) throw new Malformed();
    return value;
  }

  value(depth) {
    this.skip(BLANKS);
    const first = this.text[this.place];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.list(depth);
    if (first === '"') return this.string();
    for (const [word, value] of WORDS) if (this.take(word)) return value;
    return this.number();
  }

  object(depth) {
    if (depth > NESTING_MAX) throw new Malformed();
    const found = new JsonObject();
    this.elements("{", "}", () => {
      this.skip(BLANKS);
      const key = this.string();
      this.skip(BLANKS);
      this.expect(":");
      found.set(key, this.value(depth + 1));
    });
    return found;
  }

  list(depth) {
    if (depth > NESTING_MAX) throw new Malformed();
    const found = [];
    this.elements("[", "]", () => found.push(this.value(depth + 1)));
    return found;
  }

  elements(opening, closing, readOne) {
    this.expect(opening);
    this.skip(BLANKS);
    if (this.take(closing)) return;
    do {
      readOne();
      this.skip(BLANKS);
    } while (this.take(","));
    this.expect(closing);
  }

  string() {
    this.expect('"');
    let found = this.plain();
    while (this.take("\\")) found += this.escaped() + this.plain();
    this.expect('"');
    if (LONE_SURROGATE.test(found)) throw new Malformed();
    return found;
  }

  plain() {
    NOT_PLAIN.lastIndex = this.place;
    const end = NOT_PLAIN.exec(this.text)?.index ?? this.text.length;
    const found = this.text.slice(this.place, end);
    this.place = end;
    return found;
  }

  escaped() {
    const letter = this.text[this.place];
    this.place += 1;
    if (letter !== "u") {
      if (letter === undefined || !Object.hasOwn(ESCAPES, letter)) throw new Malformed();
      return ESCAPES[letter];
    }
    const digits = this.skip(HEX);
    if (digits === null) throw new Malformed();
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  number() {
    const written = this.skip(NUMBER);
    if (written === null) throw new Malformed();
    return /[.eE]/.test(written) ? new NotInteger() : BigInt(written);
  }

  /** Go behind what a pattern matches here, and return it; null where it does not match. */
  skip(pattern) {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.place = pattern.lastIndex;
    return found[0];
  }

  take(word) {
    if (!this.text.startsWith(word, this.place)) return false;
    this.place += word.length;
    return true;
  }

  expect(word) {
    if (!this.take(word)) throw new Malformed();
  }
}

// Exact numbers: fractions of BigInts in lowest terms, and the texts that they are written as.

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const FRACTION = /^(-?[0-9]{1,4000})\/([0-9]{1,4000})$/;
const DECIMAL_CHARACTERS_MAX = 64;
const EXACT_CHARACTERS_MAX = 4000;

export class Rational {
  constructor(numerator, denominator = 1n) {
    const sign = denominator < 0n ? -1n : 1n;
    const divisor = greatestCommonDivisor(numerator, denominator) * sign;
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
  }

  plus(other) {
    return new Rational(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  minus(other) {
    return this.plus(other.negated());
  }

  times(other) {
    return new Rational(
      this.numerator * other.numerator,
      this.denominator * other.denominator,
    );
  }

  over(other) {
    return new Rational(
      this.numerator * other.denominator,
      this.denominator * other.numerator,
    );
  }

  negated() {
    return new Rational(-this.numerator, this.denominator);
  }

  /** Below 0, 0 or above 0, as this is less than, equal to or more than the other. */
  compare(other) {
    const difference = this.numerator * other.denominator - other.numerator * this.denominator;
    return difference < 0n ? -1 : Number(difference > 0n);
  }

  equals(other) {
    return this.compare(other) === 0;
  }

  isWhole() {
    return this.denominator === 1n;
  }

  /** FORMAT.md, 6: "its shortest decimal where that ends, else n/d in lowest terms". */
  toString() {
    const places = decimalPlaces(this.denominator);
    if (places === null) return `${this.numerator}/${this.denominator}`;
    if (places === 0) return String(this.numerator);
    const sign = this.numerator < 0n ? "-" : "";
    const scaled = (magnitude(this.numerator) * 10n ** BigInt(places)) / this.denominator;
    const digits = String(scaled).padStart(places + 1, "0");
    return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }
}

export const ZERO = new Rational(0n);
export const FIFTY = new Rational(50n);
export const HUNDRED = new Rational(100n);

export function smaller(one, other) {
  return one.compare(other) <= 0 ? one : other;
}

export function larger(one, other) {
  return one.compare(other) >= 0 ? one : other;
}

/** A number kept between 0 and a maximum. */
export function within(number, maximum) {
  return smaller(larger(number, ZERO), maximum);
}

export function magnitude(integer) {
  return integer < 0n ? -integer : integer;
}

/** The number that a decimal (FORMAT.md, 6) says, or null. */
export function fromDecimal(text) {
  if (typeof text !== "string" || text.length > DECIMAL_CHARACTERS_MAX) return null;
  return DECIMAL.test(text) ? fromDigits(text) : null;
}

/** The number that a decimal or an exact text says, or null. */
export function fromExact(text) {
  const decimal = fromDecimal(text);
  if (decimal !== null) return decimal;
  const short = text.length <= EXACT_CHARACTERS_MAX;
  const number = short && DECIMAL.test(text) ? fromDigits(text) : fromFraction(text);
  return number !== null && String(number) === text ? number : null;
}

function fromDigits(text) {
  const [whole, behind = ""] = text.split(".");
  return new Rational(BigInt(whole + behind), 10n ** BigInt(behind.length));
}

function fromFraction(text) {
  const found = FRACTION.exec(text);
  if (found === null) return null;
  const denominator = BigInt(found[2]);
  return denominator === 0n ? null : new Rational(BigInt(found[1]), denominator);
}

/** How many decimals 1/denominator has, or null where they never end. */
function decimalPlaces(denominator) {
  const [twos, withoutTwos] = timesDivided(denominator, 2n);
  const [fives, rest] = timesDivided(withoutTwos, 5n);
  return rest === 1n ? Math.max(twos, fives) : null;
}

function timesDivided(integer, factor) {
  let times = 0;
  for (; integer % factor === 0n; integer /= factor) times += 1;
  return [times, integer];
}

function greatestCommonDivisor(one, other) {
  let [a, b] = [magnitude(one), magnitude(other)];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

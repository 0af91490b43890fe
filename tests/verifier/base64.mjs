// Base64 (RFC 4648, section 4) with padding.

const NO_DIGIT = /[^A-Za-z0-9+/]/;
const PADDING = /={1,2}$/;

/** The bytes that a text is the base64 of, also where bits are left over; else null. */
export function fromBase64(text) {
  const sound = text.length % 4 === 0 && !NO_DIGIT.test(text.replace(PADDING, ""));
  return sound ? Buffer.from(text, "base64") : null;
}

/** The bytes that only this text is the base64 of, else null. */
export function fromStrictBase64(text) {
  const bytes = fromBase64(text);
  return bytes !== null && bytes.toString("base64") === text ? bytes : null;
}

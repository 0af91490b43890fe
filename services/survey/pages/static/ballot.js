// A ballot (phiếu kín) that is signed unseen: the respondent's half of RFC 9474, variant
// RSABSSA-SHA384-PSS-Randomized. The numbers in brackets are the sections of that RFC.
//
//   begin(agency, key)           a ballot is drawn and blinded               state "begun"
//   exchange(base, token, state) the invitation is given for its signature   state "signed"
//   cast(base, state, slip)      the answers go in with the signed ballot    a receipt
//
// A state is plain JSON. Keep each before the next call, in localStorage for one: a reply that was
// lost is asked for again with the same state. A signed state has nothing by which the server would
// know the invitation again; so keep it apart from the token, and forget it once it is cast. How
// long to wait between the two requests is for the caller to decide (see `pause`).
//
// One module, without dependencies and without a build: what runs is what can be read here. What
// it hides is which ballot belongs to which invitation. It does not hide when requests come, nor
// from which address. BigInt is not constant in time; only who is on the same device could measure.

const HASH = "SHA-384";
const HASH_BYTES = 48;
const SALT_BYTES = 48;
const PSS = { name: "RSA-PSS", hash: HASH, saltLength: SALT_BYTES };
const PREFIX_BYTES = 32;
const NUMBER_BYTES = 32;
const RECEIPT_BYTES = 16;
const EXPONENT = 65537n;
const MODULUS_BITS = { min: 2048, max: 4096 };
const DRAWS_MAX = 128; // Each is good with a chance of one half or more.
const REPLY_MS_MAX = 30_000;

/** Why it did not work: a code of the server, with its status, or one of those thrown here. */
export class BallotError extends Error {
  constructor(code, { status = 0, cause } = {}) {
    super(code, { cause });
    this.name = "BallotError";
    this.code = code;
    this.status = status;
  }
}

/** Whether this browser can do it; cryptography is given to pages that came by HTTPS alone. */
export function isPossible() {
  return globalThis.crypto?.subtle !== undefined && AbortSignal.timeout !== undefined;
}

// --- The three steps

/** A new ballot about an agency, blinded for the key that the page says is published for it. */
export async function begin(agency, key) {
  const read = await readKey(key);
  const ballot = prepare(randomBytes(NUMBER_BYTES));
  const { blinded, inverse } = await blind(read, ballot);
  return {
    step: "begun",
    agency,
    key,
    ballot: toBase64url(ballot),
    blinded: toBase64url(blinded),
    inverse: toBase64url(inverse),
  };
}

/**
 * Give an invitation for the signature of a begun ballot; the signed state.
 *
 * Throws `key-differs` or `agency-differs` where the server answers with others than the page said:
 * a key of one's own would mark one's ballot. Throws `signature-invalid` for a signature that is
 * none of the key's.
 */
export async function exchange(base, token, { agency, key, ballot, blinded, inverse }) {
  const reply = await post(`${base}/ballots`, { token, blinded });
  if (reply?.key !== key) throw new BallotError("key-differs");
  if (reply.agency !== agency) throw new BallotError("agency-differs");
  const signature = await finalize(
    await readKey(key),
    fromBase64url(ballot),
    fromBase64url(reply.signature),
    fromBase64url(inverse),
  );
  return {
    step: "signed",
    agency,
    key,
    ballot,
    signature: toBase64url(signature),
    receipt: toBase64url(randomBytes(RECEIPT_BYTES)),
  };
}

/**
 * Put answers in with a signed ballot; `again` says that an earlier request, whose reply was lost,
 * had put them in already: nobody else has the ballot. Then the answers of that request count.
 */
export async function cast(base, { agency, ballot, signature, receipt }, slip) {
  const { answers, choices = {}, comments = {} } = slip;
  const body = { agency, ballot, signature, answers, choices, comments, receipt };
  try {
    const reply = await post(`${base}/ballot-responses`, body);
    if (reply?.receipt !== receipt) throw new BallotError("receipt-differs");
    return { receipt, again: false };
  } catch (error) {
    if (error.code !== "ballot-spent") throw error;
    return { receipt, again: true };
  }
}

/**
 * Wait for a random time between two numbers of seconds, and say how long it was.
 *
 * Both requests may come by one connection while it is kept open, a minute or so: wait longer.
 */
export async function pause(secondsMin, secondsMax) {
  const steps = BigInt(Math.round((secondsMax - secondsMin) * 1000)) + 1n;
  const ms = secondsMin * 1000 + Number(randomBelow(steps));
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms / 1000;
}

// --- Prepare, Blind, Finalize (4.1, 4.2, 4.4)

/** PrepareRandomize (4.1). */
export function prepare(message) {
  return joined(randomBytes(PREFIX_BYTES), message);
}

/** Blind (4.2): what the server is to sign, and the inverse that `finalize` needs. */
export async function blind({ n, bits, bytes }, prepared) {
  const m = toNumber(await encode(prepared, bits - 1, randomBytes(SALT_BYTES)));
  if (inverseOf(m, n) === null) throw new BallotError("key-invalid"); // "invalid input"
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const r = 1n + randomBelow(n - 1n); // "random_integer_uniform(1, n)"
    const inverse = inverseOf(r, n);
    if (inverse === null) continue; // "blinding error": "implementations SHOULD retry"
    const z = (m * power(r, EXPONENT, n)) % n;
    return { blinded: toBytes(z, bytes), inverse: toBytes(inverse, bytes) };
  }
  throw new BallotError("chance-fails");
}

/** Finalize (4.4): the signature, which everybody can verify. */
export async function finalize(key, prepared, signed, inverse) {
  if (signed.length !== key.bytes) throw new BallotError("signature-invalid");
  const signature = toBytes((toNumber(signed) * toNumber(inverse)) % key.n, key.bytes);
  if (!(await verify(key, prepared, signature))) throw new BallotError("signature-invalid");
  return signature;
}

/** RSASSA-PSS-VERIFY (RFC 8017, 8.1.2), by the browser itself. */
export async function verify({ imported }, prepared, signature) {
  return crypto.subtle.verify(PSS, imported, signature, prepared);
}

/** A SubjectPublicKeyInfo in DER and Base64; throws `key-invalid` where it is none to trust. */
export async function readKey(text) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("spki", fromBase64(text), PSS, true, ["verify"]);
  } catch (cause) {
    throw new BallotError("key-invalid", { cause });
  }
  const written = await crypto.subtle.exportKey("jwk", imported);
  const [n, e] = [written.n, written.e].map((each) => toNumber(fromBase64url(each)));
  const bits = n.toString(2).length;
  const sized = bits >= MODULUS_BITS.min && bits <= MODULUS_BITS.max;
  if (!sized || n % 2n !== 1n || e !== EXPONENT) throw new BallotError("key-invalid");
  return { imported, n, bits, bytes: Math.ceil(bits / 8) };
}

/** EMSA-PSS-ENCODE (RFC 8017, 9.1.1). */
async function encode(message, bits, salt) {
  const bytes = Math.ceil(bits / 8);
  const hash = await digest(joined(new Uint8Array(8), await digest(message), salt));
  const block = new Uint8Array(bytes - HASH_BYTES - 1);
  block.set([1, ...salt], block.length - SALT_BYTES - 1);
  const mask = await maskOf(hash, block.length);
  const masked = block.map((byte, place) => byte ^ mask[place]);
  masked[0] &= 0xff >> (8 * bytes - bits);
  return joined(masked, hash, Uint8Array.of(0xbc));
}

/** MGF1 (RFC 8017, B.2.1). */
async function maskOf(seed, length) {
  const blocks = { length: Math.ceil(length / HASH_BYTES) };
  const counted = Array.from(blocks, (_, place) => joined(seed, [0, 0, 0, place]));
  return joined(...(await Promise.all(counted.map(digest)))).subarray(0, length);
}

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest(HASH, bytes));
}

// --- Numbers

/** A number from 0 to below a limit, each as likely as the others, by rejection. */
function randomBelow(limit) {
  const bits = (limit - 1n).toString(2).length;
  const bytes = Math.ceil(bits / 8);
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const drawn = randomBytes(bytes);
    drawn[0] &= 0xff >> (8 * bytes - bits);
    const number = toNumber(drawn);
    if (number < limit) return number;
  }
  throw new BallotError("chance-fails");
}

function power(base, exponent, modulus) {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** What times a number leaves 1, or null where there is none, by Euclid's algorithm. */
function inverseOf(number, modulus) {
  let [old, now] = [modulus, number % modulus];
  let [oldFactor, factor] = [0n, 1n];
  while (now !== 0n) {
    const quotient = old / now;
    [old, now] = [now, old - quotient * now];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  if (old !== 1n) return null;
  return oldFactor < 0n ? oldFactor + modulus : oldFactor;
}

// --- Bytes

function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function toNumber(bytes) {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return BigInt(`0x0${digits.join("")}`);
}

function toBytes(number, length) {
  const digits = number.toString(16).padStart(2 * length, "0");
  return Uint8Array.from({ length }, (_, place) =>
    Number.parseInt(digits.slice(2 * place, 2 * place + 2), 16),
  );
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Base64url without padding (RFC 4648, section 5). */
function toBase64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text) {
  try {
    return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (cause) {
    throw new BallotError("reply-malformed", { cause });
  }
}

// --- The two requests

/**
 * Send JSON, with nothing beside it that the other request has as well: no cookie, no referrer.
 *
 * Throws `no-answer` where it may or may not have arrived: ask again with the same.
 */
async function post(url, body) {
  let response, reply;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(REPLY_MS_MAX),
    });
    reply = await response.json();
  } catch (cause) {
    throw new BallotError("no-answer", { status: response?.status, cause });
  }
  const { ok, status } = response;
  if (!ok) throw new BallotError(reply?.code ?? "no-answer", { status });
  return reply;
}

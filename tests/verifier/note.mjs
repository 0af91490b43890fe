// Keys, signed notes and checkpoints (FORMAT.md, 5.2 and 5.3; C2SP signed-note, tlog-checkpoint).

import { createPublicKey, verify } from "node:crypto";

import { fromStrictBase64 } from "./base64.mjs";
import { textOf } from "./json.mjs";
import { sha256 } from "./tree.mjs";

export const LOG = 1;
export const WITNESS = 4;

const NOTE_BYTES_MAX = 1_000_000;
const LINES_MAX = 100;
const INTEGER_MAX = 2n ** 63n - 1n;
const KEY_BYTES = 33;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const ROOT_BYTES = 32;
const NO_NAME = /[\p{White_Space}\u0000-\u001f+]/u;
const NO_NOTE = /[\u0000-\u0009\u000b-\u001f]/;
const DASH = "\u2014";
/** What stands before the 32 bytes of an Ed25519 key in the DER that Node reads (RFC 8410). */
const DER_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The key that a verifier key says, or null. */
export function keyOf(text) {
  const [name, id, ...rest] = text.split("+");
  const bytes = fromStrictBase64(rest.join("+"));
  if (!isName(name) || bytes === null || bytes.length !== KEY_BYTES) return null;
  const digest = sha256(name, "\n", bytes).subarray(0, ID_BYTES).toString("hex");
  const type = bytes[0];
  if (id !== digest || (type !== LOG && type !== WITNESS)) return null;
  return { text, name, id, type, bytes: bytes.subarray(1) };
}

/** The text and the signature lines of a note, or null. */
export function noteOf(bytes) {
  const written = plainText(bytes);
  const end = written?.lastIndexOf("\n\n") ?? -1;
  if (end < 0) return null;
  const lines = written.slice(end + 2).split("\n");
  if (lines.pop() !== "" || lines.length < 1 || lines.length > LINES_MAX) return null;
  const signatures = lines.map(signatureOf);
  return signatures.includes(null) ? null : { text: written.slice(0, end + 1), signatures };
}

/** The origin, the size and the root that a text of a checkpoint says, or null. */
export function checkpointOf(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length < 3 || lines.includes("")) return null;
  const root = fromStrictBase64(lines[2]);
  if (!/^(0|[1-9][0-9]{0,18})$/.test(lines[1]) || BigInt(lines[1]) > INTEGER_MAX) return null;
  if (root === null || root.length !== ROOT_BYTES) return null;
  return { origin: lines[0], size: BigInt(lines[1]), root };
}

/** What is given: a note, or a text without signatures, with CR LF read as LF; or null. */
export function givenOf(bytes) {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const unix = bytes
    .subarray(marked ? 3 : 0)
    .toString("latin1")
    .replaceAll("\r\n", "\n");
  const printed = unix.replace(/\n+$/, "");
  if (printed.includes("\n\n")) return noteOf(Buffer.from(unix, "latin1"));
  const text = textOf(Buffer.from(`${printed}\n`, "latin1"));
  return text === null ? null : { text, signatures: null };
}

/** Whether a signature line is of a key: it has its name and its id. */
export function isOf(signature, key) {
  return signature.name === key.name && signature.id === key.id;
}

/** Whether a signature line is the right one of a key that it is of. */
export function isRight(signature, key, text) {
  if (key.type === LOG) {
    return signature.bytes.length === SIGNATURE_BYTES && verifies(key, text, signature.bytes);
  }
  if (signature.bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return false;
  const time = signature.bytes.readBigUInt64BE();
  const signed = `cosignature/v1\ntime ${time}\n${text}`;
  return time <= INTEGER_MAX && verifies(key, signed, signature.bytes.subarray(TIME_BYTES));
}

function verifies(key, text, signature) {
  const der = Buffer.concat([DER_PREFIX, key.bytes]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.from(text, "utf-8"), publicKey, signature);
}

function signatureOf(line) {
  const [dash, name, ...rest] = line.split(" ");
  const bytes = fromStrictBase64(rest.join(" "));
  if (dash !== DASH || !isName(name) || bytes === null || bytes.length <= ID_BYTES) return null;
  const id = bytes.subarray(0, ID_BYTES).toString("hex");
  return { name, id, bytes: bytes.subarray(ID_BYTES) };
}

function isName(name) {
  return name !== undefined && name !== "" && !NO_NAME.test(name);
}

/** A text as notes have it: not too long, and no control character but LF. */
function plainText(bytes) {
  const text = bytes.length > NOTE_BYTES_MAX ? null : textOf(bytes);
  return text === null || NO_NOTE.test(text) ? null : text;
}

// Lets a test in Python call ballot.js, and the library that it is held against: a line of JSON with
// a name and arguments comes in, a line with a value or a code goes out. Bytes are hexadecimal.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [, , ours, theirs] = process.argv;
const ballot = await import(pathToFileURL(ours));

const CALLS = {
  isPossible: ballot.isPossible,
  begin: ballot.begin,
  exchange: ballot.exchange,
  cast: ballot.cast,
  pause: ballot.pause,
  readKey: async (key) => (await ballot.readKey(key)).bits,
  verify: async (key, prepared, signature) =>
    ballot.verify(await ballot.readKey(key), fromHex(prepared), fromHex(signature)),
  blind,
  finalize,
  drawing,
  theirsBlinds,
  theirsFinalizes,
  theirsSigns,
  theirsVerifies,
};

async function blind(key, prepared) {
  return hexed(await ballot.blind(await ballot.readKey(key), fromHex(prepared)));
}

async function finalize(key, prepared, signed, inverse) {
  const read = await ballot.readKey(key);
  return toHex(await ballot.finalize(read, ...[prepared, signed, inverse].map(fromHex)));
}

/** Prepare and blind a message with given bytes in place of those that chance gives. */
async function drawing(drawn, key, message) {
  const rest = drawn.map(fromHex);
  crypto.getRandomValues = (array) => {
    array.set(rest.shift());
    return array;
  };
  try {
    const prepared = ballot.prepare(fromHex(message));
    const blinded = hexed(await ballot.blind(await ballot.readKey(key), prepared));
    return { prepared: toHex(prepared), ...blinded, left: rest.length };
  } finally {
    delete crypto.getRandomValues;
  }
}

// --- The library of others

async function suite() {
  const { RSABSSA } = await import(pathToFileURL(theirs));
  return RSABSSA.SHA384.PSS.Randomized();
}

function imported(kind, key, usage) {
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  return crypto.subtle.importKey(kind, Buffer.from(key, "base64"), algorithm, true, [usage]);
}

async function theirsBlinds(key, message) {
  const their = await suite();
  const prepared = their.prepare(fromHex(message));
  const { blindedMsg, inv } = await their.blind(await imported("spki", key, "verify"), prepared);
  return hexed({ prepared, blinded: blindedMsg, inverse: inv });
}

async function theirsFinalizes(key, prepared, signed, inverse) {
  const read = await imported("spki", key, "verify");
  const given = [prepared, signed, inverse].map(fromHex);
  return toHex(await (await suite()).finalize(read, ...given));
}

async function theirsSigns(key, blinded) {
  const read = await imported("pkcs8", key, "sign");
  return toHex(await (await suite()).blindSign(read, fromHex(blinded)));
}

async function theirsVerifies(key, prepared, signature) {
  const read = await imported("spki", key, "verify");
  return (await suite()).verify(read, fromHex(signature), fromHex(prepared));
}

// --- Lines

function fromHex(text) {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function toHex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

function hexed(named) {
  return Object.fromEntries(Object.entries(named).map(([name, bytes]) => [name, toHex(bytes)]));
}

async function answerTo(line) {
  const { call, given } = JSON.parse(line);
  try {
    return { value: await CALLS[call](...given) };
  } catch (error) {
    if (!(error instanceof ballot.BallotError)) throw error;
    return { code: error.code, status: error.status };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answerTo(line))}\n`);
}

// bundle.json: what a bundle says of itself (FORMAT.md, 3).

import { fromJson, toCanonical } from "./json.mjs";

const SIZE_MAX = 2n ** 53n;
const HEX = /^[0-9a-f]{64}$/;

const isText = (value) => typeof value === "string";
const isSize = (least) => (value) =>
  typeof value === "bigint" && least <= value && value <= SIZE_MAX;
const isListOf = (holds) => (value) => Array.isArray(value) && value.every(holds);
const CHECKS = {
  format: (value) => value === "cchc-bundle.v1",
  cycle: (value) => isText(value) && value !== "",
  origin: isText,
  size: isSize(0n),
  root: (value) => isText(value) && HEX.test(value),
  checkpoints: isListOf(isSize(1n)),
  log_keys: isListOf(isText),
  witness_keys: isListOf(isText),
  evidence_files: (value) => value === "left-out",
};

/** What bundle.json says, or null where it is malformed. */
export function manifestOf(content) {
  const value = fromJson(content);
  if (!(value instanceof Map) || value.size !== Object.keys(CHECKS).length) return null;
  const sound = Object.entries(CHECKS).every(([key, holds]) => holds(value.get(key)));
  if (!sound || !content.equals(Buffer.from(toCanonical(value)))) return null;
  const { log_keys: logKeys, witness_keys: witnessKeys, ...said } = Object.fromEntries(value);
  const [size, checkpoints] = [Number(said.size), said.checkpoints.map(Number)];
  const ascending = checkpoints.slice(1).every((each, place) => checkpoints[place] < each);
  const end = `/${said.cycle}`;
  if (!ascending || !said.origin.endsWith(end) || said.origin === end) return null;
  return { ...said, size, checkpoints, logKeys, witnessKeys };
}

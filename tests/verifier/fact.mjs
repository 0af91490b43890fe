// What an entry says: the place that it names, and whether it is a fact of the catalogue.

import { readFileSync } from "node:fs";

import { JsonObject, charactersOf } from "./json.mjs";
import { compile } from "./schema.mjs";
import { isDateTime } from "./time.mjs";

/** The catalogue of the project. That of a bundle is not covered, so no verdict may rest on it. */
const CATALOGUE = new URL("../golden/asyncapi.json", import.meta.url);

const ID_CHARACTERS_MAX = 256;
const TYPE_CHARACTERS_MAX = 128;
const VERSION = /^[1-9][0-9]{0,14}$/;
const NOT_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const TEXTS = ["specversion", "id", "source", "type", "subject", "datacontenttype"];
const TEXTS_OR_NULL = [
  "actor",
  "correlationid",
  "causationid",
  "idempotencykey",
  "requestdigest",
];

const DATA = dataByType();

/** The place that a JSON value names (FORMAT.md, 4.1), or null. */
export function placeOf(value) {
  if (!(value instanceof JsonObject)) return null;
  if (!["id", "type"].every((name) => isAlways(value, name, isText))) return null;
  const [id, type] = [value.get("id"), value.get("type")];
  if (!isPrintable(type, TYPE_CHARACTERS_MAX) || !isPrintable(id, ID_CHARACTERS_MAX)) return null;
  const split = id.lastIndexOf("@");
  const [stream, version] = [id.slice(0, split), id.slice(split + 1)];
  if (split < 0 || !stream.includes("/") || !VERSION.test(version)) return null;
  return { id, stream, version: Number(version), cycle: stream.split("/")[1] };
}

/** The fact that a JSON value which names a place is, or null. */
export function factOf(value) {
  if (!TEXTS.every((name) => value.has(name) && isAlways(value, name, isText))) return null;
  if (!TEXTS_OR_NULL.every((name) => isAlways(value, name, isTextOrNull))) return null;
  if (!value.has("time") || !isAlways(value, "time", isTime)) return null;
  const [id, type, data] = ["id", "type", "data"].map((name) => value.get(name));
  return DATA.get(type)?.(data) ? { id, type, data } : null;
}

/** Whether every value that a key of an object came with is such. */
function isAlways(value, key, isSuch) {
  return value.everyValue(key).every(isSuch);
}

function isText(value) {
  return typeof value === "string";
}

function isTextOrNull(value) {
  return value === null || isText(value);
}

function isTime(value) {
  return isText(value) && isDateTime(value);
}

function isPrintable(text, charactersMax) {
  if (!isText(text) || NOT_PRINTABLE.test(text)) return false;
  return charactersOf(text) <= charactersMax;
}

/** What tells for each type whether `data` is valid. */
function dataByType() {
  const { messages, schemas } = JSON.parse(readFileSync(CATALOGUE, "utf-8")).components;
  const of = ([type, message]) => {
    const told = message.payload.allOf.find((part) => part.properties !== undefined);
    return [type, compile(told.properties.data, schemas)];
  };
  return new Map(Object.entries(messages).map(of));
}

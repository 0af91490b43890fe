// The entries of a ledger: from the lines of facts.ndjson, and how they follow one another.

import { fromBase64 } from "./base64.mjs";
import { factOf, placeOf } from "./fact.mjs";
import { fromJson, textOf } from "./json.mjs";

const LINE_BYTES_MAX = 4_194_304;
const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const BASE64_BEGIN = Buffer.from('{"base64":"');
const BASE64_END = Buffer.from('"}');

/** The entries that the lines of facts.ndjson say (FORMAT.md, 4), each a run of bytes. */
export function entriesOf(content, faults) {
  const entries = [];
  let endingsChanged = false;
  for (const { line, ended } of linesOf(content)) {
    const number = entries.length + 1;
    if (line.length > LINE_BYTES_MAX) {
      faults.add("line-too-long", { number });
      break;
    }
    const entry = entryOf(line);
    entries.push(entry);
    if (!ended) faults.add("line-unended", { number });
    const marked = number === 1 && beginsWith(line, BYTE_ORDER_MARK);
    if (marked) faults.add("byte-order-mark", { number });
    if (line.at(-1) !== CR) {
      if (!isWrittenAs(entry, line)) faults.add("line-malformed", { number });
    } else if (!endingsChanged) {
      faults.add("line-endings-changed", { number });
      endingsChanged = true;
    }
  }
  return entries;
}

/** Bytes cut at each LF: the lines without it, and whether it was there. */
export function* linesOf(content) {
  for (let place = 0; place < content.length; ) {
    const end = content.indexOf(LF, place);
    const ended = end >= 0;
    yield { line: content.subarray(place, ended ? end : content.length), ended };
    place = ended ? end + 1 : content.length;
  }
}

/** What is known of each entry by itself: `place` and `fact` are null where it has none. */
export function readEntry(bytes, index) {
  const value = fromJson(bytes);
  const place = placeOf(value);
  return { number: index + 1, place, fact: place === null ? null : factOf(value) };
}

/** The cycle that a ledger is of, where bundle.json does not say it. */
export function firstCycleOf(entries) {
  return entries.find((entry) => entry.place !== null)?.place.cycle ?? "";
}

/** The facts that count, in their order, with their numbers; what is wrong is told (4.2). */
export function* factsInTheirPlace(entries, cycle, faults) {
  const versions = new Map();
  for (const { number, place, fact } of entries) {
    const fault = faultOfPlace(place, cycle, versions);
    if (fault !== null) faults.add(fault, { number });
    if (fault !== null && fault !== "version-missing") continue;
    versions.set(place.stream, place.version);
    if (fact === null) faults.add("fact-unreadable", { number });
    else if (fact.data.get("cycle") === cycle) yield { number, fact };
  }
}

function faultOfPlace(place, cycle, versions) {
  if (place === null) return "entry-unreadable";
  if (place.cycle !== cycle) return "fact-of-another-cycle";
  const last = versions.get(place.stream) ?? 0;
  if (place.version <= last) return "version-repeated";
  return place.version > last + 1 ? "version-missing" : null;
}

/** The entry that a line says: itself, unless it is base64. */
function entryOf(line) {
  const long = line.length >= BASE64_BEGIN.length + BASE64_END.length;
  if (!long || !beginsWith(line, BASE64_BEGIN) || !endsWith(line, BASE64_END)) return line;
  const between = line.subarray(BASE64_BEGIN.length, -BASE64_END.length);
  return fromBase64(between.toString("latin1")) ?? line;
}

/** The one way to write an entry, compared with the line that it was read from. */
function isWrittenAs(entry, line) {
  const plain = textOf(entry) !== null && !entry.includes(LF) && !entry.includes(CR);
  if (plain && !beginsWith(entry, BASE64_BEGIN)) return line.equals(entry);
  const base64 = Buffer.from(entry.toString("base64"));
  return line.equals(Buffer.concat([BASE64_BEGIN, base64, BASE64_END]));
}

function beginsWith(bytes, beginning) {
  return bytes.subarray(0, beginning.length).equals(beginning);
}

function endsWith(bytes, end) {
  return bytes.length >= end.length && bytes.subarray(-end.length).equals(end);
}

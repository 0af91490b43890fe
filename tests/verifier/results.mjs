// Results: what the facts of results claim, counted anew (FORMAT.md, 9.7), and the copies (9.8).

import { linesOf } from "./ledger.mjs";
import { hindrancesOf } from "./hindrance.mjs";
import { toCanonical } from "./json.mjs";
import { nameIn } from "./members.mjs";
import { State } from "./state.mjs";
import { schemeOf } from "./scheme.mjs";
import { canonicalTable, tablesOf } from "./table.mjs";
import { sha256 } from "./tree.mjs";

const APPROVED = "ranking.ResultApproved.v1";
const RESULT = "ranking.Result";
const SCHEMES = ["submission.SchemeAdopted.v1", "submission.SchemeAmended.v1"];
const EVIDENCE = "submission.EvidenceAttached.v1";

/** The claims of entries that are facts of results, in order; told elsewhere they claim nothing. */
export function claimsOf(entries, cycle, faults) {
  const told = entries.filter(({ fact }) => fact?.type.startsWith(RESULT));
  const inPlace = ({ place, fact }) =>
    place.stream === `result/${cycle}` && fact.data.get("cycle") === cycle;
  for (const entry of told) {
    if (!inPlace(entry)) faults.add("claim-misplaced", { number: entry.number });
  }
  return told.filter(inPlace).map(({ number, fact }) => ({
    number,
    fact,
    published: fact.type !== APPROVED,
    revision: fact.data.get("revision") ?? null,
    position: fact.data.get("basis").get("position"),
    root: fact.data.get("basis").get("root"),
    digest: fact.data.get("basis").get("digest"),
  }));
}

/** Whether a claim is about entries before it, and at least one. */
export function isPossible({ position, number }) {
  return 0n < position && position < BigInt(number);
}

/**
 * The table and what hinders it after each of some positions, by position.
 *
 * `facts` are those that count, with their numbers, in order; each is folded once.
 */
export function countAt(positions, facts, cycle) {
  const state = new State();
  const counted = new Map();
  let place = 0;
  for (const position of [...new Set(positions)].sort((one, other) => one - other)) {
    for (; place < facts.length && facts[place].number <= position; place += 1) {
      state.fold(facts[place].fact);
    }
    const tables = tablesOf(state);
    const table = Buffer.from(canonicalTable(cycle, tables));
    const hindrances = [...hindrancesOf(state, tables)];
    counted.set(position, { table, digest: sha256(table).toString("hex"), hindrances });
  }
  return counted;
}

/** Compare every claim with what was counted at its position. */
export function judgeClaims(claims, { tree, counted }, faults) {
  let [due, approved] = [1n, null];
  for (const claim of claims) {
    if (isPossible(claim)) judgeClaim(claim, { tree, counted, due, approved }, faults);
    else faults.add("position-impossible", { number: claim.number });
    if (claim.published) due = claim.revision + 1n;
    else approved = claim.digest;
  }
}

function judgeClaim(claim, { tree, counted, due, approved }, faults) {
  const { number, published } = claim;
  const position = Number(claim.position);
  const { digest, hindrances } = counted.get(position);
  if (tree.root(position).toString("hex") !== claim.root) faults.add("root-differs", { number });
  if (digest !== claim.digest) faults.add("digest-differs", { number });
  if (!published) return;
  if (claim.revision !== due) faults.add("revision-out-of-order", { number });
  if (claim.digest !== approved) faults.add("approval-missing", { number });
  for (const hindrance of hindrances) {
    faults.add("hindered", { number, details: hindrance.join(" ") });
  }
}

// --- Copies

/** Compare the tables, the schemes and the list of evidence with what the entries say. */
export function judgeCopies({ members, entries, claims, counted }, faults) {
  const tables = new Map();
  for (const [index, claim] of claims.filter((each) => each.published).entries()) {
    if (isPossible(claim)) tables.set(index + 1, counted.get(Number(claim.position)).table);
  }
  compare(members, { folder: "tables", expected: tables, code: "table-differs" }, faults);
  const schemes = new Map(schemesIn(entries));
  compare(members, { folder: "schemes", expected: schemes, code: "scheme-differs" }, faults);
  const evidence = members.contentOf("evidence.ndjson");
  const line = evidence === null ? null : firstDifference(evidence, evidenceIn(entries));
  if (line !== null) faults.add("evidence-differs", { member: "evidence.ndjson", number: line });
}

function compare(members, { folder, expected, code }, faults) {
  members.expect(folder, [...expected.keys()], faults);
  for (const [number, content] of expected) {
    const member = nameIn(folder, number);
    const found = members.contentOf(member);
    if (found !== null && !found.equals(content)) faults.add(code, { member });
  }
}

function* schemesIn(entries) {
  for (const { number, fact } of entries) {
    if (!SCHEMES.includes(fact?.type)) continue;
    const scheme = fact.data.get("scheme");
    if (schemeOf(scheme) !== null) yield [number, Buffer.from(toCanonical(scheme))];
  }
}

function evidenceIn(entries) {
  const attached = entries.filter(({ fact }) => fact?.type === EVIDENCE);
  const lines = attached.map(({ number, fact: { id, data } }) => {
    const [agency, item, evidence] = ["agency", "item", "evidence"].map((key) => data.get(key));
    const file = Object.fromEntries(data.get("file"));
    const { media_type, sha256: hash, size_bytes } = file;
    const said = { agency, evidence, fact: id, item, media_type, number, sha256: hash, size_bytes };
    return `${toCanonical(said)}\n`;
  });
  return Buffer.from(lines.join(""));
}

/** The number of the first line that differs, or null. */
function firstDifference(one, other) {
  if (one.equals(other)) return null;
  const [lines, others] = [[...linesOf(one)], [...linesOf(other)]];
  const differs = ({ line, ended }, place) =>
    !others[place]?.line.equals(line) || others[place].ended !== ended;
  const found = lines.findIndex(differs);
  return (found < 0 ? lines.length : found) + 1;
}

// The verification of one bundle, from its bytes to the verdict (FORMAT.md, 9).

import { judgeUrns } from "./balance.mjs";
import { anchorsOf, judgeCheckpoints, keyringOf } from "./checkpoints.mjs";
import { EXITS, Faults } from "./fault.mjs";
import { entriesOf, factsInTheirPlace, firstCycleOf, readEntry } from "./ledger.mjs";
import { manifestOf } from "./manifest.mjs";
import { Members } from "./members.mjs";
import { checkpointOf, givenOf, keyOf } from "./note.mjs";
import { claimsOf, countAt, isPossible, judgeClaims, judgeCopies } from "./results.mjs";
import { Tree } from "./tree.mjs";
import { Container, Unusable } from "./zip.mjs";

export const HOLDS = 0;
export const UNUSABLE = 2;
export const UNPUBLISHED = 3;

const FORMAT = "cchc-verdict.v1";
const NOT_COVERED = ["README.md", "catalogue.json"];

/** The report (FORMAT.md, 9.10) on a file, with the checkpoints and keys that were given. */
export function verify(file, given) {
  try {
    return reportOn(new Container(file), readGiven(given));
  } catch (error) {
    if (error instanceof Unusable) return unusable(error.reason);
    throw error;
  }
}

export function unusable(reason) {
  return { format: FORMAT, verdict: "unusable", exit: UNUSABLE, reason };
}

function readGiven({ checkpoints, keys }) {
  const notes = checkpoints.map(givenOf);
  const readKeys = keys.map(keyOf);
  const sound = notes.every((note) => note !== null && checkpointOf(note.text) !== null);
  if (!sound || readKeys.includes(null)) throw new Unusable("argument-malformed");
  return { notes, keys: readKeys };
}

function reportOn(container, given) {
  const faults = new Faults();
  const members = new Members(container, faults);
  const manifest = readManifest(members, faults);
  const ledger = readLedger(members, manifest, faults);
  const { tree, entries, cycle } = ledger;
  const notJudged = judgeUrns(ledger.facts, faults);
  const keyring = keyringOf(manifest, given.keys, faults);
  compareWhole(manifest, tree, faults);
  const checkpoints = judgeCheckpoints(
    { members, given: given.notes, manifest, keyring, tree },
    faults,
  );
  const claims = claimsOf(entries, cycle, faults);
  const positions = claims.filter(isPossible).map(({ position }) => Number(position));
  const counted = countAt([...positions, entries.length], ledger.facts, cycle);
  judgeClaims(claims, { tree, counted }, faults);
  judgeCopies({ members, entries, claims, counted }, faults);
  return {
    ...verdictOf(faults, claims),
    cycle,
    facts: entries.length,
    root: tree.root(entries.length).toString("hex"),
    digest: counted.get(entries.length).digest,
    faults: faults.all().map((fault) => ({ ...fault, fact: idOf(entries, fault) })),
    claims: claims.map((claim) => claimWritten(claim, faults)),
    checkpoints,
    anchored: { ...anchorsOf(checkpoints), facts: entries.length },
    not_covered: NOT_COVERED,
    not_judged: notJudged,
  };
}

function readManifest(members, faults) {
  const content = members.contentOf("bundle.json");
  const manifest = content === null ? null : manifestOf(content);
  const malformed = content !== null && manifest === null;
  if (malformed) faults.add("bundle-malformed", { member: "bundle.json" });
  return manifest;
}

/** The entries, the tree over them, and the facts that count. */
function readLedger(members, manifest, faults) {
  const lines = entriesOf(members.contentOf("facts.ndjson") ?? Buffer.alloc(0), faults);
  const tree = new Tree();
  for (const entry of lines) tree.add(entry);
  const entries = lines.map(readEntry);
  const cycle = manifest?.cycle ?? firstCycleOf(entries);
  return { tree, entries, cycle, facts: [...factsInTheirPlace(entries, cycle, faults)] };
}

function compareWhole(manifest, tree, faults) {
  if (manifest === null) return;
  const member = "bundle.json";
  const root = tree.root(tree.size).toString("hex");
  if (manifest.size !== tree.size) faults.add("size-differs", { member });
  if (manifest.root !== root) faults.add("bundle-root-differs", { member });
}

function verdictOf(faults, claims) {
  const classes = faults.classes();
  const verdict = (name, exit) => ({ format: FORMAT, verdict: name, exit, reason: "", classes });
  if (classes.length > 0) return verdict("faulty", EXITS.get(classes[0]));
  const published = claims.some((claim) => claim.published);
  return published ? verdict("holds", HOLDS) : verdict("unpublished", UNPUBLISHED);
}

function idOf(entries, { class: name, number }) {
  const ofEntry = name === "facts" || name === "result";
  return (ofEntry && entries[number - 1]?.place?.id) || "";
}

function claimWritten({ number, fact, revision, position, root, digest }, faults) {
  const holds = !faults.names({ number, of: ["result"] });
  return { fact: fact.id, type: fact.type, number, revision, position, root, digest, holds };
}

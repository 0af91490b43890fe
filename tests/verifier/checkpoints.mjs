// Signatures and history: what was signed, by whom, and whether it is so (FORMAT.md, 9.5, 9.6).

import { nameIn } from "./members.mjs";
import { LOG, WITNESS, checkpointOf, isOf, isRight, keyOf, noteOf } from "./note.mjs";

const JUDGED = ["signature", "history"];

/** The keys that signatures are judged by: those given, and those in bundle.json. */
export function keyringOf(manifest, given, faults) {
  const usable = (texts, type, name) => {
    const keys = texts.map(keyOf);
    const used = keys.filter((key) => key?.type === type && (name ?? key.name) === key.name);
    if (used.length < texts.length) faults.add("key-malformed", { member: "bundle.json" });
    return used;
  };
  const log = usable(manifest?.logKeys ?? [], LOG, manifest?.origin);
  const witnesses = usable(manifest?.witnessKeys ?? [], WITNESS);
  const givenLog = given.filter((key) => key.type === LOG);
  return {
    log: givenLog.length > 0 ? givenLog : log,
    known: [...given, ...log, ...witnesses],
    given: new Set(given.map((key) => key.text)),
  };
}

/** Judge the checkpoints of a bundle and those given; the reports on them. */
export function judgeCheckpoints({ members, given, manifest, keyring, tree }, faults) {
  const context = { manifest, keyring, tree };
  const listed = manifest?.checkpoints;
  if (listed !== undefined) members.expect("checkpoints", listed, faults);
  const own = members
    .numbersIn("checkpoints")
    .filter((number) => listed === undefined || listed.includes(number))
    .map((number) => ({ number, member: nameIn("checkpoints", number) }))
    .filter(({ member }) => members.contentOf(member) !== null)
    .map(({ number, member }) => ({ number, member, note: noteOf(members.contentOf(member)) }));
  const outside = given.map((note, place) => ({ member: `given:${place + 1}`, note }));
  return [...own, ...outside].flatMap((each) => judge(each, context, faults) ?? []);
}

/** Entries 1 to how many are anchored outside, and to how many signed (FORMAT.md, 9.9). */
export function anchorsOf(reports) {
  const largest = (chosen) =>
    Math.max(0, ...reports.filter((each) => each.holds && chosen(each)).map(({ size }) => size));
  const byGivenWitness = ({ signed_by: keys }) =>
    keys.some((key) => key.given && key.type === WITNESS);
  return {
    outside: largest((each) => isGiven(each) || byGivenWitness(each)),
    signed: largest((each) => !isGiven(each)),
  };
}

function isGiven({ member }) {
  return member.startsWith("given:");
}

/** The report on a checkpoint, or null where it is none. */
function judge({ number, member, note }, { manifest, keyring, tree }, faults) {
  const checkpoint = note === null ? null : checkpointOf(note.text);
  if (checkpoint === null) {
    faults.add("checkpoint-malformed", { member });
    return null;
  }
  if (number !== undefined && checkpoint.size !== BigInt(number)) {
    faults.add("checkpoint-misnamed", { member });
  }
  const signedBy = judgeSignatures({ member, note }, keyring, faults);
  const fault = faultOfHistory(checkpoint, manifest, tree);
  if (fault !== null) faults.add(fault, { member });
  return {
    member,
    size: Number(checkpoint.size),
    root: checkpoint.root.toString("hex"),
    holds: !faults.names({ member, of: JUDGED }),
    signed_by: signedBy.map((key) => ({
      name: key.name,
      id: key.id,
      type: key.type,
      given: keyring.given.has(key.text),
    })),
  };
}

/** The keys with a right line, after what is wrong was told. */
function judgeSignatures({ member, note: { text, signatures } }, keyring, faults) {
  if (signatures === null) return [];
  const signers = new Map();
  for (const signature of signatures) {
    const keys = keyring.known.filter((key) => isOf(signature, key));
    const right = keys.filter((key) => isRight(signature, key, text));
    for (const key of right) signers.set(key.text, key);
    if (keys.length > 0 && right.length === 0) faults.add("signature-wrong", { member });
    if (keys.length === 0 && !isGiven({ member })) faults.add("signature-unknown", { member });
  }
  const byLog = keyring.log.some((key) => signers.has(key.text));
  if (!byLog) faults.add("signature-missing", { member });
  return [...signers.values()];
}

function faultOfHistory({ origin, size, root }, manifest, tree) {
  if (manifest !== null && origin !== manifest.origin) return "checkpoint-of-another-log";
  if (size > BigInt(tree.size)) return "checkpoint-ahead";
  return tree.root(Number(size)).equals(root) ? null : "checkpoint-root-differs";
}

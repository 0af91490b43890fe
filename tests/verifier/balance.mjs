// Whether what left the urns of a survey can have gone in (FORMAT.md, 9.3).

const ISSUED = "survey.InvitationsIssued.v1";
const BATCH = "survey.ResponsesCounted.v2";
const BATCHES = ["survey.ResponsesCounted.v1", BATCH];

/** What is known of a questionnaire; `issued` and `answered` count by agency. */
class Urn {
  batches = new Set();
  receipts = new Set();
  issued = new Map();
  answered = new Map();
}

/** Tell of each batch that counts whether it is in balance; `facts` as they are folded. */
export function judgeBatches(facts, faults) {
  const urns = new Map();
  for (const { number, fact } of facts) {
    const name = fact.data.get("questionnaire");
    if (fact.type !== ISSUED && !BATCHES.includes(fact.type)) continue;
    if (!urns.has(name)) urns.set(name, new Urn());
    const urn = urns.get(name);
    if (fact.type === ISSUED) add(urn.issued, fact.data.get("agency"), fact.data.get("count"));
    else judgeBatch(urn, { number, fact }, faults);
  }
}

function judgeBatch(urn, { number, fact: { type, data } }, faults) {
  const batch = data.get("batch");
  const isFirst = !urn.batches.has(batch);
  urn.batches.add(batch);
  if (!isFirst || type !== BATCH) return;
  if (!isBalanced(urn, data)) faults.add("batch-unbalanced", { number });
  for (const agency of uninvited(urn, data)) {
    faults.add("answers-uninvited", { number, details: agency });
  }
}

/** Whether there are as many receipts as responses, all of them new, and no more are hasty. */
function isBalanced(urn, data) {
  const [receipts, responses] = [data.get("receipts"), data.get("responses")];
  const before = urn.receipts.size;
  for (const receipt of receipts) urn.receipts.add(receipt);
  const areNew = urn.receipts.size - before === responses.length;
  const hasty = data.get("hasty");
  const isSome = 0n <= hasty && hasty <= BigInt(responses.length);
  return receipts.length === responses.length && areNew && isSome;
}

/** The agencies about which more has been answered by invitation than people were invited. */
function uninvited(urn, data) {
  if (data.get("channel") !== "invitation") return [];
  const agencies = data.get("responses").map((response) => response.get("agency"));
  for (const agency of agencies) add(urn.answered, agency, 1n);
  if (urn.issued.size === 0) return [];
  const isAbove = (agency) => urn.answered.get(agency) > (urn.issued.get(agency) ?? 0n);
  return [...new Set(agencies)].filter(isAbove);
}

function add(counts, key, number) {
  counts.set(key, (counts.get(key) ?? 0n) + number);
}

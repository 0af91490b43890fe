// Whether what left the urns of a survey can have gone in (FORMAT.md, 9.3).

import { byCodePoints } from "./json.mjs";

const ADOPTED = /^survey\.QuestionnaireAdopted\.v/;
const ADOPTED_OF_OLD = "survey.QuestionnaireAdopted.v1";
const BATCH_OF_OLD = "survey.ResponsesCounted.v1";
const CHANNELS = ["invitation", "link", "paper"];

/** What is said where more came by a channel than may have. */
const BEYOND = new Map([
  ["invitation", "answers-uninvited"],
  ["link", "answers-beyond-links"],
  ["paper", "answers-beyond-paper"],
  ["mixed", "answers-beyond-rest"],
]);

/** What is known of a questionnaire; `permitted` and `answered` count by channel and agency. */
class Urn {
  adopted = "";
  opened = false;
  closed = 0;
  batches = new Set();
  receipts = new Set();
  permitted = new Table();
  answered = new Table();
}

/** Whole numbers by channel and agency. */
class Table {
  #rows = new Map([...CHANNELS, "mixed"].map((channel) => [channel, new Map()]));

  of(channel, agency) {
    return this.#rows.get(channel).get(agency) ?? 0n;
  }

  add(channel, agency, number) {
    this.#rows.get(channel).set(agency, this.of(channel, agency) + number);
  }

  agencies() {
    return new Set([...this.#rows.values()].flatMap((row) => [...row.keys()]));
  }
}

/**
 * Tell whether the urns of all questionnaires are in balance; `facts` as they are folded.
 *
 * Returns the names of those that have batches and are not judged (FORMAT.md, 9.10).
 */
export function judgeUrns(facts, faults) {
  const urns = new Map();
  for (const { number, fact } of facts) {
    if (!fact.type.startsWith("survey.")) continue;
    const name = fact.data.get("questionnaire");
    if (!urns.has(name)) urns.set(name, new Urn());
    look(urns.get(name), number, fact, faults);
  }
  for (const urn of urns.values()) if (isJudged(urn) && urn.closed > 0) judgeClosed(urn, faults);
  const left = [...urns].filter(([, urn]) => urn.batches.size > 0 && !isJudged(urn));
  return left.map(([name]) => name).sort(byCodePoints);
}

function look(urn, number, fact, faults) {
  const { type, data } = fact;
  if (ADOPTED.test(type)) urn.adopted ||= type;
  else if (type.startsWith("survey.ResponsesCounted.")) judgeBatch(urn, number, fact, faults);
  else if (type === "survey.SurveyOpened.v1") urn.opened = true;
  else if (type === "survey.SurveyClosed.v1") urn.closed ||= number;
  else if (type === "survey.InvitationsIssued.v1") permit(urn, "invitation", data, "count");
  else if (type === "survey.LinkOpened.v1") permit(urn, "link", data, "answers_max");
  else if (type === "survey.PaperEntered.v1") {
    for (const [agency, forms] of data.get("forms")) urn.permitted.add("paper", agency, forms);
  }
}

function permit(urn, channel, data, key) {
  urn.permitted.add(channel, data.get("agency"), data.get(key));
}

/** Whether receipts and permissions are to be expected: not where it was adopted of old. */
function isJudged(urn) {
  return urn.adopted !== ADOPTED_OF_OLD;
}

function judgeBatch(urn, number, { type, data }, faults) {
  if (urn.batches.has(data.get("batch"))) return;
  urn.batches.add(data.get("batch"));
  const isOfOld = type === BATCH_OF_OLD;
  const channel = isOfOld ? "mixed" : data.get("channel");
  const agencies = data.get("responses").map((response) => response.get("agency"));
  for (const agency of agencies) urn.answered.add(channel, agency, 1n);
  if (!isJudged(urn)) return;
  if (!urn.opened) faults.add("batch-before-opening", { number });
  const receipts = isOfOld ? [] : data.get("receipts");
  const hasty = isOfOld ? 0n : data.get("hasty");
  const isFitting = isBalanced(urn, receipts, hasty, agencies.length);
  if (!isFitting) faults.add("batch-unbalanced", { number });
  if (channel !== "invitation" && channel !== "link") return;
  for (const agency of agencies) judgeChannel(urn, channel, agency, number, faults);
}

/** Whether there are as many receipts as responses, all of them new, and no more are hasty. */
function isBalanced(urn, receipts, hasty, responses) {
  const before = urn.receipts.size;
  for (const receipt of receipts) urn.receipts.add(receipt);
  const areNew = urn.receipts.size - before === responses;
  return receipts.length === responses && areNew && 0n <= hasty && hasty <= BigInt(responses);
}

/** What was entered on paper may be told last, so that this waits for the end of all facts. */
function judgeClosed(urn, faults) {
  for (const agency of urn.answered.agencies()) {
    judgeChannel(urn, "paper", agency, urn.closed, faults);
    for (const channel of CHANNELS) {
      const left = urn.permitted.of(channel, agency) - urn.answered.of(channel, agency);
      if (left > 0n) urn.permitted.add("mixed", agency, left);
    }
    judgeChannel(urn, "mixed", agency, urn.closed, faults);
  }
}

function judgeChannel(urn, channel, agency, number, faults) {
  const answers = urn.answered.of(channel, agency);
  const most = urn.permitted.of(channel, agency);
  if (answers <= most) return;
  const details = { agency, answers: String(answers), most: String(most) };
  faults.add(BEYOND.get(channel), { number, details });
}

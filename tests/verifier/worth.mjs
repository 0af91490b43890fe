// What an item of an agency is worth (FORMAT.md, 6.5 and 6.6): a status, a score, what was claimed.

import { claimOf } from "./claim.mjs";
import { HUNDRED, Rational, ZERO, within } from "./rational.mjs";

/** Points out of a maximum. */
export class Score {
  constructor(points, maximum) {
    this.points = points;
    this.maximum = maximum;
  }

  plus(other) {
    return new Score(this.points.plus(other.points), this.maximum.plus(other.maximum));
  }
}

export const NOTHING = new Score(ZERO, ZERO);

/** The worth of an item for an agency of the roster. */
export function worthOf(state, { code, tier }, item) {
  const agency = state.agency(code);
  const of = (status, score, claimed = NOTHING) => ({ item, status, score, claimed });
  if (item.exceptFor.has(code)) return of("not-applicable", NOTHING);
  if (isImported(agency, item)) return importedWorth(agency, item, of);
  if (item.rule.type === "survey") return surveyWorth(state, { code, tier }, item, of);
  return declaredWorth(agency, item, of);
}

function isImported(agency, { code }) {
  const here = !agency.declarations.has(code) && !agency.decisions.has(code);
  return here && agency.imported.has(code);
}

function importedWorth(agency, { code, maximum }, of) {
  const points = agency.imported.get(code);
  if (points === null) return of("not-applicable", NOTHING);
  return of("imported", new Score(within(points, maximum), maximum));
}

function declaredWorth(agency, item, of) {
  const declared = agency.declarations.get(item.code) ?? null;
  const claim = declared === null ? null : claimOf(item, declared.inputs);
  const applies = claim === null || claim.applies;
  const claimed = applies ? new Score(claim?.points ?? ZERO, item.maximum) : NOTHING;
  const decision = agency.decisions.get(item.code) ?? null;
  if (decision === null) return of(declared === null ? "undeclared" : "pending", claimed, claimed);
  const attached = new Set(agency.evidence.get(item.code)?.values());
  if (!stands(decision, { declared, claim, attached, maximum: item.maximum })) {
    return of("pending", claimed, claimed);
  }
  if (!decision.recognised) {
    return of("rejected", new Score(decision.awarded, item.maximum), claimed);
  }
  if (claim === null) return of("undeclared", claimed, claimed);
  return of(applies ? "recognised" : "not-applicable", claimed, claimed);
}

/** Whether a decision was made of what is declared and attached now. */
function stands({ awarded, recognised, declaration, evidence }, now) {
  if (declaration !== (now.declared?.id ?? "")) return false;
  if (!evidence.every((id) => now.attached.has(id))) return false;
  if (!recognised) return awarded.compare(ZERO) >= 0 && awarded.compare(now.maximum) <= 0;
  if (now.claim !== null) return awarded.equals(now.claim.points);
  return declaration === "" && awarded.equals(ZERO);
}

function surveyWorth(state, agency, { code, rule, maximum }, of) {
  let [weights, weighted] = [ZERO, ZERO];
  for (const [group, weight] of rule.groups) {
    const mean = meanOf(state, agency, { item: code, group, scale: rule.scale });
    if (mean === null) continue;
    weights = weights.plus(weight);
    weighted = weighted.plus(weight.times(mean));
  }
  if (weights.equals(ZERO)) {
    const missing = rule.ifUnanswered === "missing";
    return missing
      ? of("unanswered", new Score(ZERO, maximum))
      : of("not-applicable", NOTHING);
  }
  return of("surveyed", new Score(maximum.times(weighted.over(weights)), maximum));
}

/** The mean of what a group answered about an agency, from 0 to 1, or null without answers. */
function meanOf(state, { code, tier }, { item, group, scale }) {
  let [answers, sum] = [0n, ZERO];
  for (const { questionnaire, question } of questionsOn(state, { item, group, tier })) {
    for (const [option, share] of scale) {
      if (share === null) continue;
      const times = questionnaire.timesChosen(code, question.get("code"), option);
      answers += times;
      sum = sum.plus(share.over(HUNDRED).times(new Rational(times)));
    }
  }
  return answers === 0n ? null : sum.over(new Rational(answers));
}

/** The questions on an item, in all questionnaires that a group answers about a tier. */
function* questionsOn(state, { item, group, tier }) {
  for (const questionnaire of state.questionnaires.values()) {
    if (questionnaire.tier !== tier || questionnaire.group !== group) continue;
    for (const question of questionnaire.questions) {
      if (question.get("item") === item) yield { questionnaire, question };
    }
  }
}

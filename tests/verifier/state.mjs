// What the facts of a cycle make of it, one after the other (FORMAT.md, 6.1).

import { fromExact } from "./rational.mjs";
import { schemeOf } from "./scheme.mjs";

const FIRST_QUESTIONNAIRE = "survey.QuestionnaireAdopted.v1";
const SCORED_KINDS = ["single-choice", "scale"];

/** What is known of an agency, whether it is on the roster or not. */
class Agency {
  declarations = new Map();
  evidence = new Map();
  decisions = new Map();
  imported = new Map();
  reopened = false;
  approved = false;
  appraisedIn = "";
}

/** A questionnaire: what it asks, and how often each option was chosen. */
class Questionnaire {
  tier = null;
  group = null;
  questions = [];
  isOpen = false;
  batches = new Map();
  chosen = new Map();
  imported = new Map();

  /** Count an answer to a question about an agency once more, or once less. */
  count(response, change) {
    for (const [question, option] of response.get("answers")) {
      const key = keyOf(response.get("agency"), question, option);
      this.chosen.set(key, (this.chosen.get(key) ?? 0n) + change);
    }
  }

  /** How often an option was chosen, in the answers counted and in the results imported. */
  timesChosen(agency, question, option) {
    let times = this.chosen.get(keyOf(agency, question, option)) ?? 0n;
    for (const { agency: about, counts } of this.imported.values()) {
      if (about === agency) times += counts.get(question)?.get(option) ?? 0n;
    }
    return times;
  }
}

export class State {
  roster = new Map();
  left = new Map();
  schemes = new Map();
  agencies = new Map();
  questionnaires = new Map();
  opened = false;
  withdrawn = false;

  agency(code) {
    return ofOwn(this.agencies, code, () => new Agency());
  }

  questionnaire(name) {
    return ofOwn(this.questionnaires, name, () => new Questionnaire());
  }

  /** Let a fact of this cycle change what it changes. */
  fold(fact) {
    CHANGES[fact.type.replace(/\.v[0-9]+$/, "")]?.(this, asObject(fact.data), fact);
  }
}

const CHANGES = {
  "submission.SchemeAdopted": adoptScheme,
  "submission.SchemeAmended": adoptScheme,
  "submission.CycleOpened": (state, { agencies }) => {
    state.opened = true;
    state.roster = new Map(agencies.map((agency) => [agency.get("code"), rosterEntry(agency)]));
  },
  "submission.CycleWithdrawn": (state) => {
    state.withdrawn = true;
  },
  "submission.AgencyAdded": (state, { agency }) => {
    const [code, added] = [agency.get("code"), rosterEntry(agency)];
    state.roster.set(code, added);
    if (state.left.has(code) && state.left.get(code) !== added.tier) {
      state.agency(code).imported.clear();
    }
    state.left.delete(code);
  },
  "submission.AgencyWithdrawn": (state, { agency }) => {
    state.left.set(agency, state.roster.get(agency)?.tier ?? state.left.get(agency) ?? "");
    state.roster.delete(agency);
  },
  "submission.ItemResultsImported": (state, { scores }) => {
    for (const score of scores) importScore(state, asObject(score));
  },
  "submission.ScoreSubmitted": (state, { agency, item, inputs }, { id }) => {
    state.agency(agency).declarations.set(item, { inputs, id });
  },
  "submission.ScoreWithdrawn": (state, { agency, item }) => {
    state.agency(agency).declarations.delete(item);
  },
  "submission.EvidenceAttached": (state, { agency, item, evidence }, { id }) => {
    ofOwn(state.agency(agency).evidence, item, () => new Map()).set(evidence, id);
  },
  "submission.EvidenceWithdrawn": (state, { agency, item, evidence }) => {
    state.agency(agency).evidence.get(item)?.delete(evidence);
  },
  "submission.SubmissionLocked": (state, { agency }) => {
    state.agency(agency).reopened = false;
  },
  "submission.SubmissionReopened": (state, { agency }) => {
    state.agency(agency).reopened = true;
  },
  "appraisal.AppraisalOpened": (state, { agency, tier }) => {
    state.agency(agency).appraisedIn = tier;
  },
  "appraisal.ScoreRecognised": (state, decision) => decide(state, decision, true),
  "appraisal.ScoreRejected": (state, decision) => decide(state, decision, false),
  "appraisal.ReappraisalDue": (state, { agency, item }) => {
    state.agency(agency).decisions.delete(item.get("item"));
    state.agency(agency).approved = false;
  },
  "appraisal.AppraisalApproved": (state, { agency }) => {
    state.agency(agency).approved = true;
  },
  "survey.QuestionnaireAdopted": (state, { questionnaire, tier, group, questions: all }, fact) => {
    const questions = all.filter((question) => isScored(question, fact.type));
    Object.assign(state.questionnaire(questionnaire), { tier, group, questions });
  },
  "survey.SurveyOpened": (state, { questionnaire }) => {
    state.questionnaire(questionnaire).isOpen = true;
  },
  "survey.SurveyClosed": (state, { questionnaire }) => {
    state.questionnaire(questionnaire).isOpen = false;
  },
  "survey.ResponsesCounted": (state, { questionnaire: name, batch, responses }) => {
    const questionnaire = state.questionnaire(name);
    if (questionnaire.batches.has(batch)) return;
    questionnaire.batches.set(batch, [...responses]);
    for (const response of responses) questionnaire.count(response, 1n);
  },
  "survey.AnswersExcluded": (state, { questionnaire: name, batch, positions }) => {
    const questionnaire = state.questionnaire(name);
    const kept = questionnaire.batches.get(batch) ?? [];
    for (const position of positions) {
      const response = kept[position] ?? null;
      if (response !== null) questionnaire.count(response, -1n);
      if (response !== null) kept[position] = null;
    }
  },
  "survey.ResultImported": (state, { questionnaire, agency, source, counts }) => {
    const { imported } = state.questionnaire(questionnaire);
    imported.set(keyOf(agency, source), { agency, counts });
  },
};

/** Whether a question can give points; all of the first version do, and have no kind. */
function isScored(question, type) {
  return type === FIRST_QUESTIONNAIRE || SCORED_KINDS.includes(question.get("kind"));
}

function adoptScheme(state, { tier, scheme: document }) {
  const scheme = schemeOf(document);
  state.schemes.delete(tier);
  if (scheme?.tier === tier) state.schemes.set(tier, scheme);
}

function rosterEntry(agency) {
  return { code: agency.get("code"), tier: agency.get("tier"), ranked: agency.get("ranked") };
}

function importScore(state, { agency, item, points }) {
  const number = points === null ? null : fromExact(points);
  if (points === null || number !== null) state.agency(agency).imported.set(item, number);
}

function decide(state, { agency: code, item, awarded: text, declaration, evidence }, recognised) {
  const awarded = fromExact(text);
  if (awarded === null) return;
  const agency = state.agency(code);
  agency.decisions.set(item, { awarded, recognised, declaration, evidence });
  agency.approved = false;
}

function asObject(map) {
  return Object.fromEntries(map);
}

function ofOwn(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

function keyOf(...parts) {
  return JSON.stringify(parts);
}

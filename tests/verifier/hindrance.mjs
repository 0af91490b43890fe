// What hinders a publication (FORMAT.md, 6.9): codes with what each concerns.

import { allItems } from "./scheme.mjs";

const HINDERING = { pending: "item-pending", unanswered: "item-unanswered" };

/** Every hindrance in a state and its tables, as `[code, ...what it concerns]`. */
export function* hindrancesOf(state, tables) {
  const roster = [...state.roster.values()];
  if (!state.opened) yield ["cycle-not-open"];
  if (state.withdrawn) yield ["cycle-without-result"];
  for (const tier of new Set(roster.map((agency) => agency.tier))) {
    if (!state.schemes.has(tier)) yield ["scheme-missing", tier];
  }
  for (const [name, questionnaire] of state.questionnaires) {
    if (questionnaire.isOpen) yield ["questionnaire-open", name];
  }
  for (const { code, tier } of roster) {
    const agency = state.agency(code);
    const settled = isApproved(agency, tier) || isImported(agency, code, state.schemes.get(tier));
    if (!settled) yield ["agency-unapproved", code];
    if (agency.reopened) yield ["submission-reopened", code];
  }
  for (const row of tables.flatMap((table) => table.rows)) {
    for (const [item, { status }] of row.worths) {
      if (Object.hasOwn(HINDERING, status)) yield [HINDERING[status], row.agency.code, item];
    }
  }
}

function isApproved(agency, tier) {
  return agency.approved && (agency.appraisedIn === "" || agency.appraisedIn === tier);
}

/** Whether an agency's results were taken from elsewhere, all of them. */
function isImported(agency, code, scheme) {
  if (scheme === undefined || agency.imported.size === 0) return false;
  if (agency.declarations.size > 0 || agency.decisions.size > 0) return false;
  const own = allItems(scheme).filter((item) => item.part === "self" && !item.exceptFor.has(code));
  return own.every((item) => agency.imported.has(item.code));
}

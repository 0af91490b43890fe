// A report for people, in English and Vietnamese.

/** A report on a file as lines of text. */
export function inWords(path, report) {
  return lines(path, report).map(printable).join("\n");
}

function lines(path, report) {
  if (report.reason !== "") return [`${path}: ${report.verdict} (${report.reason})`];
  const { anchored, faults, claims } = report;
  return [
    `${path}: ${report.verdict}`,
    `  cycle ${report.cycle}, ${report.facts} entries, root ${report.root}`,
    ...claims.map(claimInWords),
    ...faults.map(faultInWords),
    `  anchored outside: entries 1 to ${anchored.outside}; signed: 1 to ${anchored.signed}`,
    `  not covered: ${report.not_covered.join(", ")}`,
    ...notJudgedInWords(report.not_judged),
  ];
}

function claimInWords({ type, number, position, holds }) {
  return `  ${holds ? "holds" : "FAILS"}: ${type} (entry ${number}) of entries 1 to ${position}`;
}

function notJudgedInWords(questionnaires) {
  if (questionnaires.length === 0) return [];
  const names = questionnaires.join(", ");
  return [`  answers not judged / không đối chiếu được số phiếu: ${names}`];
}

function faultInWords({ code, member, number, fact, details, en, vi }) {
  const entry = number > 0 ? `${fact === "" ? "" : `${fact} `}#${number}` : "";
  const where = [member, entry, detailsInWords(details)].filter((part) => part !== "").join(", ");
  return `  ${code}${where === "" ? "" : ` (${where})`}: ${en} / ${vi}`;
}

function detailsInWords(details) {
  if (typeof details === "string") return details;
  return Object.entries(details)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

/** A line without the control characters that a stranger's log may bring into a terminal. */
function printable(line) {
  return line.replace(/[\p{C}\p{Z}]/gu, (c) => (/\s/u.test(c) ? " " : "\uFFFD"));
}

// Dates and times as RFC 3339 writes them.

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/;
/** What rounds to the year 10000: "the seventh digit of a fraction rounds" (FORMAT.md, 4.1). */
const BEYOND = /^9999-12-31.23:59:59\.999999[5-9]/;
const DATE_CHARACTERS = "2021-01-31".length;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A full-date that the calendar has. */
export function isDate(text) {
  const found = DATE.exec(text);
  if (found === null) return false;
  const [year, month, day] = found.slice(1).map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= DAYS[month - 1] + Number(month === 2 && isLeap(year));
}

/** A date-time; its zone may be left out, or written without the colon. */
export function isDateTime(text) {
  if (!isDate(text.slice(0, DATE_CHARACTERS)) || BEYOND.test(text)) return false;
  if (!"Tt ".includes(text.charAt(DATE_CHARACTERS) || "-")) return false;
  const found = TIME.exec(text.slice(DATE_CHARACTERS + 1));
  if (found === null) return false;
  return isClock(found[1], found[2]) && Number(found[3]) < 60 && isOffset(found[4] ?? "Z");
}

function isOffset(offset) {
  return offset.length === 1 || isClock(offset.slice(1, 3), offset.slice(-2));
}

function isClock(hours, minutes) {
  return Number(hours) < 24 && Number(minutes) < 60;
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

#!/usr/bin/env node
// A second verifier of published bundles, written from shared/verify/FORMAT.md alone.
//
//     node verify.mjs BUNDLE.zip [--checkpoint FILE]... [--key KEY]... [--json] [BUNDLE.zip ...]
//
// What is given behind a bundle is given for that bundle. With --json there is one line of JSON
// for each. The exit code is that of the gravest verdict.

import { readFileSync } from "node:fs";

import { toCanonical } from "./json.mjs";
import { inWords } from "./words.mjs";
import { HOLDS, UNPUBLISHED, UNUSABLE, unusable, verify } from "./verdict.mjs";

const USAGE = "verify.mjs BUNDLE.zip [--checkpoint FILE]... [--key KEY]... [--json]";

/** The bundles that the command line names, each with what is given for it, or null. */
function casesOf(words) {
  const cases = [];
  for (let place = 0; place < words.length; place += 1) {
    const [option, joined] = optionOf(words[place]);
    if (option === "--json") continue;
    if (option === null) {
      cases.push({ path: words[place], checkpoints: [], keys: [] });
      continue;
    }
    const value = joined ?? words[(place += 1)];
    const list = { "--checkpoint": "checkpoints", "--key": "keys" }[option];
    if (list === undefined || value === undefined || cases.length === 0) return null;
    cases.at(-1)[list].push(value);
  }
  return cases.length > 0 ? cases : null;
}

/** An option and what is joined to it by an equals sign; null for what is no option. */
function optionOf(word) {
  if (!word.startsWith("--")) return [null, null];
  const split = word.indexOf("=");
  return split < 0 ? [word, null] : [word.slice(0, split), word.slice(split + 1)];
}

function reportOn({ path, checkpoints, keys }) {
  const [file, ...kept] = [path, ...checkpoints].map(contentOf);
  if (file === null) return unusable("file-unreadable");
  if (kept.includes(null)) return unusable("argument-malformed");
  return verify(file, { checkpoints: kept, keys });
}

/** The content of a file, or null where it cannot be read (Node reads at most 2 GiB at once). */
function contentOf(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code !== undefined) return null;
    throw error;
  }
}

function gravest(exits) {
  const faulty = exits.filter((exit) => exit !== HOLDS && exit !== UNPUBLISHED);
  return faulty.length > 0 ? Math.min(...faulty) : Math.max(...exits);
}

function main(words) {
  const cases = casesOf(words);
  if (cases === null) {
    console.error(USAGE);
    return UNUSABLE;
  }
  const exits = [];
  for (const each of cases) {
    const report = reportOn(each);
    exits.push(report.exit);
    console.log(words.includes("--json") ? toCanonical(report) : inWords(each.path, report));
  }
  return gravest(exits);
}

process.exitCode = main(process.argv.slice(2));

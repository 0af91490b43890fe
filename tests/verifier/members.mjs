// Which members a bundle has, in which order, and what is read of them (FORMAT.md, 2.1 and 9.2).

import { isUnaltered } from "./zip.mjs";

const NUMBERED = /^(schemes|checkpoints|tables)\/([1-9][0-9]{0,14})\.(json|note)$/;
const ENDINGS = { schemes: "json", checkpoints: "note", tables: "json" };
const KINDS = [
  { name: "README.md" },
  { name: "bundle.json", bytesMax: 1_000_000 },
  { name: "facts.ndjson" },
  { folder: "schemes", bytesMax: 1_000_000 },
  { name: "evidence.ndjson" },
  { folder: "checkpoints", bytesMax: 1_000_000 },
  { folder: "tables", bytesMax: 268_435_456 },
  { name: "catalogue.json" },
];

/** The members of a container by name, each with its content or, where it is not read, null. */
export class Members {
  #contents = new Map();

  constructor(container, faults) {
    const known = [];
    const seen = new Set();
    for (const member of container.members) {
      const place = placeOf(member.name);
      const repeated = seen.has(member.name);
      seen.add(member.name);
      if (place !== null && !repeated) known.push(place);
      const { code, content } = repeated
        ? { code: "member-repeated" }
        : reading(container, member, place);
      if (code !== undefined) faults.add(code, { member: member.name });
      if (place !== null && !repeated) this.#contents.set(member.name, content ?? null);
    }
    for (const { name } of KINDS) {
      if (name !== undefined && !seen.has(name)) faults.add("member-missing", { member: name });
    }
    if (!container.isAsWritten() || !isInOrder(known)) faults.add("zip-altered");
  }

  has(name) {
    return this.#contents.has(name);
  }

  /** The content of a member, or null where it is not there or not read. */
  contentOf(name) {
    return this.#contents.get(name) ?? null;
  }

  /** The numbers of the members of a folder, in ascending order. */
  numbersIn(folder) {
    const places = [...this.#contents.keys()].map(placeOf);
    const there = places.filter((place) => KINDS[place.kind].folder === folder);
    return there.map((place) => place.number).sort((one, other) => one - other);
  }

  /** Report what of a folder is missing, and what is foreign to it. */
  expect(folder, numbers, faults) {
    const expected = new Set(numbers.map((number) => nameIn(folder, number)));
    for (const name of expected) {
      if (!this.has(name)) faults.add("member-missing", { member: name });
    }
    for (const number of this.numbersIn(folder)) {
      const name = nameIn(folder, number);
      if (!expected.has(name)) faults.add("member-foreign", { member: name });
    }
  }
}

export function nameIn(folder, number) {
  return `${folder}/${number}.${ENDINGS[folder]}`;
}

/** Of a name only the first fault applies: foreign, compressed, oversize, altered. */
function reading(container, member, place) {
  if (place === null) return { code: "member-foreign" };
  if (!member.isStored()) return { code: "member-compressed" };
  if (member.size > (KINDS[place.kind].bytesMax ?? Infinity)) return { code: "member-oversize" };
  const content = container.contentOf(member);
  if (content === null) return { code: "member-altered" };
  return isUnaltered(member, content) ? { content } : { code: "member-altered", content };
}

/** Where a name stands in the order of 2.1, or null where 2.1 does not know it. */
function placeOf(name) {
  const named = KINDS.findIndex((kind) => kind.name === name);
  if (named >= 0) return { kind: named, number: 0 };
  const [, folder, number, ending] = NUMBERED.exec(name) ?? [];
  if (folder === undefined || ENDINGS[folder] !== ending) return null;
  const kind = KINDS.findIndex((each) => each.folder === folder);
  return { kind, number: Number(number) };
}

function isInOrder(places) {
  return places.every((place, index) => {
    const before = places[index - 1] ?? { kind: 0, number: -1 };
    return before.kind < place.kind || (before.kind === place.kind && before.number < place.number);
  });
}

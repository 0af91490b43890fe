// The container: its end, its directory, and whether the bytes around the contents are right.

import { crc32 } from "./crc32.mjs";

const SIGNATURES = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const MEMBERS_MAX = 65_534;
const DIRECTORY_BYTES_MAX = 16_777_216;
const VERSION_NEEDED = 10;
const VERSION_MADE_BY = 0x030a;
const DATE = 0x0021;
const EXTERNAL = 0x81a40000;

/** A file that is no bundle that could be judged (FORMAT.md, 9.1). */
export class Unusable extends Error {
  constructor(reason, details = "") {
    super(reason);
    this.reason = reason;
    this.details = details;
  }
}

/** One record of the directory; `name` is as it is shown, with `\xNN` for other bytes. */
export class Member {
  constructor({ rawName, method, crc, packed, size, offset }) {
    Object.assign(this, { rawName, method, crc, packed, size, offset });
    this.name = shown(rawName);
  }

  isStored() {
    return this.method === 0 && this.packed === this.size;
  }
}

/** A ZIP file with the members of its directory, in the order of the directory. */
export class Container {
  constructor(file) {
    this.file = file;
    this.end = endOf(file);
    this.members = [...membersOf(file, this.end)];
    const packed = this.members.reduce((sum, member) => sum + member.packed, 0);
    if (packed > file.length) throw new Unusable("zip-unreadable", "members larger than the file");
  }

  /** The content of a member, or null where it would reach into the directory. */
  contentOf(member) {
    const begin = member.offset + LOCAL_BYTES + member.rawName.length;
    const end = begin + member.size;
    return end > this.end.directoryOffset ? null : this.file.subarray(begin, end);
  }

  /** Whether all bytes but the contents are those of FORMAT.md, 2.2. */
  isAsWritten() {
    let place = 0;
    const matches = (expected) => {
      const found = this.file.subarray(place, place + expected.length);
      place += expected.length;
      return found.equals(expected);
    };
    const offsets = [];
    for (const member of this.members) {
      offsets.push(place);
      if (!matches(localHeader(member))) return false;
      place += member.size;
    }
    const directory = place;
    for (const [index, member] of this.members.entries()) {
      if (!matches(centralRecord(member, offsets[index]))) return false;
    }
    const end = endRecord(this.members.length, place - directory, directory);
    return matches(end) && place === this.file.length;
  }
}

/** Whether the content is the one whose CRC-32 the directory says. */
export function isUnaltered(member, content) {
  return crc32(content) === member.crc;
}

function endOf(file) {
  const place = file.length - END_BYTES;
  if (place < 0 || file.readUInt32LE(place) !== SIGNATURES.end || file.readUInt16LE(place + 20)) {
    throw new Unusable("zip-unreadable", "no end record");
  }
  const count = file.readUInt16LE(place + 10);
  const directoryBytes = file.readUInt32LE(place + 12);
  const directoryOffset = file.readUInt32LE(place + 16);
  if (directoryOffset + directoryBytes !== place) {
    throw new Unusable("zip-unreadable", "the directory does not end where the end record begins");
  }
  if (count > MEMBERS_MAX || directoryBytes > DIRECTORY_BYTES_MAX) {
    throw new Unusable("zip-unreadable", "a directory that no bundle has");
  }
  return { place, count, directoryOffset };
}

function* membersOf(file, { place: end, count, directoryOffset }) {
  let place = directoryOffset;
  for (let index = 0; index < count; index += 1) {
    const length = recordBytes(file, place, end);
    yield memberOf(file.subarray(place, place + length));
    place += length;
  }
  if (place !== end) throw new Unusable("zip-unreadable", "bytes behind the directory");
}

function recordBytes(file, place, end) {
  const there = place + CENTRAL_BYTES <= end && file.readUInt32LE(place) === SIGNATURES.central;
  if (!there) throw new Unusable("zip-unreadable", "a record is missing");
  const variable = [28, 30, 32].map((field) => file.readUInt16LE(place + field));
  const length = variable.reduce((sum, each) => sum + each, CENTRAL_BYTES);
  if (place + length > end) throw new Unusable("zip-unreadable", "a record is too long");
  return length;
}

function memberOf(record) {
  return new Member({
    method: record.readUInt16LE(10),
    crc: record.readUInt32LE(16),
    packed: record.readUInt32LE(20),
    size: record.readUInt32LE(24),
    offset: record.readUInt32LE(42),
    rawName: record.subarray(CENTRAL_BYTES, CENTRAL_BYTES + record.readUInt16LE(28)),
  });
}

function shown(rawName) {
  const bytes = [...rawName].map((byte) =>
    byte >= 0x21 && byte <= 0x7e
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return bytes.join("");
}

// --- The bytes of 2.2

function localHeader({ rawName, crc, size }) {
  const fields = [u32(SIGNATURES.local), u16(VERSION_NEEDED), ...common({ rawName, crc, size })];
  return Buffer.concat([...fields, rawName]);
}

function centralRecord({ rawName, crc, size }, offset) {
  return Buffer.concat([
    u32(SIGNATURES.central),
    u16(VERSION_MADE_BY),
    u16(VERSION_NEEDED),
    ...common({ rawName, crc, size }),
    u16(0), // comment
    u16(0), // disk
    u16(0), // internal
    u32(EXTERNAL),
    u32(offset),
    rawName,
  ]);
}

/** What both headers have in common: from the flags to the length of the extra field. */
function common({ rawName, crc, size }) {
  const [flags, method, time, extra] = [u16(0), u16(0), u16(0), u16(0)];
  const sizes = [u32(size), u32(size)];
  return [flags, method, time, u16(DATE), u32(crc), ...sizes, u16(rawName.length), extra];
}

function endRecord(count, directoryBytes, directoryOffset) {
  return Buffer.concat([
    u32(SIGNATURES.end),
    u16(0), // this disk
    u16(0), // the disk of the directory
    u16(count),
    u16(count),
    u32(directoryBytes),
    u32(directoryOffset),
    u16(0), // comment
  ]);
}

function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** Four bytes; what is too large for them is no size or offset of a bundle, and matches nothing. */
function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value % 2 ** 32);
  return bytes;
}

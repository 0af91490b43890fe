// The Merkle tree over the entries of a ledger (RFC 6962, section 2.1).

import { createHash } from "node:crypto";

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/**
 * The tree over entries, one behind the other, that knows its root at every size.
 *
 * `#levels[h][i]` is the hash of the complete subtree over the 2^h entries from i x 2^h on. The
 * tree of any size consists of such subtrees, one for each bit of the size.
 */
export class Tree {
  #levels = [[]];

  get size() {
    return this.#levels[0].length;
  }

  add(entry) {
    let hash = sha256(LEAF, entry);
    for (let height = 0; ; height += 1) {
      this.#levels[height] ??= [];
      const level = this.#levels[height];
      level.push(hash);
      if (level.length % 2 === 1) return;
      hash = sha256(NODE, level.at(-2), hash);
    }
  }

  /** MTH(D[size]): the largest subtrees stand on the left, so this begins on the right. */
  root(size) {
    let hash = null;
    for (let height = 0, rest = size; rest > 0; height += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      const subtree = this.#levels[height][rest - 1];
      hash = hash === null ? subtree : sha256(NODE, subtree, hash);
    }
    return hash ?? sha256();
  }
}

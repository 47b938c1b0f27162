// An index whose keys come in no order, such that adding to a large one costs little more than adding to a small one.
//
// In one plain table a hundred new keys touch a hundred pages of a large table and fewer of a small one, and what a
// durable transaction costs is its pages. So an index is a stack of levels, each sixteen times as large as the one above.
// New entries go into the first. When a level is full, as many as came in leave for the next, in the order of their keys
// from where the last ones left: they come from neighbouring pages and go to neighbouring pages. An entry thus moves once
// through each level, of which there are as many as log n says, and each addition does its own share of the moving. It is
// a log-structured merge tree (O'Neil et al., 1996) whose merge is a rolling one.
import { concatBytes } from "@fogbow/core-bytes";
import { LedgerError } from "../error.ts";
import type { Entry, Table, TableSnapshot } from "./table.ts";

/** How large levels are. */
export interface LevelSizes {
  /** How many entries the first one holds. */
  readonly first: number;
  /** How many times as many each of the others holds as the one above it. */
  readonly growth: number;
}

/** Levels of 512, 8 192, 131 072, 2 097 152 … entries. */
export const LEVEL_SIZES: LevelSizes = { first: 512, growth: 16 };

/** Bytes of a key, and of a cursor. */
const KEY_BYTES = 32;

/**
 * An index from keys of 32 bytes. In its table an entry has the key level ‖ key, of 33 bytes, so that levels follow each
 * other. Which level an entry is in follows from nothing but its past, so lookups try them all. Beside the table are the
 * cursors: for each level but the last, the key of the entry that left it last. A wrong cursor does no harm, as it only
 * says who leaves next; a missing one would hide a level.
 */
export class KeyIndex {
  readonly #table: Table;
  readonly #cursors: { readonly table: Table; readonly key: Uint8Array };
  readonly #sizes: LevelSizes;

  constructor(
    table: Table,
    cursors: { readonly table: Table; readonly key: Uint8Array },
    sizes: LevelSizes = LEVEL_SIZES,
  ) {
    this.#table = table;
    this.#cursors = cursors;
    this.#sizes = sizes;
  }

  /** A copy of the value of a key, undefined when there is none; keys of other lengths than 32 bytes have none. */
  get(key: Uint8Array): Uint8Array | undefined {
    if (key.length !== KEY_BYTES) {
      return undefined;
    }
    const levels = this.#readCursors().length + 1;
    for (let level = 0; level < levels; level++) {
      const value = this.#table.get(levelKey(level, key));
      if (value !== undefined) {
        return value;
      }
    }
    return undefined;
  }

  /**
   * Adds entries whose keys, of 32 bytes, are new and differ. Only within a transaction of the environment. Throws
   * `corrupt-ledger` as `count` does.
   */
  putAll(entries: readonly Entry[]): void {
    const cursors = this.#readCursors();
    const before = Number(this.count());
    const after = before + entries.length;
    let arriving: readonly Entry[] = entries.toSorted(([a], [b]) => Buffer.compare(a, b));
    let room = 0; // Down to this level.
    for (let level = 0; arriving.length > 0; level++) {
      for (const [key, value] of arriving) {
        this.#table.put(levelKey(level, key), value);
      }
      room += this.#roomOf(level);
      const leaving = Math.max(0, after - room) - Math.max(0, before - room); // No more than arrived.
      if (leaving === 0) {
        break;
      }
      const cursor = cursors[level] ?? new Uint8Array(KEY_BYTES);
      arriving = this.#take(level, cursor, leaving);
      cursors[level] = arriving.at(-1)?.[0] ?? cursor;
    }
    this.#cursors.table.put(this.#cursors.key, concatBytes(...cursors));
  }

  /** The entries as they are now, in no order. */
  snapshot(): TableSnapshot {
    const { pages, close } = this.#table.snapshot();
    return { pages: (limit) => withoutLevels(pages(limit)), close };
  }

  /** How many entries there are. Throws `corrupt-ledger` when a level is hidden: what is there could seem not to be. */
  count(): bigint {
    const count = this.#table.count();
    let full = 0;
    for (let room = this.#roomOf(0); room < count; room += this.#roomOf(full)) {
      full += 1;
    }
    if (this.#readCursors().length !== full) {
      throw new LedgerError("corrupt-ledger", "The ledger: an index has other levels than its entries fill.");
    }
    return count;
  }

  #roomOf(level: number): number {
    return this.#sizes.first * this.#sizes.growth ** level;
  }

  /** Removes so many entries from a level, from a key on and then from the level's beginning, and returns them. */
  #take(level: number, cursor: Uint8Array, limit: number): readonly Entry[] {
    const [start, middle, end] = [Uint8Array.of(level), levelKey(level, cursor), Uint8Array.of(level + 1)];
    const taken = this.#table.range({ start: middle, end, limit });
    if (taken.length < limit) {
      taken.push(...this.#table.range({ start, end: middle, limit: limit - taken.length }));
    }
    return taken.map(([key, value]) => {
      this.#table.remove(key);
      return [key.subarray(1), value];
    });
  }

  /** One of each level that entries have left. */
  #readCursors(): Uint8Array[] {
    const stored = this.#cursors.table.get(this.#cursors.key) ?? new Uint8Array();
    return Array.from({ length: Math.floor(stored.length / KEY_BYTES) }, (_, level) =>
      stored.subarray(level * KEY_BYTES, (level + 1) * KEY_BYTES),
    );
  }
}

function* withoutLevels(pages: Generator<Entry[], void, undefined>): Generator<Entry[], void, undefined> {
  for (const page of pages) yield page.map(([key, value]) => [key.subarray(1), value] as const);
}

function levelKey(level: number, key: Uint8Array): Uint8Array {
  const made = new Uint8Array(1 + KEY_BYTES);
  made[0] = level;
  made.set(key, 1);
  return made;
}

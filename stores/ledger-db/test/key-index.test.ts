// An index in levels answers as a plain map does, whatever is added, undone and opened again, and its additions stay small.
import { be64 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { open } from "lmdb";
import { describe, expect, test } from "vitest";
import { KeyIndex, LEVEL_SIZES, type LevelSizes } from "../src/lmdb/key-index.ts";
import { type Entry, Table } from "../src/lmdb/table.ts";
import { draw } from "./chain.ts";
import { newDirectory } from "./directories.ts";

const BINARY = { encoding: "binary", keyEncoding: "binary" } as const;
const CURSORS_KEY = Uint8Array.of(1);

/** An index in a file of its own. */
class IndexFile {
  readonly #database;
  readonly index: KeyIndex;
  readonly entries: Table;
  readonly cursors: Table;

  constructor(directory: string, sizes?: LevelSizes) {
    this.#database = open<Uint8Array, Uint8Array>({
      path: directory,
      noSubdir: false,
      overlappingSync: false,
      ...BINARY,
    });
    this.entries = new Table(this.#database.openDB({ name: "entries", ...BINARY }));
    this.cursors = new Table(this.#database.openDB({ name: "cursors", ...BINARY }));
    this.index = new KeyIndex(this.entries, { table: this.cursors, key: CURSORS_KEY }, sizes);
  }

  /** Runs something as one transaction. */
  write(run: () => void): void {
    this.#database.transactionSync(run);
    this.#database.resetReadTxn();
  }

  /** How many entries each level has. */
  levels(): number[] {
    const levels: number[] = [];
    while (levels.reduce((sum, each) => sum + each, 0) < this.entries.count()) {
      const level = levels.length;
      const range = { start: Uint8Array.of(level), end: Uint8Array.of(level + 1), limit: Number.MAX_SAFE_INTEGER };
      levels.push(this.entries.range(range).length);
    }
    return levels;
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

const entry = (n: number): Entry => [draw("key", n), be64(BigInt(n))];

/** Keys that differ in their last bytes only, as somebody might choose them. */
const crowded = (n: number): Entry => {
  const key = new Uint8Array(32).fill(7);
  key.set(be64(BigInt(n)), 24);
  return [key, be64(BigInt(n))];
};

/** How full levels are once there are so many entries: each as full as it can be before the next one gets any. */
function fullLevels(count: number, { first, growth }: LevelSizes): number[] {
  const levels: number[] = [];
  for (let rest = count; rest > 0; rest -= levels.at(-1) ?? 0) {
    levels.push(Math.min(rest, first * growth ** levels.length));
  }
  return levels;
}

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 9 }), undone: fc.constant(false) }) },
  { weight: 1, arbitrary: fc.record({ add: fc.integer({ min: 30, max: 200 }), undone: fc.constant(false) }) },
  { weight: 2, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 40 }), undone: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.constant("reopen" as const) },
);

describe("an index in levels", () => {
  test.each([
    ["random keys", entry],
    ["keys that differ in their last bytes only", crowded],
    ["keys in descending order", (n: number) => crowded(2 ** 32 - n)],
  ])("answers as a plain map does, through additions, aborts and reopening, for %s", async (_, made) => {
    let deepest = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60 }),
        fc.record({ first: fc.integer({ min: 1, max: 12 }), growth: fc.integer({ min: 2, max: 5 }) }),
        async (steps, sizes) => {
          const directory = newDirectory();
          const model = new Map<string, Uint8Array>();
          let file = new IndexFile(directory, sizes);
          for (const each of steps) {
            if (each === "reopen") {
              await file.close();
              file = new IndexFile(directory, sizes);
              continue;
            }
            const entries = Array.from({ length: each.add }, (_, i) => made(model.size + i));
            if (each.undone) {
              const abort = (): void => {
                file.index.putAll(entries);
                throw new Error("undone");
              };
              expect(() => file.write(abort)).toThrow("undone");
              expect(entries.map(([key]) => file.index.get(key))).toEqual(entries.map(() => undefined));
            } else {
              file.write(() => file.index.putAll(entries));
              for (const [key, value] of entries) {
                model.set(Buffer.from(key).toString("hex"), value);
              }
            }
            expect(file.levels()).toEqual(fullLevels(model.size, sizes));
          }
          expect(file.index.count()).toBe(BigInt(model.size));
          for (const [key, value] of model) {
            expect(file.index.get(Buffer.from(key, "hex"))).toEqual(value);
          }
          expect(file.index.get(draw("nobody"))).toBeUndefined();
          deepest = Math.max(deepest, file.levels().length);
          await file.close();
        },
      ),
      { numRuns: 25 },
    );
    expect(deepest).toBeGreaterThan(3); // Otherwise the steps would test less than they say.
  });

  test("has three levels from 8 704 entries on, and finds each entry", async () => {
    const count = LEVEL_SIZES.first * (1 + LEVEL_SIZES.growth) + 900;
    const directory = newDirectory();
    const filling = new IndexFile(directory);
    for (let n = 0; n < count; n += 300) {
      const entries = Array.from({ length: Math.min(300, count - n) }, (_, i) => entry(n + i));
      filling.write(() => filling.index.putAll(entries));
    }
    await filling.close();
    const file = new IndexFile(directory);
    expect(file.levels()).toEqual(fullLevels(count, LEVEL_SIZES));
    expect(file.levels().length).toBe(3);
    for (let n = 0; n < count; n++) {
      expect(file.index.get(entry(n)[0])).toEqual(entry(n)[1]);
    }
    expect(file.index.get(new Uint8Array(31))).toBeUndefined();
    await file.close();
  }, 60_000);

  test("moves no more than it is given, once through each level", async () => {
    const file = new IndexFile(newDirectory(), { first: 10, growth: 3 });
    for (let n = 0; n < 500; n += 5) {
      let [puts, removals] = [0, 0];
      const counting = new Proxy(file.entries, {
        get: (table, name) => {
          puts += name === "put" ? 1 : 0;
          removals += name === "remove" ? 1 : 0;
          const value = Reflect.get(table, name);
          return typeof value === "function" ? value.bind(table) : value;
        },
      });
      const index = new KeyIndex(counting, { table: file.cursors, key: CURSORS_KEY }, { first: 10, growth: 3 });
      file.write(() => index.putAll([0, 1, 2, 3, 4].map((i) => entry(n + i))));
      const levels = file.levels().length;
      expect(puts).toBeLessThanOrEqual(5 * levels);
      expect(removals).toBeLessThanOrEqual(5 * (levels - 1));
    }
    await file.close();
  });

  test("loses nothing when its cursors are wrong", async () => {
    const sizes = { first: 4, growth: 2 };
    const file = new IndexFile(newDirectory(), sizes);
    for (let n = 0; n < 400; n += 4) {
      file.write(() => {
        file.cursors.put(CURSORS_KEY, junk(file.cursors.get(CURSORS_KEY)?.length ?? 0, n));
        file.index.putAll([0, 1, 2, 3].map((i) => entry(n + i)));
      });
    }
    expect(file.levels()).toEqual(fullLevels(400, sizes));
    for (let n = 0; n < 400; n++) {
      expect(file.index.get(entry(n)[0])).toEqual(entry(n)[1]);
    }
    await file.close();
  });
});

/** Random bytes. */
function junk(length: number, ...numbers: readonly number[]): Uint8Array {
  const made = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    made.set(draw("junk", at, ...numbers).subarray(0, length - at), at);
  }
  return made;
}

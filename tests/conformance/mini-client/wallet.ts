// A wallet's balance (spec 03 §8.3): what it found, which of it is spent, and up to which block that is all there is to know.
import { randomBytes } from "node:crypto";
import { openBox, searchKey, sequenceSecret } from "./box.ts";
import type { Fog, Range } from "./fog.ts";
import { type AccountKeys, mapToPoint } from "./group.ts";
import { OutputReader, type Owned, recordKey } from "./outputs.ts";
import { read } from "./protobuf.ts";

/** A sequence of search keys that is followed. */
interface Sequence {
  readonly secret: Uint8Array;
  counter: bigint;
}

/** An output, and what is known of its being spent. */
interface Held extends Owned {
  spentAt: bigint | undefined;
  /** It is spent in no block below this one. */
  unspentBelow: bigint;
}

const KEYS_MAX = 500;
const IMAGES_MIN = 16;
const IMAGES_MAX = 64;

/** A wallet of one account. */
export class Wallet {
  readonly #fog: Fog;
  readonly #reader: OutputReader;
  readonly #recordKey: bigint;
  readonly #sequences = new Map<string, Sequence>();
  readonly #held = new Map<bigint, Held>();
  #missed: Range[] = [];
  #cursor = 0n;
  #searched = 0n;
  #polling: Promise<unknown> = Promise.resolve();

  constructor(fog: Fog, keys: AccountKeys) {
    this.#fog = fog;
    this.#reader = new OutputReader(keys);
    this.#recordKey = recordKey(keys);
  }

  /** Asks Fog what is new. Rejects when anything cannot be found out; what was found by then is kept. One after the other. */
  poll(): Promise<{ readonly blockCount: bigint; readonly balance: bigint }> {
    const polled = this.#polling.then(() => this.#poll());
    this.#polling = polled.catch(() => undefined);
    return polled;
  }

  /** For people. */
  describe(): string {
    const held = [...this.#held.values()].map(
      ({ block, value, spentAt, unspentBelow }) =>
        `${value} of block ${block} ${spentAt ?? `unspent below ${unspentBelow}`}`,
    );
    const missed = this.#missed.map(({ start, end }) => `${start}-${end}`);
    return `searched ${this.#searched}, missed ${missed.join(" ")}, ${held.join(", ")}`;
  }

  async #poll() {
    const first = await this.#fog.view(this.#cursor, this.#searched, []);
    for (const key of first.egressKeys) {
      const name = Buffer.from(key).toString("hex");
      if (!this.#sequences.has(name)) {
        this.#sequences.set(name, { secret: sequenceSecret(this.#recordKey, key), counter: 0n });
      }
    }
    this.#missed.push(...first.missed);
    if (first.nextEvent > this.#cursor) this.#cursor = first.nextEvent;
    const searched = await this.#search(first.blockCount);
    if (searched > this.#searched) this.#searched = searched;
    await this.#scanMissed();
    await this.#checkImages();
    return this.#balance();
  }

  /** Rounds in which each sequence is asked for two keys, then four, eight and so on, until each has missed once. */
  async #search(known: bigint): Promise<bigint> {
    const sequences = [...this.#sequences.values()];
    const missed = new Set<Sequence>();
    let complete = known;
    for (let each = 2; missed.size < sequences.length; each *= 2) {
      const share = Math.max(1, Math.min(each, Math.floor(KEYS_MAX / sequences.length)));
      const keys = sequences.flatMap(({ secret, counter }) =>
        Array.from({ length: share }, (_, i) => searchKey(secret, counter + BigInt(i))),
      );
      const { blockCount, records } = await this.#fog.view(undefined, this.#searched, keys);
      if (blockCount < complete) complete = blockCount;
      sequences.forEach((sequence, i) => {
        const own = records.slice(i * share, (i + 1) * share);
        const end = own.indexOf(undefined);
        for (const record of end < 0 ? own : own.slice(0, end)) {
          sequence.counter++;
          if (record !== undefined) this.#takeRecord(record);
        }
        if (end >= 0) missed.add(sequence);
      });
    }
    return complete;
  }

  #takeRecord(record: Uint8Array): void {
    let plaintext: Uint8Array;
    try {
      plaintext = openBox(this.#recordKey, record);
    } catch {
      return; // Damaged, and nobody can open it.
    }
    this.#take(this.#reader.ofRecord(read(plaintext)));
  }

  #take(owned: Owned | undefined): void {
    if (owned === undefined || this.#held.has(owned.globalIndex)) return;
    this.#held.set(owned.globalIndex, { ...owned, spentAt: undefined, unspentBelow: owned.block + 1n });
  }

  /** Blocks that Fog did not scan are downloaded; those that do not exist yet stay on the list. */
  async #scanMissed(): Promise<void> {
    if (this.#missed.length === 0) return;
    for (const { index, first, outputs } of await this.#fog.blocks(this.#missed)) {
      outputs.forEach((output, i) => {
        this.#take(this.#reader.ofOutput(output, { globalIndex: first + BigInt(i), block: index }));
      });
      this.#missed = this.#missed.flatMap((range) => without(range, index));
    }
  }

  /** All that may be unspent, among random ones, so that their number does not show. */
  async #checkImages(): Promise<void> {
    const unspent = [...this.#held.values()].filter(({ spentAt }) => spentAt === undefined);
    let size = IMAGES_MIN;
    while (size < unspent.length) size *= 2;
    const chunk = Math.min(size, IMAGES_MAX);
    for (let at = 0; at < size; at += chunk) {
      const asked = unspent.slice(at, at + chunk);
      const images = Array.from({ length: chunk }, (_, i) => {
        const held = asked[i];
        return held === undefined
          ? mapToPoint(randomBytes(64)).toBytes()
          : Uint8Array.from(Buffer.from(held.keyImage, "hex"));
      });
      const { blockCount, spentAt } = await this.#fog.keyImages(images);
      asked.forEach((held, i) => {
        held.spentAt = spentAt[i];
        if (blockCount > held.unspentBelow) held.unspentBelow = blockCount;
      });
    }
  }

  #balance() {
    const held = [...this.#held.values()];
    const blockCount = [
      this.#searched,
      ...this.#missed.map(({ start }) => start),
      ...held.filter(({ spentAt }) => spentAt === undefined).map(({ unspentBelow }) => unspentBelow),
    ].reduce((a, b) => (a < b ? a : b));
    const balance = held
      .filter(
        ({ tokenId, block, spentAt }) => tokenId === 0n && block < blockCount && (spentAt ?? blockCount) >= blockCount,
      )
      .reduce((sum, { value }) => sum + value, 0n);
    return { blockCount, balance };
  }
}

/** A range without one block, which may be in the middle of it. */
function without(range: Range, block: bigint): Range[] {
  if (block < range.start || block >= range.end) return [range];
  const parts = [
    { start: range.start, end: block },
    { start: block + 1n, end: range.end },
  ];
  return parts.filter(({ start, end }) => start < end);
}

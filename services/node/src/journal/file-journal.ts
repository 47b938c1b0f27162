// The vote journal in a folder (spec 05 §6.3): for each slot two files that are written in turn, so that a crash while one is
// written leaves the other. Which folder, `Files` knows; a simulated disk is one as well. Files of slots to come are made
// ahead, of those that are no longer needed: so a file may hold the vote of a slot before its own, which means nothing.
import { NodeError } from "../error.ts";
import type { Journal, JournalRead, JournalRecord } from "../parts.ts";
import { encodeFrame, type Frame, tryDecodeFrame } from "./frame.ts";

/** A folder of small files. Names have letters, digits, `-` and `.`. */
export interface Files {
  /** Names of all files. */
  list(): Promise<string[]>;
  /** What a file holds; undefined when there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces what a file begins with, which is durable once this resolves, as is that the file exists. What a longer content
   * had behind it may stay. May leave anything when it fails.
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Makes files of these names, where there are none: with that content, or what removed ones hold. Only to save time. */
  prepare?(names: readonly string[], blank: Uint8Array): Promise<void>;
  /** Need not be durable. */
  remove(name: string): Promise<void>;
}

/** Slots that files are made ahead for at a time. */
const SLOTS_AHEAD = 8n;

/** What a file holds that was made for a slot to come: a frame of none that ever was voted in. */
const BLANK: Uint8Array = encodeFrame({ sequence: 0n, slot: 0n, record: new Uint8Array(0) });

const NAME = /^slot-(\d{1,20})\.([ab])$/;

/** A journal in files. */
export class FileJournal implements Journal {
  readonly #files: Files;
  /** The newest frame of each slot, and which file it is in. */
  readonly #newest = new Map<bigint, { sequence: bigint; side: "a" | "b" }>();
  /** Slots that have files. */
  readonly #slots = new Set<bigint>();
  #preparedBelow = 0n;

  constructor(files: Files) {
    this.#files = files;
  }

  async read(): Promise<JournalRead> {
    const frames = new Map<bigint, Frame>();
    const files = new Map<bigint, number>();
    const unused = new Set<bigint>();
    for (const name of (await this.#files.list()).sort()) {
      const match = NAME.exec(name);
      if (match === null) continue;
      const slot = BigInt(match[1] as string); // Both groups are there when it matches.
      this.#slots.add(slot);
      files.set(slot, (files.get(slot) ?? 0) + 1);
      const bytes = await this.#files.read(name);
      const frame = bytes && tryDecodeFrame(bytes);
      // A frame of a later slot was written to the wrong place: as good as none.
      if (frame === undefined || frame.slot > slot) continue;
      if (frame.slot < slot) {
        unused.add(slot);
        continue;
      }
      if ((frames.get(slot)?.sequence ?? -1n) >= frame.sequence) continue;
      frames.set(slot, frame);
      this.#newest.set(slot, { sequence: frame.sequence, side: match[2] === "a" ? "a" : "b" });
    }
    const slots = [...this.#slots].sort((a, b) => (a < b ? -1 : 1));
    const records = slots.flatMap((slot): JournalRecord[] => {
      const frame = frames.get(slot);
      return frame === undefined ? [] : [{ slot, record: frame.record }];
    });
    return {
      records,
      unreadable: slots.filter((slot) => !frames.has(slot) && !unused.has(slot) && files.get(slot) === 2),
    };
  }

  async write(slot: bigint, record: Uint8Array): Promise<void> {
    const newest = this.#newest.get(slot);
    const side = newest?.side === "a" ? "b" : "a";
    const sequence = (newest?.sequence ?? 0n) + 1n;
    this.#slots.add(slot);
    try {
      await this.#files.write(`slot-${slot}.${side}`, encodeFrame({ sequence, slot, record }));
    } catch (cause) {
      throw new NodeError("storage-failure", `The vote of slot ${slot} cannot be written.`, { cause });
    }
    this.#newest.set(slot, { sequence, side });
    if (slot >= this.#preparedBelow) this.#prepareAfter(slot);
  }

  async forget(below: bigint): Promise<void> {
    for (const slot of [...this.#slots].filter((each) => each < below)) {
      for (const side of ["a", "b"]) await this.#files.remove(`slot-${slot}.${side}`);
      this.#slots.delete(slot);
      this.#newest.delete(slot);
    }
  }

  /** Nobody waits for it, and what it does not do, the next writes do. */
  #prepareAfter(slot: bigint): void {
    this.#preparedBelow = slot + SLOTS_AHEAD;
    const slots = Array.from({ length: Number(SLOTS_AHEAD) }, (_, i) => slot + 1n + BigInt(i));
    for (const each of slots) this.#slots.add(each);
    const names = [`slot-${slot}.b`, ...slots.flatMap((each) => [`slot-${each}.a`, `slot-${each}.b`])];
    void this.#files.prepare?.(names, BLANK).catch(() => undefined);
  }
}

// How the ledger commands print: rows for people, one JSON object for programs, progress on standard error.
import { performance } from "node:perf_hooks";
import type { Sink } from "../surroundings.ts";

/** The option that every ledger command has. */
export interface JsonOption {
  readonly json?: boolean;
}

/** What `--json` says in the help. */
export const JSON_HELP = "print one JSON object; indexes and counts are strings, bytes are hex";

/** Labels and values under each other, each row ending with a line break. */
export function rows(values: readonly (readonly [label: string, value: unknown])[]): string {
  const width = Math.max(...values.map(([label]) => label.length)) + 2;
  return values.map(([label, value]) => `${label.padEnd(width)}${printable(String(value))}\n`).join("");
}

/**
 * Text without what a terminal would obey or hide: a block names its node in text that anyone may have written. Such
 * characters become their code points, as in `\\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** One JSON object in one line. Integers of 64 bits become strings: JSON numbers would round them. */
export function jsonLine(facts: object): string {
  return `${JSON.stringify(facts, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value))}\n`;
}

/** "1 block", "2 blocks". */
export function counted(count: bigint, noun: string): string {
  return `${count} ${noun}${count === 1n ? "" : "s"}`;
}

const INTERVAL_MS = 1_000;

/** Tells now and then how far long work is: nothing in the first second, then a line a second. */
export class Progress {
  readonly #sink: Sink;
  readonly #now: () => number;
  #next: number;

  constructor(sink: Sink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
    this.#next = now() + INTERVAL_MS;
  }

  /** Writes the text if it is time to. */
  tell(text: () => string): void {
    const now = this.#now();
    if (now >= this.#next) {
      this.#next = now + INTERVAL_MS;
      this.#sink.write(`${text()}\n`);
    }
  }
}

// Looks for bytes in what a node leaves behind, its memory and its files: hundreds of megabytes for thousands of pieces in one
// go, as they are, as hexadecimal and as base64 text, and each of them backwards.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

/** Bytes to look for, by what they are. */
export interface Traced {
  readonly name: string;
  /** At least 32 bytes. */
  readonly bytes: Uint8Array;
}

/** A place where a piece was found. */
export interface Trace {
  readonly name: string;
  /** Where it was looked: a file, or an area of memory. */
  readonly place: string;
  readonly at: number;
}

/** Something that can be read from beginning to end. */
export interface Searched {
  readonly place: string;
  readonly bytes: Uint8Array;
}

/** Bytes of a piece: half a key. */
const PIECE = 16;
/** So many places of one thing are told. */
const PLACES_MAX = 50;
/** Bytes that decide whether a place is looked at closer. */
const HEAD = 3;

/** Looks for everything in everything. */
export function findTraces(searched: Iterable<Searched>, traced: readonly Traced[]): Trace[] {
  const heads = new Uint8Array(2 ** (8 * HEAD));
  const byHead = new Map<number, { readonly name: string; readonly piece: Uint8Array }[]>();
  for (const { name, bytes } of traced) {
    for (const piece of piecesOf(bytes)) {
      const head = headAt(piece, 0);
      heads[head] = 1;
      byHead.set(head, [...(byHead.get(head) ?? []), { name, piece }]);
    }
  }
  const found: Trace[] = [];
  const counts = new Map<string, number>();
  for (const { place, bytes } of searched) {
    let head = 0;
    for (let i = 0; i < bytes.length; i++) {
      head = ((head << 8) | (bytes[i] as number)) & (heads.length - 1);
      if (heads[head] === 0) continue;
      const at = i - HEAD + 1;
      for (const { name, piece } of byHead.get(head) ?? []) {
        const count = counts.get(name) ?? 0;
        if (count >= PLACES_MAX || !isAt(bytes, at, piece)) continue;
        counts.set(name, count + 1);
        found.push({ name, place, at });
      }
    }
  }
  return found;
}

/** What of a kind is within so many bytes of what of another kind: the names of both. */
export function nearEachOther(a: readonly Trace[], b: readonly Trace[], bytes: number): string[] {
  return a.flatMap((one) =>
    b
      .filter(({ place, at }) => place === one.place && Math.abs(at - one.at) <= bytes)
      .map((other) => `${one.name} and ${other.name} in ${one.place}`),
  );
}

/** Every file below a folder. */
export function* filesBelow(folder: string): Generator<Searched> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield { place: path, bytes: readFileSync(path) };
  }
}

/** Everything that a process has in its memory, and can write to or has mapped from a file of data. Linux alone shows that. */
export function* memoryOf(pid: number): Generator<Searched> {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, "latin1").split("\n")) {
      const [, from, to, rights, path = ""] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
      const isData = rights?.startsWith("rw") === true || path.endsWith(".mdb");
      if (from === undefined || to === undefined || !isData) continue;
      const start = Number.parseInt(from, 16);
      const end = Number.parseInt(to, 16);
      for (let at = start; at < end; at += CHUNK) {
        const bytes = new Uint8Array(Math.min(CHUNK + PIECE * 4, end - at));
        const length = tryRead(memory, bytes, at);
        yield { place: `memory at ${at.toString(16)} ${path}`, bytes: bytes.subarray(0, length) };
      }
    }
  } finally {
    closeSync(memory);
  }
}

const CHUNK = 16 * 1_048_576;

/** Memory may go while it is read; what is gone has nothing. */
function tryRead(file: number, into: Uint8Array, position: number): number {
  try {
    return readSync(file, into, 0, into.length, position);
  } catch {
    return 0;
  }
}

/** Both halves of the beginning of something, in every disguise. */
function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const halves = [bytes.subarray(0, PIECE), bytes.subarray(PIECE, 2 * PIECE)];
  return halves.filter(hasContent).flatMap((half) => {
    const raw = Buffer.from(half);
    const hex = raw.toString("hex");
    const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((skipped) => base64Within(raw, skipped))];
    const forwards = [raw, ...texts.map((text) => Buffer.from(text, "latin1"))];
    return forwards.flatMap((piece) => [piece, Buffer.from(piece).reverse()]);
  });
}

/** Zeros and the like are everywhere. */
const hasContent = (piece: Uint8Array): boolean => new Set(piece).size > PIECE / 2;

/** The characters of base64, either alphabet, that these bytes alone decide when they begin at some place of a group of three. */
function base64Within(bytes: Buffer, skipped: number): string[] {
  const inner = bytes.subarray((3 - skipped) % 3);
  const whole = inner.subarray(0, inner.length - (inner.length % 3));
  return [whole.toString("base64"), whole.toString("base64url")];
}

function headAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

function isAt(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  for (let i = 0; i < piece.length; i++) if (bytes[at + i] !== piece[i]) return false;
  return true;
}

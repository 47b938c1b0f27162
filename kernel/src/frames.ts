// Labelled messages laid out as `strobeAppendAll` reads them: for each one LE32 of the label's length, LE32 of the
// message's, the label and the message.
import { expectBytes } from "./instance.ts";

const HEADER_BYTES = 8;
const FIRST_BYTES = 4096;

/** A copy of labelled messages on their way into a transcript. Wipe it when they were secret. */
export class Frames {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** Bytes that the messages, their labels and the lengths of both take. */
  get length(): number {
    return this.#length;
  }

  /** The layout itself: a view that the next `add` may move away from. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds a message under its label and returns where in `bytes` the message begins. Throws KernelError `invalid-length`. */
  add(label: Uint8Array, message: Uint8Array): number {
    expectBytes(label, "A label");
    expectBytes(message, "A message");
    const at = this.#reserve(HEADER_BYTES + label.length + message.length);
    writeLe32(this.#bytes, at, label.length);
    writeLe32(this.#bytes, at + 4, message.length);
    const messageAt = at + HEADER_BYTES + label.length;
    copy(this.#bytes, at + HEADER_BYTES, label);
    copy(this.#bytes, messageAt, message);
    return messageAt;
  }

  /** Adds whole frames, such as the `bytes` of others, and returns where in `bytes` they begin. */
  addFrames(frames: Uint8Array): number {
    const at = this.#reserve(frames.length);
    this.#bytes.set(frames, at);
    return at;
  }

  /** Overwrites `length` bytes of messages that were added, from `at` on, with those of `source` from `from` on. */
  overwrite(at: number, source: Uint8Array, from: number, length: number): void {
    if (at + length > this.#length) throw new RangeError("There are no such bytes.");
    for (let i = 0; i < length; i++) this.#bytes[at + i] = source[from + i] as number; // The caller's to know.
  }

  /** Forgets everything and is empty. */
  wipe(): void {
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
  }

  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes.fill(0);
      this.#bytes = larger;
    }
    return at;
  }
}

function writeLe32(bytes: Uint8Array, at: number, n: number): void {
  bytes[at] = n;
  bytes[at + 1] = n >>> 8;
  bytes[at + 2] = n >>> 16;
  bytes[at + 3] = n >>> 24;
}

/** `Uint8Array.set`, which costs more than a loop for the few bytes that labels and numbers have. */
function copy(target: Uint8Array, at: number, bytes: Uint8Array): void {
  if (bytes.length > 64) {
    target.set(bytes, at);
    return;
  }
  for (let i = 0; i < bytes.length; i++) target[at + i] = bytes[i] as number; // `i` is below the length.
}

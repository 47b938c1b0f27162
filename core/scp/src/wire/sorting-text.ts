// Text that sorts as what it holds: fields one after another at fixed width, each item of a list behind a 1 and its end a 0,
// so that a list sorts before those that it begins.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { malformed } from "./cbor-input.ts";
import type { Input, Output } from "./format.ts";

/** Collects lower-case hex digits. */
export class TextOutput implements Output {
  readonly #parts: string[] = [];

  /** What was written. */
  finish(): string {
    return this.#parts.join("");
  }

  u32(n: number): void {
    this.#parts.push(n.toString(16).padStart(8, "0"));
  }

  u64(n: bigint): void {
    this.#parts.push(n.toString(16).padStart(16, "0"));
  }

  byteString(bytes: Uint8Array): void {
    this.#parts.push(toHex(bytes));
  }

  byteArray(bytes: Uint8Array): void {
    this.byteString(bytes);
  }

  beginStruct(): void {}

  field(): void {}

  endStruct(): void {}

  beginList(): void {}

  item(): void {
    this.#parts.push("1");
  }

  endList(): void {
    this.#parts.push("0");
  }

  optional(isPresent: boolean): void {
    this.#parts.push(isPresent ? "1" : "0");
  }

  beginVariant(_name: string, index: number): void {
    this.#parts.push(`${index}`);
  }

  endVariant(): void {}
}

const DIGITS = /^[0-9a-f]*$/;

/** Reads what {@link TextOutput} wrote. Methods throw `malformed-encoding`. */
export class TextInput implements Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    if (!DIGITS.test(text)) throw malformed("The text has other characters than lower-case hex digits.");
    this.#text = text;
  }

  /** Asserts that nothing follows. */
  finish(): void {
    if (this.#at !== this.#text.length) throw malformed("Text follows the value.");
  }

  u32(): number {
    return Number.parseInt(this.#take(8), 16);
  }

  u64(): bigint {
    return BigInt(`0x${this.#take(16)}`);
  }

  byteString(length: number): Uint8Array {
    return fromHex(this.#take(2 * length));
  }

  byteArray(length: number): Uint8Array {
    return this.byteString(length);
  }

  beginStruct(): void {}

  field(): void {}

  endStruct(): void {}

  beginList(): void {}

  item(): boolean {
    return this.optional();
  }

  endList(): void {}

  optional(): boolean {
    const digit = this.#take(1);
    if (digit !== "0" && digit !== "1")
      throw malformed("The text says neither that something follows nor that it does not.");
    return digit === "1";
  }

  beginVariant(names: readonly string[]): number {
    const index = Number(this.#take(1));
    if (!(index < names.length)) throw malformed("A variant is unknown.");
    return index;
  }

  endVariant(): void {}

  #take(length: number): string {
    const text = this.#text.slice(this.#at, this.#at + length);
    if (text.length < length) throw malformed("The text ends early.");
    this.#at += length;
    return text;
  }
}

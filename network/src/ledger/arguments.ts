// Arguments of the ledger commands, from text.
import { type Bytes, bytes, fromHex, U64_MAX } from "@fogbow/core-bytes";
import { CommandError } from "../error.ts";

/** An index in decimal, unsigned 64-bit. Throws `invalid-argument`. */
export function parseIndex(text: string, what: string): bigint {
  const index = tryParseIndex(text);
  if (index === undefined) {
    throw new CommandError("invalid-argument", `${what} is a number from 0 to ${U64_MAX}.`);
  }
  return index;
}

/** An index in decimal; undefined for other text. */
export function tryParseIndex(text: string): bigint | undefined {
  const index = /^[0-9]{1,20}$/.test(text) ? BigInt(text) : undefined;
  return index !== undefined && index <= U64_MAX ? index : undefined;
}

/** 32 bytes from 64 hexadecimal digits. Throws `invalid-argument`, without repeating the text. */
export function parseHex32(text: string, what: string): Bytes<32> {
  const value = tryParseHex32(text);
  if (value === undefined) {
    throw new CommandError("invalid-argument", `${what} has 64 hexadecimal digits.`);
  }
  return value;
}

/** 32 bytes from 64 hexadecimal digits; undefined for other text. */
export function tryParseHex32(text: string): Bytes<32> | undefined {
  return /^[0-9a-fA-F]{64}$/.test(text) ? bytes(fromHex(text), 32, "hex") : undefined;
}

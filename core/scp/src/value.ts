// What a network agrees on (spec 05 §1.2). The state machine knows a value as text only: equal text is the same value, and
// text sorts as values do. A list of values is text as well, joined by a character that sorts below all in a value, so
// lists also compare as text.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { ScpError } from "./error.ts";
import { VALUE_LENGTH_MAX } from "./limits.ts";

/** A value: visible ASCII, not empty. The first character is its kind, `0` for the hash of a transaction. */
export type Value = string;

/** Values in an order that matters, as one text. The empty text has no values. */
export type ValueList = string;

const SEPARATOR = " ";
const WELL_FORMED = /^[\x21-\x7e]+$/;

/** Whether text can be a value: 1 to 131 073 visible ASCII characters. */
export function isValue(text: string): boolean {
  return text.length <= VALUE_LENGTH_MAX && WELL_FORMED.test(text);
}

/** The values as a list, in the order given. Throws `invalid-value`. */
export function valueList(values: readonly Value[]): ValueList {
  if (!values.every(isValue)) throw new ScpError("invalid-value", "A value is 1 to 131 073 visible ASCII characters.");
  return values.join(SEPARATOR);
}

/** The values of a list. */
export function valuesOf(list: ValueList): Value[] {
  return list === "" ? [] : list.split(SEPARATOR);
}

/** The hash of a transaction (32 bytes) as a value. Throws `invalid-value`. */
export function txHashValue(hash: Uint8Array): Value {
  if (hash.length !== 32) throw new ScpError("invalid-value", "The hash of a transaction has 32 bytes.");
  return `${TX_HASH}${toHex(hash)}`;
}

/** Whether a value is the hash of a transaction. */
export function isTxHashValue(value: Value): boolean {
  return TX_HASH_VALUE.test(value);
}

/** The hash (32 bytes) that a value stands for, or undefined if it is another kind of value. */
export function tryTxHash(value: Value): Uint8Array | undefined {
  return isTxHashValue(value) ? fromHex(value.slice(1)) : undefined;
}

/** Negative, zero or positive as `a` sorts before, equals or sorts after `b`. For values and for lists. */
export function compareValues(a: Value, b: Value): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

const TX_HASH = "0";
const TX_HASH_VALUE = /^0[0-9a-f]{64}$/;

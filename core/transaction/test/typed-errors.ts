// What tests say about errors: which code, and that nothing but typed errors ever comes out of a decoder.
import { CodedError } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect } from "vitest";
import { bytesOfLength, mutations } from "./arbitraries.ts";

/** Expects a `TransactionError` with this code. */
export function expectCode(run: () => unknown, code: string): void {
  expect(run).toThrow(expect.objectContaining({ name: "TransactionError", code }));
}

/** Expects some typed error with this code. */
export function expectTypedError(run: () => unknown, code: string): void {
  expect(run).toThrow(expect.objectContaining({ code }));
  expect(run).toThrow(CodedError);
}

/**
 * Feeds a decoder random bytes and damaged copies of `valid`: it answers with a value that can be encoded again to
 * bytes that decode, or with a typed error.
 */
export function expectTotal<Value>(
  valid: Uint8Array,
  decode: (bytes: Uint8Array) => Value,
  encode: (value: Value) => Uint8Array,
): void {
  const inputs = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    bytesOfLength(valid.length),
    fc
      .array(mutations, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((bytes, change) => (bytes.length === 0 ? bytes : change(bytes)), valid)),
  );
  fc.assert(
    fc.property(inputs, (bytes) => {
      let value: Value;
      try {
        value = decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CodedError);
        return;
      }
      expect(encode(decode(encode(value)))).toEqual(encode(value));
    }),
    { numRuns: 400 },
  );
  for (let length = 0; length < valid.length; length++) {
    const cut = (): unknown => decode(valid.slice(0, length));
    try {
      cut();
    } catch (error) {
      expect(error).toBeInstanceOf(CodedError);
    }
  }
}

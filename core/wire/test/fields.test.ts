import { describe, expect, test } from "vitest";
import { readBytes, readData, readPresent, WireError } from "../src/index.ts";

const withCode = (code: string): unknown => expect.objectContaining({ name: "WireError", code });

describe("byte fields", () => {
  test("a field of the right length is copied", () => {
    const data = Buffer.from([1, 2, 3]);
    const copy = readData({ data }, 3, "key");
    data.fill(0);
    expect(copy).toEqual(new Uint8Array([1, 2, 3]));
    expect(readBytes(new Uint8Array(2), 2, "key")).toEqual(new Uint8Array(2));
  });

  test("any other length is refused by name", () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => readData({ data: new Uint8Array(length) }, 32, "view_public_key")).toThrow(withCode("wrong-length"));
    }
    expect(() => readBytes(new Uint8Array(31), 32, "view_public_key")).toThrow("view_public_key must be 32 bytes.");
  });

  test("what has the length but is no byte string is refused", () => {
    for (const value of ["ab", [1, 2], new Uint16Array(2), null] as unknown[]) {
      // A caller without types passes it.
      expect(() => readBytes(value as Uint8Array, 2, "key")).toThrow(withCode("wrong-length"));
    }
  });

  test("an absent field is refused by name", () => {
    expect(() => readData(undefined, 32, "target_key")).toThrow(withCode("missing-field"));
    expect(() => readBytes(undefined, 32, "target_key")).toThrow("target_key is missing.");
    expect(() => readPresent(undefined, "tx_out")).toThrow(WireError);
    expect(readPresent(0, "fee")).toBe(0);
  });
});

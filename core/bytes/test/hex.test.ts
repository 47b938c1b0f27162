// Tests of hexadecimal text.
import fc from "fast-check";
import { expect, test } from "vitest";
import { BytesError, fromHex, toHex } from "../src/index.ts";

test("bytes survive hex in either case, and are written in lower case", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toHex(bytes);
      expect(text).toBe(text.toLowerCase());
      expect(fromHex(text)).toEqual(bytes);
      expect(fromHex(text.toUpperCase())).toEqual(bytes);
    }),
  );
});

test("text that is not hex is refused without being repeated", () => {
  for (const text of ["0", "0g", "0x00", " 00", "00 ", "é0"]) {
    const message = "Expected an even number of hexadecimal digits.";
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: "invalid-hex", message }));
    expect(() => fromHex(text)).not.toThrow(expect.objectContaining({ cause: expect.anything() }));
  }
});

test("any text either is hex or is refused with the package's error", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        expect(toHex(fromHex(text))).toBe(text.toLowerCase());
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
    }),
  );
});

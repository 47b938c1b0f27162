// Tests of strict UTF-8.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, fromUtf8, toHex, utf8 } from "../src/index.ts";

test("well-formed text survives", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => fromUtf8(utf8(text)) === text));
});

test("bytes either are UTF-8 and survive, or are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      let text: string;
      try {
        text = fromUtf8(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "BytesError", code: "invalid-utf8" });
        return;
      }
      expect(utf8(text)).toEqual(bytes);
    }),
  );
});

test("a byte order mark is a character like any other", () => {
  expect(fromUtf8(fromHex("efbbbf41"))).toBe("\ufeffA");
  expect(toHex(utf8("\ufeffA"))).toBe("efbbbf41");
});

test("overlong forms, surrogates and cut sequences are refused", () => {
  for (const hex of ["c080", "e08080", "eda080", "f4908080", "e282", "ff"]) {
    expect(() => fromUtf8(fromHex(hex))).toThrow(expect.objectContaining({ code: "invalid-utf8" }));
  }
});

test("half a surrogate pair has no UTF-8 form", () => {
  expect(() => utf8("a\ud800b")).toThrow(expect.objectContaining({ code: "invalid-utf8" }));
});

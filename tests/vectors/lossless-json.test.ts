// Integers in JSON keep every digit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLosslessJson } from "./lossless-json.ts";

describe("parseLosslessJson", () => {
  test("keeps integers beyond 2^53 as their digits, and leaves digits inside strings alone", () => {
    expect(
      parseLosslessJson('{"index": 18446744073709551614, "text": "a\\"18446744073709551614", "small": -7}'),
    ).toEqual({
      index: "18446744073709551614",
      text: 'a"18446744073709551614',
      small: -7,
    });
  });

  test("reads texts without large integers as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseLosslessJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("refuses what JSON refuses, also around large integers", () => {
    for (const text of ["", "{", "0018446744073709551614", "18446744073709551614x", "[18446744073709551614,]"]) {
      expect(() => parseLosslessJson(text)).toThrow(SyntaxError);
    }
  });
});

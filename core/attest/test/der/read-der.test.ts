// DER: one encoding of each value is read, every other is refused, and time and depth are bounded (X.690 §8, §10, §11).
import { concatBytes, fromHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assertDer } from "../../src/der/assert-der.ts";
import { DerReader, readAll, TAG } from "../../src/der/read-der.ts";
import { readTime, showTime } from "../../src/der/time.ts";
import { readObjectIdentifier, readSmallInteger, readUnsigned } from "../../src/der/values.ts";
import { derElement, derInteger, derObjectIdentifier, derSequence, derTime } from "../../src/der/write-der.ts";
import { expectCode } from "../expect-code.ts";

describe("a document is refused", () => {
  test.each([
    ["when it is empty", ""],
    ["when it ends in its tag", "30"],
    ["when it ends in its length", "3081"],
    ["with less than its length", "0402ab"],
    ["with more than its length", "0401abcd"],
    ["with another element after it", "05000500"],
    ["when an element reaches over what holds it", "30030402ab"],
    ["of indefinite length", "30800000"],
    ["with a length in more bytes than needed", "048101ab"],
    ["with a length that begins with zero", "04820001ab"],
    ["with a length of five bytes", "04850000000001ab"],
    ["with a length of all ones", "04ff"],
    ["with a tag of several bytes", "1f8101ab00"],
    ["with an end of contents", "30020000"],
    ["with a truth value of another byte", "010101"],
    ["with a truth value of two bytes", "0102ffff"],
    ["with an integer of no bytes", "0200"],
    ["with a needless zero in an integer", "02020001"],
    ["with a needless minus in an integer", "0202ff80"],
    ["with a bit string of no bytes", "0300"],
    ["with eight unused bits", "03020800"],
    ["with unused bits that are set", "03020701"],
    ["with unused bits of nothing", "030101"],
    ["with a null that holds something", "050100"],
    ["with an object identifier of no bytes", "0600"],
    ["with an object identifier that does not end", "06022a80"],
    ["with an object identifier that begins a part with nothing", "06032a8001"],
    ["with a sequence in one piece", "1000"],
    ["with a set in one piece", "1100"],
    ["with a text in pieces", "3303130161"],
    ["with a time in pieces", "3700"],
    ["with an octet string in pieces", "24030401ab"],
  ])("%s", (_, hex) => {
    expectCode(() => assertDer(fromHex(hex)), "der-malformed");
  });

  test("with more than 16 levels, without a deep stack however many there are", () => {
    const nest = (levels: number): Uint8Array => {
      let inner = derElement(TAG.null);
      for (let i = 0; i < levels; i++) inner = derSequence(inner);
      return inner;
    };
    expect(() => assertDer(nest(16))).not.toThrow();
    expectCode(() => assertDer(nest(17)), "der-malformed");
    expectCode(() => assertDer(nest(20_000)), "der-malformed");
  });
});

test("a document of a million elements is walked", () => {
  assertDer(derSequence(new Uint8Array(2_000_000).map((_, i) => (i % 2 === 0 ? TAG.null : 0))));
});

test("any bytes are one document or refused, and its elements are read to the end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        assertDer(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: "der-malformed" });
        return;
      }
      readAll(bytes, (reader) => reader.element());
    }),
  );
});

test("integers, object identifiers and elements of any size are read as they were written", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 0xffff_ffff }),
      fc.array(fc.nat({ max: 2 ** 40 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 70_000 }),
      (n, parts, length) => {
        const magnitude = fromHex(n.toString(16).padStart(8, "0"));
        expect(readAll(derInteger(magnitude), (reader) => readSmallInteger(reader))).toBe(n);
        const significant = magnitude.findIndex((byte) => byte !== 0);
        const expected = significant < 0 ? new Uint8Array() : magnitude.subarray(significant);
        expect(readAll(derInteger(magnitude), readUnsigned)).toEqual(expected);
        const oid = ["2", "999", ...parts].join(".");
        expect(readAll(derObjectIdentifier(oid), readObjectIdentifier)).toBe(oid);
        const element = derElement(TAG.octetString, new Uint8Array(length));
        assertDer(element);
        expect(readAll(element, (reader) => reader.content(TAG.octetString)).length).toBe(length);
      },
    ),
    { numRuns: 50 },
  );
});

test("a reader refuses another tag, reading past the end and stopping before it", () => {
  const two = concatBytes(derElement(TAG.null), derInteger(Uint8Array.of(1)));
  expectCode(() => new DerReader(two).content(TAG.integer), "der-malformed");
  expectCode(() => readAll(two, (reader) => reader.element()), "der-malformed");
  expectCode(() => new DerReader(fromHex("0402ab")).element(), "der-malformed");
  expectCode(() => readAll(new Uint8Array(), (reader) => reader.element()), "der-malformed");
  expectCode(() => readAll(derInteger(fromHex("0100000000")), (reader) => readSmallInteger(reader)), "der-malformed");
});

test("instants are written and read alike, as the calendar has them, from 1950 to 9999", () => {
  const date = fc.date({ min: new Date("1950-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(date, (each) => {
      const time = Math.floor(each.getTime() / 1000) * 1000;
      expect(showTime(time)).toBe(new Date(time).toISOString().replace(".000", ""));
      expect(readAll(derTime(time), readTime)).toBe(time);
    }),
  );
  expect(showTime(Number.NaN)).toBe("no time");
});

test("years of two digits are of 1950 to 2049", () => {
  const utc = (text: string): number =>
    readAll(derElement(TAG.utcTime, new TextEncoder().encode(text)), (reader) => readTime(reader));
  expect(utc("491231235959Z")).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
  expect(utc("500101000000Z")).toBe(Date.UTC(1950, 0, 1));
  expect(utc("000229000000Z")).toBe(Date.UTC(2000, 1, 29));
  expectCode(() => utc("010229000000Z"), "der-malformed");
  expectCode(() => utc("5001010000Z"), "der-malformed");
  expectCode(() => utc(`500101000000Z${"0".repeat(100)}`), "der-malformed");
});

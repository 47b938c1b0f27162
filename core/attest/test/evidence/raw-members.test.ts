// JSON members as they were written: what is sliced out parses to what JSON.parse gives, and nothing ambiguous is read.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tryParseInstant } from "../../src/evidence/instant.ts";
import { tryRawMembers } from "../../src/evidence/raw-members.ts";

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

test("each member is the exact text between its colon and the comma or brace", () => {
  const text = '{ "a" : {"b": [1, 2.50 ,"}"]} ,"signature":"\\u0041", "n": -0.0e+5 }';
  expect(Object.fromEntries(tryRawMembers(text) ?? [])).toEqual({
    a: '{"b": [1, 2.50 ,"}"]}',
    signature: '"\\u0041"',
    n: "-0.0e+5",
  });
  expect(tryRawMembers("{}")?.size).toBe(0);
});

test("any object is read to members that parse to its values, however it is spaced", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), space, (object, blank) => {
      const entries = Object.entries(object).map(
        ([key, value]) => `${JSON.stringify(key)}${blank}:${blank}${JSON.stringify(value)}`,
      );
      const members = tryRawMembers(`${blank}{${blank}${entries.join(`${blank},${blank}`)}${blank}}${blank}`);
      expect(members).toBeDefined();
      for (const [key, value] of Object.entries(object)) {
        expect(members?.get(key)).toBe(JSON.stringify(value));
      }
    }),
  );
});

test("any text is read as JSON.parse reads it, or not at all", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\{[{}[\]",:a1 \\]{0,12}\}$/)), (text) => {
      const members = tryRawMembers(text);
      if (members !== undefined) {
        expect(Object.keys(JSON.parse(text)).length).toBe(members.size);
      }
    }),
    { numRuns: 500 },
  );
});

describe("what is not read", () => {
  test.each([
    ["a member that stands twice", '{"a":1,"a":2}'],
    ["a member that stands twice, written differently", '{"a":1,"\\u0061":2}'],
    ["a member that stands twice further inside", '{"a":{"b":1,"b":2}}'],
    ["text after the object", '{"a":1} x'],
    ["a second object", '{"a":1}{"b":2}'],
    ["a comma too many", '{"a":1,}'],
    ["a list", "[1]"],
    ["a text", '"a"'],
    ["nothing", ""],
    ["a number that JSON does not have", '{"a":01}'],
    ["a word that JSON does not have", '{"a":undefined}'],
    ["a line end inside a text", '{"a":"\n"}'],
    ["nesting without end", `{"a":${"[".repeat(20)}${"]".repeat(20)}}`],
    ["nesting that would exhaust the stack", `{"a":${"[".repeat(100_000)}`],
  ])("%s", (_what, text) => {
    expect(tryRawMembers(text)).toBeUndefined();
  });
});

describe("instants", () => {
  test.each(["2025-06-19T10:56:11Z", "2000-02-29T23:59:59Z", "1970-01-01T00:00:00Z"])("%s is read", (text) => {
    expect(tryParseInstant(text)).toBe(Date.parse(text));
  });

  test.each([
    "2025-02-29T00:00:00Z",
    "2025-06-19T24:00:00Z",
    "2025-06-19",
    "2025-06-19T10:56:11+00:00",
    "2025-06-19T10:56:11.5Z",
  ])("%s is not", (text) => {
    expect(tryParseInstant(text)).toBeUndefined();
  });
});

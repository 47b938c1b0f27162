import { type DescMessage, equals } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as wire from "../src/index.ts";
import { decodeMessage, encodeMessage, WireError } from "../src/index.ts";
import { arbitraryMessage } from "./arbitrary-message.ts";

const exported: readonly unknown[] = Object.values(wire);
const schemas = exported.filter(
  (value): value is DescMessage =>
    typeof value === "object" && value !== null && "kind" in value && value.kind === "message",
);
const limits = { bytesMax: 100_000 };

/** Decodes, or answers undefined for a WireError; anything else is a failure of the test. */
function tryDecode(schema: DescMessage, bytes: Uint8Array): unknown {
  try {
    return decodeMessage(schema, bytes, limits);
  } catch (error) {
    if (error instanceof WireError && error.code === "malformed-message") {
      return undefined;
    }
    throw error;
  }
}

test("every message of the contracts is found", () => {
  expect(schemas.length).toBeGreaterThanOrEqual(96);
});

describe.each(schemas.map((schema) => [schema.typeName, schema] as const))("%s", (_, schema) => {
  test("what is encoded decodes to the same message", () => {
    fc.assert(
      fc.property(arbitraryMessage(schema), (message) => {
        const decoded = decodeMessage(schema, encodeMessage(schema, message), limits);
        expect(equals(schema, decoded, message)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("random bytes give a message or a WireError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void tryDecode(schema, bytes)),
      { numRuns: 100 },
    );
  });

  test("changed bytes give a message or a WireError, and a message survives being encoded again", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(arbitraryMessage(schema), changes, fc.nat(), (message, edits, cut) => {
        const bytes = encodeMessage(schema, message);
        for (const [index, value] of edits) {
          bytes[index % Math.max(bytes.length, 1)] = value;
        }
        const decoded = tryDecode(schema, bytes.subarray(0, bytes.length - (cut % 3)));
        if (decoded !== undefined) {
          const again = encodeMessage(schema, decoded as never);
          expect(encodeMessage(schema, decodeMessage(schema, again, limits) as never)).toEqual(again);
        }
      }),
      { numRuns: 100 },
    );
  });
});

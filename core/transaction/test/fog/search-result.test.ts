// Tests of the padding of search results.
import { subaddress } from "@fogbow/core-account";
import { fromHex } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, FixedTxOutSearchResultSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openTxOutRecord, padPayload, SEARCH_RESULT_BYTES, trimPayload } from "../../src/index.ts";
import { root0 } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { COMPUTED_RECORD } from "./known-records.ts";
import { recordAt } from "./records.ts";

test("every payload that fits is padded with zeros to 255 bytes and comes back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: SEARCH_RESULT_BYTES }), (payload) => {
      const padded = padPayload(payload);
      expect(padded.ciphertext).toHaveLength(255);
      expect(padded.ciphertext.subarray(payload.length).every((byte) => byte === 0)).toBe(true);
      expect(trimPayload(padded)).toEqual(payload);
    }),
  );
});

test("a payload of 256 bytes is refused", () => {
  padPayload(new Uint8Array(255));
  expectCode(() => padPayload(new Uint8Array(256)), "payload-too-long");
});

test("a stated length beyond the bytes there are is refused", () => {
  const ciphertext = new Uint8Array(255);
  expect(trimPayload({ ciphertext, payloadLength: 0 })).toHaveLength(0);
  expect(trimPayload({ ciphertext, payloadLength: 255 })).toHaveLength(255);
  for (const payloadLength of [256, 0xffff_ffff, -1, 0.5, Number.NaN]) {
    expectCode(() => trimPayload({ ciphertext, payloadLength }), "invalid-search-result");
  }
});

test("a payload does not share memory with the result it came from, Node's Buffer included", () => {
  const ciphertext = Buffer.alloc(255, 7);
  const payload = trimPayload({ ciphertext, payloadLength: 3 });
  ciphertext.fill(0);
  expect(payload).toEqual(Uint8Array.of(7, 7, 7));
});

test("a record sent as a search result opens after trimming", () => {
  const encoded = encodeMessage(FixedTxOutSearchResultSchema, {
    searchKey: new Uint8Array(16),
    resultCode: 1,
    ...padPayload(fromHex(COMPUTED_RECORD.payload)),
  });
  const result = decodeMessage(FixedTxOutSearchResultSchema, encoded, { bytesMax: 1024 });
  expect(openTxOutRecord(trimPayload(result), subaddress(root0(), 0n).viewPrivateKey)).toEqual(recordAt(3));
  expect(() => openTxOutRecord(result.ciphertext, subaddress(root0(), 0n).viewPrivateKey)).toThrow();
});

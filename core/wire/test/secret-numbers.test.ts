import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { encodeMessage, GetOutputsRequestSchema, readSecretFixed64s, WireError } from "../src/index.ts";

const LIMITS = { bytesMax: 1_000 };
const read = (bytes: Uint8Array): bigint[] => {
  const values = readSecretFixed64s(GetOutputsRequestSchema, bytes, 1, LIMITS);
  const view = new DataView(values.buffer);
  return Array.from({ length: values.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
};

test("packed numbers are read in their order, and none of an empty message", () => {
  const indices = [7n, 0n, 2n ** 64n - 1n, 7n];
  expect(read(encodeMessage(GetOutputsRequestSchema, { indices }))).toEqual(indices);
  expect(read(new Uint8Array())).toEqual([]);
});

test("numbers one by one, between packed ones and other fields, are read too", () => {
  const message = new BinaryWriter()
    .tag(1, WireType.Bit64)
    .fixed64(5n)
    .tag(9, WireType.LengthDelimited)
    .string("unknown")
    .tag(1, WireType.LengthDelimited)
    .fork()
    .fixed64(6n)
    .fixed64(2n ** 63n)
    .join()
    .tag(1, WireType.Bit64)
    .fixed64(8n)
    .finish();
  expect(read(message)).toEqual([5n, 6n, 2n ** 63n, 8n]);
});

test.each([
  ["cut in a number", Uint8Array.of(0x09, 1, 2, 3)],
  ["packed to no whole number", Uint8Array.of(0x0a, 3, 1, 2, 3)],
  ["a number as a varint", Uint8Array.of(0x08, 1)],
  ["of a length beyond the message", Uint8Array.of(0x0a, 16, 1, 2, 3, 4, 5, 6, 7, 8)],
  ["too large", new Uint8Array(1_001)],
])("a message that is %s is refused", (_, bytes) => {
  expect(() => read(bytes)).toThrow(WireError);
});

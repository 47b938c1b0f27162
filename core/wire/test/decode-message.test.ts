import { StructSchema } from "@bufbuild/protobuf/wkt";
import { fromHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  BlockRangeSchema,
  CompressedRistrettoSchema,
  decodeMessage,
  encodeMessage,
  KexRngPubkeySchema,
  PaymentRequestSchema,
  PublicAddressSchema,
  QueryRequestSchema,
  TxOutSchema,
  VerificationReportSchema,
  WireError,
  type WireErrorCode,
} from "../src/index.ts";

const limits = { bytesMax: 10_000 };

function codeOf(action: () => unknown): WireErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof WireError) {
      return error.code;
    }
    throw error;
  }
  return undefined;
}

const refused = (schema: Parameters<typeof decodeMessage>[0], hex: string): boolean =>
  codeOf(() => decodeMessage(schema, fromHex(hex), limits)) === "malformed-message";

describe("decodeMessage", () => {
  test("refuses a message above the limit, and accepts one at the limit", () => {
    const bytes = encodeMessage(CompressedRistrettoSchema, { data: new Uint8Array(32) });
    expect(bytes.length).toBe(34);
    expect(codeOf(() => decodeMessage(CompressedRistrettoSchema, bytes, { bytesMax: 33 }))).toBe("message-too-large");
    expect(decodeMessage(CompressedRistrettoSchema, bytes, { bytesMax: 34 }).data).toEqual(new Uint8Array(32));
  });

  test("an empty message has its defaults", () => {
    expect(decodeMessage(BlockRangeSchema, new Uint8Array(), limits)).toMatchObject({ startBlock: 0n, endBlock: 0n });
    expect(decodeMessage(PublicAddressSchema, new Uint8Array(), limits).viewPublicKey).toBeUndefined();
  });

  test("refuses a message cut at any byte inside a field", () => {
    const bytes = encodeMessage(PublicAddressSchema, {
      viewPublicKey: { data: new Uint8Array(32).fill(1) },
      spendPublicKey: { data: new Uint8Array(32).fill(2) },
      fogReportUrl: "fog://example.com",
    });
    const ends = new Set([0, 36, 72, bytes.length]);
    for (let length = 0; length <= bytes.length; length++) {
      const code = codeOf(() => decodeMessage(PublicAddressSchema, bytes.subarray(0, length), limits));
      expect(code, `${length} bytes`).toBe(ends.has(length) ? undefined : "malformed-message");
    }
  });

  test("refuses a nested message that runs over its own end", () => {
    // Field 1 claims 3 bytes, its inner field claims 2 bytes beyond them.
    expect(refused(PublicAddressSchema, "0a030a03010203")).toBe(true);
    expect(refused(PublicAddressSchema, "0a040a020102")).toBe(false);
    // The amount claims 4 bytes, its fixed64 takes 4 more from the output.
    expect(refused(TxOutSchema, "0a041100000000000000001200")).toBe(true);
    expect(refused(TxOutSchema, "0a091100000000000000001200")).toBe(false);
  });

  test("refuses known fields with a foreign wire type", () => {
    expect(refused(BlockRangeSchema, "0a0101")).toBe(true); // A varint field as bytes.
    expect(refused(BlockRangeSchema, "090000000000000000")).toBe(true); // A varint field as fixed64.
    expect(refused(CompressedRistrettoSchema, "0801")).toBe(true); // A byte field as a varint.
    expect(refused(QueryRequestSchema, "0801")).toBe(true);
  });

  test("refuses integers that are too long, and field numbers out of range", () => {
    expect(refused(BlockRangeSchema, "08ffffffffffffffffff01")).toBe(false); // 2⁶⁴ − 1.
    expect(refused(BlockRangeSchema, "08ffffffffffffffffff02")).toBe(true);
    expect(refused(BlockRangeSchema, "08ffffffffffffffffffff01")).toBe(true);
    expect(refused(BlockRangeSchema, "0001")).toBe(true); // Field number 0.
    expect(refused(BlockRangeSchema, "808080801001")).toBe(true); // A tag of 33 bits.
    expect(refused(KexRngPubkeySchema, "10ffffffff0f")).toBe(false); // 2³² − 1.
    expect(refused(KexRngPubkeySchema, "108080808010")).toBe(true); // 2³² in a uint32.
  });

  test("refuses groups and wire types that do not exist", () => {
    for (const hex of ["0b0c", "1b1c", "1c", "1e", "1f"]) {
      expect(refused(BlockRangeSchema, hex), hex).toBe(true);
    }
  });

  test("reads a million parts and refuses one more, whatever they are", () => {
    // Two bytes each, in which a list's element or a message is empty.
    const parts = (fieldNumber: number, count: number): Uint8Array => {
      const bytes = new Uint8Array(2 * count);
      for (let i = 0; i < count; i++) {
        bytes[2 * i] = 8 * fieldNumber + 2;
      }
      return bytes;
    };
    const many = { bytesMax: 3_000_000 };
    const decode = (fieldNumber: number, count: number): unknown =>
      decodeMessage(VerificationReportSchema, parts(fieldNumber, count), many);
    expect(decode(2, 1_000_000)).toHaveProperty("chain.length", 1_000_000);
    expect(codeOf(() => decode(2, 1_000_001))).toBe("malformed-message");
    expect(codeOf(() => decode(1, 1_000_001))).toBe("malformed-message");
    expect(decode(3, 1_000_001)).toMatchObject({ httpBody: "" });
  });

  test("drops unknown fields of every wire type, up to 64 of them", () => {
    const known = "0807";
    const unknown = "f80101" + "f9010000000000000000" + "fa01020102" + "fd0100000000";
    const decoded = decodeMessage(BlockRangeSchema, fromHex(unknown + known), limits);
    expect(decoded).toMatchObject({ startBlock: 7n, endBlock: 0n });
    expect(decoded.$unknown).toBeUndefined();
    expect(refused(BlockRangeSchema, "f80101".repeat(64))).toBe(false);
    expect(refused(BlockRangeSchema, "f80101".repeat(65))).toBe(true);
  });

  test("reads messages nested 16 deep, and refuses deeper ones before recursing into them", () => {
    // google.protobuf.Struct { fields: { "a": Value { list_value { values: [ … ] } } } }: 2 levels, and 2 for each list.
    const nested = (lists: number): string => {
      let value = "2000";
      for (let depth = 0; depth < lists; depth++) {
        value = nest("32", nest("0a", value));
      }
      return nest("0a", `0a0161${nest("12", value)}`);
    };
    const decode = (lists: number) => decodeMessage(StructSchema, fromHex(nested(lists)), { bytesMax: 100_000 });
    expect(decode(7).fields.a?.kind.case).toBe("listValue");
    for (const lists of [8, 100, 2_000]) {
      expect(() => decode(lists)).toThrow("nested more than 16 deep");
    }
  });

  test("reads maps and refuses foreign fields in their entries", () => {
    const entry = "0a0161" + "12022001"; // "a" → bool true, given as Value.bool_value.
    expect(refused(StructSchema, nest("0a", entry))).toBe(false);
    expect(refused(StructSchema, nest("0a", `${entry}1801`))).toBe(true);
    expect(refused(StructSchema, nest("0a", `${entry}1a00`))).toBe(true); // A third field that looks like a value.
    expect(refused(StructSchema, nest("0a", "0801"))).toBe(true);
  });

  test("refuses text that is not UTF-8 and keeps a byte order mark", () => {
    expect(refused(PaymentRequestSchema, "1a02c328")).toBe(true);
    expect(refused(PaymentRequestSchema, "1a03eda080")).toBe(true); // Half a surrogate pair.
    const marked = decodeMessage(PaymentRequestSchema, fromHex("1a04efbbbf61"), limits);
    expect(marked.memo).toBe("\ufeffa");
  });

  test("takes the last of repeated fields, as protobuf says", () => {
    expect(decodeMessage(BlockRangeSchema, fromHex("08010802"), limits).startBlock).toBe(2n);
    const txOut = decodeMessage(TxOutSchema, fromHex("0a00" + "3200"), limits);
    expect(txOut.maskedAmount.case).toBe("maskedAmountV2");
  });

  test("accepts any order of fields", () => {
    const txOut = decodeMessage(TxOutSchema, fromHex("3209110700000000000000" + "12020a00"), limits);
    expect(txOut.maskedAmount.value?.maskedValue).toBe(7n);
    expect(txOut.targetKey?.data.length).toBe(0);
  });

  test("refuses what is no byte string, which would otherwise decode as an empty message", () => {
    const values: unknown[] = [undefined, null, 5, "0a00", {}, [10, 0], new Uint16Array(2), new ArrayBuffer(2)];
    for (const value of values) {
      // A caller without types passes it.
      expect(codeOf(() => decodeMessage(BlockRangeSchema, value as Uint8Array, limits))).toBe("malformed-message");
    }
  });

  test("gives plain views of the input, also for a Node buffer", () => {
    const { data } = decodeMessage(CompressedRistrettoSchema, Buffer.from("0a020102", "hex"), limits);
    expect(data.constructor).toBe(Uint8Array);
  });
});

/** A length-delimited field, in hex. */
function nest(tag: string, content: string): string {
  let length = "";
  let rest = content.length / 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) {
    length += ((rest % 128) + 128).toString(16);
  }
  return tag + length + rest.toString(16).padStart(2, "0") + content;
}

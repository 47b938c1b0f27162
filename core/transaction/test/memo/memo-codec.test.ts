// Tests of memo payloads against published and computed known answers, and as a total codec.
import { fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeMemo,
  encodeMemo,
  GIFT_CODE_FUNDING_NOTE_BYTES_MAX,
  GIFT_CODE_SENDER_NOTE_BYTES_MAX,
  MEMO_FEE_MAX,
  MEMO_TYPES,
  type Memo,
} from "../../src/index.ts";
import { bytesOfLength, memos } from "../arbitraries.ts";
import { fixed, zeros } from "../fixtures.ts";
import { expectCode, expectTypedError } from "../typed-errors.ts";

const HASH = "ab7b2b63966ea9a865df8d620f0b5fb0";
const payloadOf = (type: string, data: string): string => (type + data).padEnd(132, "0");

const EXAMPLES: readonly { readonly name: string; readonly payload: string; readonly memo: Memo }[] = [
  { name: "unused", payload: payloadOf("0000", ""), memo: { kind: "unused" } },
  {
    name: "a published destination with payment intent id",
    payload: payloadOf("0204", `${HASH}010000000000000100000000000000020000000000000191`),
    memo: {
      kind: "destination-with-payment-intent-id",
      recipientHash: fixed(HASH, 16),
      recipientCount: 1,
      fee: 1n,
      totalOutlay: 2n,
      paymentIntentId: 0x191n,
    },
  },
  {
    name: "a published destination with payment request id",
    payload: payloadOf("0203", `${HASH}01000000000000010000000000000002000000000000012d`),
    memo: {
      kind: "destination-with-payment-request-id",
      recipientHash: fixed(HASH, 16),
      recipientCount: 1,
      fee: 1n,
      totalOutlay: 2n,
      paymentRequestId: 0x12dn,
    },
  },
  {
    name: "a destination from the public test network",
    payload: payloadOf("0200", "6a3dcc9b36329e1d50e2091535344bfb0100000017d784000000000017d78464"),
    memo: {
      kind: "destination",
      recipientHash: fixed("6a3dcc9b36329e1d50e2091535344bfb", 16),
      recipientCount: 1,
      fee: 400_000_000n,
      totalOutlay: 400_000_100n,
    },
  },
  {
    name: "a defragmentation",
    payload: payloadOf("0003", "000000000009dd00000000000000240000000000000050"),
    memo: { kind: "defragmentation", fee: 2525n, totalOutlay: 36n, defragmentationId: 80n },
  },
  {
    name: "a gift code funding",
    payload: payloadOf("0201", `ff01667800000000000001${toHex(utf8("for you"))}`),
    memo: { kind: "gift-code-funding", giftHash: fixed("ff016678", 4), fee: 1n, note: "for you" },
  },
  {
    name: "a gift code sender",
    payload: payloadOf("0002", `ffffffffffffff${toHex(utf8("thank you"))}`),
    memo: { kind: "gift-code-sender", fee: MEMO_FEE_MAX, note: "thank you" },
  },
  {
    name: "a gift code cancellation",
    payload: payloadOf("0202", "ffffffffffffffff00000000000190"),
    memo: { kind: "gift-code-cancellation", globalIndex: 0xffff_ffff_ffff_ffffn, fee: 400n },
  },
  {
    name: "a published sender",
    payload:
      "0100477458144e8cf4f6d54b6cc4ddf68bb20000000000000000000000000000000000000000000000000000000000000000228aef692188b3cefc94b5198bdbbca2",
    memo: {
      kind: "authenticated-sender",
      senderHash: fixed("477458144e8cf4f6d54b6cc4ddf68bb2", 16),
      mac: fixed("228aef692188b3cefc94b5198bdbbca2", 16),
    },
  },
  {
    name: "a published sender with payment request id",
    payload:
      "0101477458144e8cf4f6d54b6cc4ddf68bb200000000000001420000000000000000000000000000000000000000000000006fe3c566db189f475fac50c0025ac58a",
    memo: {
      kind: "authenticated-sender-with-payment-request-id",
      senderHash: fixed("477458144e8cf4f6d54b6cc4ddf68bb2", 16),
      paymentRequestId: 0x142n,
      mac: fixed("6fe3c566db189f475fac50c0025ac58a", 16),
    },
  },
  {
    name: "a published sender with payment intent id",
    payload:
      "0102ccb5a98f0c0c42f68491e5e0c93624520000000000000191000000000000000000000000000000000000000000000000bf6cc64dc5a8bfb8f6871196f7a084ea",
    memo: {
      kind: "authenticated-sender-with-payment-intent-id",
      senderHash: fixed("ccb5a98f0c0c42f68491e5e0c9362452", 16),
      paymentIntentId: 0x191n,
      mac: fixed("bf6cc64dc5a8bfb8f6871196f7a084ea", 16),
    },
  },
];

test.each(EXAMPLES)("$name has its known bytes", ({ payload, memo }) => {
  expect(toHex(encodeMemo(memo))).toBe(payload);
  expect(decodeMemo(fromHex(payload))).toEqual(memo);
});

test("every memo survives its payload", () => {
  fc.assert(
    fc.property(memos, (memo) => {
      expect(decodeMemo(encodeMemo(memo))).toEqual(memo);
    }),
    { numRuns: 500 },
  );
});

test("any 66 bytes are a memo that can be written again, or have a note that is no text", () => {
  const types = fc.constantFrom(...Object.values(MEMO_TYPES)).map((type) => Uint8Array.of(type >> 8, type & 0xff));
  fc.assert(
    fc.property(fc.oneof(types, bytesOfLength(2)), bytesOfLength(64), (type, data) => {
      let memo: Memo;
      try {
        memo = decodeMemo(Uint8Array.of(...type, ...data));
      } catch (error) {
        expect(error).toMatchObject({ name: "TransactionError", code: "memo-note-not-utf8" });
        return;
      }
      expect(decodeMemo(encodeMemo(memo))).toEqual(memo);
    }),
    { numRuns: 1000 },
  );
});

test("an unknown type keeps its bytes", () => {
  const payload = Uint8Array.from({ length: 66 }, (_, i) => i + 7);
  expect(decodeMemo(payload)).toEqual({ kind: "unknown", type: 0x0708, data: payload.slice(2) });
  expect(encodeMemo(decodeMemo(payload))).toEqual(payload);
});

test("an unused memo ignores its data", () => {
  expect(decodeMemo(new Uint8Array(66).fill(9, 2))).toEqual({ kind: "unused" });
});

test("any other length than 66 bytes is refused", () => {
  for (const length of [0, 1, 65, 67, 132]) {
    expectCode(() => decodeMemo(new Uint8Array(length)), "invalid-memo");
  }
});

test("a memo does not share memory with the payload it came from, Node's Buffer included", () => {
  for (const type of ["0001", "0100", "0200", "0201", "0999"]) {
    const payload = Buffer.from(payloadOf(type, "41".repeat(40)), "hex");
    const memo = decodeMemo(payload);
    payload.fill(0);
    expect(toHex(encodeMemo(memo)).slice(0, 8)).toBe(`${type}4141`);
  }
});

describe("fees", () => {
  const withFee = (fee: bigint): readonly Memo[] => [
    { kind: "gift-code-sender", fee, note: "" },
    { kind: "gift-code-funding", giftHash: zeros(4), fee, note: "" },
    { kind: "gift-code-cancellation", fee, globalIndex: 0n },
    { kind: "defragmentation", fee, totalOutlay: 0n, defragmentationId: 0n },
    { kind: "destination", recipientHash: zeros(16), recipientCount: 0, fee, totalOutlay: 0n },
  ];

  test("of 56 bits fit", () => {
    for (const memo of withFee(MEMO_FEE_MAX)) {
      expect(decodeMemo(encodeMemo(memo))).toEqual(memo);
    }
  });

  test("one larger is refused, and so is a negative one", () => {
    for (const memo of withFee(MEMO_FEE_MAX + 1n)) {
      expectCode(() => encodeMemo(memo), "fee-too-large");
    }
    for (const memo of withFee(-1n)) {
      expectTypedError(() => encodeMemo(memo), "out-of-range");
    }
  });
});

describe("notes", () => {
  const sender = (note: string): Memo => ({ kind: "gift-code-sender", fee: 0n, note });
  const funding = (note: string): Memo => ({
    kind: "gift-code-funding",
    giftHash: zeros(4),
    fee: 0n,
    note,
  });

  test("that fill their field have no zero at the end and come back whole", () => {
    for (const memo of [
      sender("s".repeat(GIFT_CODE_SENDER_NOTE_BYTES_MAX)),
      funding("f".repeat(GIFT_CODE_FUNDING_NOTE_BYTES_MAX)),
    ]) {
      expect(decodeMemo(encodeMemo(memo))).toEqual(memo);
    }
  });

  test("one byte longer are refused, counted in UTF-8", () => {
    expectCode(() => encodeMemo(sender("s".repeat(GIFT_CODE_SENDER_NOTE_BYTES_MAX + 1))), "memo-too-long");
    expectCode(() => encodeMemo(funding("f".repeat(GIFT_CODE_FUNDING_NOTE_BYTES_MAX + 1))), "memo-too-long");
    expectCode(() => encodeMemo(funding("é".repeat(27))), "memo-too-long");
  });

  test("end at the first zero byte", () => {
    expect(decodeMemo(encodeMemo(sender("seen\0hidden")))).toMatchObject({ note: "seen" });
  });

  test("that are not UTF-8 are refused", () => {
    const payload = encodeMemo(sender("x"));
    payload[9] = 0xff;
    expectCode(() => decodeMemo(payload), "memo-note-not-utf8");
  });
});

test("a destination memo counts at most 255 recipients", () => {
  const memo = (recipientCount: number): Memo => ({
    kind: "destination",
    recipientHash: zeros(16),
    recipientCount,
    fee: 0n,
    totalOutlay: 0n,
  });
  expect(decodeMemo(encodeMemo(memo(255)))).toEqual(memo(255));
  for (const count of [256, -1, 0.5]) {
    expectCode(() => encodeMemo(memo(count)), "too-many-recipients");
  }
});

test("a type of two bytes is kept, a larger one is refused", () => {
  const data = zeros(64);
  const last: Memo = { kind: "unknown", type: 0xffff, data };
  expect(decodeMemo(encodeMemo(last))).toEqual(last);
  expectCode(() => encodeMemo({ kind: "unknown", type: 0x10000, data }), "invalid-memo");
  expectCode(() => encodeMemo({ kind: "unknown", type: -1, data }), "invalid-memo");
});

test("a field of a wrong length is refused", () => {
  const short = new Uint8Array(15) as never; // Not what the type promises, as from a caller in JavaScript.
  expectTypedError(() => encodeMemo({ kind: "authenticated-sender", senderHash: short, mac: short }), "invalid-length");
  expectTypedError(() => encodeMemo({ kind: "burn-redemption", data: short }), "invalid-length");
});

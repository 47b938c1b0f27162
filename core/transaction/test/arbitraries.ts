// What fast-check feeds this package: keys, amounts, memos, outputs, and damaged bytes.
import { type Amount, type Bytes, tokenId, tokenValue, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint, PrivateKey, type PublicKey, publicKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import type { Memo } from "../src/index.ts";

/** Uniform byte strings of one length. */
export const bytesOfLength = <N extends number>(length: N): fc.Arbitrary<Bytes<N>> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => bytes as Bytes<N>); // The length is exact.

/** Unsigned 64-bit integers, extremes included. */
export const u64s: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: U64_MAX });

/** Fees that memos can name. */
const fees: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: (1n << 56n) - 1n });

/** Private keys. */
export const privateKeys: fc.Arbitrary<PrivateKey> = bytesOfLength(64).map(
  (uniform) => new PrivateKey(kernel().scalars.reduceWide(uniform)),
);

/** Points whose private key nobody knows. */
export const points: fc.Arbitrary<PublicKey> = bytesOfLength(64).map((uniform) =>
  publicKey(kernel().ristretto.oneWayMap(uniform)),
);

/** 32 bytes that need not be points. */
export const compressedPoints: fc.Arbitrary<CompressedPoint> = bytesOfLength(32).map(compressedPoint);

/** Amounts of any token. */
export const amounts: fc.Arbitrary<Amount> = fc.record({ value: u64s.map(tokenValue), tokenId: u64s.map(tokenId) });

/** Notes of at most so many bytes of UTF-8, without the zero that would end them early. */
const notes = (bytesMax: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: "binary", maxLength: bytesMax })
    .filter((note) => !note.includes("\0") && utf8(note).length <= bytesMax);

/** A `Random` that continues a seed for ever. */
export const randoms: fc.Arbitrary<(length: number) => Uint8Array> = bytesOfLength(32).map((seed) => {
  let state: Uint8Array = seed;
  return (length) => {
    state = kernel().hashes.blake2b512(state);
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 64) {
      bytes.set(
        kernel()
          .hashes.blake2b512(state, Uint8Array.of(offset))
          .subarray(0, length - offset),
        offset,
      );
    }
    return bytes;
  };
});

const destination = {
  recipientHash: bytesOfLength(16),
  recipientCount: fc.nat(255),
  fee: fees,
  totalOutlay: u64s,
};
const sender = { senderHash: bytesOfLength(16), mac: bytesOfLength(16) };
const KNOWN_TYPES = [0, 1, 2, 3, 0x100, 0x101, 0x102, 0x200, 0x201, 0x202, 0x203, 0x204];

/** Every kind of memo. */
export const memos: fc.Arbitrary<Memo> = fc.oneof(
  fc.constant<Memo>({ kind: "unused" }),
  fc.record<Memo & { kind: "burn-redemption" }>({
    kind: fc.constant("burn-redemption"),
    data: bytesOfLength(64),
  }),
  fc.record<Memo & { kind: "gift-code-sender" }>({
    kind: fc.constant("gift-code-sender"),
    fee: fees,
    note: notes(57),
  }),
  fc.record<Memo & { kind: "defragmentation" }>({
    kind: fc.constant("defragmentation"),
    fee: fees,
    totalOutlay: u64s,
    defragmentationId: u64s,
  }),
  fc.record<Memo & { kind: "authenticated-sender" }>({ kind: fc.constant("authenticated-sender"), ...sender }),
  fc.record<Memo & { kind: "authenticated-sender-with-payment-request-id" }>({
    kind: fc.constant("authenticated-sender-with-payment-request-id"),
    ...sender,
    paymentRequestId: u64s,
  }),
  fc.record<Memo & { kind: "authenticated-sender-with-payment-intent-id" }>({
    kind: fc.constant("authenticated-sender-with-payment-intent-id"),
    ...sender,
    paymentIntentId: u64s,
  }),
  fc.record<Memo & { kind: "destination" }>({ kind: fc.constant("destination"), ...destination }),
  fc.record<Memo & { kind: "destination-with-payment-request-id" }>({
    kind: fc.constant("destination-with-payment-request-id"),
    ...destination,
    paymentRequestId: u64s,
  }),
  fc.record<Memo & { kind: "destination-with-payment-intent-id" }>({
    kind: fc.constant("destination-with-payment-intent-id"),
    ...destination,
    paymentIntentId: u64s,
  }),
  fc.record<Memo & { kind: "gift-code-funding" }>({
    kind: fc.constant("gift-code-funding"),
    giftHash: bytesOfLength(4),
    fee: fees,
    note: notes(53),
  }),
  fc.record<Memo & { kind: "gift-code-cancellation" }>({
    kind: fc.constant("gift-code-cancellation"),
    globalIndex: u64s,
    fee: fees,
  }),
  fc.record<Memo & { kind: "unknown" }>({
    kind: fc.constant("unknown"),
    type: fc.nat(0xffff).filter((type) => !KNOWN_TYPES.includes(type)),
    data: bytesOfLength(64),
  }),
);

/** One change to a byte string: a flipped bit, a cut, or bytes appended. */
export const mutations: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(7)).map(([position, bit]) => (bytes: Uint8Array) => {
    const changed = bytes.slice();
    const i = position % changed.length;
    changed[i] = (changed[i] as number) ^ (1 << bit); // `i` is below the length.
    return changed;
  }),
  fc.nat().map((length) => (bytes: Uint8Array) => bytes.slice(0, length % bytes.length)),
  fc.uint8Array({ minLength: 1, maxLength: 80 }).map((tail) => (bytes: Uint8Array) => Uint8Array.of(...bytes, ...tail)),
);

// The layout of quotes: whatever is cut off, too long or not a number of the curve is refused with a code.
import { fromHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttestError } from "../../src/error.ts";
import { FIELD_PRIME, isP256Point } from "../../src/evidence/p256.ts";
import { parseQuote, QUOTE_BYTES_MAX } from "../../src/sgx/quote.ts";
import { ENCLAVE, testEvidence } from "../evidence/test-evidence.ts";
import { caught, expectCode } from "../expect-code.ts";

const QUOTE = testEvidence().quote;

/** The quote with 32-bit integers replaced at offsets. */
function withU32(offset: number, value: number): Uint8Array {
  const copy = QUOTE.slice();
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}

test("a quote is taken apart into its fields", () => {
  const { version, body, qeAuthData, signedBytes, pckChainPem } = parseQuote(QUOTE);
  expect(version).toBe(3);
  expect(body).toMatchObject({ kind: "sgx", ...ENCLAVE, attributes: ENCLAVE.attributes });
  expect(qeAuthData.length).toBe(32);
  expect(signedBytes.length).toBe(432);
  expect(String.fromCharCode(...pckChainPem.subarray(0, 27))).toBe("-----BEGIN CERTIFICATE-----");
});

describe("a quote is refused", () => {
  test("cut off at any byte", () => {
    for (let length = 0; length < QUOTE.length; length += length < 1100 ? 1 : 37) {
      expectCode(() => parseQuote(QUOTE.subarray(0, length)), "quote-malformed");
    }
  });

  test.each([
    ["signature data", 432],
    ["certification data", 1048],
  ])("with %s of 2³² − 1 bytes, or one more or less than there are", (_what, offset) => {
    const length = new DataView(QUOTE.buffer, QUOTE.byteOffset).getUint32(offset, true);
    for (const wrong of [0xffff_ffff, length + 1, length - 1, 0]) {
      expectCode(() => parseQuote(withU32(offset, wrong)), "quote-malformed");
    }
  });

  test("with room inside its signature data that nothing fills", () => {
    const padded = new Uint8Array(QUOTE.length + 8);
    padded.set(withU32(432, new DataView(QUOTE.buffer, QUOTE.byteOffset).getUint32(432, true) + 8));
    expectCode(() => parseQuote(padded), "quote-malformed");
  });

  test("of TDX with room inside its certification data that nothing fills", () => {
    const { quote } = testEvidence({ version: 4, body: new Uint8Array(584) });
    const padded = new Uint8Array(quote.length + 8);
    padded.set(quote);
    const view = new DataView(padded.buffer);
    for (const offset of [632, 636 + 128 + 2]) {
      view.setUint32(offset, view.getUint32(offset, true) + 8, true);
    }
    expectCode(() => parseQuote(padded), "quote-malformed");
  });

  test("longer than a quote may be", () => {
    expectCode(() => parseQuote(new Uint8Array(QUOTE_BYTES_MAX + 1)), "quote-malformed");
  });

  test.each([
    ["a signature of zeros", 436, new Uint8Array(64)],
    ["a signature with r as large as the order", 436, new Uint8Array(32).fill(0xff)],
    ["a signature of the quoting enclave of zeros", 948, new Uint8Array(64)],
    ["an attestation key off the curve", 500, new Uint8Array(64).fill(1)],
    ["an attestation key of zeros", 500, new Uint8Array(64)],
    ["an attestation key with a coordinate above the prime", 500, new Uint8Array(64).fill(0xff)],
  ])("with %s", (_what, offset, bytes) => {
    const altered = QUOTE.slice();
    altered.set(bytes, offset);
    expectCode(() => parseQuote(altered), "quote-malformed");
  });

  test.each([0, 1, 2, 6, 7, 65_535])("of version %i", (version) => {
    const altered = QUOTE.slice();
    altered.set([version & 0xff, version >> 8], 0);
    expectCode(() => parseQuote(altered), "quote-unsupported");
  });

  test.each([1, 2, 3, 4, 6, 7])("with certification data of type %i", (type) => {
    const altered = QUOTE.slice();
    altered[1046] = type;
    expectCode(() => parseQuote(altered), "quote-unsupported");
  });
});

test("any bytes give a quote or a code, never anything else", () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc
      .array(fc.tuple(fc.nat(QUOTE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.fill(byte, at, at + 1), QUOTE.slice())),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const error = caught(() => parseQuote(bytes));
      expect(error === undefined || error instanceof AttestError).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a point has one form: the same with its coordinate raised by the prime is none", () => {
  const power = (base: bigint, exponent: bigint): bigint =>
    exponent === 0n
      ? 1n
      : (power((base * base) % FIELD_PRIME, exponent >> 1n) * (exponent & 1n ? base : 1n)) % FIELD_PRIME;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const bytes = (x: bigint, y: bigint): Uint8Array =>
    fromHex([x, y].map((n) => n.toString(16).padStart(64, "0")).join(""));
  let found = 0;
  for (let x = 0n; found < 4; x++) {
    // The prime is 3 modulo 4, so that a square root is a power.
    const y = power((((x * x * x - 3n * x + b) % FIELD_PRIME) + FIELD_PRIME) % FIELD_PRIME, (FIELD_PRIME + 1n) / 4n);
    if (!isP256Point(bytes(x, y))) continue;
    found += 1;
    expect(isP256Point(bytes(x + FIELD_PRIME, y))).toBe(false);
    expect(isP256Point(bytes(x, y + 1n))).toBe(false);
  }
});

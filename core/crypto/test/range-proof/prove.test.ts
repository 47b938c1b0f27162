// Tests of proving that values are in range.
import { concatBytes, le64, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { expect, test, vi } from "vitest";
import { CryptoError, commit, proveRange, verifyRange } from "../../src/index.ts";
import { settingOf } from "../../src/range-proof/setting.ts";
import { argumentsOf, resultsOf } from "../watch-secrets.ts";
import { modelVerify } from "./model.ts";
import { honest, modelProve } from "./prover-model.ts";
import { randomFrom, seed, witness } from "./witnesses.ts";

/** Bytes of a proof by the number of values it covers. */
const SIZES: readonly (readonly [values: number, bytes: number])[] = [
  [1, 672],
  [2, 736],
  [4, 800],
  [8, 864],
  [16, 928],
  [32, 992],
];

test.each(SIZES)(`a proof of %i values has %i bytes and verifies (FOGBOW_SEED=${seed})`, (count, bytes) => {
  const known = witness(`size ${count}`, count);
  const { proof, commitments } = proveRange(known);
  expect(proof.length).toBe(bytes);
  expect(commitments).toEqual(
    known.values.map((value, i) => commit({ value, tokenId: tokenId(0n), blinding: known.blindings[i] as Uint8Array })),
  );
  expect(verifyRange({ proof, commitments, tokenId: tokenId(0n) })).toBe(true);
});

test("any number of values up to 8 is padded by its last one, and the padding can be spelled out", () => {
  for (const count of [3, 5, 6, 7]) {
    const { proof, commitments } = proveRange(witness(`padded ${count}`, count));
    const last = commitments[count - 1] as Uint8Array; // There are `count`.
    const full = [...commitments, ...Array<Uint8Array>(count === 3 ? 1 : 8 - count).fill(last)];
    expect(commitments).toHaveLength(count);
    expect(verifyRange({ proof, commitments, tokenId: tokenId(0n) })).toBe(true);
    expect(verifyRange({ proof, commitments: full, tokenId: tokenId(0n) })).toBe(true);
  }
});

test("33 values, none, and values without their blindings are refused", () => {
  const known = witness("sizes", 33);
  for (const wrong of [
    known,
    { ...known, values: [], blindings: [] },
    { ...known, values: known.values.slice(0, 2), blindings: known.blindings.slice(0, 1) },
    { ...known, values: known.values.slice(0, 1), blindings: known.blindings.slice(0, 2) },
  ]) {
    expect(() => proveRange(wrong)).toThrow(CryptoError);
    expect(() => proveRange(wrong)).toThrow(expect.objectContaining({ code: "invalid-range-size" }));
  }
});

test("a blinding that is no canonical scalar is refused", () => {
  const known = witness("bad blinding", 1);
  for (const [blinding, code] of [
    [new Uint8Array(32).fill(255), "invalid-scalar"],
    [new Uint8Array(31), "invalid-length"],
  ] as const) {
    expect(() => proveRange({ ...known, blindings: [blinding] })).toThrow(expect.objectContaining({ code }));
  }
});

test("values at the ends of the range and blindings of zero are proven", () => {
  for (const value of [0n, 1n, 2n ** 32n, 2n ** 64n - 1n].map(tokenValue)) {
    const known = { ...witness(`extreme ${value}`, 1), values: [value], blindings: [new Uint8Array(32)] };
    expect(verifyRange({ ...proveRange(known), tokenId: tokenId(0n) })).toBe(true);
  }
});

test("a slow verifier that shares no code agrees", () => {
  for (const [count, token] of [
    [1, tokenId(0n)],
    [2, tokenId(8192n)],
  ] as const) {
    const { proof, commitments } = proveRange(witness(`model ${count}`, count, token));
    expect(modelVerify(settingOf(token), proof, commitments)).toBe(true);
    expect(modelVerify(settingOf(tokenId(1n)), proof, commitments)).toBe(false);
  }
});

test("a slow prover that shares no code gives the very same proof from the same randomness", () => {
  const scalar = (n: bigint): Uint8Array => kernel().scalars.reduce(concatBytes(le64(n), new Uint8Array(24)));
  const minusOne = kernel().scalars.negate(scalar(1n));
  for (const [token, values, blindings] of [
    [0n, [0n], [scalar(0n)]],
    [1n, [2n ** 64n - 1n], [minusOne]],
    [8192n, [1n, 2n ** 63n], [scalar(1n), witness("model", 1).blindings[0] as Uint8Array]], // There is one.
  ] as const) {
    const known = { values: values.map(tokenValue), blindings, tokenId: tokenId(token) };
    const { proof, commitments } = proveRange({ ...known, random: randomFrom("both provers") });
    const setting = settingOf(known.tokenId);
    const model = honest(setting, values, blindings, randomFrom("both provers"));
    expect(commitments).toEqual(model.commitments);
    expect(toHex(proof)).toBe(toHex(modelProve(setting, model)));
  }
});

test("a generator that gives fewer bytes than asked for is refused at every call, as nothing would hide the values", () => {
  for (const short of [1, 2, 3]) {
    const random = randomFrom("short");
    let calls = 0;
    const stingy = (length: number): Uint8Array => random(++calls === short ? length - 64 : length);
    expect(() => proveRange({ ...witness("short", 2), random: stingy }), `call ${short}`).toThrow(
      expect.objectContaining({ code: "invalid-length" }),
    );
  }
});

test("the same randomness gives the same proof, and other randomness another", () => {
  const prove = (purpose: string): Uint8Array =>
    proveRange({ ...witness("deterministic", 2), random: randomFrom(purpose) }).proof;
  expect(prove("one")).toEqual(prove("one"));
  expect(prove("one")).not.toEqual(prove("other"));
});

test("randomness is asked for in the documented portions", () => {
  const asked: number[] = [];
  const random = randomFrom("portions");
  proveRange({
    ...witness("portions", 3),
    random: (length) => {
      asked.push(length);
      return random(length);
    },
  });
  expect(asked).toEqual([8320, 8320, 8320, 8320, 512]);
});

test("what would give values or blindings away is wiped", () => {
  const known = witness("wiped", 1);
  const before = known.blindings.map((blinding) => blinding.slice());
  const served: Uint8Array[] = [];
  const prove = (): unknown =>
    proveRange({
      ...known,
      random: (length) => {
        served.push(randomFrom("wiped")(length));
        return served.at(-1) as Uint8Array; // Just pushed.
      },
    });
  const wiped = (bytes: unknown): boolean => (bytes as Uint8Array).every((byte) => byte === 0); // The kernel's results.
  for (const method of ["add", "bits", "reduceWide"] as const) {
    expect(resultsOf("vectors", method, prove).every(wiped), method).toBe(true);
  }
  // What comes later belongs to the inner-product argument, or is t_x, which is shown.
  expect(resultsOf("vectors", "multiply", prove).slice(0, 2).every(wiped)).toBe(true);
  expect(resultsOf("vectors", "innerProduct", prove).slice(0, 9).map(wiped)).toEqual([
    ...[true, true, true, true, true, true, true], // Blindings of A and S, halves of t₁, t₂, τ₁ and τ₂.
    ...[false, true], // t_x, and the sum of the blindings.
  ]);
  expect(argumentsOf("vectors", "innerProduct", prove).slice(0, 9).map(wiped)).toEqual([
    ...[true, true, true, true, true, true, true], // What these are made from,
    ...[false, true], // l, and the blindings.
  ]);
  expect(resultsOf("scalars", "add", prove).map(wiped)).toEqual([true, false]); // t₁, and t_x blinding.
  expect(resultsOf("scalars", "multiplyAdd", prove).map(wiped)).toEqual([true, false]); // τ₁ + τ₂·x, and e blinding.
  expect(resultsOf("scalars", "multiply", prove).slice(0, 2).map(wiped)).toEqual([false, true]); // z², and τ₁·x + τ₂·x².
  expect(argumentsOf("ristretto", "multiplyBase", prove).slice(1).every(wiped)).toBe(true); // The first is the caller's.
  for (const method of ["multiply", "multiScalarMultiplySecret", "sumBits"] as const) {
    expect(argumentsOf("ristretto", method, prove).every(wiped), method).toBe(true);
  }
  for (const method of ["sumBits", "multiScalarMultiplySecret", "multiply", "multiplyBase"] as const) {
    expect(resultsOf("ristretto", method, prove).every(wiped), method).toBe(true);
  }
  expect(served.length).toBeGreaterThan(0);
  expect(served.every(wiped)).toBe(true);
  expect(known.blindings).toEqual(before);
});

test("the bytes of a value are wiped, those of its commitment included", () => {
  const known = { ...witness("value bytes", 1), values: [tokenValue(0x1234_5678_9abc_def0n)] };
  const spy = vi.spyOn(DataView.prototype, "setBigUint64");
  try {
    proveRange(known);
    // What a method of DataView was called on is one.
    const views = spy.mock.contexts.filter((_, i) => spy.mock.calls[i]?.[1] === known.values[0]);
    expect(views.map((view) => (view as DataView).getBigUint64(0))).toEqual([0n, 0n]);
  } finally {
    spy.mockRestore();
  }
});

test("proving calls the sums for secrets wherever secrets are summed", () => {
  const known = witness("constant time", 1);
  const publicSums = resultsOf("ristretto", "multiScalarMultiply", () => proveRange(known));
  expect(publicSums).toHaveLength(2 * 6); // L and R of six rounds.
  expect(kernel().ristretto.isPoint(publicSums[0] as Uint8Array)).toBe(true);
});

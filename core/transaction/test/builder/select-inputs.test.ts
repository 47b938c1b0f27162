// Tests of input selection: what is selected pays, is as few as can be, and what cannot pay is said so.
import { type TokenValue, tokenValue } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type InputSelection, selectInputs } from "../../src/index.ts";

fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED ?? 3) });

interface Utxo {
  readonly value: TokenValue;
}
const utxos = (...values: readonly (number | bigint)[]): Utxo[] =>
  values.map((v) => ({ value: tokenValue(BigInt(v)) }));
const choose = (amount: number | bigint, ...values: readonly (number | bigint)[]): InputSelection<Utxo> =>
  selectInputs({ amount: BigInt(amount), fee: 1n, utxos: utxos(...values) });
const valuesOf = (selection: InputSelection<Utxo>): bigint[] =>
  selection.kind === "selected" ? selection.inputs.map(({ value }) => value) : [];
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

test("one output pays when one can: the smallest that does", () => {
  expect(valuesOf(choose(9, 3, 100, 10, 4, 50))).toEqual([10n]);
});

test("as few outputs as can pay, and the smallest of those", () => {
  expect(valuesOf(choose(100, 60, 70, 5, 45, 40))).toEqual([45n, 60n]);
});

test("outputs of no value are never spent", () => {
  expect(valuesOf(choose(4, 0, 0, 5))).toEqual([5n]);
  expect(choose(0, 0, 0).kind).toBe("insufficient-funds");
});

test("a transaction of no amount and no fee still spends one output", () => {
  expect(selectInputs({ amount: 0n, fee: 0n, utxos: utxos(8, 3) })).toEqual({ kind: "selected", inputs: utxos(3) });
});

test("what is not there is not spent", () => {
  expect(choose(10, 5, 5)).toEqual({ kind: "insufficient-funds" });
  expect(choose(9, 5, 5).kind).toBe("selected");
  expect(choose(1)).toEqual({ kind: "insufficient-funds" });
});

test("sixteen pieces pay; seventeen are to be merged first, the largest of them", () => {
  const pieces = Array.from({ length: 17 }, (_, i) => 100 + i);
  expect(valuesOf(choose(1700 - 1, ...pieces)).length).toBe(16);
  const all = sum(pieces.map(BigInt));
  const selection = choose(all - 2n, ...pieces);
  expect(selection.kind === "consolidation-needed" && selection.merge.map(({ value }) => value)).toEqual(
    pieces.slice(1).reverse().map(BigInt),
  );
});

test("merging that costs more than it leaves is no help", () => {
  const dust = utxos(...Array.from({ length: 40 }, () => 10));
  expect(selectInputs({ amount: 200n, fee: 20n, utxos: dust }).kind).toBe("consolidation-needed");
  expect(selectInputs({ amount: 370n, fee: 20n, utxos: dust }).kind).toBe("insufficient-funds");
  expect(selectInputs({ amount: 200n, fee: 200n, utxos: dust }).kind).toBe("insufficient-funds");
});

test("other tokens may leave room for fewer inputs", () => {
  const choice = { amount: 14n, fee: 1n, utxos: utxos(5, 5, 5) };
  expect(selectInputs({ ...choice, inputsMax: 3 }).kind).toBe("selected");
  expect(selectInputs({ ...choice, inputsMax: 2 }).kind).toBe("insufficient-funds");
});

test("no other choice needs fewer inputs, and none of them can be exchanged for a smaller one", () => {
  const values = fc.array(fc.bigInt({ min: 0n, max: 1000n }), { maxLength: 12 });
  fc.assert(
    fc.property(values, fc.bigInt({ min: 0n, max: 5000n }), (have, amount) => {
      const selection = choose(amount, ...have);
      const largest = [...have].sort((a, b) => Number(b - a));
      const fewest = largest.findIndex((_, i) => sum(largest.slice(0, i + 1)) >= amount + 1n) + 1;
      expect(selection.kind).toBe(fewest === 0 ? "insufficient-funds" : "selected");
      if (fewest === 0) return;
      const chosen = valuesOf(selection);
      expect(chosen.length).toBe(fewest);
      expect(sum(chosen)).toBeGreaterThanOrEqual(amount + 1n);
      const rest = [...have];
      for (const value of chosen) rest.splice(rest.indexOf(value), 1);
      const excess = sum(chosen) - amount - 1n;
      for (const value of chosen) {
        expect(rest.filter((free) => free > 0n && free < value && value - free <= excess)).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

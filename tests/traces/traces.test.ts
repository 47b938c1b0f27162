// The trace check itself: it catches planted leaks, refuses what it could not see, and passes a clean function.
import { kernelWasm } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { cases, publicOnly, unlisted } from "./cases.ts";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { mutants, runMutant } from "./mutants.ts";
import { parseExpression } from "./s-expression.ts";
import { refusals } from "./static-gate.ts";

const module = disassemble(kernelWasm());
const secretsOf = (name: string): ReturnType<(typeof cases)[string]> => cases[name]?.() ?? [];

test("a clean function has one trace for all its secrets", () => {
  const result = compareTraces(instrument(module), secretsOf("scalarMultiply"));
  expect(result.leak).toBeUndefined();
  expect(result.runs).toBeGreaterThanOrEqual(32);
  expect(result.events).toBeGreaterThan(10);
  expect(result.entered).toContain("scalarMultiply");
});

describe("planted leaks", () => {
  test.each(mutants.filter(({ leaks }) => leaks))("$name in $export is caught", (mutant) => {
    expect(runMutant(module, mutant, secretsOf(mutant.export)).leak).toBeDefined();
  });

  test.each(mutants.filter(({ leaks }) => !leaks))("$name in $export is clean", (mutant) => {
    const result = runMutant(module, mutant, secretsOf(mutant.export).slice(0, 40));
    expect(result.leak).toBeUndefined();
    expect(result.runs).toBeGreaterThanOrEqual(32);
  });
});

describe("the lists", () => {
  const { exports } = instrument(module);

  test("name every export once", () => {
    expect(unlisted(exports)).toEqual([]);
  });

  test("miss an export that nobody has thought about, and one that is gone", () => {
    expect(unlisted([...exports, "unheardOf"])).toEqual([expect.stringContaining("'unheardOf'")]);
    expect(unlisted(exports.filter((name) => name !== "aesCtr"))).toEqual([expect.stringContaining("'aesCtr'")]);
  });
});

describe("the static gate", () => {
  test("passes the shipped module", () => {
    expect(refusals(module, Object.keys(publicOnly))).toEqual([]);
  });

  test.each([
    "(i32.div_u (i32.const 7) (local.get 0))",
    "(i64.rem_s (i64.const 7) (i64.const 2))",
    "(f64.const 1)",
    "(f32x4.splat (f32.const 1))",
    "(i32.trunc_sat_f64_u (f64.const 1))",
    "(memory.grow (i32.const 1))",
    "(memory.init $data (i32.const 0) (i32.const 0) (i32.const 1))",
    "(call_indirect (i32.const 0))",
    "(i32.atomic.load (i32.const 0))",
    "(table.get (i32.const 0))",
  ])("refuses %s", (instruction) => {
    const text = `(module (memory 1) (export "f" (func $f)) (func $f (param $0 i32) (block (drop (i32.add ${instruction} (i32.const 1))))))`;
    expect(refusals(parseExpression(text))).not.toEqual([]);
  });

  test("refuses modules with imports and tables", () => {
    expect(refusals(parseExpression('(module (import "env" "f" (func $f)) (table 1 funcref))'))).toHaveLength(2);
  });
});

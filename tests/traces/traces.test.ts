// The trace check itself: it catches planted leaks, refuses what it could not see, and passes a clean function.
import { type Kernel, kernel, kernelWasm } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { cases, publicOnly, unlisted } from "./cases.ts";
import { compareTraces, type SecretRun, unpassed } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { mutants, runMutant } from "./mutants.ts";
import { parseExpression } from "./s-expression.ts";
import { refusals, secretFunctions } from "./static-gate.ts";

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

  test("lead through every operand of every function that sees secrets", () => {
    const instrumented = instrument(module);
    const passed = new Set<number>();
    for (const name of Object.keys(cases)) {
      for (const site of compareTraces(instrumented, secretsOf(name).slice(0, 1)).passed) passed.add(site);
    }
    const secretive = secretFunctions(module, Object.keys(publicOnly));
    expect(unpassed(instrumented, secretive, passed)).toEqual([]);
    passed.delete(instrumented.sites.findIndex((site) => site.export === "scalarAdd"));
    expect(unpassed(instrumented, secretive, passed)).toEqual([expect.stringContaining("enter")]);
  });

  test("give every byte string of every function many values, but for those that are public", () => {
    const few = Object.keys(cases).flatMap((name) =>
      [...inputsOf(secretsOf(name))]
        .filter(([place, values]) => !place.endsWith(" of 0") && values.size < VALUES_MIN)
        .map(([place]) => place),
    );
    expect(few.filter((place) => !isPublic(place))).toEqual([]);
    expect(PUBLIC_ARGUMENTS.filter((argument) => !few.some((place) => place.startsWith(argument)))).toEqual([]);
  });

  test("give every scalar and point the values all zero and all one", () => {
    for (const name of Object.keys(cases).filter((name) => /^(scalar|ristretto)/.test(name))) {
      for (const [place, values] of inputsOf(secretsOf(name))) {
        if (!place.endsWith(" of 32") || isPublic(place)) continue;
        expect(values, `${name}: ${place}`).toContain("00".repeat(32));
        expect(values, `${name}: ${place}`).toContain("ff".repeat(32));
      }
    }
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

/** Arguments of functions that see secrets which are public themselves, by the names of {@link inputsOf}. */
const PUBLIC_ARGUMENTS: readonly string[] = [
  "ciphers.aes256GcmOpen 2 ", // Additional data, authenticated but sent along.
  "hashes.blake2b256Path 0 sides ", // Which way a Merkle proof goes.
  "ledgers.combine 0 nodes ", // Of the tree, which everybody knows.
  "ledgers.create 0 seed of 32", // Where it is no secret of the case, all runs have one,
  "ledgers.createShard 0 seed of 32", // and shards too.
  "ristretto.multiScalarMultiplySecret 1 ", // Generators,
  "ristretto.multiScalarMultiplySecret 2 ", // and tables of them.
  "ristretto.sumBits 1 ",
  "ristretto.sumBits 2 ",
];

function isPublic(place: string): boolean {
  return PUBLIC_ARGUMENTS.some((argument) => place.startsWith(argument));
}

/** How many values the byte strings of a case must have at least; slices of unlike secrets can be alike. */
const VALUES_MIN = 20;

/** The values of every byte string that the runs hand to the kernel, by its place; of long ones, of each 32 bytes. */
function inputsOf(runs: readonly SecretRun[]): Map<string, Set<string>> {
  const inputs = new Map<string, Set<string>>();
  const take = (place: string, value: unknown): void => {
    if (value instanceof Uint8Array) {
      const name = `${place} of ${value.length}`;
      const values = inputs.get(name) ?? new Set();
      inputs.set(name, values.add(Buffer.from(value).toString("hex")));
      for (let i = 0; value.length > 32 && value.length % 32 === 0 && i < value.length; i += 32) {
        take(`${place} from ${i}`, value.subarray(i, i + 32));
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [field, inner] of Object.entries(value)) take(`${place} ${field}`, inner);
    }
  };
  const watched = (part: string, methods: object): object =>
    new Proxy(methods, {
      get:
        (target, method) =>
        (...args: unknown[]) => {
          for (const [i, arg] of args.entries()) take(`${part}.${String(method)} ${i}`, arg);
          return Reflect.get(target, method)(...args);
        },
    });
  const entries = Object.entries(kernel()).map(([part, methods]) => [part, watched(part, methods)]);
  const watching = Object.fromEntries(entries) as unknown as Kernel; // The same methods, seen through.
  for (const { run } of runs) {
    try {
      run(watching);
    } catch {
      // Bad points and scalars are refused; what was handed in has been taken down.
    }
  }
  return inputs;
}

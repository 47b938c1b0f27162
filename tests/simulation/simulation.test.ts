// The simulation itself: it is repeatable, and it sees mistakes (spec 05 §6.5, §6.6).
import { describe, expect, test } from "vitest";
import { Violation } from "./checks/violation.ts";
import { runSeeds } from "./run-seeds.ts";
import { quietConfig } from "./scenario.ts";
import { shrink } from "./shrink.ts";
import { RunFailure, type RunReport, simulate } from "./simulate.ts";
import { drawConfig, type RunConfig } from "./world/config.ts";
import { assertBears, mesh, organisations, SIZES, topologiesOf } from "./world/topologies.ts";

const TIMEOUT_MS = 300_000;

describe("a seed", () => {
  test("decides everything, and another one something else", { timeout: TIMEOUT_MS }, async () => {
    const [one, again, other] = [
      await simulate(drawConfig(14)),
      await simulate(drawConfig(14)),
      await simulate(drawConfig(24)),
    ];
    expect(again).toEqual(one);
    expect(other.hash).not.toBe(one.hash);
  });

  test("that fails names itself, and a command that shows it again", { timeout: TIMEOUT_MS }, async () => {
    const lines: string[] = [];
    const exit = await runSeeds({ seeds: "14..14", json: true, shrink: false }, (line) => lines.push(line));
    expect(exit).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ seeds: 1, failures: [] });
  });
});

test("a failure is shrunk to the requests, kinds of faults and faults that it needs", async () => {
  const config = {
    ...drawConfig(14),
    crashes: { ...drawConfig(14).crashes, everyMs: 3_000, freezeEveryMs: 4_000 },
    network: { ...drawConfig(14).network, loss: 0.1, clog: 0.01 },
  };
  const failureOf = (of: RunConfig, crashes: number): RunFailure => {
    const report = { faults: { crash: crashes }, events: 1, milliseconds: 1 } as unknown as RunReport; // All that is read.
    return new RunFailure(of, new Violation("S1", "Two decisions."), report, []);
  };
  // Breaks with crash 5 of eight, when messages are lost and there are three payments.
  const run: typeof simulate = async ({ crashes, network, workload, ...rest }, { masked = [] } = {}) => {
    const without = new Set(masked);
    const isBroken = crashes.everyMs > 0 && network.loss > 0 && workload.payments >= 3 && !without.has(5);
    if (isBroken) throw failureOf({ crashes, network, workload, ...rest }, 8 - without.size);
    return {} as RunReport; // Nobody reads it.
  };
  const lines = (await shrink(failureOf(config, 8), run)).join("\n");
  expect(lines).toContain('"payments":3');
  expect(lines).toContain('"freezeEveryMs":0');
  expect(lines).toContain('"clog":0');
  expect(lines).toContain('"everyMs":3000');
  expect(lines).toContain("masked: [1,2,3,4,7,8,6]");
});

describe("topologies", () => {
  const all = SIZES.flatMap(([n]) => topologiesOf(n));
  test.each(all)("$name is safe and live with each of its faulty groups", (topology) => {
    for (const faulty of [[], ...topology.faultGroups]) assertBears(topology, faulty);
  });

  test("without intersecting quorums are refused", () => {
    expect(() => assertBears(organisations(3, 2, 3, 1), [])).toThrow(/disjoint/); // metamesh_3k2_3k1
    expect(() => assertBears(mesh(4, 2), [1, 2])).toThrow(/disjoint/);
  });
});

test("a network that cannot finish breaks L1, and says how far everybody is", { timeout: TIMEOUT_MS }, async () => {
  const config = quietConfig(mesh(3, 2), {
    faultsMs: 1_000,
    workload: { ...quietConfig(mesh(3, 2)).workload, payments: 1 },
  });
  const failure = await simulate(config, {
    appendFault: ({ index }) => (index === 3 ? "full" : undefined),
    mayHalt: () => true,
  }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunFailure);
  expect((failure as RunFailure).violation.invariant).toBe("L1");
  expect((failure as RunFailure).message).toMatch(/nodes 1:2, 2:2, 3:1/);
});

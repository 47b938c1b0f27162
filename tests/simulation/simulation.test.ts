// The simulation itself: it is repeatable, and it sees mistakes (spec 05 §6.5, §6.6).
import { describe, expect, test } from "vitest";
import { runSeeds } from "./run-seeds.ts";
import { quietConfig } from "./scenario.ts";
import { RunFailure, simulate } from "./simulate.ts";
import { drawConfig } from "./world/config.ts";
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

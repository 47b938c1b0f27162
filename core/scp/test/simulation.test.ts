// Networks of honest, unlucky and lying nodes agree (spec 05 §1.10). A failure prints its seed; FOGBOW_SEED runs that seed
// alone.
import { describe, expect, test } from "vitest";
import { BrokenPromise, type SimulationOptions, simulate } from "./simulation/simulate.ts";
import { ASYMMETRIC, cycle, FIGURE_2, hierarchy, mesh, organisations, type Topology } from "./simulation/topologies.ts";

const chosen = process.env.FOGBOW_SEED;
const seeds = (count: number): number[] =>
  chosen === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(chosen)];
const base: Omit<SimulationOptions, "seed" | "topology"> = { slots: 3, faults: true, liars: true, withModel: false };

/** The promise that a run breaks, or undefined. */
function brokenBy(options: SimulationOptions): string | undefined {
  try {
    simulate(options);
    return undefined;
  } catch (error) {
    if (error instanceof BrokenPromise) return error.message;
    throw error;
  }
}

describe("nodes agree, on valid values, and finish once faults end", () => {
  const small: Topology[] = [
    ...[mesh(1, 0, 0), mesh(2, 1, 0), mesh(3, 1, 0), mesh(3, 2, 0), mesh(4, 2, 1), mesh(5, 3, 1), mesh(5, 4, 0)],
    ...[cycle(2), cycle(3), cycle(4), cycle(6), FIGURE_2, ASYMMETRIC, hierarchy(2)],
  ];
  test.each(small)("in $name", (topology) => {
    for (const seed of seeds(14)) simulate({ ...base, seed, topology });
  });

  const large: Topology[] = [mesh(7, 4, 2), mesh(10, 6, 3), organisations(3, 2, 3, 2, 0), organisations(3, 2, 4, 3, 3)];
  test.each(large)("in $name", (topology) => {
    for (const seed of seeds(5)) simulate({ ...base, seed, topology });
  });

  test("in a network of 25, eight of which lie", () => {
    for (const seed of seeds(1)) simulate({ ...base, seed, topology: mesh(25, 16, 8), slots: 1, faults: false });
  });
});

describe("the others decide without silent nodes", () => {
  test.each([
    { name: "one of three, each listening to one other", topology: mesh(3, 1, 0), silent: [3] },
    { name: "two of seven, each listening to four others", topology: mesh(7, 4, 0), silent: [1, 4] },
    { name: "one organisation of five", topology: organisations(5, 4, 3, 2, 0), silent: [7, 8, 9] },
    { name: "eight of 25", topology: mesh(25, 16, 0), silent: [1, 2, 3, 4, 5, 6, 7, 8] },
    { name: "the node that listens to the others and to whom nobody listens", topology: FIGURE_2, silent: [1] },
  ])("$name", ({ topology, silent }) => {
    for (const seed of seeds(2))
      simulate({ ...base, seed, topology, silent, slots: 2, liars: false, faults: seed % 2 === 0 });
  });
});

describe("the slot does what the model does, event by event", () => {
  const topologies = [
    mesh(1, 0, 0),
    mesh(3, 1, 0),
    mesh(4, 2, 1),
    cycle(3),
    ASYMMETRIC,
    hierarchy(1),
    organisations(3, 2, 3, 2, 0),
  ];
  test.each(topologies)("in $name", (topology) => {
    let compared = 0;
    for (const seed of seeds(4))
      compared += simulate({ ...base, seed: seed + 1_000, topology, slots: 2, withModel: true }).compared;
    expect(compared).toBeGreaterThan(5);
  });
});

describe("a quiet network", () => {
  test.each([mesh(4, 2, 0), mesh(5, 3, 0), mesh(7, 4, 0), cycle(4)])(
    "decides within the budget of messages in $name",
    (topology) => {
      const n = topology.quorumSets.length;
      for (const seed of seeds(5)) {
        const { messages, decisions } = simulate({ ...base, seed, topology, slots: 5, faults: false, liars: false });
        expect(decisions).toHaveLength(5);
        expect(messages / 5).toBeLessThanOrEqual(20 * n * (n - 1));
      }
    },
  );
});

describe("the simulation itself", () => {
  test("does the same for the same seed, and something else for another", () => {
    const run = (seed: number) => simulate({ ...base, seed, topology: mesh(4, 2, 1) });
    expect(run(5)).toEqual(run(5));
    expect(run(6)).not.toEqual(run(5));
  });

  /** Whether one of some runs breaks a promise of this kind. */
  const breaks = (promise: RegExp, options: Omit<SimulationOptions, "seed">): boolean => {
    for (let seed = 1; seed <= 100; seed++) if (promise.test(brokenBy({ ...options, seed }) ?? "")) return true;
    return false;
  };

  test("sees that quorums without a common node decide differently", () => {
    const topology = organisations(3, 2, 3, 1, 0); // metamesh_3k2_3k1
    expect(breaks(/^S1:/, { ...base, topology, slots: 5 })).toBe(true);
  });

  test("sees that a node without a journal takes back what it said", () => {
    expect(breaks(/^S(1|9|10):/, { ...base, topology: mesh(4, 2, 0), liars: false, forgetful: true })).toBe(true);
  });

  test("sees that two liars of four are one too many", () => {
    const faultGroups = [
      [1, 2],
      [2, 3],
    ];
    expect(breaks(/^S1:/, { ...base, topology: { ...mesh(4, 2, 0), faultGroups } })).toBe(true);
  });
});

// Networks of honest, unlucky and lying nodes agree (spec 05 §1.10). A failure prints its seed: run it again with
// FOGBOW_SEED.
import { describe, expect, test } from "vitest";
import { simulate } from "./simulation/simulate.ts";
import { cycle, mesh } from "./simulation/topologies.ts";

describe("agreement", () => {
  test("a", () => {
    const t0 = performance.now();
    let events = 0;
    for (let seed = 1; seed <= 20; seed++) {
      for (const topology of [mesh(4, 2, 1), mesh(5, 3, 0), cycle(4)]) {
        for (const faults of [false, true]) {
          events += simulate({ seed, topology, slots: 3, faults, liars: true, withModel: seed % 2 === 0 }).events;
        }
      }
    }
    console.log(events, performance.now() - t0);
    expect(events).toBeGreaterThan(0);
  });
});

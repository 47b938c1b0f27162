// A short measurement of the kernel beside the same work on noble, in alternating bursts; `npm run bench` does it at length.
import type { Random } from "@fogbow/core-bytes";
import { randomPoint, randomScalar } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";

/** Median microseconds of one operation on both sides. */
export interface KernelTiming {
  readonly operation: string;
  readonly kernelMicroseconds: number;
  readonly peer: string;
  readonly peerMicroseconds: number;
  /** The peer's time divided by ours. */
  readonly ratio: number;
}

const WARM_UP_MS = 400;
const BURSTS = 25;
const BURST_MS = 10;

/** Times one variable-base multiplication of the kernel beside noble's; about a second and a half. */
export function timeKernel(random: Random): KernelTiming {
  const scalar = randomScalar(random);
  const point = randomPoint(random);
  const sides = [kernel().ristretto, createModel().ristretto].map((ristretto) => {
    const run = (): Uint8Array => ristretto.multiply(scalar, point);
    return { run, runs: runsWithin(WARM_UP_MS, run), times: [] as number[] };
  });
  for (let burst = 0; burst < BURSTS; burst++) {
    for (const { run, runs, times } of sides) {
      const inBurst = Math.max(1, Math.round((runs * BURST_MS) / WARM_UP_MS));
      const start = performance.now();
      for (let i = 0; i < inBurst; i++) run();
      times.push(((performance.now() - start) * 1000) / inBurst);
    }
  }
  const [ours = 0, theirs = 0] = sides.map(({ times }) => times.sort((a, b) => a - b)[BURSTS >> 1]);
  return {
    operation: "multiply a point by a secret (decode, multiply, encode)",
    kernelMicroseconds: ours,
    peer: "@noble/curves",
    peerMicroseconds: theirs,
    ratio: theirs / ours,
  };
}

/** Runs for so many milliseconds, which also lets the engine compile at its best, and counts. */
function runsWithin(milliseconds: number, run: () => unknown): number {
  const end = performance.now() + milliseconds;
  let runs = 0;
  for (; performance.now() < end; runs++) run();
  return runs;
}

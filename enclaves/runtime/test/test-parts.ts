// Parts for enclaves under test: a seeded generator, and sealing and counting in memory.
import { createHash } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";
import { type EnclaveParts, identityOf } from "@fogbow/runtime-enclave";
import { boundKeys } from "../src/sealing/bound-keys.ts";
import { fileCounter } from "../src/sealing/counter.ts";
import { createSealedState } from "../src/sealing/sealed-state.ts";
import { createSealing } from "../src/sealing/sealing.ts";

/** A generator that gives the same bytes for the same seed. */
export function seededRandom(seed = process.env.FOGBOW_SEED ?? "1"): Random {
  let block = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 32) {
      const digest = createHash("sha256").update(`${seed}:${block++}`).digest();
      bytes.set(digest.subarray(0, Math.min(32, length - at)), at);
    }
    return bytes;
  };
}

/** What an enclave is given, beside its manifest. */
export function testParts(): Omit<EnclaveParts, "manifest"> {
  const random = seededRandom();
  const measurement = new Uint8Array(32).fill(1);
  const identity = { measurement, signer: new Uint8Array(32).fill(2), productId: 3 };
  const keys = boundKeys(new Uint8Array(32).fill(4), identity);
  const sealing = createSealing({ platform: "simulated", securityVersion: 1 }, { keys, random });
  let content: Uint8Array | undefined;
  const counter = fileCounter({
    read: () => content,
    write: (bytes) => {
      content = bytes;
    },
  });
  const state = createSealedState(sealing, counter);
  const threads = {
    spawn: () => {
      throw new Error("No test here asks for threads.");
    },
  };
  const peer = { identity: identityOf(measurement), platform: "simulated" } as const;
  return { measurement, peer, config: new Uint8Array(0), random, sealing, counter, state, threads };
}

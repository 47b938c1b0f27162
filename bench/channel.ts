// Figures of attested channels: a handshake with all its checks, sealed messages through the door of an enclave, what idle
// sessions cost, and how soon an enclave answers.
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Session } from "@fogbow/core-attest";
import type { EnclaveHost } from "@fogbow/runtime-enclave";
import { bareEcho, checksEvidence, type Door, exchange, handshake, startEcho } from "./echo.ts";
import { count, type Figure, summary } from "./measure.ts";

const HANDSHAKES = 200;
const COLD_STARTS = 15;
const SESSIONS = 64;
const MESSAGE_BYTES = 1024;
const BURSTS = 40;
/** Messages of each session in a burst, one after the other as their counters demand. */
const MESSAGES = 8;
const MEBIBYTE = 1024 * 1024;

/** Measures every figure named `channel`; less than a minute. Reports each as it comes. */
export async function benchChannel(report: (figure: Figure) => void): Promise<void> {
  const host = await startEcho();
  try {
    report(await handshakes(host));
    report(await sealedEcho(host));
  } finally {
    await host.close();
  }
  report(await idleSessions());
  report(await coldStart());
}

const doorOf =
  (host: EnclaveHost): Door =>
  (entryPoint, input) =>
    host.call(entryPoint, input);

/** DCAP evidence of the simulated platform through every check, one handshake after the other. */
async function handshakes(host: EnclaveHost): Promise<Figure> {
  const verify = checksEvidence(host);
  const times: number[] = [];
  for (let i = -HANDSHAKES / 4; i < HANDSHAKES; i++) {
    const start = performance.now();
    (await handshake(doorOf(host), verify)).close();
    if (i >= 0) times.push(performance.now() - start);
  }
  return summary("handshake", "ms", times);
}

/** Messages of 1 KiB over 64 sessions, all of them under way at a time; the peer does the same without a door. */
async function sealedEcho(host: EnclaveHost): Promise<Figure> {
  const sides = [];
  for (const door of [doorOf(host), bareEcho()]) {
    const sessions: Session[] = [];
    for (let i = 0; i < SESSIONS; i++) sessions.push(await handshake(door, () => undefined));
    sides.push({ door, sessions, times: [] as number[] });
  }
  const message = randomBytes(MESSAGE_BYTES);
  for (let burst = -BURSTS / 2; burst < BURSTS; burst++) {
    for (const { door, sessions, times } of sides) {
      const start = performance.now();
      await Promise.all(
        sessions.map(async (session) => {
          for (let i = 0; i < MESSAGES; i++) await exchange(door, session, message);
        }),
      );
      const microseconds = (performance.now() - start) * 1000;
      if (burst >= 0) times.push(microseconds / (SESSIONS * MESSAGES));
    }
  }
  const [ours, peer] = sides.map(({ times }) => summary("sealed-echo-worker", "µs", times));
  if (ours === undefined || peer === undefined) throw new Error("There are two sides.");
  return {
    ...ours,
    peer: "both ends in one thread",
    peerP50: peer.p50,
    ratio: Number((peer.p50 / ours.p50).toPrecision(4)),
  };
}

async function idleSessions(): Promise<Figure> {
  const child = fork(new URL("./idle-sessions.ts", import.meta.url), {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const failed = once(child, "exit").then(() => {
    throw new Error("The process that measures sessions ended without an answer.");
  });
  const [bytes] = await Promise.race([once(child, "message"), failed]);
  return count("idle-sessions-10000", "MiB", Math.round(Number(bytes) / MEBIBYTE));
}

/** From starting the worker to the first answered handshake. */
async function coldStart(): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < COLD_STARTS; i++) {
    const start = performance.now();
    const host = await startEcho();
    const session = await handshake(doorOf(host), () => undefined);
    times.push(performance.now() - start);
    session.close();
    await host.close();
  }
  return summary("cold-start", "ms", times);
}

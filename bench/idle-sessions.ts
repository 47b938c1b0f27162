// A process of its own that tells its parent by how many bytes ten thousand idle sessions of an enclave make it grow, after
// a full collection before and after. The enclave is in its own thread, whose garbage it then can collect.
import { randomBytes } from "node:crypto";
import { openPlatform, systemFiles } from "@fogbow/runtime-enclave";
import { handshake, startEcho } from "./echo.ts";

const SESSIONS = 10_000;
/** So that what is compiled and kept once does not count. */
const BEFORE = 200;

const host = await startEcho({
  kind: "in-process",
  openPlatform: (identity) =>
    openPlatform({ kind: "simulated" }, identity, { files: systemFiles, random: randomBytes, now: Date.now }),
  random: randomBytes,
  now: Date.now,
});
const open = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++)
    (
      await handshake(
        (name, input) => host.call(name, input),
        () => undefined,
      )
    ).close();
};
const resident = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage().rss;
};
await open(BEFORE);
const before = await resident();
await open(SESSIONS - BEFORE);
const after = await resident();
// Those that were opened before count as much as the others.
const growth = ((after - before) * SESSIONS) / (SESSIONS - BEFORE);
process.send?.(growth, () => process.exit());

// Watches that slots come to an end (spec 05 §2.8): after ten bases of time the operator is warned, after thirty the node's
// state is written down. No slot is given up by time alone.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@fogbow/server";
import type { NodeStatus } from "../status.ts";
import { SLOT_DUMPS_MAX } from "./limits.ts";

/** What is watched, and where states go. */
export interface SlotWatchOptions {
  readonly timeBaseMs: number;
  /** The folder for states; none are written without. */
  readonly dumpFolder: string | undefined;
}

const ALARM_BASES = 10;
const DUMP_BASES = 30;
const LOOK_MS = 1_000;

/** Watches until it is stopped by the function that it returns. */
export function watchSlots(
  options: SlotWatchOptions,
  { status, log }: { readonly status: () => NodeStatus; readonly log: Log },
): () => void {
  let alarmed: bigint | undefined;
  let dumped: bigint | undefined;
  const look = (): void => {
    const now = status();
    const { slot } = now;
    if (slot === undefined || slot.phase === "idle") return;
    const { index, ageMs } = slot;
    if (ageMs >= ALARM_BASES * options.timeBaseMs && alarmed !== index) {
      alarmed = index;
      log.warn("a slot takes long", { slot: index, phase: slot.phase, ballot: slot.ballot, ageMs: Math.round(ageMs) });
    }
    if (ageMs >= DUMP_BASES * options.timeBaseMs && dumped !== index) {
      dumped = index;
      if (options.dumpFolder !== undefined) dump(options.dumpFolder, index, now, log);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** The state has names of nodes, heights and phases: no transaction, no client. */
function dump(folder: string, slot: bigint, status: NodeStatus, log: Log): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `slot-${String(slot).padStart(20, "0")}.json`);
    writeFileSync(
      path,
      JSON.stringify(status, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value), 2),
    );
    const old = readdirSync(folder)
      .filter((name) => /^slot-\d{20}\.json$/.test(name))
      .sort()
      .slice(0, -SLOT_DUMPS_MAX);
    for (const name of old) rmSync(join(folder, name), { force: true });
  } catch (error) {
    log.warn("a slot's state cannot be written", { error });
  }
}

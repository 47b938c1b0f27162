// Hosts an enclave in the caller's own thread, with its parts as arguments: for the deterministic simulation.
import { Inside, type InsideParts } from "../inside/inside.ts";
import { spawnHere } from "../inside/threads.ts";
import type { OpenLink } from "./link.ts";

/** Runs the inside here. Nothing contains it: an endless loop of its is ours. */
export function inProcessLink(parts: Omit<InsideParts, "send" | "spawnThread">): OpenLink {
  return ({ received, ended }) => {
    let over = false;
    const end = (detail: string): void => {
      if (over) return;
      over = true;
      process.nextTick(() => ended(detail));
    };
    const inside = new Inside({
      ...parts,
      spawnThread: spawnHere,
      send: (packet) => {
        if (!over) received(packet);
      },
    });
    return {
      send: (packet) => {
        if (over) return;
        try {
          inside.receive(packet);
        } catch (error) {
          end(error instanceof Error ? error.message : "unknown");
        }
      },
      end: () => end("ended by its host"),
    };
  };
}

// The folder of a node's vote journal on a simulated disk.
import type { Files } from "@fogbow/node";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SimulatedDisk } from "./disk.ts";

/** What may happen after each step of a write. */
export type AfterStep = (step: "written" | "synchronised") => void;

/** The folder as one process uses it. A write is two operations, and the power can go after each. */
export function filesOn(disk: SimulatedDisk, process: SimulatedProcess, afterStep: AfterStep): Files {
  return {
    list: () => disk.list(process),
    read: (name) => disk.read(process, name),
    write: async (name, bytes) => {
      await disk.write(process, name, bytes);
      afterStep("written");
      await disk.sync(process, name);
      afterStep("synchronised");
    },
    remove: (name) => disk.remove(process, name),
  };
}

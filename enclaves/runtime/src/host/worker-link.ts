// Hosts an enclave in a worker thread: a convenience of development, in the host's own address space.
import { Worker } from "node:worker_threads";
import type { LaunchOptions } from "../inside/launcher.ts";
import { launcherUrl } from "./launcher-url.ts";
import type { OpenLink } from "./link.ts";

/** Megabytes of JavaScript heap that an enclave's thread may fill before it is ended. */
const HEAP_MEGABYTES_MAX = 1024;

/** Starts the launcher in a thread with an empty environment. */
export function workerLink(options: LaunchOptions): OpenLink {
  return ({ received, ended }) => {
    const worker = new Worker(launcherUrl, {
      workerData: options,
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
    });
    let detail: string | undefined;
    worker.on("message", (packet: Uint8Array) => received(packet));
    worker.on("error", (error: Error) => {
      detail ??= error.message;
    });
    worker.on("exit", (code) => ended(detail ?? `its thread ended with code ${code}`));
    return {
      send: (packet) => worker.postMessage(packet, [packet.buffer]),
      end: () => void worker.terminate(),
    };
  };
}

// The enclave of a running store or router.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  collateralParts,
  type EnclaveHost,
  type Hosting,
  keepEvidenceFresh,
  type PlatformOptions,
  startEnclave,
} from "@fogbow/runtime-enclave";
import type { Log } from "@fogbow/server";
import { LedgerServiceError } from "../error.ts";
import { LedgerDoor, type LedgerInit } from "./ledger-door.ts";

/** How the enclave is started. */
export interface LedgerEnclaveOptions {
  readonly platform: PlatformOptions;
  /** Folder of the bundle; that of this program unless given. */
  readonly bundle?: string;
  /** A thread unless given. */
  readonly hosting?: Hosting;
}

/** An enclave that runs. */
export interface RunningLedgerEnclave {
  readonly door: LedgerDoor;
  /** Rejects when the enclave ends by itself: what it had in memory is lost, so the process should start anew. */
  readonly done: Promise<never>;
  readonly close: () => Promise<void>;
}

/** The folder of the bundle that was built with this program. */
export const fogLedgerBundle: string = fileURLToPath(
  new URL("../../../../enclaves/runtime/dist/bundles/fog-ledger", import.meta.url),
);

/** Starts the enclave and says what it is for. Rejects with RuntimeError. */
export async function startLedgerEnclave(
  { platform, bundle = fogLedgerBundle, hosting }: LedgerEnclaveOptions,
  init: LedgerInit,
  { log }: { readonly log: Log },
): Promise<RunningLedgerEnclave> {
  if (platform.kind === "simulated" && platform.stateFolder !== undefined) {
    mkdirSync(platform.stateFolder, { recursive: true, mode: 0o700 });
  }
  const host = await startEnclave({ bundle, platform, ...(hosting && { hosting }) }, collateralParts(platform));
  try {
    const door = new LedgerDoor(host);
    await door.init(init);
    return watch(host, door, log);
  } catch (error) {
    await host.close();
    throw error;
  }
}

function watch(host: EnclaveHost, door: LedgerDoor, log: Log): RunningLedgerEnclave {
  let isClosed = false;
  const done = new Promise<never>((_, reject) => {
    host.onExit(({ code, detail }) => {
      if (isClosed) return;
      log.error("the enclave has ended", { code, detail });
      reject(new LedgerServiceError("enclave-ended", "The enclave has ended, and what it held is lost."));
    });
  });
  done.catch(() => undefined); // Whoever awaits it hears of it.
  const stopRefreshing = keepEvidenceFresh(host, {
    onFailure: (error) => log.warn("the enclave's evidence could not be made anew", { error }),
  });
  return {
    door,
    done,
    close: async () => {
      isClosed = true;
      stopRefreshing();
      await host.close();
    },
  };
}

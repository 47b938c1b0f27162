// The enclave of a running role. What it holds is in its memory alone, so that when it ends the role ends, and starts anew.
import { fileURLToPath } from "node:url";
import {
  collateralParts,
  type Hosting,
  keepEvidenceFresh,
  type PlatformOptions,
  startEnclave,
} from "@fogbow/runtime-enclave";
import type { Log } from "@fogbow/server";
import { FogViewError } from "../error.ts";
import { ViewDoor } from "./view-door.ts";

/** How the enclave is started. */
export interface ViewEnclaveOptions {
  readonly platform: PlatformOptions;
  /** Folder of the bundle; that of this program unless given. */
  readonly bundle?: string;
  /** A thread unless given. */
  readonly hosting?: Hosting;
}

/** An enclave that runs. */
export interface RunningViewEnclave {
  readonly door: ViewDoor;
  /** Rejects with {@link FogViewError} `enclave-ended` when it ends by itself. */
  readonly ended: Promise<never>;
  readonly close: () => Promise<void>;
}

/** The folder of the bundle that was built with this program. */
export const fogViewBundle: string = fileURLToPath(
  new URL("../../../../enclaves/runtime/dist/bundles/fog-view", import.meta.url),
);

/** Starts the enclave of a store, or with a capacity of 0 of a router. Rejects with RuntimeError. */
export async function startViewEnclave(
  { platform, bundle = fogViewBundle, hosting }: ViewEnclaveOptions,
  { responderId, capacity }: { readonly responderId: string; readonly capacity: number },
  { log }: { readonly log: Log },
): Promise<RunningViewEnclave> {
  const host = await startEnclave({ bundle, platform, ...(hosting && { hosting }) }, collateralParts(platform));
  const door = new ViewDoor(host);
  let isClosed = false;
  const ended = new Promise<never>((_, reject) => {
    host.onExit(({ code, detail }) => {
      if (!isClosed) reject(new FogViewError("enclave-ended", `The enclave has ended: ${detail} (${code}).`));
    });
  });
  ended.catch(() => undefined); // Whoever awaits it hears of it.
  try {
    await door.init(responderId, capacity);
  } catch (error) {
    isClosed = true;
    await host.close();
    throw error;
  }
  const stopRefreshing = keepEvidenceFresh(host, {
    onFailure: (error) => log.warn("the enclave's evidence could not be made anew", { error }),
  });
  return {
    door,
    ended,
    close: async () => {
      isClosed = true;
      stopRefreshing();
      await host.close();
    },
  };
}

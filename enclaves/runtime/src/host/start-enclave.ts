// Starts a bundle behind the one door, in whichever hosting.

import { expectMeasurement, measureBundle } from "../bundle/bundle.ts";
import { readBundle } from "../bundle/bundle-folder.ts";
import { parseManifest } from "../bundle/manifest.ts";
import type { Collateral } from "../door/collateral.ts";
import type { InsideParts } from "../inside/inside.ts";
import type { PlatformOptions } from "../platform/open-platform.ts";
import { type ChildOptions, childLink } from "./child-link.ts";
import { type DoorOptions, openDoor } from "./door.ts";
import type { EnclaveHost } from "./enclave-host.ts";
import { inProcessLink } from "./in-process-link.ts";
import type { OpenLink } from "./link.ts";
import { workerLink } from "./worker-link.ts";

/** What to start and how. */
export interface EnclaveOptions extends DoorOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Refuses another bundle with `measurement-mismatch`, 32 bytes. Protects from mistakes; a client checks evidence. */
  readonly expected?: Uint8Array;
  /** What the enclave is told at every start, such as a responder id: untrusted inside. Nothing when absent. */
  readonly config?: Uint8Array;
  /** `worker` when absent. */
  readonly hosting?: Hosting;
  readonly platform: PlatformOptions;
  /**
   * Milliseconds after which what the engine has freed is overwritten, in all threads of the enclave, again and again; never
   * unless given. In the caller's own thread that is for the caller.
   */
  readonly cleanHeapMs?: number;
}

/** Where an enclave runs: a thread, a process of its own, or the caller's thread with parts of the caller's. */
export type Hosting =
  | { readonly kind: "worker" }
  | ({ readonly kind: "child" } & ChildOptions)
  | ({ readonly kind: "in-process" } & Pick<InsideParts, "openPlatform" | "random" | "now">);

/** What the host brings. */
export interface EnclaveHostParts {
  /** Gets what Intel or AMD say about the machine of a quote. Not needed on the simulated platform. */
  readonly collateral?: (quote: Uint8Array) => Promise<Collateral>;
}

/**
 * Starts the enclave; resolves when it answers calls and has verified its own evidence. Rejects with `RuntimeError`:
 * `invalid-bundle`, `invalid-manifest`, `measurement-mismatch`, or `enclave-start-failed` with the reason.
 */
export async function startEnclave(options: EnclaveOptions, parts: EnclaveHostParts = {}): Promise<EnclaveHost> {
  const {
    bundle: folder,
    expected,
    config = new Uint8Array(0),
    hosting = { kind: "worker" },
    platform,
    cleanHeapMs,
    ...rest
  } = options;
  const files = await readBundle(folder);
  const measurement = measureBundle(files);
  if (expected !== undefined) expectMeasurement(measurement, expected);
  const manifest = parseManifest(files["manifest.json"]);
  const launch = { folder, platform, expected: measurement, cleanHeapMs };
  const open = (): OpenLink => {
    switch (hosting.kind) {
      case "worker":
        return workerLink(launch);
      case "child":
        return childLink(launch, hosting);
      case "in-process":
        return inProcessLink({ files, expected: measurement, ...hosting });
      default:
        return hosting satisfies never;
    }
  };
  return openDoor(rest, { measurement, manifest, config, open: open(), ...parts });
}

// The ingest enclave of a running server: started, given its key, and given it again when it had to be started anew.
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeEvidence } from "@fogbow/core-attest";
import { EvidenceWrapperSchema, encodeMessage } from "@fogbow/core-wire";
import {
  collateralParts,
  type EnclaveHost,
  type Hosting,
  keepEvidenceFresh,
  type PlatformOptions,
  RuntimeError,
  startEnclave,
} from "@fogbow/runtime-enclave";
import type { Log } from "@fogbow/server";
import { IngestError } from "../error.ts";
import type { IngestMetrics } from "../ingest-metrics.ts";
import type { IngestEnclave, PublishedEvidence } from "../parts.ts";
import { IngestDoor, type IngestInit } from "./ingest-door.ts";

/** How the enclave is started. */
export interface IngestEnclaveOptions {
  readonly localNodeId: string;
  /** Outputs of one egress key: a power of two. */
  readonly capacity: number;
  readonly platform: PlatformOptions;
  /** Folder of the bundle; that of this program unless given. */
  readonly bundle?: string;
  /** A thread unless given. */
  readonly hosting?: Hosting;
}

/** What its host is told. */
export interface IngestEnclaveParts {
  readonly log: Log;
  readonly metrics: IngestMetrics;
}

/** An enclave that can be ended. */
export interface RunningIngestEnclave extends IngestEnclave {
  readonly close: () => Promise<void>;
}

/** The folder of the bundle that was built with this program. */
export const fogIngestBundle: string = fileURLToPath(
  new URL("../../../../enclaves/runtime/dist/bundles/fog-ingest", import.meta.url),
);

const RETRY_MS = 50;

/**
 * Starts the enclave with a key of an earlier run, or with a new one. Rejects with RuntimeError, and with IngestError
 * `sealed-key-refused`.
 */
export async function startIngestEnclave(
  options: IngestEnclaveOptions,
  sealedKey: Uint8Array | undefined,
  parts: IngestEnclaveParts,
): Promise<RunningIngestEnclave> {
  const { bundle = fogIngestBundle, hosting, platform } = options;
  if (platform.kind === "simulated" && platform.stateFolder !== undefined)
    mkdirSync(platform.stateFolder, { recursive: true, mode: 0o700 });
  const host = await startEnclave({ bundle, platform, ...(hosting && { hosting }) }, collateralParts(platform));
  try {
    const enclave = new HostedIngestEnclave(host, options, parts);
    await enclave.begin(sealedKey);
    return enclave;
  } catch (error) {
    await host.close();
    throw error;
  }
}

class HostedIngestEnclave implements RunningIngestEnclave {
  readonly #host: EnclaveHost;
  readonly #door: IngestDoor;
  /** The door before `init` has been answered. */
  readonly #bare: IngestDoor;
  readonly #options: IngestEnclaveOptions;
  readonly #parts: IngestEnclaveParts;
  #sealedKey: Uint8Array | undefined;
  #ready: Promise<void> = Promise.resolve();
  #isClosed = false;
  #onRestart: () => void = () => undefined;
  #stopRefreshing: () => void = () => undefined;

  constructor(host: EnclaveHost, options: IngestEnclaveOptions, parts: IngestEnclaveParts) {
    this.#host = host;
    this.#options = options;
    this.#parts = parts;
    this.#bare = new IngestDoor(host);
    this.#door = new IngestDoor({
      call: async (entryPoint, input, callOptions) => {
        await this.#ready; // Settled in turn, so calls keep their order.
        return host.call(entryPoint, input, callOptions);
      },
    });
  }

  async begin(sealedKey: Uint8Array | undefined): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.#init(sealedKey);
    } catch (cause) {
      if (sealedKey === undefined || !(cause instanceof RuntimeError) || cause.reason === undefined) throw cause;
      const message =
        "The enclave does not take the key of the state file, which is renamed: start again for a new key.";
      throw new IngestError("sealed-key-refused", message, { cause });
    }
    this.#host.onExit(({ code, detail, restartInMs }) => {
      if (this.#isClosed) return;
      log.error("the enclave has ended", { code, detail, restartInMs });
      this.#onRestart();
      if (restartInMs === undefined) return;
      this.#ready = this.#initAgain();
      this.#ready.then(
        () => log.info("the enclave is back, with a new egress key"),
        (error: unknown) => log.error("the enclave does not come back", { error }),
      );
    });
    this.#stopRefreshing = keepEvidenceFresh(
      { refreshEvidence: () => this.refreshEvidence().then(() => this.#evidenceOrThrow()) },
      { onFailure: (error) => log.warn("the enclave's evidence could not be made anew", { error }) },
    );
  }

  async ingressKey(): ReturnType<IngestEnclave["ingressKey"]> {
    const key = await this.#door.ingressKey();
    this.#sealedKey = key.sealed;
    return key;
  }

  rng: IngestEnclave["rng"] = () => this.#door.rng();
  newEgressKey: IngestEnclave["newEgressKey"] = () => this.#door.newEgressKey();
  ingest: IngestEnclave["ingest"] = (chunk) => this.#door.ingest(chunk);
  peerBegin: IngestEnclave["peerBegin"] = (responderId) => this.#door.peerBegin(responderId);
  peerClose: IngestEnclave["peerClose"] = (channelId) => this.#door.peerClose(channelId);
  privateKeyFor: IngestEnclave["privateKeyFor"] = (channelId) => this.#door.privateKeyFor(channelId);
  peerAuth: IngestEnclave["peerAuth"] = (request) => this.#door.peerAuth(request, BigInt(Date.now()));
  peerFinish: IngestEnclave["peerFinish"] = (responderId, answer) =>
    this.#door.peerFinish(responderId, answer, BigInt(Date.now()));

  async newKeys(): Promise<void> {
    await this.#door.newKeys();
    await this.ingressKey(); // What the enclave is given when it has to be started anew.
  }

  async takePrivateKey(message: Parameters<IngestEnclave["takePrivateKey"]>[0]): Promise<void> {
    await this.#door.takePrivateKey(message);
    await this.ingressKey();
  }

  evidence(): PublishedEvidence | undefined {
    const { evidence } = this.#host;
    if (evidence === undefined) return undefined;
    const { customIdentity } = decodeEvidence(evidence).reportData;
    if (customIdentity === undefined) return undefined;
    const wrapper = evidence.kind === "sev-snp" ? { sevSnpEvidence: evidence.bytes } : { dcapEvidence: evidence.bytes };
    return { ingressKey: customIdentity.slice(), encoded: encodeMessage(EvidenceWrapperSchema, wrapper) };
  }

  async refreshEvidence(): Promise<void> {
    await this.#ready;
    await this.#host.refreshEvidence();
    this.#parts.metrics.evidence(Math.floor(Date.now() / 1_000));
  }

  onRestart(listener: () => void): void {
    this.#onRestart = listener;
  }

  close: () => Promise<void> = async () => {
    this.#isClosed = true;
    this.#stopRefreshing();
    await this.#host.close();
  };

  async #init(sealedKey: Uint8Array | undefined): Promise<void> {
    const { localNodeId, capacity } = this.#options;
    const init: IngestInit = { localNodeId, sealedKey, capacity };
    this.#sealedKey = (await this.#bare.init(init)).sealed;
    await this.#host.refreshEvidence(); // From now on it names the ingress key.
    this.#parts.metrics.evidence(Math.floor(Date.now() / 1_000));
  }

  /** As soon as it is there: whoever asks it for something meanwhile waits. */
  async #initAgain(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#init(this.#sealedKey);
        return;
      } catch (error) {
        if (!(error instanceof RuntimeError && error.code === "enclave-restarting")) throw error;
      }
      await sleep(RETRY_MS);
    }
  }

  #evidenceOrThrow(): NonNullable<EnclaveHost["evidence"]> {
    const { evidence } = this.#host;
    if (evidence === undefined) throw new RuntimeError("evidence-unavailable", "The enclave has no evidence.");
    return evidence;
  }
}

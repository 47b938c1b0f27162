// How far a Fog has come, asked at its public ports as a wallet asks.
import { webcrypto } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { PublicAddress } from "@fogbow/core-account";
import { createEvidenceVerifier, createPolicy, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { type Random, toHex, U64_MAX } from "@fogbow/core-bytes";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { FogLedgerClient, FogViewClient, ReportResolver, SdkError } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";

/** Where a Fog is, and of which chain. */
export interface FogPlace {
  readonly uri: string;
  readonly chainId: string;
}

const CALL_MS = 5_000;
const ANSWER_BYTES = 16_777_216;

/** Asks view and ledger for their heights, and the report service for its key. */
export class FogHeights {
  readonly #connection: ServiceClient;
  readonly #view: FogViewClient;
  readonly #ledger: FogLedgerClient;
  readonly #reports: ReportResolver;

  private constructor({ uri, chainId }: FogPlace, policies: Readonly<Record<"view" | "ledger" | "ingest", Policy>>) {
    const place = parseServiceUri(uri, "fog");
    this.#connection = serviceClient(place, { chainId, timeoutMs: CALL_MS, answerBytesMax: ANSWER_BYTES });
    const { transport } = this.#connection;
    const parts = { transport, random, now: Date.now, wait: (ms: number) => sleep(ms) };
    const verify = (policy: Policy) => createEvidenceVerifier({ policy: () => policy, now: Date.now });
    const server = { responderId: place.responderId, timeoutMs: CALL_MS };
    this.#view = new FogViewClient(server, { ...parts, verify: verify(policies.view) });
    this.#ledger = new FogLedgerClient(server, { ...parts, verify: verify(policies.ledger) });
    this.#reports = new ReportResolver({
      transportTo: () => transport,
      verifyEvidence: createReportEvidenceVerifier({ policy: () => policies.ingest, now: Date.now }),
      now: Date.now,
    });
  }

  /** Trusts the enclaves that were built with this repository, on simulated platforms. */
  static async of(place: FogPlace): Promise<FogHeights> {
    const [view, ledger, ingest] = await Promise.all(["fog-view", "fog-ledger", "fog-ingest"].map(policyOf));
    if (view === undefined || ledger === undefined || ingest === undefined) throw new Error("There are three.");
    return new FogHeights(place, { view, ledger, ingest });
  }

  /** Blocks that view has completely; undefined while it does not answer. */
  async view(): Promise<number | undefined> {
    return answered(async () => {
      const question = { eventCursor: 0n, blockCountCursor: 0n, searchKeys: [] };
      return Number((await this.#view.query(question)).blockCount);
    });
  }

  /** Blocks whose key images Fog Ledger has; undefined while it does not answer. */
  async ledger(): Promise<number | undefined> {
    return answered(async () => Number((await this.#ledger.checkKeyImages([])).blockCount));
  }

  /** The key that hints for an address are encrypted to, in hex; undefined while none is published. */
  async ingressKey(address: PublicAddress): Promise<string | undefined> {
    // A key that lasts for ever is not among those kept, so the service is asked each time.
    return answered(async () => toHex((await this.#reports.resolve(address, { tombstoneBlock: U64_MAX })).ingressKey));
  }

  /** Ends its sessions. */
  close(): void {
    this.#connection.close();
  }
}

const REFUSALS: readonly string[] = ["attestation-failed", "report-refused", "chain-id-mismatch", "client-outdated"];

/** Services that restart do not answer for a while; anything else that goes wrong is told. */
async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SdkError && !REFUSALS.includes(error.code)) return undefined;
    throw error;
  }
}

const random: Random = (length) => webcrypto.getRandomValues(new Uint8Array(length));

async function policyOf(name: string): Promise<Policy> {
  const bundle = fileURLToPath(new URL(`../../../enclaves/runtime/dist/bundles/${name}`, import.meta.url));
  const identity = identityOf(measureBundle(await readBundle(bundle)));
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}

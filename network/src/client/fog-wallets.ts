// A wallet over gRPC: what `@fogbow/sdk` does, with this machine's sockets and clock, which trusts the enclaves that were built with
// this program, on simulated platforms, which protect nobody.
import { setTimeout as sleep } from "node:timers/promises";
import type { AccountKey } from "@fogbow/core-account";
import { createEvidenceVerifier, createPolicy, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { fogIngestBundle } from "@fogbow/fog-ingest";
import { fogLedgerBundle } from "@fogbow/fog-ledger";
import { fogViewBundle } from "@fogbow/fog-view";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { type ConsensusService, FogLedgerClient, FogViewClient, ReportResolver, Wallet } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, type ServiceUri, serviceClient } from "@fogbow/server";
import { CALL_MS_MAX, FOG_ANSWER_BYTES_MAX } from "./limits.ts";

/** Where a wallet's Fog is, and which network it is for. */
export interface FogWalletPlan {
  readonly viewUri: ServiceUri;
  readonly ledgerUri: ServiceUri;
  readonly chainId: string;
}

/** Where wallets ask when everything is at one address in clear text, such as `localhost:7700`. */
export function fogAt(address: string, chainId: string): FogWalletPlan {
  return {
    viewUri: parseServiceUri(`insecure-fog-view://${address}/`, "fog-view"),
    ledgerUri: parseServiceUri(`insecure-fog-ledger://${address}/`, "fog-ledger"),
    chainId,
  };
}

/** Makes wallets that share one Fog and one set of connections. */
export class FogWallets {
  readonly #plan: FogWalletPlan;
  readonly #random: Random;
  readonly #policies: Readonly<Record<"view" | "ledger" | "ingest", Policy>>;
  readonly #connections: ServiceClient[] = [];
  /** The keys that hints are encrypted to. */
  readonly reports: ReportResolver;

  private constructor(
    plan: FogWalletPlan,
    policies: Readonly<Record<"view" | "ledger" | "ingest", Policy>>,
    random: Random,
  ) {
    this.#plan = plan;
    this.#random = random;
    this.#policies = policies;
    this.reports = new ReportResolver({
      transportTo: (url) => this.#connect(parseServiceUri(url, "fog")).transport,
      verifyEvidence: createReportEvidenceVerifier({ policy: () => policies.ingest, now: Date.now }),
      now: Date.now,
    });
  }

  /** Measures the enclaves that are trusted. Rejects with RuntimeError. */
  static async make(plan: FogWalletPlan, { random }: { readonly random: Random }): Promise<FogWallets> {
    const [view, ledger, ingest] = await Promise.all([fogViewBundle, fogLedgerBundle, fogIngestBundle].map(policyOf));
    if (view === undefined || ledger === undefined || ingest === undefined) throw new Error("There are three.");
    return new FogWallets(plan, { view, ledger, ingest }, random);
  }

  /** A wallet of an account, which pays through a node. */
  wallet(account: AccountKey, consensus: ConsensusService): Wallet {
    const { viewUri, ledgerUri } = this.#plan;
    return new Wallet(
      { account },
      {
        view: new FogViewClient({ responderId: viewUri.responderId }, this.#partsOf(viewUri, this.#policies.view)),
        ledger: new FogLedgerClient(
          { responderId: ledgerUri.responderId },
          this.#partsOf(ledgerUri, this.#policies.ledger),
        ),
        consensus,
        reports: this.reports,
        random: this.#random,
        wait,
      },
    );
  }

  /** A transport to where wallets ask Fog View, for whatever else is there. */
  get transport(): ServiceClient["transport"] {
    return this.#connect(this.#plan.viewUri).transport;
  }

  /** Ends all connections. */
  close(): void {
    for (const connection of this.#connections.splice(0)) connection.close();
  }

  #partsOf(uri: ServiceUri, policy: Policy): ConstructorParameters<typeof FogViewClient>[1] {
    const verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
    const { transport } = this.#connect(uri);
    return { transport, verify, random: this.#random, now: Date.now, wait };
  }

  #connect(uri: ServiceUri): ServiceClient {
    const connection = serviceClient(uri, {
      chainId: this.#plan.chainId,
      timeoutMs: CALL_MS_MAX,
      answerBytesMax: FOG_ANSWER_BYTES_MAX,
    });
    this.#connections.push(connection);
    return connection;
  }
}

const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, signal === undefined ? {} : { signal });

async function policyOf(bundle: string): Promise<Policy> {
  const identity = identityOf(measureBundle(await readBundle(bundle)));
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}

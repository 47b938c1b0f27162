// Wallets over gRPC: what `@fogbow/sdk` does, with this machine's sockets and clock.
import type { AccountKey } from "@fogbow/core-account";
import { createPolicy, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { fogIngestBundle } from "@fogbow/fog-ingest";
import { fogLedgerBundle } from "@fogbow/fog-ledger";
import { fogViewBundle } from "@fogbow/fog-view";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { type ConsensusService, ReportResolver, Wallet, type WalletParts } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import { FogAccess, type FogClients, type FogPlace, wait } from "./fog-access.ts";
import { CALL_MS_MAX, FOG_ANSWER_BYTES_MAX } from "./limits.ts";

/** Makes wallets that share one Fog and one set of connections. */
export class FogWallets {
  readonly #place: FogPlace;
  readonly #random: Random;
  readonly #fog: FogAccess;
  readonly #reportServers: ServiceClient[] = [];
  /** The keys that hints are encrypted to. */
  readonly reports: ReportResolver;

  /** Trusts enclaves by these policies. */
  constructor(
    place: FogPlace,
    policies: Readonly<Record<"view" | "ledger" | "ingest", Policy>>,
    { random }: { readonly random: Random },
  ) {
    this.#place = place;
    this.#random = random;
    this.#fog = new FogAccess(policies);
    this.reports = new ReportResolver({
      transportTo: (url) => this.#reportServer(url).transport,
      verifyEvidence: createReportEvidenceVerifier({ policy: () => policies.ingest, now: Date.now }),
      now: Date.now,
    });
  }

  /** Trusts the enclaves that were built with this program, on simulated platforms. Rejects with RuntimeError. */
  static async make(place: FogPlace, parts: { readonly random: Random }): Promise<FogWallets> {
    const [view, ledger, ingest] = await Promise.all([fogViewBundle, fogLedgerBundle, fogIngestBundle].map(policyOf));
    if (view === undefined || ledger === undefined || ingest === undefined) throw new Error("There are three.");
    return new FogWallets(place, { view, ledger, ingest }, parts);
  }

  /** A wallet of an account, which pays through a node; it keeps nothing. */
  wallet(account: AccountKey, consensus: ConsensusService): Wallet {
    return new Wallet({ account }, this.walletParts(consensus));
  }

  /** What one wallet works with, which pays through a node: sessions of its own. */
  walletParts(consensus: ConsensusService): WalletParts {
    return { ...this.clients(), consensus, reports: this.reports, random: this.#random, wait };
  }

  /** Clients of Fog View and Fog Ledger with sessions of their own. */
  clients(): FogClients {
    return this.#fog.open(this.#place);
  }

  /** A transport to where wallets ask Fog View, for whatever else is there. */
  get transport(): ServiceClient["transport"] {
    return this.#fog.connect(this.#place.viewUri, this.#place.chainId).transport;
  }

  /** Ends all connections. */
  close(): void {
    this.#fog.close();
    for (const server of this.#reportServers.splice(0)) server.close();
  }

  #reportServer(url: string): ServiceClient {
    const { chainId } = this.#place;
    const options = { chainId, timeoutMs: CALL_MS_MAX, answerBytesMax: FOG_ANSWER_BYTES_MAX };
    const server = serviceClient(parseServiceUri(url, "fog"), options);
    this.#reportServers.push(server);
    return server;
  }
}

async function policyOf(bundle: string): Promise<Policy> {
  const identity = identityOf(measureBundle(await readBundle(bundle)));
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}

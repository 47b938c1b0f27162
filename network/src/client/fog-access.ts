// Where the wallets of this process reach Fog: one connection for each server and chain, and attested sessions for each wallet.
import { setTimeout as sleep } from "node:timers/promises";
import { createEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { type FogClientParts, FogLedgerClient, FogViewClient } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, type ServiceUri, serviceClient } from "@fogbow/server";
import { CommandError } from "../error.ts";
import { systemRandom } from "../system-random.ts";
import { CALL_MS_MAX, FOG_ANSWER_BYTES_MAX, FOG_CONNECTIONS_MAX } from "./limits.ts";

/** Which enclaves are trusted. */
export interface FogPolicies {
  readonly view: Policy;
  readonly ledger: Policy;
}

/** Where a wallet's Fog is, and which network it is for. */
export interface FogPlace {
  readonly viewUri: ServiceUri;
  readonly ledgerUri: ServiceUri;
  readonly chainId: string;
}

/** Fog View and Fog Ledger for one wallet. */
export interface FogClients {
  readonly view: FogViewClient;
  readonly ledger: FogLedgerClient;
}

/** Where Fog View and Fog Ledger are when both are at one address in clear text, such as `localhost:7700`. */
export function fogAt(address: string, chainId: string): FogPlace {
  return {
    viewUri: parseServiceUri(`insecure-fog-view://${address}/`, "fog-view"),
    ledgerUri: parseServiceUri(`insecure-fog-ledger://${address}/`, "fog-ledger"),
    chainId,
  };
}

/** The Fogs that this process is with. */
export class FogAccess {
  readonly #connections = new Map<string, ServiceClient>();
  readonly #timeoutMs: number;
  readonly #verify: Readonly<Record<"view" | "ledger", FogClientParts["verify"]>>;

  /** Each call may take `timeoutMs` (10 000). */
  constructor({ view, ledger }: FogPolicies, { timeoutMs = CALL_MS_MAX }: { readonly timeoutMs?: number } = {}) {
    this.#timeoutMs = timeoutMs;
    this.#verify = {
      view: createEvidenceVerifier({ policy: () => view, now: Date.now }),
      ledger: createEvidenceVerifier({ policy: () => ledger, now: Date.now }),
    };
  }

  /** Sessions for one wallet; nothing is sent yet. Throws `too-many-fogs`, ServerError `invalid-certificate`. */
  open({ viewUri, ledgerUri, chainId }: FogPlace): FogClients {
    const view = this.connect(viewUri, chainId);
    const ledger = this.connect(ledgerUri, chainId);
    const timeoutMs = this.#timeoutMs;
    const parts = { random: systemRandom, now: Date.now, wait };
    return {
      view: new FogViewClient(
        { responderId: viewUri.responderId, timeoutMs },
        { ...parts, transport: view.transport, verify: this.#verify.view },
      ),
      ledger: new FogLedgerClient(
        { responderId: ledgerUri.responderId, timeoutMs },
        { ...parts, transport: ledger.transport, verify: this.#verify.ledger },
      ),
    };
  }

  /** The connection to a server, which all share. Throws `too-many-fogs`, ServerError `invalid-certificate`. */
  connect(uri: ServiceUri, chainId: string): ServiceClient {
    const name = JSON.stringify([uri.text, chainId]);
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    if (this.#connections.size >= FOG_CONNECTIONS_MAX) {
      throw new CommandError("too-many-fogs", `There are ${FOG_CONNECTIONS_MAX} connections to Fogs. Reset first.`);
    }
    const connection = serviceClient(uri, {
      chainId,
      timeoutMs: this.#timeoutMs,
      answerBytesMax: FOG_ANSWER_BYTES_MAX,
    });
    this.#connections.set(name, connection);
    return connection;
  }

  /** Ends all connections; they are made anew when somebody opens one. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }
}

/** What clients wait with; the signal ends it. */
export const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, signal === undefined ? {} : { signal });

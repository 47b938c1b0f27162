// Where the wallets of this process reach Fog: one connection for each Fog and chain, and an attested session for each wallet.
import { webcrypto } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { type FogClientParts, FogLedgerClient, FogViewClient, type LedgerService, type ViewService } from "@fogbow/sdk";
import { type ServiceClient, type ServiceUri, serviceClient } from "@fogbow/server";
import { FOG_ANSWER_BYTES_MAX } from "../client/limits.ts";
import { CommandError } from "../error.ts";
import { FOG_CALL_MS_MAX, FOGS_MAX } from "./limits.ts";

/** Which enclaves are trusted. */
export interface FogPolicies {
  readonly view: Policy;
  readonly ledger: Policy;
}

/** Fog View and Fog Ledger as one wallet sees them. */
export interface FogServices {
  readonly view: ViewService & Closing;
  readonly ledger: LedgerService & Closing;
  readonly random: Random;
}

/** What has sessions to end. */
export interface Closing {
  close(): void;
}

/** One URI for view and ledger: whatever stands there tells them apart by the names of their RPCs. */
export class FogAccess {
  readonly #connections = new Map<string, ServiceClient>();
  readonly #verify: Readonly<Record<"view" | "ledger", FogClientParts["verify"]>>;

  constructor({ view, ledger }: FogPolicies) {
    this.#verify = {
      view: createEvidenceVerifier({ policy: () => view, now: Date.now }),
      ledger: createEvidenceVerifier({ policy: () => ledger, now: Date.now }),
    };
  }

  /** Sessions for one wallet; nothing is sent yet. Throws `too-many-fogs`, ServerError `invalid-certificate`. */
  open(uri: ServiceUri, chainId: string): FogServices {
    const { transport } = this.#connection(uri, chainId);
    const server = { responderId: uri.responderId, timeoutMs: FOG_CALL_MS_MAX };
    const parts = { transport, random, now: Date.now, wait };
    return {
      view: new FogViewClient(server, { ...parts, verify: this.#verify.view }),
      ledger: new FogLedgerClient(server, { ...parts, verify: this.#verify.ledger }),
      random,
    };
  }

  /** Ends all connections; they are made anew when somebody opens one. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  #connection(uri: ServiceUri, chainId: string): ServiceClient {
    const name = JSON.stringify([uri.text, chainId]);
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    if (this.#connections.size >= FOGS_MAX) {
      throw new CommandError("too-many-fogs", `Wallets are with ${FOGS_MAX} Fogs already. Reset first.`);
    }
    const connection = serviceClient(uri, {
      chainId,
      timeoutMs: FOG_CALL_MS_MAX,
      answerBytesMax: FOG_ANSWER_BYTES_MAX,
    });
    this.#connections.set(name, connection);
    return connection;
  }
}

const random: Random = (length) => webcrypto.getRandomValues(new Uint8Array(length));

const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, signal === undefined ? {} : { signal });

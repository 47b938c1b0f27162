// A client of one node over gRPC: what `@fogbow/sdk` does, with this machine's sockets and clock.
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createEvidenceVerifier, createPolicy, type Policy } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { baseUrlOf, type NodeUri, tlsOptionsOf } from "@fogbow/node";
import { measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { ConsensusClient } from "@fogbow/sdk";
import { SteadySession } from "@fogbow/server";
import { CommandError } from "../error.ts";
import { CALL_MS_MAX, WATCH_MS_MAX } from "./limits.ts";

/** Which node, on which chain, and which enclaves are trusted. */
export interface NodeClientOptions {
  readonly uri: NodeUri;
  readonly chainId: string;
  readonly policy: Policy;
}

/** A client of one node, with its connection. */
export class NodeClient extends ConsensusClient {
  readonly #connection: SteadySession;

  /** Nothing is opened before the first call. Throws as `tlsOptionsOf` does. */
  constructor({ uri, chainId, policy }: NodeClientOptions, { random }: { readonly random: Random }) {
    const baseUrl = baseUrlOf(uri);
    const connection = new SteadySession(baseUrl, {}, tlsOptionsOf(uri));
    const transport = createGrpcTransport({ baseUrl, sessionManager: connection, acceptCompression: [] });
    const verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
    const options = { responderId: uri.responderId, timeoutMs: CALL_MS_MAX };
    super(options, { transport, chainId, verify, random, now: Date.now });
    this.#connection = connection;
  }

  /**
   * Waits until a transaction is in a block, and says in which. Rejects with `tx-expired` when its tombstone block has come
   * without it or a minute has passed, and with SdkError.
   */
  async untilExternalized(txHash: Uint8Array, tombstoneBlock: bigint): Promise<bigint> {
    // A timeout of the platform's would keep the process alive although the stream has been left.
    const stop = new AbortController();
    const late = new CommandError("tx-expired", "The transaction was not in a block in time.");
    const timer = setTimeout(() => stop.abort(late), WATCH_MS_MAX);
    try {
      const outcome = await this.outcome(txHash, tombstoneBlock, stop.signal);
      if (outcome.kind === "in-block") return outcome.blockIndex;
    } finally {
      clearTimeout(timer);
    }
    throw late;
  }

  /** Ends the session and the connection. */
  override close(): void {
    super.close();
    this.#connection.abort();
  }
}

/**
 * Trusts the consensus enclave in a bundle, on the simulated platform only, which protects nobody: for networks that one
 * runs oneself.
 */
export async function ownNetworkPolicy(bundle: string): Promise<Policy> {
  const mrEnclave = measureBundle(await readBundle(bundle));
  const identity = { kind: "mr-enclave", mrEnclave, configAdvisories: [], hardeningAdvisories: [] } as const;
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}

// A small client of one node: attests its enclave, seals transactions for it, and watches what becomes of them.
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  beginChannel,
  createEvidenceVerifier,
  createPolicy,
  type Policy,
  Session,
  type Verdict,
} from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { encodeTx, FeeMap, TRANSACTION_VALIDATION_NUMBERS, type Tx } from "@fogbow/core-transaction";
import {
  AttestedApi,
  BlockchainAPI,
  ConsensusClientAPI,
  type ProposeTxResponse,
  ProposeTxResult,
  TxState,
  WatchAPI,
} from "@fogbow/core-wire";
import { baseUrlOf, type NodeUri, tlsOptionsOf } from "@fogbow/node";
import { measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { SteadySession } from "@fogbow/server";
import { CommandError } from "../error.ts";
import { CALL_MS_MAX, WATCH_MS_MAX } from "./limits.ts";

/** Which node, on which chain, and which enclaves are trusted. */
export interface NodeClientOptions {
  readonly uri: NodeUri;
  readonly chainId: string;
  readonly policy: Policy;
}

/** Where a node's ledger ends, and what a transaction costs. */
export interface NodeInfo {
  /** Blocks; the next one has this index. */
  readonly blockCount: bigint;
  readonly blockVersion: number;
  readonly minimumFees: FeeMap;
}

/** A client of one node. Proposals go one after the other, as messages of a channel must keep their order. */
export class NodeClient {
  readonly #options: NodeClientOptions;
  readonly #random: Random;
  readonly #connection: SteadySession;
  readonly #attested;
  readonly #consensus;
  readonly #blockchain;
  readonly #watch;
  readonly #verify: ReturnType<typeof createEvidenceVerifier>;
  #session: Session | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Nothing is opened before the first call. Throws as `tlsOptionsOf` does. */
  constructor(options: NodeClientOptions, { random }: { readonly random: Random }) {
    const { uri, chainId, policy } = options;
    const baseUrl = baseUrlOf(uri);
    this.#options = options;
    this.#random = random;
    this.#connection = new SteadySession(baseUrl, {}, tlsOptionsOf(uri));
    const interceptors = [withChainId(chainId)];
    const transport = createGrpcTransport({
      baseUrl,
      sessionManager: this.#connection,
      interceptors,
      acceptCompression: [],
    });
    this.#attested = createClient(AttestedApi, transport);
    this.#consensus = createClient(ConsensusClientAPI, transport);
    this.#blockchain = createClient(BlockchainAPI, transport);
    this.#watch = createClient(WatchAPI, transport);
    this.#verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
  }

  /** Attests the enclave, unless that has been done. Rejects with AttestError, and with a ConnectError. */
  async attest(): Promise<void> {
    await this.#inTurn(() => this.#channel());
  }

  /** Where the ledger ends, and what a transaction costs. Rejects with a ConnectError. */
  async info(): Promise<NodeInfo> {
    const { index, networkBlockVersion, minimumFees } = await this.#blockchain.getLastBlockInfo(
      {},
      { timeoutMs: CALL_MS_MAX },
    );
    const fees = new FeeMap(Object.entries(minimumFees).map(([token, fee]) => [BigInt(token), fee]));
    return { blockCount: index + 1n, blockVersion: networkBlockVersion, minimumFees: fees };
  }

  /**
   * Seals a transaction for the enclave and proposes it. Rejects with `tx-refused` and the node's code when it is not valid,
   * with AttestError, and with a ConnectError: `UNAVAILABLE` when the node has too much to do.
   */
  async propose(tx: Tx): Promise<ProposeTxResponse> {
    const encoded = encodeTx(tx);
    const answer = await this.#inTurn(() => this.#propose(encoded));
    if (answer.result !== ProposeTxResult.Ok) {
      throw new CommandError("tx-refused", `The node refuses the transaction: ${codeOf(answer.result)}.`);
    }
    return answer;
  }

  /**
   * Waits until a transaction is in a block, and says in which. Rejects with `tx-expired` when its tombstone block has come
   * without it, and with a ConnectError.
   */
  async untilExternalized(txHash: Uint8Array, tombstoneBlock: bigint): Promise<bigint> {
    // A deadline of the library's would keep the process alive although the stream has been left.
    const stop = new AbortController();
    const timer = setTimeout(
      () => stop.abort(new ConnectError("It took too long.", Code.DeadlineExceeded)),
      WATCH_MS_MAX,
    );
    try {
      for await (const { state, blockIndex } of this.#watch.watchTx(
        { txHash, tombstoneBlock },
        { signal: stop.signal },
      )) {
        if (state === TxState.EXTERNALIZED) return blockIndex;
        if (state === TxState.EXPIRED) break;
      }
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    throw new CommandError("tx-expired", "The transaction was not in a block in time.");
  }

  /** Ends the session and the connection. */
  close(): void {
    this.#session?.close();
    this.#session = undefined;
    this.#connection.abort();
  }

  async #propose(encoded: Uint8Array): Promise<ProposeTxResponse> {
    const isOld = this.#session !== undefined;
    try {
      return await this.#send(encoded);
    } catch (error) {
      // The node has forgotten a session: it may have been started anew.
      if (isOld && error instanceof ConnectError && error.code === Code.PermissionDenied)
        return await this.#send(encoded);
      throw error;
    }
  }

  async #send(encoded: Uint8Array): Promise<ProposeTxResponse> {
    const session = await this.#channel();
    try {
      return await this.#consensus.clientTxPropose(session.seal(encoded), { timeoutMs: CALL_MS_MAX });
    } catch (error) {
      // Whether the message was received is not known, so the two sides may count differently.
      session.close();
      this.#session = undefined;
      throw error;
    }
  }

  async #channel(): Promise<Session> {
    if (this.#session !== undefined) return this.#session;
    const pending = beginChannel({ responderId: this.#options.uri.responderId }, { random: this.#random });
    try {
      const { data } = await this.#attested.auth({ data: pending.request }, { timeoutMs: CALL_MS_MAX });
      const { keys } = await pending.finish<Verdict>(data, this.#verify);
      this.#session = new Session(keys);
      return this.#session;
    } finally {
      pending.close();
    }
  }

  #inTurn<Result>(body: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => undefined); // Whoever asked is told; those behind go on.
    return turn;
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

/** What a result means. */
function codeOf(result: number): string {
  const known = Object.entries(TRANSACTION_VALIDATION_NUMBERS).find(([, number]) => number === result);
  return known?.[0] ?? `result ${result}`;
}

function withChainId(chainId: string): Interceptor {
  return (next) => (request) => {
    request.header.set("chain-id", chainId);
    return next(request);
  };
}

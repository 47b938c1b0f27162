// A client of one node: attests its enclave, seals transactions for it, and watches what becomes of them (spec 05 §2.8, §4).
import { type CallOptions, Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { beginChannel, Session } from "@fogbow/core-attest";
import { encodeTx, FeeMap, type Tx, transactionValidationCode } from "@fogbow/core-transaction";
import { AttestedApi, BlockchainAPI, ConsensusClientAPI, ProposeTxResult, TxState, WatchAPI } from "@fogbow/core-wire";
import type { FogClientParts, FogServerOptions, HeldVerdict } from "../channel/attested-client.ts";
import { plainHeaders } from "../channel/attested-client.ts";
import { Cookies } from "../channel/cookies.ts";
import { sdkErrorOf } from "../channel/sdk-error-of.ts";
import { SdkError } from "../error.ts";
import type { ConsensusService, NodeInfo, TxOutcome } from "./consensus-service.ts";

const TIMEOUT_MS = 10_000;

/** What a client of a node works with. */
export type ConsensusClientParts = Omit<FogClientParts, "wait"> & { readonly transport: Transport };

/** A client of a node. Proposals go one after the other, as messages of a channel must keep their order. */
export class ConsensusClient implements ConsensusService {
  readonly #options: FogServerOptions;
  readonly #parts: ConsensusClientParts;
  readonly #attested;
  readonly #consensus;
  readonly #blockchain;
  readonly #watch;
  /** Where many nodes are behind one address, they lead back to the one that has the session. */
  readonly #cookies = new Cookies();
  #session: { readonly messages: Session; readonly verdict: HeldVerdict } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Nothing is sent before the first call. */
  constructor(options: FogServerOptions, parts: ConsensusClientParts) {
    const { transport } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#attested = createClient(AttestedApi, transport);
    this.#consensus = createClient(ConsensusClientAPI, transport);
    this.#blockchain = createClient(BlockchainAPI, transport);
    this.#watch = createClient(WatchAPI, transport);
  }

  /** Attests the enclave, unless that has been done. Throws SdkError, and the signal's reason. */
  async attest(signal?: AbortSignal): Promise<void> {
    await this.#inTurn(() => told(this.#channel(signal), signal));
  }

  /** Where the ledger ends, and what a transaction costs. Throws SdkError, and the signal's reason. */
  async info(signal?: AbortSignal): Promise<NodeInfo> {
    const { index, networkBlockVersion, minimumFees } = await told(
      this.#blockchain.getLastBlockInfo({}, this.#call(signal)),
      signal,
    );
    const fees = new FeeMap(Object.entries(minimumFees).map(([token, fee]) => [BigInt(token), fee]));
    return { blockCount: index + 1n, blockVersion: networkBlockVersion, minimumFees: fees };
  }

  /**
   * Seals a transaction for the enclave and proposes it. Throws SdkError: `fee-outdated`, `input-spent`, `tombstone-passed`,
   * `tx-refused` when the node says that it cannot be in a block, `rate-limited` when the node has too much to do, and others;
   * and the signal's reason. After `connection-failed` nobody knows whether the node has it: propose the same again.
   */
  async propose(tx: Tx, signal?: AbortSignal): Promise<void> {
    const encoded = encodeTx(tx);
    const { result } = await this.#inTurn(() => told(this.#propose(encoded, signal), signal));
    if (result !== ProposeTxResult.Ok) throw refusalOf(result);
  }

  /** Waits until a transaction is in a block, or cannot be any more. Throws SdkError, and the signal's reason. */
  async outcome(txHash: Uint8Array, tombstoneBlock: bigint, signal?: AbortSignal): Promise<TxOutcome> {
    // Leaving the loop early must end the stream, and not only this side's reading of it.
    const leave = new AbortController();
    const either = signal === undefined ? leave.signal : AbortSignal.any([signal, leave.signal]);
    const headers = { ...plainHeaders(this.#parts), ...this.#cookies.headers() };
    const options = { headers, signal: either };
    try {
      for await (const { state, blockIndex } of this.#watch.watchTx({ txHash, tombstoneBlock }, options)) {
        if (state === TxState.EXTERNALIZED) return { kind: "in-block", blockIndex };
        if (state === TxState.EXPIRED) return { kind: "expired" };
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw sdkErrorOf(error);
    } finally {
      leave.abort();
    }
    throw new SdkError("connection-failed", "The node ended its answer before the transaction was decided.");
  }

  /** Ends the session; what is asked later begins another. */
  close(): void {
    this.#forget();
  }

  #forget(): void {
    this.#session?.messages.close();
    this.#session = undefined;
  }

  async #propose(encoded: Uint8Array, signal: AbortSignal | undefined): Promise<{ readonly result: ProposeTxResult }> {
    const isOld = this.#session !== undefined;
    try {
      return await this.#send(encoded, signal);
    } catch (error) {
      // The node has forgotten the session: it may have been started anew.
      const isForgotten = error instanceof ConnectError && error.code === Code.PermissionDenied;
      if (isOld && isForgotten) return await this.#send(encoded, signal);
      throw error;
    }
  }

  async #send(encoded: Uint8Array, signal: AbortSignal | undefined): Promise<{ readonly result: ProposeTxResult }> {
    const session = await this.#channel(signal);
    try {
      return await this.#consensus.clientTxPropose(session.seal(encoded), this.#call(signal));
    } catch (error) {
      this.#forget(); // Whether the message was received is not known, so the two sides may count differently.
      throw error;
    }
  }

  async #channel(signal: AbortSignal | undefined): Promise<Session> {
    const { random, verify, now } = this.#parts;
    const held = this.#session;
    if (held !== undefined && now() <= (held.verdict.validUntil ?? Number.POSITIVE_INFINITY)) return held.messages;
    this.#forget();
    const pending = beginChannel({ responderId: this.#options.responderId }, { random });
    try {
      const { data } = await this.#attested.auth({ data: pending.request }, this.#call(signal));
      const { keys, verdict } = await pending.finish(data, verify);
      this.#session = { messages: new Session(keys), verdict };
      return this.#session.messages;
    } finally {
      pending.close();
    }
  }

  #call(signal: AbortSignal | undefined): CallOptions {
    return {
      timeoutMs: this.#options.timeoutMs ?? TIMEOUT_MS,
      headers: { ...plainHeaders(this.#parts), ...this.#cookies.headers() },
      onHeader: (headers) => this.#cookies.take(headers),
      onTrailer: (headers) => this.#cookies.take(headers),
      ...(signal === undefined ? {} : { signal }),
    };
  }

  #inTurn<Result>(body: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => undefined); // Whoever asked is told; those behind go on.
    return turn;
  }
}

async function told<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw sdkErrorOf(error);
  }
}

/** What a refusal means for a wallet (spec 03 §8.8). */
function refusalOf(result: ProposeTxResult): SdkError {
  const code = transactionValidationCode(result) ?? `result ${result}`;
  switch (result) {
    case ProposeTxResult.FeeMapDigestMismatch:
    case ProposeTxResult.TxFeeError:
      return new SdkError("fee-outdated", `The network has other fees: ${code}.`);
    case ProposeTxResult.ContainsSpentKeyImage:
    case ProposeTxResult.ContainsExistingOutputPublicKey: // It is in the ledger already.
      return new SdkError("input-spent", `An input is spent: ${code}.`);
    case ProposeTxResult.TombstoneBlockExceeded:
      return new SdkError("tombstone-passed", `The transaction came too late: ${code}.`);
    default:
      return new SdkError("tx-refused", `The node refuses the transaction: ${code}.`);
  }
}

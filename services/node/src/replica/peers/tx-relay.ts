// Transactions on their way to one peer's enclave (spec 05 §2.4): what waits goes together, one message at a time, since
// those of a channel must arrive in the order in which they were sealed.
import type { NodeId } from "@fogbow/core-block";
import { encodeTxProposeAad, nodeKey } from "@fogbow/core-scp";
import { RELAY_QUEUE_MAX, TX_LIST_MAX } from "../../limits.ts";
import type { PeerRpc } from "../../rpc/peer-rpc.ts";
import { type EnclaveDoor, refusalOf } from "../enclave-door.ts";
import type { PeerChannel } from "./peer-channel.ts";

/** What a relay works with. */
export interface TxRelayParts {
  readonly rpc: PeerRpc;
  readonly door: EnclaveDoor;
  readonly channel: PeerChannel;
  readonly onAnswer: () => void;
}

interface Waiting {
  readonly hash: Uint8Array;
  readonly origin: NodeId;
}

/** Milliseconds that a peer has to take transactions. */
const RELAY_MS = 5_000;

/** Relays transactions to one peer. Nothing is lost for good when it fails: a peer fetches what it needs. */
export class TxRelay {
  readonly #relayedBy: string;
  readonly #parts: TxRelayParts;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(relayedBy: string, parts: TxRelayParts) {
    this.#relayedBy = relayedBy;
    this.#parts = parts;
  }

  relay(hash: Uint8Array, origin: NodeId): void {
    if (this.#waiting.length >= RELAY_QUEUE_MAX) this.#waiting.shift();
    this.#waiting.push({ hash, origin });
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      if (!(await this.#send(batch))) await this.#send(batch); // Once more, over a new channel.
    }
    this.#isRunning = false;
  }

  /** Transactions of one origin, which is said once for all of a message. */
  #take(): Waiting[] {
    const origin = nodeKey((this.#waiting[0] as Waiting).origin); // Called when there are some.
    let count = 1;
    while (count < TX_LIST_MAX && this.#isOf(this.#waiting[count], origin)) count++;
    return this.#waiting.splice(0, count);
  }

  #isOf(waiting: Waiting | undefined, origin: string): boolean {
    return waiting !== undefined && nodeKey(waiting.origin) === origin;
  }

  /** Whether there is nothing more to do. */
  async #send(batch: readonly Waiting[]): Promise<boolean> {
    const { rpc, door, channel, onAnswer } = this.#parts;
    const current = channel.id();
    try {
      const channelId = await current;
      const { origin } = batch[0] as Waiting; // No batch is empty.
      const aad = encodeTxProposeAad({ originNode: origin, relayedBy: this.#relayedBy });
      const sealed = await door.peerSeal({ channelId, txHashes: batch.map(({ hash }) => hash), aad });
      await rpc.peerTxPropose(sealed, { timeoutMs: RELAY_MS });
      onAnswer();
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "unknown-tx" || refusal === "list-too-large") return this.#sendEach(batch);
      channel.drop(current);
      return false;
    }
  }

  /** One of them has been forgotten meanwhile, so nobody waits for it any more, or they are too large: each goes alone. */
  async #sendEach(batch: readonly Waiting[]): Promise<boolean> {
    if (batch.length > 1) for (const each of batch) await this.#send([each]);
    return true;
  }
}

// The attested channel to one peer's enclave: made when it is first needed, made anew when either side has lost it.
import { Code, ConnectError } from "@connectrpc/connect";
import type { Random } from "@fogbow/core-bytes";
import type { Clock, ReplicaMetrics } from "../../parts.ts";
import type { PeerRpc } from "../../rpc/peer-rpc.ts";
import type { EnclaveDoor } from "../enclave-door.ts";
import { fibonacciDelay } from "../fibonacci.ts";

/** What a channel is made with. */
export interface PeerChannelParts {
  readonly rpc: PeerRpc;
  readonly door: EnclaveDoor;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: ReplicaMetrics | undefined;
}

/** Milliseconds that a peer's enclave has for the handshake: making evidence can take long. */
const HANDSHAKE_MS = 10_000;

/** The channel that this node began to one peer. */
export class PeerChannel {
  readonly #responderId: string;
  readonly #parts: PeerChannelParts;
  #channel: Promise<Uint8Array> | undefined;
  #isOpen = false;
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor(responderId: string, parts: PeerChannelParts) {
    this.#responderId = responderId;
    this.#parts = parts;
  }

  /** Whether there is a channel, as far as this side knows. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The channel's id, 64 bytes. Rejects with a ConnectError when the peer cannot be attested now. */
  id(): Promise<Uint8Array> {
    if (this.#channel === undefined && this.#parts.clock.now() < this.#retryAt) {
      return Promise.reject(new ConnectError("The peer could not be attested a moment ago.", Code.Unavailable));
    }
    this.#channel ??= this.#begin();
    return this.#channel;
  }

  /** The channel is of no use any more: the next call makes a new one. */
  drop(channel: Promise<Uint8Array>): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#isOpen = false;
  }

  async #begin(): Promise<Uint8Array> {
    const { rpc, door, clock, random, metrics } = this.#parts;
    try {
      const answer = await rpc.auth(await door.peerBegin(this.#responderId), { timeoutMs: HANDSHAKE_MS });
      const id = await door.peerFinish(this.#responderId, answer, clock.unixMilliseconds());
      this.#failures = 0;
      this.#isOpen = true;
      metrics?.count("channels_made");
      return id;
    } catch (error) {
      this.#channel = undefined;
      this.#failures++;
      this.#retryAt = clock.now() + fibonacciDelay(this.#failures, random);
      throw error;
    }
  }
}

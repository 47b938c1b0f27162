// Consensus messages on their way to one peer (spec 05 §2.6): bounded; a message that its sender has superseded is not sent
// any more; what fails is tried again, but not for long, since the next message says more.
import { create } from "@bufbuild/protobuf";
import type { Random } from "@fogbow/core-bytes";
import { ConsensusMsgResult, ConsensusMsgSchema } from "@fogbow/core-wire";
import { MESSAGE_AGE_MS_MAX, OUTBOX_IN_FLIGHT_MAX, OUTBOX_MAX, SEND_ATTEMPTS_MAX } from "../../limits.ts";
import type { Clock, ReplicaMetrics } from "../../parts.ts";
import type { PeerRpc } from "../../rpc/peer-rpc.ts";
import { fibonacciDelay } from "../fibonacci.ts";

/** A message as it is sent. */
export interface OutgoingMessage {
  /** Equal for messages of one sender about one slot, each of which supersedes those before. */
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** What an outbox works with. */
export interface OutboxParts {
  readonly rpc: PeerRpc;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: ReplicaMetrics | undefined;
  /** The peer has answered; `isBack` after it had not. */
  readonly onAnswer: (isBack: boolean) => void;
}

interface Waiting extends OutgoingMessage {
  readonly since: number;
  attempts: number;
}

/** Milliseconds that a peer has to take a message. */
const SEND_MS = 5_000;

/** Sends messages to one peer. */
export class Outbox {
  readonly #from: string;
  readonly #parts: OutboxParts;
  readonly #waiting = new Map<string, Waiting>();
  #inFlight = 0;
  #failures = 0;
  #isPausing = false;
  #isClosed = false;

  /** `from` is the responder id of the node itself. */
  constructor(from: string, parts: OutboxParts) {
    this.#from = from;
    this.#parts = parts;
  }

  /** Messages that wait. */
  get length(): number {
    return this.#waiting.size;
  }

  send({ subject, payload }: OutgoingMessage): void {
    if (this.#isClosed) return;
    this.#waiting.delete(subject);
    this.#waiting.set(subject, { subject, payload, since: this.#parts.clock.now(), attempts: 0 });
    if (this.#waiting.size > OUTBOX_MAX) this.#drop(this.#waiting.keys().next().value as string); // There are some.
    this.#pump();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
  }

  #pump(): void {
    for (const [subject, message] of this.#waiting) {
      if (this.#isPausing || this.#inFlight >= OUTBOX_IN_FLIGHT_MAX) return;
      this.#waiting.delete(subject);
      if (this.#parts.clock.now() - message.since > MESSAGE_AGE_MS_MAX) this.#parts.metrics?.count("messages_dropped");
      else void this.#deliver(message);
    }
  }

  async #deliver(message: Waiting): Promise<void> {
    const { rpc, metrics, onAnswer } = this.#parts;
    this.#inFlight++;
    message.attempts++;
    try {
      const { payload } = message;
      const request = create(ConsensusMsgSchema, { fromResponderId: this.#from, payload });
      const { result } = await rpc.sendConsensusMsg(request, { timeoutMs: SEND_MS });
      metrics?.count(result === ConsensusMsgResult.Ok ? "messages_sent" : "messages_dropped");
      const isBack = this.#failures > 0;
      this.#failures = 0;
      onAnswer(isBack);
    } catch {
      this.#failed(message);
    } finally {
      this.#inFlight--;
      this.#pump();
    }
  }

  #failed(message: Waiting): void {
    if (this.#isClosed) return;
    const isSuperseded = this.#waiting.has(message.subject);
    if (message.attempts < SEND_ATTEMPTS_MAX && !isSuperseded) this.#waiting.set(message.subject, message);
    else this.#parts.metrics?.count("messages_dropped");
    if (this.#isPausing) return;
    this.#isPausing = true;
    this.#failures++;
    const { clock, random } = this.#parts;
    clock.setTimer(clock.now() + fibonacciDelay(this.#failures, random), () => {
      this.#isPausing = false;
      this.#pump();
    });
  }

  #drop(subject: string): void {
    this.#waiting.delete(subject);
    this.#parts.metrics?.count("messages_dropped");
  }
}

// PeerAPI.Converse as it is called: one stream to a peer for what nodes ask each other all the time, opened with the first
// question and anew with the first one after it broke. An RPC of its own for each question costs ten times as much.
import { create } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import { type Client, Code, ConnectError } from "@connectrpc/connect";
import {
  type Connections,
  type ConsensusMsg,
  type ConsensusMsgResponse,
  type Message,
  type PeerAnswer,
  type PeerAPI,
  type PeerQuestion,
  PeerQuestionSchema,
  type ProposeTxResponse,
} from "@fogbow/core-wire";
import type { CallOptions } from "../rpc/peer-rpc.ts";
import { NO_ROOM_MS, NOT_OFFERED_MS, PEER_CALL_MS_MAX, QUESTION_BYTES_MAX } from "./limits.ts";
import { PushQueue } from "./push-queue.ts";

/** What can be asked. */
interface Questions {
  readonly sendConsensusMsg: ConsensusMsg;
  readonly peerTxPropose: Message;
  readonly getConnections: Empty;
}

/** What is answered to it. */
interface Answers {
  readonly sendConsensusMsg: ConsensusMsgResponse;
  readonly peerTxPropose: ProposeTxResponse;
  readonly getConnections: Connections;
}

interface Waiting {
  readonly resolve: (answer: PeerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

interface Stream {
  readonly questions: PushQueue<PeerQuestion>;
  readonly waiting: Map<bigint, Waiting>;
  readonly abort: AbortController;
}

/** Asks one peer. */
export class Conversation {
  readonly #client: Pick<Client<typeof PeerAPI>, "converse">;
  readonly #now: () => number;
  #stream: Stream | undefined;
  #nextId = 0n;
  /** Until then nothing is asked this way. */
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds, from any beginning. */
  constructor(client: Pick<Client<typeof PeerAPI>, "converse">, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /**
   * Resolves with undefined when the peer does not offer conversations or has no room for one, or the question is so large
   * that others would have to wait behind it: then its RPC is called. Rejects with what the RPC would reject with.
   */
  async ask<Kind extends keyof Questions>(
    kind: Kind,
    value: Questions[Kind],
    { timeoutMs = PEER_CALL_MS_MAX, signal }: CallOptions = {},
  ): Promise<Answers[Kind] | undefined> {
    if (this.#now() < this.#pausedUntil || sizeOf(value) > QUESTION_BYTES_MAX) return undefined;
    if (signal?.aborted) throw cancelled();
    const { questions, waiting } = this.#open();
    const id = this.#nextId++;
    const question = { case: kind, value } as PeerQuestion["question"]; // The value is of that kind.
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      const { answer, code, message } = await new Promise<PeerAnswer>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new ConnectError("The peer took too long.", Code.DeadlineExceeded)), timeoutMs);
        onAbort = () => reject(cancelled());
        signal?.addEventListener("abort", onAbort);
        questions.push(create(PeerQuestionSchema, { id, question }));
      });
      if (answer.case !== kind) throw new ConnectError(message, code in Code ? code : Code.Unknown);
      return answer.value as Answers[Kind]; // It is of that kind.
    } catch (error) {
      if (error === NOT_OFFERED) return undefined;
      throw error;
    } finally {
      waiting.delete(id);
      clearTimeout(timer);
      if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the stream; what is unanswered is rejected. */
  close(): void {
    this.#stream?.abort.abort();
  }

  #open(): Stream {
    if (this.#stream !== undefined) return this.#stream;
    const stream = { questions: new PushQueue<PeerQuestion>(), waiting: new Map(), abort: new AbortController() };
    this.#stream = stream;
    void this.#listen(stream);
    return stream;
  }

  /** Hands the answers out until the stream is over. */
  async #listen(stream: Stream): Promise<void> {
    let reason: unknown = new ConnectError("The peer ended the conversation.", Code.Unavailable);
    let hasAnswered = false;
    try {
      // Endless: each question has a time of its own.
      const answers = this.#client.converse(stream.questions, { signal: stream.abort.signal, timeoutMs: 0 });
      for await (const answer of answers) {
        hasAnswered = true;
        stream.waiting.get(answer.id)?.resolve(answer);
      }
    } catch (error) {
      reason = ConnectError.from(error);
      // Whoever takes all the room for conversations must not keep a node from being heard.
      if (!hasAnswered && !stream.abort.signal.aborted) {
        const isNotOffered = ConnectError.from(error).code === Code.Unimplemented;
        this.#pausedUntil = this.#now() + (isNotOffered ? NOT_OFFERED_MS : NO_ROOM_MS);
        reason = NOT_OFFERED;
      }
    }
    if (this.#stream === stream) this.#stream = undefined;
    stream.questions.end();
    for (const { reject } of stream.waiting.values()) reject(reason);
  }
}

/** Bytes of what is asked, but for what says from whom. */
const sizeOf = (value: Questions[keyof Questions]): number =>
  "payload" in value ? value.payload.length : "data" in value ? value.data.length + value.aad.length : 0;

/** Why a question is unanswered when the peer holds no conversation. */
const NOT_OFFERED = Symbol("not offered");

const cancelled = (): ConnectError => new ConnectError("Nobody waits for the answer any more.", Code.Canceled);

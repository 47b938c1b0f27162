// Calls that wait for their answers: how many there may be, how long each waits, and who is told.
import { RuntimeError, type RuntimeErrorCode } from "../error.ts";
import type { CallOptions } from "./enclave-host.ts";
import { CALL_BYTES_MAX, CALL_MS_DEFAULT, CALL_MS_MAX } from "./limits.ts";

/** Why a caller stopped waiting by itself. */
export type GiveUpCode = "deadline-exceeded" | "call-cancelled";

interface Pending {
  readonly resolve: (output: Uint8Array) => void;
  readonly reject: (error: RuntimeError) => void;
  readonly bytes: number;
  readonly release: () => void;
}

/**
 * The calls in flight to one enclave. One whose caller no longer waits keeps its room until the enclave has answered, which
 * it does to every cancellation: otherwise callers that give up could fill the way to an enclave that reads nothing.
 */
export class PendingCalls {
  readonly #callsMax: number;
  readonly #onGiveUp: (id: number, code: GiveUpCode) => void;
  readonly #pending = new Map<number, Pending>();
  #bytes = 0;
  #nextId = 1;

  /**
   * `onGiveUp` learns of every call whose caller no longer waits, after the caller; of one that was cancelled also when its
   * deadline passes without an answer.
   */
  constructor(callsMax: number, onGiveUp: (id: number, code: GiveUpCode) => void) {
    this.#callsMax = callsMax;
    this.#onGiveUp = onGiveUp;
  }

  /** Whether an input of so many bytes finds room. */
  hasRoom(bytes: number): boolean {
    return this.#pending.size < this.#callsMax && this.#bytes + bytes <= CALL_BYTES_MAX;
  }

  /** Adds a call of so many bytes, which waits until it is settled, its deadline passes or its signal ends it. */
  add(
    bytes: number,
    { signal, deadlineMs = CALL_MS_DEFAULT }: CallOptions,
  ): { readonly id: number; readonly answer: Promise<Uint8Array> } {
    const id = this.#nextId;
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    const waitMs = Math.min(deadlineMs, CALL_MS_MAX);
    const giveUp = (code: GiveUpCode, message: string): void => {
      signal?.removeEventListener("abort", abort);
      this.#pending.get(id)?.reject(new RuntimeError(code, message));
      this.#onGiveUp(id, code);
    };
    const expire = (): void => giveUp("deadline-exceeded", `The enclave did not answer within ${waitMs} ms.`);
    const abort = (): void => giveUp("call-cancelled", "The caller ended the call.");
    const timer = setTimeout(expire, waitMs);
    signal?.addEventListener("abort", abort, { once: true });
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, bytes, release });
    });
    this.#bytes += bytes;
    return { id, answer };
  }

  /** Answers a call; one that no longer waits is forgotten. */
  resolve(id: number, output: Uint8Array): void {
    this.#take(id)?.resolve(output);
  }

  /** Rejects a call; one that no longer waits is forgotten. */
  reject(id: number, error: RuntimeError): void {
    this.#take(id)?.reject(error);
  }

  /** Rejects every call. */
  rejectAll(code: RuntimeErrorCode, message: string): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, new RuntimeError(code, message));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    this.#bytes -= pending.bytes;
    pending.release();
    return pending;
  }
}

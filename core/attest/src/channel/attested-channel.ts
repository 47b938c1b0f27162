// A client's channel to an enclave: attests when it has to, sends one call at a time, and attests anew when the server
// has lost the session (spec 04 §4.2, §4.4).
import type { Random } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { beginChannel, type PendingChannel, type VerifyEvidence } from "./attest-channel.ts";
import { WAITING_CALLS_MAX } from "./limits.ts";
import type { SealedMessage } from "./messages.ts";
import { Session } from "./session.ts";

/** As much of an `AbortSignal` as is looked at here. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What a call brings for its transport, such as the name of its method. The transport must stop on its signal. */
export interface ChannelCall {
  readonly signal?: CallSignal | undefined;
}

/**
 * Carries messages to one server. A transport keeps the cookies that the server sets during `auth` and sends them with
 * every later call. When the server answers PERMISSION_DENIED (7, HTTP 403) it throws `permission-denied`.
 */
export interface ChannelTransport<Call extends ChannelCall> {
  /** Sends a handshake message and returns the one that answers it. */
  auth(request: Uint8Array, call: Call): Promise<Uint8Array>;
  /** Sends a sealed request and returns the sealed response. */
  send(request: SealedMessage, call: Call): Promise<SealedMessage>;
  /** Forgets the cookies: the session they belong to is no more. */
  forget(): void;
}

/** What a channel works with. */
export interface AttestedChannelParts<Call extends ChannelCall, Verdict> {
  readonly transport: ChannelTransport<Call>;
  /** Decides whether the server's evidence convinces; nothing of a caller's is sent before it has. */
  readonly verify: VerifyEvidence<Verdict>;
  /**
   * Whether a verdict no longer holds, so that the server must show its evidence again before the next call: it has ended,
   * or was made under a policy that has since changed, as when a measurement was withdrawn.
   */
  readonly isExpired: (verdict: Verdict) => boolean;
  readonly random: Random;
}

/** A request's or a response's two parts. */
export interface ChannelMessage {
  readonly plaintext: Uint8Array;
  /** Seen by the server's host; empty for most. */
  readonly aad?: Uint8Array;
}

/** The session in use. */
interface Attested<Verdict> {
  readonly session: Session;
  readonly verdict: Verdict;
}

/** One channel to one server. Calls queue: a session's messages must keep their order (spec 04 §18, T19). */
export class AttestedChannel<Call extends ChannelCall, Verdict> {
  readonly #responderId: string;
  readonly #parts: AttestedChannelParts<Call, Verdict>;
  #attested: Attested<Verdict> | undefined;
  /** The handshake that awaits its answer. */
  #pending: PendingChannel | undefined;
  /** Refuses each call that is not over. */
  readonly #refusals = new Set<(error: AttestError) => void>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor({ responderId }: { readonly responderId: string }, parts: AttestedChannelParts<Call, Verdict>) {
    this.#responderId = responderId;
    this.#parts = parts;
  }

  /** What the verification of the server in use found; undefined without a session. */
  get verdict(): Verdict | undefined {
    return this.#attested?.verdict;
  }

  /**
   * Sends a request and returns the response. Without a session the server is attested first. When the server has lost a
   * session used before, it is attested again and the request repeated, once. Any other failure after the request was
   * sealed ends the session, and the next call attests again; the request is not repeated, as it may have been received.
   * A call that is aborted rejects at once with the signal's reason, and sends nothing more; those behind it still wait
   * until its transport has stopped. Throws `server-refused`, `channel-busy`, `channel-closed`, the handshake's and the
   * session's codes, and what the transport and `verify` throw.
   */
  request(message: ChannelMessage, call: Call): Promise<Required<ChannelMessage>> {
    return this.#inTurn(call, async () => {
      const attestedNow = await this.#attest(call);
      try {
        return await this.#exchange(message, call);
      } catch (error) {
        if (!isDenied(error)) throw error;
        if (attestedNow) throw refused("The server denies a session that has only just begun.", error);
      }
      await this.#attest(call);
      try {
        return await this.#exchange(message, call);
      } catch (error) {
        throw isDenied(error) ? refused("The server denies every session.", error) : error;
      }
    });
  }

  /** Attests the server now, unless there is a session, and returns the verdict. Throws as {@link request}. */
  attest(call: Call): Promise<Verdict> {
    return this.#inTurn(call, async () => {
      await this.#attest(call);
      return (this.#attested as Attested<Verdict>).verdict; // `#attest` has just set it.
    });
  }

  /**
   * Ends the session and overwrites its keys. Calls under way, those that wait and all later ones are refused with
   * `channel-closed` at once, also when the transport never answers.
   */
  close(): void {
    this.#closed = true;
    for (const refuse of this.#refusals) refuse(closed());
    this.#pending?.close();
    this.#drop();
  }

  /** Runs a call when those before it are done. */
  async #inTurn<Result>(call: Call, body: () => Promise<Result>): Promise<Result> {
    this.#assertOpen();
    assertNotAborted(call);
    if (this.#waiting >= WAITING_CALLS_MAX) {
      throw new AttestError("channel-busy", `At most ${WAITING_CALLS_MAX} calls wait for their turn on one channel.`);
    }
    this.#waiting += 1;
    const turn = this.#last.then(() => {
      this.#waiting -= 1;
      this.#assertOpen();
      assertNotAborted(call);
      return body();
    });
    this.#last = turn.catch(() => undefined); // Whoever asked is told; those behind go on.
    return this.#orRefused(call, turn);
  }

  /** What a turn leads to, unless the channel is closed or the call aborted before. */
  #orRefused<Result>({ signal }: Call, turn: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason);
      const forget = (): void => {
        this.#refusals.delete(reject);
        signal?.removeEventListener("abort", abort);
      };
      this.#refusals.add(reject);
      signal?.addEventListener("abort", abort);
      turn.then(resolve, reject).finally(forget);
    });
  }

  /** Makes sure of a session. Whether it had to be made. */
  async #attest(call: Call): Promise<boolean> {
    const { transport, verify, isExpired, random } = this.#parts;
    if (this.#attested !== undefined && !isExpired(this.#attested.verdict)) return false;
    this.#drop();
    this.#assertOpen();
    assertNotAborted(call);
    const pending = beginChannel({ responderId: this.#responderId }, { random });
    this.#pending = pending;
    try {
      const answer = await transport.auth(pending.request, call);
      const { keys, verdict } = await pending.finish(answer, verify);
      const session = new Session(keys);
      this.#attested = { session, verdict };
    } catch (error) {
      transport.forget();
      throw isDenied(error) ? refused("The server denies the handshake.", error) : error;
    } finally {
      pending.close();
      this.#pending = undefined;
    }
    this.#assertOpen();
    return true;
  }

  /** One request and its response. Whatever goes wrong once it is sealed, the session is over. */
  async #exchange({ plaintext, aad }: ChannelMessage, call: Call): Promise<Required<ChannelMessage>> {
    assertNotAborted(call);
    const { session } = this.#attested as Attested<Verdict>; // Its callers attest first.
    try {
      const response = await this.#parts.transport.send(session.seal(plaintext, aad), call);
      return { plaintext: session.open(response), aad: response.aad };
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  /** Forgets the session and its cookies. */
  #drop(): void {
    if (this.#attested === undefined) return;
    this.#attested.session.close();
    this.#attested = undefined;
    this.#parts.transport.forget();
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    this.#drop();
    throw closed();
  }
}

function assertNotAborted({ signal }: ChannelCall): void {
  if (signal?.aborted === true) throw signal.reason;
}

function closed(): AttestError {
  return new AttestError("channel-closed", "The channel was closed.");
}

function isDenied(error: unknown): boolean {
  return error instanceof AttestError && error.code === "permission-denied";
}

function refused(message: string, cause: unknown): AttestError {
  return new AttestError("server-refused", message, { cause });
}

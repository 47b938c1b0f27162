// What ends a call before its time: its deadline, a server that stops, a caller that is gone.
import { Code, ConnectError } from "@connectrpc/connect";
import { type CallConnection, LAST_WORDS_MS } from "./connection.ts";

/**
 * The signal of one call. Not made of others by `AbortSignal.any`, which leaves something behind in the signal of the
 * server for every call there ever was.
 */
export class CallSignal {
  readonly #controller = new AbortController();
  readonly #deadline: NodeJS.Timeout;
  readonly #shutdown: AbortSignal;
  readonly #breakOff: () => void;
  #lastWords: NodeJS.Timeout | undefined;

  constructor(deadlineMs: number, shutdown: AbortSignal, connection: CallConnection) {
    this.#breakOff = connection.breakOff;
    this.#deadline = setTimeout(() => {
      this.#end(new ConnectError("The call took too long.", Code.DeadlineExceeded));
    }, deadlineMs);
    this.#shutdown = shutdown;
    if (shutdown.aborted) this.#onShutdown();
    else shutdown.addEventListener("abort", this.#onShutdown);
  }

  /** Aborted with a ConnectError. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call was ended early, if it was. */
  get reason(): ConnectError | undefined {
    return this.signal.aborted ? ConnectError.from(this.signal.reason) : undefined;
  }

  /** The deadline begins anew: something has come. */
  restart(): void {
    if (!this.signal.aborted) this.#deadline.refresh();
  }

  /** The connection is closed: whoever is still at it is told, and nothing more happens. */
  close(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#lastWords);
    this.#shutdown.removeEventListener("abort", this.#onShutdown);
    this.#controller.abort(new ConnectError("The caller is gone.", Code.Canceled));
  }

  readonly #onShutdown = (): void => this.#end(ConnectError.from(this.#shutdown.reason));

  /** Who does not read what it is told about the end is cut off. */
  #end(reason: ConnectError): void {
    if (this.signal.aborted) return;
    this.#lastWords = setTimeout(this.#breakOff, LAST_WORDS_MS).unref();
    this.#controller.abort(reason);
  }
}

// One call, from its headers to the last byte of its response: who may call, how many at a time, for how long.
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextKey, createContextValues, type Interceptor } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { Gate } from "./gate.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { refuse } from "./refuse.ts";
import type { RpcLimits } from "./rpc-limits.ts";

/** What decides about a call by its headers alone; undefined lets it pass. */
export type Admission = (header: Headers) => ConnectError | undefined;

/** What calls of a server share. */
export interface CallParts {
  readonly admit: Admission;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Aborted when the server cannot wait for calls in progress any longer. */
  readonly shutdown: AbortSignal;
}

/** A call as its connection sees it. */
export interface CallConnection {
  /** Resolves when the response is sent, or the caller is gone. */
  readonly closed: Promise<unknown>;
  /** Breaks the response off: the caller does not read it. */
  readonly breakOff: () => void;
}

/** Answers a call that came in over a connection. */
export type AnswerCall = (
  request: UniversalServerRequest,
  connection: CallConnection,
) => Promise<UniversalServerResponse>;

/** Milliseconds that a caller has to say or read what is left when its call is over. */
export const LAST_WORDS_MS = 250;

/** Puts bounds around the handler of an RPC. */
export function boundedCalls(handler: UniversalHandler, limits: RpcLimits, parts: CallParts): AnswerCall {
  const gate = new Gate(limits);
  const { method } = handler;
  const name = `${method.parent.typeName}/${method.name}`;
  return async (request, connection) => {
    const refusal = parts.admit(request.header);
    if (refusal !== undefined) return refuse(request, refusal);
    const started = performance.now();
    const deadline = new Deadline(limits.deadlineMs);
    const signal = AbortSignal.any([request.signal, deadline.signal, parts.shutdown]);
    signal.addEventListener("abort", () => setTimeout(connection.breakOff, LAST_WORDS_MS).unref(), { once: true });
    const progress: Progress = { code: "ok", work: [] };
    parts.metrics.callStarted(name);
    let leave: (() => void) | undefined;
    const end = async (): Promise<void> => {
      await connection.closed;
      deadline.clear();
      await Promise.allSettled(progress.work); // Whoever ignores the signal keeps its place.
      leave?.();
      parts.metrics.callEnded(name, progress.code, (performance.now() - started) / 1000);
      if (progress.code === Code.Internal || progress.code === Code.Unknown)
        parts.log.error("call failed", { rpc: name });
    };
    void end();
    try {
      leave = await gate.enter(signal);
    } catch (reason) {
      return refuseAs(progress, request, ConnectError.from(reason));
    }
    if (leave === undefined) return refuseAs(progress, request, new ConnectError("Too many calls.", Code.Unavailable));
    const touch = isStreaming(method) ? (): void => deadline.restart() : (): void => undefined;
    const body = isIterable(request.body) ? watched(request.body, signal, touch) : request.body;
    const contextValues = (request.contextValues ?? createContextValues()).set(PROGRESS, progress).set(TOUCH, touch);
    const response = await handler({ ...request, body, signal, contextValues });
    // What cannot be decoded is the caller's mistake, which Connect takes for ours: it shows in the status of HTTP.
    if (response.status !== 500 || progress.work.length > 0) return response;
    return refuseAs(progress, request, new ConnectError("The request cannot be decoded.", Code.InvalidArgument));
  };
}

/** How a call comes along. */
interface Progress {
  code: Code | "ok";
  /** What the implementation is at. */
  readonly work: Promise<unknown>[];
}

const PROGRESS = createContextKey<Progress>({ code: "ok", work: [] });
const TOUCH = createContextKey<() => void>(() => undefined);

/** Ends an implementation's part in a call when the signal says so, whether it listens to the signal or not. */
export const bounded: Interceptor = (next) => async (call) => {
  const progress = call.contextValues.get(PROGRESS);
  const touch = call.contextValues.get(TOUCH);
  const note = (reason: unknown): never => {
    const error = toConnectError(reason);
    progress.code = error.code;
    throw error;
  };
  const work = next(call);
  progress.work.push(work);
  const response = await raced(work, call.signal).catch(note);
  if (!response.stream) return response;
  return { ...response, message: noted(watched(response.message, call.signal, touch), note) };
};

/** What the caller is told. The reason of an unexpected error may hold anything, so the caller hears nothing of it. */
function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const isAbort = reason instanceof Error && reason.name === "AbortError";
  return isAbort ? ConnectError.from(reason) : new ConnectError("The server made a mistake.", Code.Internal);
}

function refuseAs(progress: Progress, request: UniversalServerRequest, error: ConnectError): UniversalServerResponse {
  progress.code = error.code;
  return refuse(request, error);
}

/** The same items, each of them before the signal is aborted. */
async function* watched<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  onItem: () => void,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await raced(iterator.next(), signal);
      isOver = done === true;
      if (isOver) return;
      onItem();
      yield value;
    }
  } finally {
    // Not awaited: an iterator that hangs in next() would hang in return() too.
    if (!isOver) iterator.return?.().catch(() => undefined);
  }
}

async function* noted<Item>(items: AsyncIterable<Item>, note: (reason: unknown) => never): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (reason) {
    note(reason);
  }
}

/** Settles as the promise does, or rejects with the signal's reason, whichever comes first. */
function raced<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** A signal that is aborted some time after the start, or the last restart. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    const error = new ConnectError("The call took too long.", Code.DeadlineExceeded);
    this.#timer = setTimeout(() => this.#controller.abort(error), ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

const isStreaming = ({ methodKind }: DescMethod): boolean => methodKind !== "unary";

const isIterable = (body: UniversalServerRequest["body"]): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

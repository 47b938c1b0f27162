// One call, from its headers to the last byte of its response: who may call, how many at a time, for how long.
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextKey, createContextValues, type Interceptor } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { CallSignal } from "./call-signal.ts";
import { withoutEndlessTimeout } from "./client-timeout.ts";
import type { CallConnection } from "./connection.ts";
import { Gate } from "./gate.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { refuse } from "./refuse.ts";
import type { RpcLimits } from "./rpc-limits.ts";
import { guarded, raced, watched } from "./watch.ts";

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

/** Answers a call that came in over a connection. */
export type AnswerCall = (
  request: UniversalServerRequest,
  connection: CallConnection,
) => Promise<UniversalServerResponse>;

/** Puts bounds around the handler of an RPC. */
export function boundedCalls(handler: UniversalHandler, limits: RpcLimits, parts: CallParts): AnswerCall {
  const gate = new Gate(limits);
  const { method } = handler;
  const name = `${method.parent.typeName}/${method.name}`;
  return async (request, connection) => {
    const refusal = parts.admit(request.header);
    if (refusal !== undefined) return refuse(request, refusal);
    const started = performance.now();
    const ending = new CallSignal(limits.deadlineMs, parts.shutdown, connection);
    const { signal } = ending;
    const progress: Progress = { code: "ok", work: [], restart: () => isStreaming(method) && ending.restart() };
    const entering = gate.enter(signal);
    parts.metrics.callStarted(name);
    const end = async (): Promise<void> => {
      const isSent = await connection.closed;
      const code = codeOf(progress, isSent, ending.reason);
      ending.close();
      const leave = await entering.catch(() => undefined);
      await Promise.allSettled(progress.work); // Whoever ignores the signal keeps its place.
      leave?.();
      parts.metrics.callEnded(name, code, (performance.now() - started) / 1000);
      if (code === Code.Internal || code === Code.Unknown)
        parts.log.error("call failed", { rpc: name, error: progress.error });
    };
    void end();
    const refuseAs = (error: ConnectError): UniversalServerResponse => {
      progress.code = error.code;
      return refuse(request, error);
    };
    try {
      if ((await entering) === undefined) return refuseAs(new ConnectError("Too many calls.", Code.Unavailable));
    } catch (reason) {
      return refuseAs(ConnectError.from(reason));
    }
    const body = isIterable(request.body) ? guarded(request.body, signal) : request.body;
    const header = withoutEndlessTimeout(request.header);
    const contextValues = (request.contextValues ?? createContextValues()).set(PROGRESS, progress);
    const response = await handler({ ...request, header, body, signal, contextValues });
    // What cannot be decoded is the caller's mistake, which Connect takes for ours: it shows in the status of HTTP.
    if (response.status !== 500 || progress.work.length > 0) return response;
    return refuseAs(new ConnectError("The request cannot be decoded.", Code.InvalidArgument));
  };
}

/** How a call comes along. */
interface Progress {
  code: Code | "ok";
  /** What the implementation threw that is no ConnectError. */
  error?: unknown;
  /** What the implementation is at. */
  readonly work: Promise<unknown>[];
  /** A message of a stream has come or gone. */
  readonly restart: () => void;
}

const PROGRESS = createContextKey<Progress>({ code: "ok", work: [], restart: () => undefined });

/** How a call ended, for the figures. */
function codeOf({ code, work }: Progress, isSent: boolean, reason: ConnectError | undefined): Code | "ok" {
  if (code !== "ok") return code;
  if (!isSent) return reason?.code ?? Code.Canceled;
  return work.length === 0 ? (reason?.code ?? Code.InvalidArgument) : "ok"; // Nothing came that could be answered.
}

/** Ends an implementation's part in a call when the signal says so, whether it listens to the signal or not. */
export const bounded: Interceptor = (next) => async (call) => {
  const { signal } = call;
  const progress = call.contextValues.get(PROGRESS);
  const note = (reason: unknown): never => {
    const error = toConnectError(reason);
    progress.code = error.code;
    if (error !== reason) progress.error = reason;
    throw error;
  };
  if (signal.aborted) return note(signal.reason);
  const watch = { onItem: progress.restart, onReturn: (over: Promise<unknown>) => void progress.work.push(over) };
  const work = next(call.stream ? { ...call, message: watched(call.message, signal, watch) } : call);
  progress.work.push(work);
  const response = await raced(work, signal).catch(note);
  if (!response.stream) return response;
  return { ...response, message: noted(watched(response.message, signal, watch), note) };
};

/** What the caller is told. The reason of an unexpected error may hold anything, so the caller hears nothing of it. */
function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const isAbort = reason instanceof Error && reason.name === "AbortError";
  return isAbort
    ? new ConnectError("The call was cancelled.", Code.Canceled)
    : new ConnectError("The server made a mistake.", Code.Internal);
}

async function* noted<Item>(items: AsyncIterable<Item>, note: (reason: unknown) => never): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (reason) {
    note(reason);
  }
}

const isStreaming = ({ methodKind }: DescMethod): boolean => methodKind !== "unary";

const isIterable = (body: UniversalServerRequest["body"]): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

// What every request has, whatever it asks for: an end that is noticed, and an end to our patience.
import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { PIPELINED_REQUESTS_MAX } from "./limits.ts";

/** A request of either version of HTTP. */
export type AnyRequest = IncomingMessage | Http2ServerRequest;

/** A response of either version of HTTP. */
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** The way between a caller and whoever answers. */
export interface CallConnection {
  /** Resolves when all is sent, with true, or when the caller is gone, with false. Never rejects. */
  readonly closed: Promise<boolean>;
  /** Breaks the response off: the caller does not read it. */
  readonly breakOff: () => void;
}

/** Milliseconds that a caller has to say or read what is left when its call is over. */
export const LAST_WORDS_MS = 250;

/**
 * Looks after a request from now on. Who is answered before having said everything is not listened to for long, and who
 * asks for too much ahead of the answers is cut off: then undefined.
 */
export function connectionOf(request: AnyRequest, response: AnyResponse): CallConnection | undefined {
  response.on("error", () => undefined); // The caller is gone; whoever answers learns it from `closed`.
  return response instanceof Http2ServerResponse
    ? http2Connection(request, response)
    : http1Connection(request, response);
}

function http2Connection(request: AnyRequest, response: Http2ServerResponse): CallConnection {
  const { stream } = response; // Which the response forgets when it is closed.
  stream.once("finish", () => {
    if (request.complete) return;
    const hangUp = (): void => {
      stream.close();
      stream.destroy(); // Closing alone would wait until somebody has read what came.
    };
    const timer = setTimeout(hangUp, LAST_WORDS_MS);
    stream.once("close", () => clearTimeout(timer));
  });
  return {
    closed: new Promise((resolve) => stream.once("close", () => resolve(stream.writableFinished))),
    breakOff: () => stream.close(constants.NGHTTP2_CANCEL),
  };
}

/** How many requests a connection of HTTP/1.1 has sent that are not answered. Thousands fit into its first bytes. */
const unanswered = new WeakMap<Socket, number>();

function http1Connection(request: AnyRequest, response: ServerResponse): CallConnection | undefined {
  const { socket } = request;
  const ahead = unanswered.get(socket) ?? 0;
  if (ahead >= PIPELINED_REQUESTS_MAX) {
    socket.destroy();
    return undefined;
  }
  unanswered.set(socket, ahead + 1);
  response.once("finish", () => {
    // What nobody wanted to read is in the way of the next request. Whoever waited for it does so no longer: with a reader that
    // waits, nothing flows.
    request.removeAllListeners("readable");
    process.nextTick(() => request.resume());
    if (request.complete) return;
    const timer = setTimeout(() => socket.destroy(), LAST_WORDS_MS);
    for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
  });
  const closed = new Promise<boolean>((resolve) => {
    const onClose = (): void => {
      response.off("close", onClose);
      socket.off("close", onClose);
      unanswered.set(socket, (unanswered.get(socket) ?? 0) - 1);
      resolve(response.writableFinished);
    };
    response.once("close", onClose);
    // A response that waits behind another one does not close when its connection does.
    socket.once("close", onClose);
  });
  return { closed, breakOff: () => socket.destroy() };
}

// Takes requests of HTTP/1.1 and HTTP/2 to the RPC they name.
import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { constants } from "node:http2";
import { createConnectRouter } from "@connectrpc/connect";
import { uResponseNotFound } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { type AnswerCall, boundedCalls, type CallParts, LAST_WORDS_MS } from "./call.ts";
import { type AllowedOrigins, crossOriginHeaders, preflightHeaders } from "./cross-origin.ts";
import { rpcPath, throughGateway } from "./gateway.ts";
import type { ServedService } from "./service.ts";

/** Answers a request of either version of HTTP. */
export type RequestListener = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void;

/** Answers `GET` of a path with text. */
export interface Page {
  readonly path: string;
  readonly contentType: string;
  readonly text: () => Promise<string> | string;
}

/** What a listener answers. */
export interface RequestListenerOptions {
  readonly services: readonly ServedService[];
  readonly pages: readonly Page[];
  readonly origins: AllowedOrigins;
  /** `name=value`, set for callers that do not send it. */
  readonly stickyCookie: string | undefined;
}

/** A listener for services and pages. */
export function requestListener(options: RequestListenerOptions, parts: CallParts): RequestListener {
  const calls = callsByPath(options.services, parts);
  const pages = new Map(options.pages.map((page) => [page.path, page]));
  return (request, response) => {
    response.on("error", () => undefined); // The caller is gone; whoever answers learns it from the signal.
    const { headers, method } = request;
    const path = rpcPath(request.url ?? "");
    const call = calls.get(path);
    if (call !== undefined && method === "OPTIONS") {
      return end(response, 204, preflightHeaders(headers, options.origins));
    }
    const page = pages.get(path);
    if (page !== undefined && method === "GET") return void showPage(page, response);
    if (call === undefined) return end(response, uResponseNotFound.status, {});
    for (const [name, value] of Object.entries(crossOriginHeaders(headers, options.origins))) {
      if (value !== undefined) response.setHeader(name, value);
    }
    const { stickyCookie } = options;
    if (stickyCookie !== undefined && !headers.cookie?.split(/;\s*/).includes(stickyCookie)) {
      response.setHeader("set-cookie", `${stickyCookie}; Path=/; HttpOnly`);
    }
    void answer(call, request, response);
  };
}

function callsByPath(services: readonly ServedService[], parts: CallParts): Map<string, AnswerCall> {
  // Nothing is compressed: what is worth hiding is encrypted already, and a small bomb becomes a large message.
  const router = createConnectRouter({ acceptCompression: [] });
  for (const { register } of services) register(router);
  return new Map(
    router.handlers.map((handler) => {
      const served = services.find(({ service }) => service.typeName === handler.service.typeName);
      if (served === undefined) throw new Error("A handler is of one of the services.");
      return [handler.requestPath, boundedCalls(handler, served.limitsOf(handler.method), parts)];
    }),
  );
}

async function answer(
  call: AnswerCall,
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const connection = { closed: once(response, "close").catch(() => undefined), breakOff: () => breakOff(response) };
  try {
    if (!("stream" in response)) response.once("finish", () => hangUpOn(request as IncomingMessage)); // Of the same version.
    const asked = universalRequestFromNodeRequest(request, response, undefined, undefined);
    const answered = await throughGateway(asked, (each) => call(each, connection));
    await universalResponseToNodeResponse(answered, response);
  } catch {
    // A request without an authority, a caller that is gone, an answer that was broken off: nobody is left to tell.
    breakOff(response);
  }
}

/** Who is answered before they have said everything is not listened to for long. */
function hangUpOn(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), LAST_WORDS_MS);
  request.once("close", () => clearTimeout(timer)).resume();
}

function breakOff(response: ServerResponse | Http2ServerResponse): void {
  if (response.closed || response.destroyed) return;
  if ("stream" in response) response.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}

async function showPage(page: Page, response: ServerResponse | Http2ServerResponse): Promise<void> {
  try {
    end(response, 200, { "content-type": page.contentType }, await page.text());
  } catch {
    end(response, 500, {});
  }
}

/** Both kinds of response are written alike; their types cannot be called as one. */
function end(
  response: ServerResponse | Http2ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  text = "",
): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  response.statusCode = status;
  response.end(text);
}

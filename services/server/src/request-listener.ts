// Takes requests of HTTP/1.1 and HTTP/2 to the RPC they name.
import { IncomingMessage } from "node:http";
import { createConnectRouter, createContextValues } from "@connectrpc/connect";
import { uResponseNotFound } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { type AnswerCall, boundedCalls, type CallParts } from "./call.ts";
import { CALLER, callerOfRequest } from "./caller.ts";
import { type AnyRequest, type AnyResponse, type CallConnection, connectionOf } from "./connection.ts";
import { type AllowedOrigins, crossOriginHeaders, isForeign, preflightHeaders } from "./cross-origin.ts";
import { rpcPath, throughGateway } from "./gateway.ts";
import { endWith, type Page, pagePresenter } from "./pages.ts";
import type { Patience } from "./patience.ts";
import type { ServedService } from "./service.ts";

/** Answers a request of either version of HTTP. */
export type RequestListener = (request: AnyRequest, response: AnyResponse) => void;

/** Services that are served once more, where paths begin with something else. Clients of gRPC itself call no such paths. */
export interface PrefixedServices {
  /** Such as `/node/0`. */
  readonly prefix: string;
  readonly services: readonly ServedService[];
}

/** What a listener answers. */
export interface RequestListenerOptions {
  readonly services: readonly ServedService[];
  readonly prefixed: readonly PrefixedServices[];
  readonly pages: readonly Page[];
  readonly origins: AllowedOrigins;
  /** `name=value`, set for callers that do not send it. */
  readonly stickyCookie: string | undefined;
}

/** A listener for services and pages. */
export function requestListener(
  options: RequestListenerOptions,
  parts: CallParts & { readonly patience: Patience },
): RequestListener {
  const calls = new Map(
    [{ prefix: "", services: options.services }, ...options.prefixed].flatMap(({ prefix, services }) =>
      [...callsByPath(services, parts)].map(([path, call]) => [`${prefix}${path}`, call] as const),
    ),
  );
  const pages = new Map(options.pages.map((page) => [`${page.method ?? "GET"} ${page.path}`, page]));
  const showPage = pagePresenter(parts.patience);
  return (request, response) => {
    const connection = connectionOf(request, response);
    if (connection === undefined) return;
    const { headers, method } = request;
    if (isForeign(headers, options.origins)) return endWith(response, 403);
    const path = rpcPath(request.url ?? "");
    const call = calls.get(path);
    if (call !== undefined && method === "OPTIONS") {
      return endWith(response, 204, preflightHeaders(headers, options.origins));
    }
    const page = pages.get(`${method} ${path}`);
    if (page !== undefined) return void showPage(page, response, connection);
    if (call === undefined) return endWith(response, uResponseNotFound.status);
    for (const [name, value] of Object.entries(crossOriginHeaders(headers, options.origins))) {
      if (value !== undefined) response.setHeader(name, value);
    }
    const { stickyCookie } = options;
    if (stickyCookie !== undefined && !headers.cookie?.split(/;\s*/).includes(stickyCookie)) {
      response.setHeader("set-cookie", `${stickyCookie}; Path=/; HttpOnly`);
    }
    void answer(call, request, response, connection);
  };
}

/**
 * What a caller says. Whoever stops reading it, since it is wrong, leaves the connection as it is: on HTTP/1.1 the next request
 * may be on its way on it already.
 */
function bodyOf(request: AnyRequest): AsyncIterable<Uint8Array> {
  return request instanceof IncomingMessage ? request.iterator({ destroyOnReturn: false }) : request;
}

function callsByPath(services: readonly ServedService[], parts: CallParts): Map<string, AnswerCall> {
  // Nothing is compressed: what is worth hiding is encrypted already, and a small bomb becomes a large message.
  const router = createConnectRouter({ acceptCompression: [] });
  for (const { register } of services) register(router);
  return new Map(
    router.handlers.map((handler) => {
      const served = services.find(({ service }) => service.typeName === handler.service.typeName);
      if (served === undefined) throw new Error("A handler is of one of the services.");
      const admit = served.isOpen ? (): undefined => undefined : parts.admit;
      return [handler.requestPath, boundedCalls(handler, served.limitsOf(handler.method), { ...parts, admit })];
    }),
  );
}

async function answer(
  call: AnswerCall,
  request: AnyRequest,
  response: AnyResponse,
  connection: CallConnection,
): Promise<void> {
  try {
    const values = createContextValues().set(CALLER, callerOfRequest(request));
    const asked = universalRequestFromNodeRequest(request, response, undefined, values);
    const answered = await throughGateway({ ...asked, body: bodyOf(request) }, (each) => call(each, connection));
    await universalResponseToNodeResponse(answered, response);
  } catch {
    // A request without an authority, a caller that is gone, an answer that was broken off: nobody is left to tell.
    connection.breakOff();
  }
}

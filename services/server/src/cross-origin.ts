// Which web pages may call (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). A browser calls on behalf of any page,
// and also where only its user can: on this very machine, for example. It always says which page it is.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { cors } from "@connectrpc/connect";

/** Origins such as `https://wallet.example`, or `"any"`, which then may not send cookies. */
export type AllowedOrigins = readonly string[] | "any";

const REQUEST_HEADERS = [...cors.allowedHeaders, "authorization", "chain-id"].join(", ");
const RESPONSE_HEADERS = cors.exposedHeaders.join(", ");
const PREFLIGHT_SECONDS = "7200";

/** Whether a request comes from a web page that may not call. */
export function isForeign({ origin }: IncomingHttpHeaders, allowed: AllowedOrigins): boolean {
  return origin !== undefined && allowed !== "any" && !allowed.includes(origin);
}

/** The headers of a response to a page that may call; none for callers that are no pages. */
export function crossOriginHeaders({ origin }: IncomingHttpHeaders, allowed: AllowedOrigins): OutgoingHttpHeaders {
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": allowed === "any" ? "*" : origin,
    "access-control-expose-headers": RESPONSE_HEADERS,
    ...(allowed !== "any" && { "access-control-allow-credentials": "true", vary: "Origin" }),
  };
}

/** The headers of a response to a browser that asks before it calls. */
export function preflightHeaders(headers: IncomingHttpHeaders, allowed: AllowedOrigins): OutgoingHttpHeaders {
  return {
    ...crossOriginHeaders(headers, allowed),
    "access-control-allow-methods": cors.allowedMethods.join(", "),
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": PREFLIGHT_SECONDS,
  };
}

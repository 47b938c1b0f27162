// Which web pages may call (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { cors } from "@connectrpc/connect";

/** Origins such as `https://wallet.example`, or `"any"`, which then may not send cookies. */
export type AllowedOrigins = readonly string[] | "any";

const REQUEST_HEADERS = [...cors.allowedHeaders, "authorization", "chain-id"].join(", ");
const RESPONSE_HEADERS = [...cors.exposedHeaders, "connect-content-encoding"].join(", ");
const PREFLIGHT_SECONDS = "7200";

/** The headers of a response to a page of an allowed origin; none for others, whose browser then refuses the response. */
export function crossOriginHeaders({ origin }: IncomingHttpHeaders, allowed: AllowedOrigins): OutgoingHttpHeaders {
  if (origin === undefined || (allowed !== "any" && !allowed.includes(origin))) return {};
  return {
    "access-control-allow-origin": allowed === "any" ? "*" : origin,
    "access-control-expose-headers": RESPONSE_HEADERS,
    ...(allowed !== "any" && { "access-control-allow-credentials": "true", vary: "Origin" }),
  };
}

/** The headers of a response to a browser that asks before it calls. */
export function preflightHeaders(headers: IncomingHttpHeaders, allowed: AllowedOrigins): OutgoingHttpHeaders {
  const common = crossOriginHeaders(headers, allowed);
  if (Object.keys(common).length === 0) return {};
  return {
    ...common,
    "access-control-allow-methods": cors.allowedMethods.join(", "),
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": PREFLIGHT_SECONDS,
  };
}

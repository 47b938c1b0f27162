// The responder id, `host:port`: whom a handshake is for. It is never sent; both sides hash it (spec 04 §2.2).
import { utf8 } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";

/** Default ports of MobileCoin's schemes (spec 03 §7.1, spec 05 §4.2): secure, insecure. */
const DEFAULT_PORTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["fog", [443, 3225]],
  ["fog-view", [443, 3225]],
  ["fog-view-router", [443, 3225]],
  ["fog-view-store", [443, 3225]],
  ["fog-ledger", [443, 3223]],
  ["key-image-store", [443, 3223]],
  ["fog-ingest", [443, 3221]],
  ["igp", [8453, 8090]],
  ["mc", [443, 3223]],
  ["mcp", [8443, 8080]],
  ["mca", [9443, 9090]],
  ["watcher", [443, 3226]],
  ["remote-wallet", [9443, 9090]],
]);

/**
 * The responder id of a URI such as `fog-view://fog.example.com/?responder-id=view.example.com:443`: the parameter where
 * there is one that is not empty, else host and port with the scheme's default port filled in. Nothing is trimmed and no
 * letter changes case. Throws `uri-malformed` or `responder-id-malformed`.
 */
export function responderIdOf(uri: string): string {
  const [, scheme = "", authority = "", query] =
    /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)[^?#]*(?:\?([^#]*))?/.exec(uri) ?? [];
  if (scheme === "") throw new AttestError("uri-malformed", "A URI begins with a scheme, such as fog-view://.");
  const stated = responderIdParameter(query ?? "");
  if (stated !== undefined) return checkedResponderId(stated);
  const [, host = "", port = ""] =
    /^(\[[0-9A-Fa-f:.]+\]|[^:\s]+)(?::(\d{0,5}))?$/.exec(authority.replace(/^.*@/, "")) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new AttestError("uri-malformed", "The URI needs a host and, if any, a port of at most 65535.");
  }
  return checkedResponderId(`${host}:${port === "" ? defaultPort(scheme) : Number(port)}`);
}

/** The responder id as both sides hash it. Throws `responder-id-malformed` for one without a colon or UTF-8 form. */
export function prologueOf(responderId: string): Uint8Array {
  try {
    return utf8(checkedResponderId(responderId));
  } catch (cause) {
    if (cause instanceof AttestError) throw cause;
    throw new AttestError("responder-id-malformed", "The responder id has no UTF-8 form.", { cause });
  }
}

function defaultPort(scheme: string): number {
  const [, insecure, plain = ""] = /^(insecure-)?(.*)$/.exec(scheme) ?? [];
  const ports = DEFAULT_PORTS.get(plain);
  if (ports === undefined) {
    throw new AttestError("uri-malformed", "The URI's scheme has no default port: state the port.");
  }
  return ports[insecure === undefined ? 0 : 1];
}

function responderIdParameter(query: string): string | undefined {
  const values = query
    .split("&")
    .map((parameter) => /^responder-id=(.+)$/.exec(parameter)?.[1])
    .filter((value) => value !== undefined);
  if (values.length > 1) {
    throw new AttestError("responder-id-malformed", "The URI states its responder id more than once.");
  }
  return values[0] === undefined ? undefined : percentDecoded(values[0]);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw new AttestError("uri-malformed", "The URI's responder id is not percent-encoded UTF-8.", { cause });
  }
}

function checkedResponderId(responderId: string): string {
  if (!responderId.includes(":")) {
    throw new AttestError("responder-id-malformed", "A responder id is host:port.");
  }
  return responderId;
}

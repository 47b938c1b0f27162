// URIs of services (spec 03 §7.1): `scheme://[user[:password]@]host[:port]/?parameters`, `insecure-scheme` without TLS.
import { readFileSync } from "node:fs";
import type { SecureClientSessionOptions } from "node:http2";
import { responderIdOf } from "@fogbow/core-attest";
import { CodedError } from "@fogbow/core-bytes";
import { ServerError } from "./error.ts";
import { SERVICE_URI_LENGTH_MAX } from "./limits.ts";
import type { ListenOptions } from "./port.ts";

/** A parsed URI. */
export interface ServiceUri {
  /** As it was given; it may hold a password. */
  readonly text: string;
  /** Without `insecure-`. */
  readonly scheme: string;
  /** With TLS. */
  readonly isSecure: boolean;
  /** Addresses of IPv6 without their brackets. */
  readonly host: string;
  /** 0 only where somebody wants any port to listen on. */
  readonly port: number;
  /** Empty when there is none. */
  readonly user: string;
  readonly password: string;
  /** Host and port, whatever the parameter `responder-id` says. */
  readonly hostAndPort: string;
  /** The parameter `responder-id` where it is given, else host and port. */
  readonly responderId: string;
  /** The first value of a parameter that is not empty. */
  readonly param: (name: string) => string | undefined;
}

/** Parses a URI of one of some schemes, such as `igp`, which stands for `insecure-igp` too. Throws `invalid-uri`, without repeating what may hold a password. */
export function parseServiceUri(text: string, ...schemes: readonly string[]): ServiceUri {
  const expected = schemes.flatMap((scheme) => [`${scheme}://`, `insecure-${scheme}://`]).join(" or ");
  const refuse = (): ServerError => new ServerError("invalid-uri", `A URI is expected that begins with ${expected}`);
  const [, insecure, scheme = ""] = /^(insecure-)?([a-z-]+):\/\/[^\s/?#]/.exec(text) ?? [];
  if (!schemes.includes(scheme) || /\s/.test(text) || text.length > SERVICE_URI_LENGTH_MAX) throw refuse();
  const plain = text.replace(/^[a-z-]+:/, "http:"); // Ports that are usual for http are none of these schemes' own.
  if (!URL.canParse(plain)) throw refuse();
  const url = new URL(plain);
  const [given] = url.searchParams.getAll("responder-id").filter((value) => value !== "");
  try {
    const hostAndPort = responderIdOf(text.replace(/[?#].*$/, ""));
    const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(hostAndPort) ?? [];
    return {
      text,
      scheme,
      isSecure: insecure === undefined,
      host,
      port: Number(port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      hostAndPort,
      responderId: given ?? hostAndPort,
      param: (name) => url.searchParams.getAll(name).find((value) => value !== ""),
    };
  } catch (error) {
    if (error instanceof CodedError || error instanceof URIError) throw refuse();
    throw error;
  }
}

/** Where a server listens that is given a URI. Throws `invalid-certificate` for one with TLS that names no files. */
export function listenOptionsOf({ isSecure, host, port, param }: ServiceUri): ListenOptions {
  if (!isSecure) return { host, port };
  const [certificateChainPath, privateKeyPath] = [param("tls-chain"), param("tls-key")];
  if (certificateChainPath === undefined || privateKeyPath === undefined) {
    throw new ServerError("invalid-certificate", "Listening with TLS takes the parameters tls-chain and tls-key.");
  }
  return { host, port, tls: { certificateChainPath, privateKeyPath } };
}

/** Where HTTP calls go that are for a URI. */
export function baseUrlOf({ isSecure, host, port }: Pick<ServiceUri, "isSecure" | "host" | "port">): string {
  return `${isSecure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** How whoever calls a URI with TLS knows whom it calls: by `ca-bundle` and `tls-hostname`. Throws `invalid-certificate`. */
export function tlsOptionsOf({ isSecure, param }: ServiceUri): SecureClientSessionOptions {
  if (!isSecure) return {};
  const [bundle, servername] = [param("ca-bundle"), param("tls-hostname")];
  return { ...(bundle !== undefined && { ca: readBundle(bundle) }), ...(servername !== undefined && { servername }) };
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ServerError("invalid-certificate", "The certificates of ca-bundle cannot be read.", { cause });
  }
}

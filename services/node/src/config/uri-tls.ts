// How the end that calls a URI with TLS knows whom it calls: by certificates of its own choice, under a name of its own choice.
import { readFileSync } from "node:fs";
import type { SecureClientSessionOptions } from "node:http2";
import { ConfigError } from "./error.ts";
import type { NodeUri } from "./node-uri.ts";

/**
 * What the parameters `ca-bundle` and `tls-hostname` of a URI mean for a connection; nothing for one without TLS. Throws
 * ConfigError `file-unreadable` for certificates that cannot be read.
 */
export function tlsOptionsOf(uri: NodeUri): SecureClientSessionOptions {
  if (!uri.isSecure) return {};
  const bundle = uri.param("ca-bundle");
  const servername = uri.param("tls-hostname");
  return { ...(bundle !== undefined && { ca: readBundle(bundle) }), ...(servername !== undefined && { servername }) };
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const place = { file: path, field: "" };
    throw new ConfigError("file-unreadable", place, "The certificates of ca-bundle cannot be read.", { cause });
  }
}

// Where a node serves its clients: `mc://host[:port]/` with TLS, `insecure-mc://host[:port]/` without (spec 05 §4.2).
import { WatcherError } from "./error.ts";

/** A node's client listener. */
export interface NodeAddress {
  /** `https://host:port` or `http://host:port`. */
  readonly baseUrl: string;
  /** The name that its certificate must have, where that is not the host. */
  readonly tlsHostname: string | undefined;
  /** A file of certificates to trust, where those of the system are not the ones. */
  readonly caBundle: string | undefined;
}

/** Parses an address. Throws `invalid-uri`, without repeating what may hold a password. */
export function parseNodeAddress(text: string): NodeAddress {
  const [, scheme, rest = ""] = /^(mc|insecure-mc):\/\/(.+)$/.exec(text) ?? [];
  const isSecure = scheme === "mc";
  const plain = `http://${rest}`;
  const url = scheme !== undefined && URL.canParse(plain) ? new URL(plain) : undefined;
  if (url === undefined || url.hostname === "" || url.username !== "" || url.password !== "") {
    throw new WatcherError(
      "invalid-uri",
      "A node's address is mc://host:port/ or insecure-mc://host:port/, without a user.",
    );
  }
  // As plain http a port of 80 is not shown.
  const port = /^[^/?#]*:(\d+)/.exec(rest.replace(/^\[[^\]]*\]/, ""))?.[1] ?? (isSecure ? "443" : "3223");
  return {
    baseUrl: `${isSecure ? "https" : "http"}://${url.hostname}:${port}`,
    tlsHostname: url.searchParams.get("tls-hostname") ?? undefined,
    caBundle: url.searchParams.get("ca-bundle") ?? undefined,
  };
}

// URIs of a network (spec 05 §4.2): `scheme://[user[:pass]@]host[:port]/?params`.
import { ConfigError, type ConfigPlace } from "./error.ts";
import { RESPONDER_ID_LENGTH_MAX, URI_LENGTH_MAX } from "./limits.ts";

/** What a URI is for. */
export type UriUse = "client" | "peer" | "admin" | "watcher";

interface Scheme {
  readonly secure: string;
  readonly insecure: string;
  readonly securePort: number;
  readonly insecurePort: number;
}

const SCHEMES: Readonly<Record<UriUse, Scheme>> = {
  client: { secure: "mc", insecure: "insecure-mc", securePort: 443, insecurePort: 3223 },
  peer: { secure: "mcp", insecure: "insecure-mcp", securePort: 8443, insecurePort: 8080 },
  admin: { secure: "mca", insecure: "insecure-mca", securePort: 9443, insecurePort: 9090 },
  watcher: { secure: "watcher", insecure: "insecure-watcher", securePort: 443, insecurePort: 3226 },
};

/** A parsed URI. */
export interface NodeUri {
  readonly use: UriUse;
  /** With TLS. */
  readonly isSecure: boolean;
  /** IPv6 addresses without their brackets. */
  readonly host: string;
  /** 0 only where somebody wants any port to listen on. */
  readonly port: number;
  /** Empty when there is none. */
  readonly user: string;
  readonly password: string;
  /** Ends in a slash. */
  readonly path: string;
  /** `responder-id` where it is given, else host and port. */
  readonly responderId: string;
  /** The first value that is not empty of a parameter. */
  readonly param: (name: string) => string | undefined;
}

/** Parses a URI for a use. Throws `invalid-uri`, `unknown-scheme`, `invalid-responder-id`. */
export function parseNodeUri(text: string, use: UriUse, place: ConfigPlace): NodeUri {
  const url = parseUrl(text, place);
  const scheme = SCHEMES[use];
  const given = url.protocol.slice(0, -1);
  if (given !== scheme.secure && given !== scheme.insecure) {
    const expected = `${scheme.secure} or ${scheme.insecure}`;
    throw new ConfigError("unknown-scheme", place, `The scheme is ${given}, and should be ${expected}.`, {
      values: [given, expected],
    });
  }
  const isSecure = given === scheme.secure;
  const port = url.port === "" ? (isSecure ? scheme.securePort : scheme.insecurePort) : Number(url.port);
  const param = (name: string): string | undefined => url.searchParams.getAll(name).find((value) => value !== "");
  return {
    use,
    isSecure,
    host: unescaped(url.hostname.replace(/^\[(.*)\]$/, "$1"), place),
    port,
    user: unescaped(url.username, place),
    password: unescaped(url.password, place),
    path: url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`,
    responderId: parseResponderId(param("responder-id") ?? `${url.hostname}:${port}`, place),
    param,
  };
}

/** Host and port, as they are attested under. Throws `invalid-responder-id`. */
export function parseResponderId(text: string, place: ConfigPlace): string {
  const isHostAndPort = /^[^\s:/?#@]+:[0-9]{1,5}$|^\[[0-9a-fA-F:.]+\]:[0-9]{1,5}$/.test(text);
  if (!isHostAndPort || text.length > RESPONDER_ID_LENGTH_MAX || Number(/[0-9]+$/.exec(text)?.[0]) > 65_535) {
    throw new ConfigError("invalid-responder-id", place, `A responder id is host:port, and this is ${text}.`, {
      values: [text, "host:port"],
    });
  }
  return text;
}

/** A parameter that is `0` or `1`. Throws `invalid-uri`. */
export function flagOf(uri: NodeUri, name: string, byDefault: boolean, place: ConfigPlace): boolean {
  const value = uri.param(name) ?? (byDefault ? "1" : "0");
  if (value === "1" || value === "true") return true;
  if (value === "0" || value === "false") return false;
  throw new ConfigError("invalid-uri", place, `The parameter ${name} is 0 or 1, and not ${value}.`, {
    values: [value, "0 or 1"],
  });
}

/** Where HTTP calls go that are for a URI. */
export function baseUrlOf({ isSecure, host, port }: Pick<NodeUri, "isSecure" | "host" | "port">): string {
  return `${isSecure ? "https" : "http"}://${hostInUri(host)}:${port}`;
}

/** A host as it stands in URIs: addresses of IPv6 in brackets. */
export function hostInUri(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A URI as text, without user, password and parameters: what may be shown. */
export function shownUri({ use, isSecure, host, port, path }: NodeUri): string {
  const { secure, insecure } = SCHEMES[use];
  return `${isSecure ? secure : insecure}://${hostInUri(host)}:${port}${path}`;
}

function parseUrl(text: string, place: ConfigPlace): URL {
  // What is wrong with a URI is not quoted: it may hold a password.
  const refuse = (message: string): never => {
    throw new ConfigError("invalid-uri", place, message);
  };
  if (text.length > URI_LENGTH_MAX) return refuse(`A URI has at most ${URI_LENGTH_MAX} characters.`);
  if (/\s/.test(text) || !/^[a-z-]+:\/\//.test(text)) return refuse("It is no URI: scheme://host:port/?parameters.");
  if (!URL.canParse(text)) return refuse("It is no URI: scheme://host:port/?parameters.");
  const url = new URL(text);
  if (url.hostname === "") return refuse("It names no host.");
  if (url.hash !== "") return refuse("A URI of a service has no fragment.");
  return url;
}

function unescaped(text: string, place: ConfigPlace): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError("invalid-uri", place, "It has an escape that is no UTF-8.");
  }
}

// Where a database server is, with what its URL leaves open taken from the environment, as PostgreSQL's own tools do.
import type { ClientConfig } from "pg";
import { RecoveryDbError } from "../error.ts";

/** What may complete a URL. */
export interface AddressDefaults {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The name of the account that this process runs under. */
  readonly account: string;
}

/** The server that a `postgres://` or `postgresql://` URL names. Throws `invalid-url`. */
export function serverAddress(url: string, { env, account }: AddressDefaults): ClientConfig {
  const parsed = parse(url);
  const host =
    decodeURIComponent(parsed.hostname.replace(/^\[|\]$/g, "")) || parsed.searchParams.get("host") || env.PGHOST;
  const user = decodeURIComponent(parsed.username) || env.PGUSER || account;
  const password = decodeURIComponent(parsed.password) || env.PGPASSWORD;
  const database = decodeURIComponent(parsed.pathname.slice(1)) || env.PGDATABASE || user;
  const ssl = (parsed.searchParams.get("sslmode") ?? env.PGSSLMODE ?? "prefer") as string;
  return {
    host: host ?? "localhost",
    port: Number(parsed.port || env.PGPORT || 5432),
    user,
    database,
    ...(password !== undefined && { password }),
    ...(ssl === "verify-full" && { ssl: true }),
    ...(ssl === "require" && { ssl: { rejectUnauthorized: false } }),
  };
}

function parse(url: string): URL {
  try {
    const parsed = new URL(url);
    if (/^postgres(?:ql)?:$/.test(parsed.protocol)) return parsed;
  } catch {
    // Said below, without the URL: it may hold a password.
  }
  throw new RecoveryDbError("invalid-url", "A database URL looks like postgres://user@host:5432/name.");
}

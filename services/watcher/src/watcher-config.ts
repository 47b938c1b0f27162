// What a watcher is told: which sources, and where it keeps what it sees. MobileCoin's `sources.toml` is such a file.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { parse } from "smol-toml";
import { WatcherError } from "./error.ts";
import { SIGNERS_PER_SOURCE_MAX, SOURCES_MAX } from "./limits.ts";
import { type NodeAddress, parseNodeAddress } from "./node-address.ts";

/** A source to watch. */
export interface SourceConfig {
  /** The archive's address, ending in a slash: what the source is called. */
  readonly archiveUrl: string;
  /** The node that writes it, which announces its blocks; undefined to poll. */
  readonly node: NodeAddress | undefined;
  /** Keys in hex whose signatures count here; undefined for all. */
  readonly signers: ReadonlySet<string> | undefined;
}

/**
 * Parses the file: TOML, or JSON where it begins with a brace. `sources` is a list of tables with `tx_source_url` and
 * perhaps `consensus_client_url` and `signers`, a list of block signing keys in hex. Throws `malformed-config`,
 * `invalid-config`, `invalid-uri`.
 */
export function parseWatcherConfig(text: string): readonly SourceConfig[] {
  const { sources, ...others } = parseTable(text);
  assertNothing(others, "The file");
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > SOURCES_MAX) {
    throw new WatcherError("invalid-config", `sources is a list of 1 to ${SOURCES_MAX} tables.`);
  }
  const parsed = sources.map((source: unknown, i) => parseSource(source, `sources[${i}]`));
  const names = new Set(parsed.map(({ archiveUrl }) => archiveUrl));
  if (names.size !== parsed.length) {
    throw new WatcherError("invalid-config", "An archive is named twice: that would prove nothing.");
  }
  return parsed;
}

function parseSource(source: unknown, place: string): SourceConfig {
  const { tx_source_url: url, consensus_client_url: node, signers, ...others } = asTable(source, place);
  assertNothing(others, place);
  if (typeof url !== "string" || url === "") {
    throw new WatcherError("invalid-config", `${place}.tx_source_url is the address of an archive.`);
  }
  if (node !== undefined && typeof node !== "string") {
    throw new WatcherError("invalid-config", `${place}.consensus_client_url is the address of a node.`);
  }
  return {
    archiveUrl: url.includes("?") || url.endsWith("/") ? url : `${url}/`,
    node: node === undefined ? undefined : parseNodeAddress(node),
    signers: signers === undefined ? undefined : parseSigners(signers, `${place}.signers`),
  };
}

function parseSigners(signers: unknown, place: string): ReadonlySet<string> {
  const isList = Array.isArray(signers) && signers.length > 0 && signers.length <= SIGNERS_PER_SOURCE_MAX;
  if (!isList || !signers.every((key) => typeof key === "string" && /^[0-9a-fA-F]{64}$/.test(key))) {
    throw new WatcherError("invalid-config", `${place} is a list of keys, each of 64 hexadecimal digits.`);
  }
  return new Set(signers.map((key: string) => toHex(fromHex(key.toLowerCase()))));
}

function parseTable(text: string): Readonly<Record<string, unknown>> {
  try {
    return asTable(text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text), "The file");
  } catch (cause) {
    if (cause instanceof WatcherError) throw cause;
    throw new WatcherError("malformed-config", "The file is neither TOML nor JSON.", { cause });
  }
}

function asTable(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WatcherError("invalid-config", `${place} is a table.`);
  }
  return value as Readonly<Record<string, unknown>>; // An object that is no list.
}

/** A misspelt field would otherwise be one that nobody reads. */
function assertNothing(others: Readonly<Record<string, unknown>>, place: string): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new WatcherError("invalid-config", `${place} has a field ${JSON.stringify(unknown)} that means nothing.`);
  }
}

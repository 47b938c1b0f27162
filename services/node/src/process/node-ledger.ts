// The ledger of a node: opened, or made with the network's first block.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BlockSource } from "@fogbow/archive";
import { type BlockData, parseArchiveBlock } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { createLedger, type LmdbLedger, MemoryLedger, openLedger } from "@fogbow/ledger-db";
import type { Log } from "@fogbow/server";
import { ConfigError } from "../config/error.ts";
import type { NodeConfig } from "../config/node-config.ts";
import { readConfigBytes } from "../config/read-config-file.ts";
import { fetchOrigin } from "../sync/fetch-origin.ts";
import { ORIGIN_BLOCK_BYTES_MAX } from "./limits.ts";

/** The file that a ledger's folder has. */
export const LEDGER_FILE = "data.mdb";

/**
 * Opens the ledger as its only writer. One that is not there, or empty, gets the origin block: from the file that is named, else
 * from the first archive that has the block of the configured id. Rejects with ConfigError `origin-mismatch` when ledger,
 * file and id do not agree, `missing-field` when nothing says what the origin block is; with LedgerError, BlockError and
 * SyncError.
 */
export async function openNodeLedger(
  config: Pick<NodeConfig, "ledgerPath" | "origin">,
  { sources, log }: OriginParts,
  signal: AbortSignal,
): Promise<LmdbLedger> {
  const { ledgerPath, origin } = config;
  const isThere = existsSync(join(ledgerPath, LEDGER_FILE));
  const ledger = isThere ? openLedger(ledgerPath) : undefined;
  try {
    const first = ledger?.block(0n);
    if (ledger !== undefined && first !== undefined) {
      assertOrigin(first.id, origin.id, ledgerPath);
      return ledger;
    }
    const data = await findOrigin(origin, { sources, log }, signal);
    new MemoryLedger().append(data); // The same rules: a block that is refused leaves no empty ledger behind.
    const made = ledger ?? createLedger(ledgerPath);
    made.append(data);
    return made;
  } catch (error) {
    await ledger?.close();
    throw error;
  }
}

/** Where an origin block may come from besides its file, and who is told about it. */
export interface OriginParts {
  readonly sources: readonly BlockSource[];
  readonly log: Log;
}

/** The origin block, from the file that is named, else from the first archive that has the block of the configured id. */
export async function findOrigin(
  { path, id }: NodeConfig["origin"],
  parts: OriginParts,
  signal: AbortSignal,
): Promise<BlockData> {
  if (path !== undefined) {
    const place = { file: path, field: "" };
    const data = parseArchiveBlock(await readConfigBytes(path, ORIGIN_BLOCK_BYTES_MAX, place), 0n);
    assertOrigin(data.block.id, id, path);
    return data;
  }
  if (id === undefined) {
    const place = { file: "command line", field: "--origin-block-path" };
    const message = "The ledger is empty: name the file of the origin block, or its id to fetch it from an archive.";
    throw new ConfigError("missing-field", place, message);
  }
  return await fetchOrigin(id, parts, signal);
}

/** Throws ConfigError `origin-mismatch` unless the id is the expected one, where one is. */
export function assertOrigin(actual: Uint8Array, expected: Uint8Array | undefined, file: string): void {
  if (expected === undefined || equalBytes(actual, expected)) return;
  const values = [toHex(actual), toHex(expected)];
  const message = `The origin block is ${values[0]}, and should be ${values[1]}: this is another network.`;
  throw new ConfigError("origin-mismatch", { file, field: "origin_block_id" }, message, { values });
}

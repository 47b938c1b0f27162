// What invocations made of blocks.
import { bytes } from "@fogbow/core-bytes";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, IngestedBlockDataSchema, readBytes, readPresent } from "@fogbow/core-wire";
import { type Kysely, sql, type Transaction } from "kysely";
import { BLOCK_CHANNEL } from "../connect/connection.ts";
import { RecoveryDbError } from "../error.ts";
import { BLOCK_RECORDS_BYTES_MAX } from "../limits.ts";
import type { BlockRecords, ScannedBlock } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";
import { fromNullable, fromSql, toSql } from "../unsigned.ts";

const SEARCH_KEY_BYTES = 16;

/** What is stored of one block. */
export interface NewBlockData {
  readonly invocation: bigint;
  readonly block: ScannedBlock;
  readonly timestamp: bigint;
  readonly records: readonly ETxOutRecord[];
}

/** See `RecoveryDb.addBlockData`. The insertion is the fence: who comes second has scanned in vain. */
export async function addBlock(
  db: Transaction<Tables>,
  { invocation, block, timestamp, records }: NewBlockData,
): Promise<{ readonly alreadyScanned: boolean }> {
  const holder = await db
    .updateTable("ingest_invocations")
    .set({ last_active_at: sql<Date>`now()` })
    .where("id", "=", invocation)
    .returning("ingress_public_key")
    .executeTakeFirst();
  if (holder === undefined) throw unknownInvocation();
  const row = {
    ingest_invocation_id: invocation,
    ingress_public_key: holder.ingress_public_key,
    block_number: toSql(block.index),
    cumulative_txo_count: toSql(block.cumulativeTxoCount),
    block_signature_timestamp: toSql(timestamp),
    proto_ingested_block_data: encodeRecords(records),
  };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("ingested_blocks")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) return { alreadyScanned: !(await isStored(db, row)) };
  await sql`SELECT pg_notify(${BLOCK_CHANNEL}, ${String(block.index)})`.execute(db);
  return { alreadyScanned: false };
}

/**
 * Whether exactly this was stored before: by a try whose connection broke before it was told so. Records are sealed with fresh
 * randomness each time, so the same bytes come from the same call.
 */
async function isStored(
  db: Kysely<Tables>,
  row: Pick<Tables["ingested_blocks"], "block_number" | "proto_ingested_block_data"> & {
    readonly ingest_invocation_id: bigint;
  },
): Promise<boolean> {
  const same = await db
    .selectFrom("ingested_blocks")
    .select("id")
    .where("ingest_invocation_id", "=", row.ingest_invocation_id)
    .where("block_number", "=", row.block_number)
    .where("proto_ingested_block_data", "=", row.proto_ingested_block_data)
    .executeTakeFirst();
  return same !== undefined && row.proto_ingested_block_data.length > 0;
}

/** The error for an invocation that is not there. */
export function unknownInvocation(): RecoveryDbError {
  return new RecoveryDbError("unknown-invocation", "There is no such ingest invocation.");
}

/** See `RecoveryDb.txOutsByBlockAndKey`. */
export async function recordsOfBlock(
  db: Kysely<Tables>,
  key: Uint8Array,
  block: bigint,
): Promise<readonly ETxOutRecord[] | undefined> {
  const [found] = await recordsOfRange(db, key, { first: block, count: 1 });
  return found?.records;
}

/** See `RecoveryDb.txOutsByBlockRangeAndKey`. */
export async function recordsOfRange(
  db: Kysely<Tables>,
  key: Uint8Array,
  { first, count }: { readonly first: bigint; readonly count: number },
): Promise<readonly BlockRecords[]> {
  const rows = await db
    .selectFrom("ingested_blocks as block")
    .innerJoin("ingest_invocations as made", "made.id", "block.ingest_invocation_id")
    .select([
      "block.block_number",
      "block.cumulative_txo_count",
      "block.block_signature_timestamp",
      "block.proto_ingested_block_data",
      "made.egress_public_key",
    ])
    .where("block.ingress_public_key", "=", key)
    .where("block.block_number", ">=", toSql(first))
    .orderBy("block.block_number")
    .limit(count)
    .execute();
  const gap = rows.findIndex((row, i) => fromSql(row.block_number) !== first + BigInt(i));
  return (gap === -1 ? rows : rows.slice(0, gap)).map((row) => ({
    index: fromSql(row.block_number),
    cumulativeTxoCount: fromSql(row.cumulative_txo_count),
    timestamp: fromSql(row.block_signature_timestamp),
    egressKey: Uint8Array.from(row.egress_public_key),
    records: decodeRecords(row.proto_ingested_block_data),
  }));
}

/** See `RecoveryDb.egressKeyOfBlock`. */
export async function egressKeyOf(db: Kysely<Tables>, key: Uint8Array, block: bigint): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom("ingested_blocks as block")
    .innerJoin("ingest_invocations as made", "made.id", "block.ingest_invocation_id")
    .select("made.egress_public_key")
    .where("block.ingress_public_key", "=", key)
    .where("block.block_number", "=", toSql(block))
    .executeTakeFirst();
  return row && Uint8Array.from(row.egress_public_key);
}

/** See `RecoveryDb.cumulativeTxoCountForBlock`. */
export async function cumulativeCount(db: Kysely<Tables>, block: bigint): Promise<bigint | undefined> {
  const rows = await db
    .selectFrom("ingested_blocks")
    .select("cumulative_txo_count")
    .distinct()
    .where("block_number", "=", toSql(block))
    .limit(2)
    .execute();
  if (rows.length > 1) {
    throw new RecoveryDbError("conflicting-counts", `Block ${block} is stored with different numbers of outputs.`);
  }
  return fromNullable(rows[0]?.cumulative_txo_count);
}

/** See `RecoveryDb.blockSignatureTimestampForBlock`. */
export async function timestampOf(db: Kysely<Tables>, block: bigint): Promise<bigint | undefined> {
  const row = await db
    .selectFrom("ingested_blocks")
    .select("block_signature_timestamp")
    .where("block_number", "=", toSql(block))
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return fromNullable(row?.block_signature_timestamp);
}

/** See `RecoveryDb.highestKnownBlockIndex`. */
export async function highestBlock(db: Kysely<Tables>): Promise<bigint | undefined> {
  const { highest } = await db
    .selectFrom("ingested_blocks")
    .select(({ fn }) => fn.max<bigint | null>("block_number").as("highest"))
    .executeTakeFirstOrThrow();
  return fromNullable(highest);
}

function encodeRecords(records: readonly ETxOutRecord[]): Uint8Array {
  const message = { eTxOutRecords: records.map(({ searchKey, payload }) => ({ searchKey, payload })) };
  return encodeMessage(IngestedBlockDataSchema, message, { bytesMax: BLOCK_RECORDS_BYTES_MAX });
}

function decodeRecords(encoded: Uint8Array): readonly ETxOutRecord[] {
  try {
    const { eTxOutRecords } = decodeMessage(IngestedBlockDataSchema, encoded, { bytesMax: BLOCK_RECORDS_BYTES_MAX });
    return eTxOutRecords.map(({ searchKey, payload }) => ({
      searchKey: bytes(readBytes(searchKey, SEARCH_KEY_BYTES, "search_key"), SEARCH_KEY_BYTES, "search key"),
      payload: readPresent(payload, "payload"),
    }));
  } catch (cause) {
    throw new RecoveryDbError("corrupt-row", "Stored records of a block cannot be read.", cause);
  }
}

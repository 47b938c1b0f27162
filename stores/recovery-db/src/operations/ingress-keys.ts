// Ingress keys: who may be paid, from when, until when, and whether anybody still opens their hints.
import type { Kysely, Transaction } from "kysely";
import { RecoveryDbError } from "../error.ts";
import type { IngressKeyFilters, IngressKeyRecord, IngressKeyStatus, LeaseClaim } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";
import { fromNullable, fromSql, toSql } from "../unsigned.ts";
import { highestBlock } from "./blocks.ts";
import { assertHeld } from "./leases.ts";
import { addMissingBlocks, holdEventOrder } from "./user-events.ts";

/** The columns of a status. */
const STATUS = ["start_block", "pubkey_expiry", "retired", "lost"] as const;

/** See `RecoveryDb.ingressKeyStatus`. */
export async function keyStatus(db: Kysely<Tables>, key: Uint8Array): Promise<IngressKeyStatus | undefined> {
  const row = await db
    .selectFrom("ingress_keys")
    .select(STATUS)
    .where("ingress_public_key", "=", key)
    .executeTakeFirst();
  return row && statusOf(row);
}

/** What the columns of {@link STATUS} say. */
function statusOf(row: Pick<Tables["ingress_keys"], (typeof STATUS)[number]>): IngressKeyStatus {
  return {
    startBlock: fromSql(row.start_block),
    pubkeyExpiry: fromSql(row.pubkey_expiry),
    retired: row.retired,
    lost: row.lost,
  };
}

/** See `RecoveryDb.newIngressKey`. */
export async function newKey(
  db: Transaction<Tables>,
  key: Uint8Array,
  { proposedStart, lease }: { readonly proposedStart: bigint; readonly lease?: LeaseClaim | undefined },
): Promise<bigint> {
  if (lease !== undefined) await assertHeld(db, lease);
  const highest = await highestBlock(db);
  const next = highest === undefined ? 0n : highest + 1n;
  const start = proposedStart > next ? proposedStart : next;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("ingress_keys")
    .values({ ingress_public_key: key, start_block: toSql(start), pubkey_expiry: 0n, retired: false, lost: false })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) throw new RecoveryDbError("key-exists", "The ingress key is there already.");
  return start;
}

/** See `RecoveryDb.retireIngressKey`. */
export async function retireKey(db: Kysely<Tables>, key: Uint8Array, retired: boolean): Promise<void> {
  await db.updateTable("ingress_keys").set({ retired }).where("ingress_public_key", "=", key).execute();
}

/** See `RecoveryDb.lastScannedBlockIndex`. */
export async function lastScanned(db: Kysely<Tables>, key: Uint8Array): Promise<bigint | undefined> {
  const { last } = await db
    .selectFrom("ingested_blocks")
    .select(({ fn }) => fn.max<bigint | null>("block_number").as("last"))
    .where("ingress_public_key", "=", key)
    .executeTakeFirstOrThrow();
  return fromNullable(last);
}

/** See `RecoveryDb.ingressKeyRecords`. */
export async function keyRecords(
  db: Kysely<Tables>,
  startBlockAtLeast: bigint,
  filters: IngressKeyFilters,
): Promise<readonly IngressKeyRecord[]> {
  const rows = await db
    .selectFrom("ingress_keys as key")
    .select((each) => [
      "key.ingress_public_key",
      ...STATUS.map((column) => `key.${column}` as const),
      each
        .selectFrom("ingested_blocks as block")
        .select(({ fn }) => fn.max<bigint | null>("block.block_number").as("last"))
        .whereRef("block.ingress_public_key", "=", "key.ingress_public_key")
        .as("last"),
    ])
    .where("key.start_block", ">=", toSql(startBlockAtLeast))
    .$if(!filters.includeLost, (query) => query.where("key.lost", "=", false))
    .$if(!filters.includeRetired, (query) => query.where("key.retired", "=", false))
    .orderBy("key.start_block")
    .orderBy("key.ingress_public_key")
    .execute();
  return rows
    .map((row) => {
      const lastScannedBlock = fromNullable(row.last);
      const record = { key: Uint8Array.from(row.ingress_public_key), status: statusOf(row) };
      return lastScannedBlock === undefined ? record : { ...record, lastScannedBlock };
    })
    .filter(
      ({ status, ...record }) =>
        !filters.onlyUnexpired ||
        ("lastScannedBlock" in record &&
          status.pubkeyExpiry > (record as { lastScannedBlock: bigint }).lastScannedBlock),
    );
}

/** See `RecoveryDb.reportLostIngressKey`. */
export async function reportLost(db: Transaction<Tables>, key: Uint8Array): Promise<void> {
  await holdEventOrder(db);
  const status = await keyStatus(db, key);
  if (status === undefined) throw new RecoveryDbError("unknown-key", "There is no such ingress key.");
  if (status.lost) return;
  await db.updateTable("ingress_keys").set({ lost: true }).where("ingress_public_key", "=", key).execute();
  const last = await lastScanned(db, key);
  const next = last === undefined ? 0n : last + 1n;
  const startBlock = status.startBlock > next ? status.startBlock : next;
  if (startBlock < status.pubkeyExpiry) await addMissingBlocks(db, { startBlock, endBlock: status.pubkeyExpiry });
}

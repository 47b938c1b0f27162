// Ingest invocations: one egress key of one enclave each.
import { type Kysely, sql, type Transaction } from "kysely";
import { RecoveryDbError } from "../error.ts";
import type { IngestableRange, KexRngKey } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";
import { fromNullable, fromSql, toSql } from "../unsigned.ts";
import { unknownInvocation } from "./blocks.ts";
import { keyStatus } from "./ingress-keys.ts";
import { holdEventOrder } from "./user-events.ts";

/** What an invocation begins with. */
export interface NewInvocation {
  readonly previous: bigint | undefined;
  readonly ingressKey: Uint8Array;
  readonly rng: KexRngKey;
  readonly startBlock: bigint;
}

/** See `RecoveryDb.newIngestInvocation`. */
export async function newInvocation(db: Transaction<Tables>, made: NewInvocation): Promise<bigint> {
  await holdEventOrder(db);
  if ((await keyStatus(db, made.ingressKey)) === undefined) {
    throw new RecoveryDbError("unknown-key", "There is no such ingress key.");
  }
  const known = await db
    .selectFrom("ingest_invocations")
    .select("id")
    .where("egress_public_key", "=", made.rng.publicKey)
    .where("ingress_public_key", "=", made.ingressKey)
    .executeTakeFirst();
  if (known !== undefined) return known.id; // A try before this one was done, and its connection broke before it was told so.
  if (made.previous !== undefined) await decommission(db, made.previous);
  const { id } = await db
    .insertInto("ingest_invocations")
    .values({
      ingress_public_key: made.ingressKey,
      egress_public_key: made.rng.publicKey,
      rng_version: made.rng.version,
      start_block: toSql(made.startBlock),
      last_active_at: sql<Date>`now()`,
      decommissioned: false,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("user_events")
    .values({ event_type: "new_ingest_invocation", new_ingest_invocation_id: id })
    .execute();
  return id;
}

/** See `RecoveryDb.decommissionIngestInvocation`. Events must be held in order. */
export async function decommission(db: Transaction<Tables>, id: bigint): Promise<void> {
  const before = await db
    .selectFrom("ingest_invocations")
    .select("decommissioned")
    .where("id", "=", id)
    .executeTakeFirst();
  if (before === undefined) throw unknownInvocation();
  if (before.decommissioned) {
    throw new RecoveryDbError("already-decommissioned", `The invocation ${id} was decommissioned before.`);
  }
  await db
    .updateTable("ingest_invocations")
    .set({ decommissioned: true, last_active_at: sql<Date>`now()` })
    .where("id", "=", id)
    .execute();
  await db
    .insertInto("user_events")
    .values({ event_type: "decommission_ingest_invocation", decommission_ingest_invocation_id: id })
    .execute();
}

/** See `RecoveryDb.ingestableRanges`. */
export async function ranges(db: Kysely<Tables>): Promise<readonly IngestableRange[]> {
  const rows = await db
    .selectFrom("ingest_invocations as made")
    .select((each) => [
      "made.id",
      "made.start_block",
      "made.decommissioned",
      each
        .selectFrom("ingested_blocks as block")
        .select(({ fn }) => fn.max<bigint | null>("block.block_number").as("last"))
        .whereRef("block.ingest_invocation_id", "=", "made.id")
        .as("last"),
    ])
    .orderBy("made.id")
    .execute();
  return rows.map((row) => {
    const range = { id: row.id, startBlock: fromSql(row.start_block), decommissioned: row.decommissioned };
    const lastIngestedBlock = fromNullable(row.last);
    return lastIngestedBlock === undefined ? range : { ...range, lastIngestedBlock };
  });
}

/** See `RecoveryDb.updateLastActiveAt`. */
export async function touch(db: Kysely<Tables>, id: bigint): Promise<void> {
  await db.updateTable("ingest_invocations").set({ last_active_at: sql<Date>`now()` }).where("id", "=", id).execute();
}

/** See `RecoveryDb.expiredInvocations`. */
export async function inactiveSince(db: Kysely<Tables>, before: Date): Promise<readonly bigint[]> {
  const rows = await db
    .selectFrom("ingest_invocations")
    .select("id")
    // The column has no zone and is written by now(): compared as the session reads it.
    .where("last_active_at", "<", sql<Date>`${before.toISOString()}::timestamptz::timestamp`)
    .where("decommissioned", "=", false)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

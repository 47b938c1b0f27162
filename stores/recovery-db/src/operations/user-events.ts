// What every user is told. The ids are cursors: whoever has seen one must have seen all before it.
import { type Kysely, sql, type Transaction } from "kysely";
import { RecoveryDbError } from "../error.ts";
import type { BlockRange, UserEvent, UserEvents } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";
import { fromSql, toSql } from "../unsigned.ts";

/** The cursor of those who want no events. */
const NO_EVENTS = 2n ** 63n - 1n;

/**
 * How far ids are moved after a restore: more events than any deployment has between a backup and the failure after it, and
 * four million such restores fit into 63 bits.
 */
const SKIPPED_IDS = 2n ** 40n;

/**
 * Lets one transaction at a time number events. Ids are drawn before a transaction ends, so without this a later id could be
 * seen before an earlier one, which a cursor would then pass over for good.
 */
export async function holdEventOrder(db: Transaction<Tables>): Promise<void> {
  await sql`LOCK TABLE user_events IN SHARE ROW EXCLUSIVE MODE`.execute(db);
}

/** See `RecoveryDb.searchUserEvents`. */
export async function eventsAfter(db: Kysely<Tables>, from: bigint): Promise<UserEvents> {
  if (from === NO_EVENTS) return { events: [], next: NO_EVENTS };
  if (from < -(2n ** 63n) || from > NO_EVENTS) {
    throw new RecoveryDbError("invalid-argument", "A cursor is a signed number of 64 bits.");
  }
  const rows = await db
    .selectFrom("user_events as event")
    .leftJoin("ingest_invocations as made", "made.id", "event.new_ingest_invocation_id")
    .select((each) => [
      "event.id",
      "event.event_type",
      "event.new_ingest_invocation_id",
      "event.decommission_ingest_invocation_id",
      "event.missing_blocks_start",
      "event.missing_blocks_end",
      "made.egress_public_key",
      "made.rng_version",
      "made.start_block",
      each
        .selectFrom("ingested_blocks as block")
        .select(({ fn }) => fn.max<bigint | null>("block.block_number").as("last"))
        .whereRef("block.ingest_invocation_id", "=", "event.decommission_ingest_invocation_id")
        .as("last"),
    ])
    .where("event.id", ">", from)
    .orderBy("event.id")
    .execute();
  const events = rows.map(eventOf);
  return { events, next: events.at(-1)?.id ?? from };
}

interface EventRow {
  readonly id: bigint;
  readonly event_type: Tables["user_events"]["event_type"];
  readonly new_ingest_invocation_id: bigint | null;
  readonly decommission_ingest_invocation_id: bigint | null;
  readonly missing_blocks_start: bigint | null;
  readonly missing_blocks_end: bigint | null;
  readonly egress_public_key: Uint8Array | null;
  readonly rng_version: number | null;
  readonly start_block: bigint | null;
  readonly last: bigint | null;
}

function eventOf(row: EventRow): UserEvent {
  const present = <Value>(value: Value | null): Value => {
    if (value === null) throw new RecoveryDbError("corrupt-row", `The user event ${row.id} lacks a value.`);
    return value;
  };
  switch (row.event_type) {
    case "new_ingest_invocation":
      return {
        kind: "new-ingest-invocation",
        id: row.id,
        invocation: present(row.new_ingest_invocation_id),
        rng: { publicKey: Uint8Array.from(present(row.egress_public_key)), version: present(row.rng_version) },
        startBlock: fromSql(present(row.start_block)),
      };
    case "decommission_ingest_invocation":
      return {
        kind: "decommission-ingest-invocation",
        id: row.id,
        invocation: present(row.decommission_ingest_invocation_id),
        lastIngestedBlock: fromSql(row.last ?? 0n),
      };
    case "missing_blocks":
      return { kind: "missing-blocks", id: row.id, range: rangeOf(row) };
  }
}

/** See `RecoveryDb.missedBlockRanges`. */
export async function missedRanges(db: Kysely<Tables>): Promise<readonly BlockRange[]> {
  const rows = await db
    .selectFrom("user_events")
    .select(["missing_blocks_start", "missing_blocks_end"])
    .where("event_type", "=", "missing_blocks")
    .orderBy("id")
    .execute();
  return rows.map(rangeOf);
}

function rangeOf(row: Pick<EventRow, "missing_blocks_start" | "missing_blocks_end">): BlockRange {
  return { startBlock: fromSql(row.missing_blocks_start ?? 0n), endBlock: fromSql(row.missing_blocks_end ?? 0n) };
}

/** Announces missing blocks, without those that were announced before, so that ranges never overlap. What was new. */
export async function addMissingBlocks(db: Transaction<Tables>, range: BlockRange): Promise<readonly BlockRange[]> {
  const left = without(range, await missedRanges(db));
  for (const { startBlock, endBlock } of left) {
    await db
      .insertInto("user_events")
      .values({
        event_type: "missing_blocks",
        missing_blocks_start: toSql(startBlock),
        missing_blocks_end: toSql(endBlock),
      })
      .execute();
  }
  return left;
}

/** What is left of a range. */
function without(range: BlockRange, known: readonly BlockRange[]): readonly BlockRange[] {
  return known.reduce<readonly BlockRange[]>(
    (left, { startBlock, endBlock }) =>
      left.flatMap((each) =>
        [
          { startBlock: each.startBlock, endBlock: startBlock < each.endBlock ? startBlock : each.endBlock },
          { startBlock: endBlock > each.startBlock ? endBlock : each.startBlock, endBlock: each.endBlock },
        ].filter((piece) => piece.startBlock < piece.endBlock),
      ),
    [range],
  );
}

/** See `RecoveryDb.skipUserEventIds`. */
export async function skipIds(db: Transaction<Tables>): Promise<bigint> {
  await holdEventOrder(db);
  await skip(db, "ingest_invocations");
  return (await skip(db, "user_events")) + 1n;
}

/** Moves what numbers the rows of a table past all of its ids, also those that a backup does not know. */
async function skip(db: Transaction<Tables>, table: "ingest_invocations" | "user_events"): Promise<bigint> {
  const sequence = sql`pg_get_serial_sequence(${table}, 'id')::regclass`;
  const highest = sql`(SELECT coalesce(max(id), 0) FROM ${sql.table(table)})`;
  const { rows } = await sql<{ last: bigint }>`
    SELECT setval(${sequence}, greatest(${highest}, nextval(${sequence})) + ${SKIPPED_IDS}::bigint) AS last
  `.execute(db);
  const [row] = rows;
  if (row === undefined) throw new RecoveryDbError("database-failure", "A sequence was not moved.");
  return row.last;
}

// Who may act, of several that could: leases by compare-and-set in the database's own time, and switches.
import { type Kysely, sql } from "kysely";
import { RecoveryDbError } from "../error.ts";
import { LEASE_NAME_CHARACTERS_MAX } from "../limits.ts";
import type { LeaseClaim } from "../recovery-db.ts";
import type { Tables } from "../schema/tables.ts";

/** A lease ends so long after it was last renewed. Holders renew it every three seconds. */
const UNTIL = sql<Date>`clock_timestamp() + interval '10 seconds'`;
const NOW = sql<Date>`clock_timestamp()`;

/** See `RecoveryDb.takeLease`. */
export async function take(db: Kysely<Tables>, { name, holder }: LeaseClaim): Promise<boolean> {
  if (name.length > LEASE_NAME_CHARACTERS_MAX || holder.length > LEASE_NAME_CHARACTERS_MAX) {
    throw new RecoveryDbError("invalid-argument", "The name of a lease or of its holder is too long.");
  }
  const row = await db
    .insertInto("leases")
    .values({ name, holder, expires_at: UNTIL })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet({ holder, expires_at: UNTIL })
        .where(({ or, eb }) => or([eb("leases.expires_at", "<=", NOW), eb("leases.holder", "=", holder)])),
    )
    .returning("holder")
    .executeTakeFirst();
  return row !== undefined;
}

/** See `RecoveryDb.releaseLease`. */
export async function release(db: Kysely<Tables>, { name, holder }: LeaseClaim): Promise<void> {
  await db.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder).execute();
}

/** Throws `lease-lost` unless the lease holds, and keeps it from changing hands until the transaction ends. */
export async function assertHeld(db: Kysely<Tables>, { name, holder }: LeaseClaim): Promise<void> {
  const row = await db
    .selectFrom("leases")
    .select("name")
    .where("name", "=", name)
    .where("holder", "=", holder)
    .where("expires_at", ">", NOW)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new RecoveryDbError("lease-lost", `'${holder}' does not hold the lease '${name}'.`);
}

/** See `RecoveryDb.flag`. */
export async function readFlag(db: Kysely<Tables>, name: string): Promise<boolean> {
  const row = await db.selectFrom("flags").select("value").where("name", "=", name).executeTakeFirst();
  return row?.value ?? false;
}

/** See `RecoveryDb.setFlag`. */
export async function writeFlag(db: Kysely<Tables>, name: string, value: boolean): Promise<void> {
  await db
    .insertInto("flags")
    .values({ name, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}

// The schema, step by step (spec 03 §3.1). A step that was released never changes: what comes later is another step.
import { type Kysely, type Migration, type MigrationProvider, sql } from "kysely";

const initial: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    await sql`CREATE TABLE ingress_keys (
      ingress_public_key bytea PRIMARY KEY,
      start_block bigint NOT NULL,
      pubkey_expiry bigint NOT NULL DEFAULT 0,
      retired boolean NOT NULL DEFAULT false,
      lost boolean NOT NULL DEFAULT false
    )`.execute(db);
    await sql`CREATE TABLE ingest_invocations (
      id bigserial PRIMARY KEY,
      ingress_public_key bytea NOT NULL REFERENCES ingress_keys,
      egress_public_key bytea NOT NULL UNIQUE,
      last_active_at timestamp NOT NULL,
      start_block bigint NOT NULL,
      decommissioned boolean NOT NULL DEFAULT false,
      rng_version int NOT NULL
    )`.execute(db);
    // The constraint on key and block is the fence between two servers that hold one key (spec 03 §2.14).
    await sql`CREATE TABLE ingested_blocks (
      id bigserial PRIMARY KEY,
      ingest_invocation_id bigint NOT NULL REFERENCES ingest_invocations,
      ingress_public_key bytea NOT NULL REFERENCES ingress_keys,
      block_number bigint NOT NULL,
      cumulative_txo_count bigint NOT NULL,
      block_signature_timestamp bigint NOT NULL,
      proto_ingested_block_data bytea NOT NULL,
      UNIQUE (ingest_invocation_id, block_number),
      UNIQUE (ingress_public_key, block_number)
    ) WITH (autovacuum_enabled = false)`.execute(db);
    await sql`CREATE INDEX ingested_blocks_block_number ON ingested_blocks (block_number)`.execute(db);
    await sql`CREATE TYPE user_event_type AS ENUM
      ('new_ingest_invocation', 'decommission_ingest_invocation', 'missing_blocks')`.execute(db);
    await sql`CREATE TABLE user_events (
      id bigserial PRIMARY KEY,
      event_type user_event_type NOT NULL,
      new_ingest_invocation_id bigint UNIQUE REFERENCES ingest_invocations,
      decommission_ingest_invocation_id bigint UNIQUE REFERENCES ingest_invocations,
      missing_blocks_start bigint,
      missing_blocks_end bigint,
      UNIQUE (missing_blocks_start, missing_blocks_end)
    ) WITH (autovacuum_enabled = false)`.execute(db);
    await sql`CREATE INDEX user_events_type_id ON user_events (event_type, id)`.execute(db);
    await sql`CREATE TABLE reports (
      id bigserial PRIMARY KEY,
      ingress_public_key bytea NOT NULL REFERENCES ingress_keys,
      ingest_invocation_id bigint REFERENCES ingest_invocations,
      fog_report_id varchar(64) NOT NULL UNIQUE,
      report bytea NOT NULL,
      pubkey_expiry bigint NOT NULL
    )`.execute(db);
  },
};

/** Leases and switches of roles of which only one may act. */
const roles: Migration = {
  async up(db: Kysely<never>): Promise<void> {
    await sql`CREATE TABLE leases (name text PRIMARY KEY, holder text NOT NULL, expires_at timestamptz NOT NULL)`.execute(
      db,
    );
    await sql`CREATE TABLE flags (name text PRIMARY KEY, value boolean NOT NULL)`.execute(db);
  },
};

const MIGRATIONS: Readonly<Record<string, Migration>> = { "0001-initial": initial, "0002-roles": roles };

/** The names of all steps, in their order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS).sort();

/** Gives them to Kysely's migrator. */
export const migrationProvider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };

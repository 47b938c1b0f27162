// The tables as Kysely types them; what makes them is in the migrations.
import type { Generated } from "kysely";

/** Every table by its name. */
export interface Tables {
  readonly ingress_keys: IngressKeys;
  readonly ingest_invocations: IngestInvocations;
  readonly ingested_blocks: IngestedBlocks;
  readonly user_events: UserEvents;
  readonly reports: Reports;
  readonly leases: Leases;
  readonly flags: Flags;
}

interface IngressKeys {
  ingress_public_key: Uint8Array;
  start_block: bigint;
  pubkey_expiry: bigint;
  retired: boolean;
  lost: boolean;
}

interface IngestInvocations {
  id: Generated<bigint>;
  ingress_public_key: Uint8Array;
  egress_public_key: Uint8Array;
  last_active_at: Date;
  start_block: bigint;
  decommissioned: boolean;
  rng_version: number;
}

interface IngestedBlocks {
  id: Generated<bigint>;
  ingest_invocation_id: bigint;
  ingress_public_key: Uint8Array;
  block_number: bigint;
  cumulative_txo_count: bigint;
  block_signature_timestamp: bigint;
  proto_ingested_block_data: Uint8Array;
}

interface UserEvents {
  id: Generated<bigint>;
  event_type: "new_ingest_invocation" | "decommission_ingest_invocation" | "missing_blocks";
  new_ingest_invocation_id: bigint | null;
  decommission_ingest_invocation_id: bigint | null;
  missing_blocks_start: bigint | null;
  missing_blocks_end: bigint | null;
}

interface Reports {
  id: Generated<bigint>;
  ingress_public_key: Uint8Array;
  ingest_invocation_id: bigint | null;
  fog_report_id: string;
  report: Uint8Array;
  pubkey_expiry: bigint;
}

interface Leases {
  name: string;
  holder: string;
  expires_at: Date;
}

interface Flags {
  name: string;
  value: boolean;
}

// The figures of an ingest server, for Prometheus (spec 03 §2.15).
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What an ingest server counts. */
export interface IngestMetrics {
  readonly mode: (isActive: boolean) => void;
  readonly processed: (block: bigint) => void;
  readonly published: (expiry: bigint) => void;
  readonly took: (what: "process_next_block" | "ingest_txs" | "db_add_block_data", milliseconds: number) => void;
  readonly evidence: (unixSeconds: number) => void;
  /** Something that an operator must look at. */
  readonly alert: (code: AlertCode) => void;
}

/** What an operator must look at. */
export type AlertCode =
  | "timestamp-unknown" // A block was scanned without its time: the watcher is behind, or watches nobody who signed it.
  | "invalid-block-data" // The enclave cannot read the outputs of a block; it is tried again for ever.
  | "ingest-failed" // The enclave did not scan a block.
  | "database-restored" // The database has forgotten blocks that were scanned: they are scanned again.
  | "key-lost" // The key was declared lost while it was in use.
  | "race-lost" // Another server scanned a block with this server's key.
  | "peer-active" // A peer is active with this server's key.
  | "enclave-restarted"; // The enclave had to be started anew.

/** Adds an ingest server's figures to a registry. */
export function ingestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `fog_ingest_${name}`, help, registers });
  const histogram = (name: string, help: string): Histogram =>
    new Histogram({
      name: `fog_ingest_${name}`,
      help,
      buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
      registers,
    });
  const mode = gauge("mode", "0 while idle, 1 while active");
  const isIdle = gauge("mode_is_idle", "Whether the server is idle");
  const isActive = gauge("mode_is_active", "Whether the server is active");
  const blocks = new Counter({ name: "fog_ingest_blocks_processed_count", help: "Blocks scanned", registers });
  const last = gauge("last_processed_block_index", "The newest block that was scanned");
  const expiry = gauge("last_published_pubkey_expiry", "What the newest report promises");
  const evidence = gauge("enclave_attestation_evidence_timestamp", "When evidence was made, in seconds since 1970");
  const alerts = new Counter({
    name: "fog_ingest_alerts_total",
    help: "Events that an operator must look at",
    labelNames: ["code"],
    registers,
  });
  const times = {
    process_next_block: histogram("process_next_block_time", "Seconds for a block"),
    ingest_txs: histogram("ingest_txs_time", "Seconds for a chunk of outputs in the enclave"),
    db_add_block_data: histogram("db_add_block_data_time", "Seconds for storing a block"),
  };
  return {
    mode: (active) => {
      mode.set(active ? 1 : 0);
      isIdle.set(active ? 0 : 1);
      isActive.set(active ? 1 : 0);
    },
    processed: (block) => {
      blocks.inc();
      last.set(Number(block));
    },
    published: (value) => expiry.set(Number(value)),
    took: (what, milliseconds) => times[what].observe(milliseconds / 1_000),
    evidence: (seconds) => evidence.set(seconds),
    alert: (code) => alerts.inc({ code }),
  };
}

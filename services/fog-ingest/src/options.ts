// What an ingest server is told about itself.
import { CHUNK_OUTPUTS_MAX } from "./limits.ts";

/** Of the controller. */
export interface IngestOptions {
  /** What peers know this server by: host and port. */
  readonly localNodeId: string;
  /** URIs of all servers that share a key, this one included, for a server without a state file. */
  readonly peers: readonly string[];
  /** Which report is published; usually empty. */
  readonly fogReportId: string;
  /** How many blocks past the next one a report promises, for a server without a state file. */
  readonly expiryWindow: bigint;
  /** Outputs in one call of the enclave, at most 4 096. */
  readonly chunkOutputs: number;
  /** Milliseconds between two looks for the next block. */
  readonly pollMs: number;
  /** Milliseconds that the time of a block is waited for. */
  readonly watcherTimeoutMs: number;
  /** Milliseconds between two looks whether peers have this server's key. */
  readonly peerCheckupMs: number;
}

/** What an ingest server does unless told otherwise. */
export const DEFAULTS: Omit<IngestOptions, "localNodeId" | "peers"> & { readonly userCapacity: number } = {
  fogReportId: "",
  expiryWindow: 10n,
  chunkOutputs: CHUNK_OUTPUTS_MAX,
  pollMs: 250,
  watcherTimeoutMs: 5_000,
  peerCheckupMs: 60_000,
  userCapacity: 262_144,
};

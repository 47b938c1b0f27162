export { IngestController } from "./controller/controller.ts";
export { IngestDoor } from "./enclave/ingest-door.ts";
export {
  fogIngestBundle,
  type IngestEnclaveOptions,
  type RunningIngestEnclave,
  startIngestEnclave,
} from "./enclave/start-ingest-enclave.ts";
export { IngestError, type IngestErrorCode } from "./error.ts";
export { type AlertCode, type IngestMetrics, ingestMetrics } from "./ingest-metrics.ts";
export { CHUNK_OUTPUTS_MAX } from "./limits.ts";
export { DEFAULTS, type IngestOptions } from "./options.ts";
export type {
  Blocks,
  Chunk,
  Clock,
  ControllerParts,
  IngestEnclave,
  IngestedChunk,
  PeerRpc,
  PublishedEvidence,
  SealedKey,
} from "./parts.ts";
export { INGEST_LIMITS, INGEST_PEER_LIMITS } from "./rpc/ingest-rpc-limits.ts";
export { type RunIngestOptions, type RunIngestParts, type RunningIngest, runIngest } from "./run-ingest.ts";
export { type KeptState, StateFile, type StateStore } from "./state/state-file.ts";

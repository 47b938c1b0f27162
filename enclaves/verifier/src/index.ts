// Verifies transactions in parallel: a pool of threads, each of which takes batches.

export { VerifierError, type VerifierErrorCode } from "./error.ts";
export { type HelperThreads, helperThreads, verifierHelper } from "./helper-thread.ts";
export type {
  Batch,
  BatchAnswers,
  SpawnVerifierThread,
  VerifierThread,
  VerifierThreadEvents,
} from "./thread.ts";
export { VerifierPool, type VerifierPoolOptions } from "./verifier-pool.ts";
export {
  type VerificationAnswer,
  type VerificationContext,
  type VerificationRequest,
  verifyBatch,
} from "./verify-batch.ts";
export { workerPool } from "./worker-pool.ts";

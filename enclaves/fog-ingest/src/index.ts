export { default as makeFogIngest } from "./enclave.ts";
export { FogIngestError, type FogIngestErrorCode } from "./error.ts";
export { createFogIngestEnclave, type FogIngestOverrides, type FogIngestParts } from "./fog-ingest-enclave.ts";

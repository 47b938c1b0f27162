export { collatePublic, type PublicAnswer, type ShardSays } from "./collate.ts";
export { default as makeFogView } from "./enclave.ts";
export { ViewError, type ViewErrorCode } from "./error.ts";
export { createFogViewEnclave, type FogViewOverrides, type FogViewParts } from "./view-enclave.ts";

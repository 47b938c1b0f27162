// Watches the ingest servers and lets one take over when none is active.
export { OverseerError, type OverseerErrorCode } from "./error.ts";
export { type RunningOverseer, type RunOverseerOptions, type RunOverseerParts, runOverseer } from "./run-overseer.ts";

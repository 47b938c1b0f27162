// How much the door holds and how long it waits.

/** Calls that one enclave has in flight, and that its inside accepts at a time. */
export const CALLS_MAX = 1024;

/** Bytes of inputs in flight to one enclave. */
export const CALL_BYTES_MAX = 67_108_864;

/** Milliseconds that a call may take when its caller names no deadline. */
export const CALL_MS_DEFAULT = 30_000;

/** Milliseconds of the longest deadline that a caller can name. */
export const CALL_MS_MAX = 600_000;

/** Milliseconds in which an enclave must become ready. */
export const START_MS_MAX = 30_000;

/** Milliseconds of silence after a missed deadline, at the end of which the enclave is ended. */
export const SILENCE_MS_MAX = 5_000;

/** Restarts without a stable run between them; after so many the enclave stays down. */
export const RESTARTS_MAX = 5;

/** Milliseconds before the first restart; each following one waits twice as long. */
export const RESTART_MS_MIN = 100;

/** Milliseconds before a restart, at most. */
export const RESTART_MS_MAX = 10_000;

/** Milliseconds after which a run counts as stable, and earlier crashes are forgotten. */
export const STABLE_MS = 60_000;

/** Milliseconds that a child process has to leave by itself before it is killed. */
export const LEAVE_MS_MAX = 1_000;

/** Milliseconds between refreshes of evidence: 18 hours. */
export const EVIDENCE_REFRESH_MS = 64_800_000;

/** Milliseconds until evidence is asked for again after that failed. */
export const EVIDENCE_RETRY_MS = 60_000;

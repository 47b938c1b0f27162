// How much the enclave commands read from files.

/** A SIGSTRUCT, which has 1 808 bytes. */
export const SIGSTRUCT_FILE_BYTES_MAX = 4_096;

/** A file of measurements, in bytes of JSON. */
export const MEASUREMENTS_FILE_BYTES_MAX = 1_048_576;

/** A file of evidence, in bytes: the largest there is, as hex. */
export const EVIDENCE_FILE_BYTES_MAX = 525_312;

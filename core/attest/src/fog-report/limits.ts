// How much a report service may answer. With default settings it answers a few reports of 20 000 bytes.

/** Bytes of an encoded answer. */
export const REPORT_RESPONSE_BYTES_MAX = 4_194_304;

/** Bytes of the evidence in one report. */
export const REPORT_EVIDENCE_BYTES_MAX = 262_144;

/** Reports in an answer. */
export const REPORTS_MAX = 256;

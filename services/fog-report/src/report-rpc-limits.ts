// The bounds of the report service's RPC.
import { REPORT_RESPONSE_BYTES_MAX } from "@fogbow/core-attest";
import type { ReportAPI } from "@fogbow/core-wire";
import type { ServiceLimits } from "@fogbow/server";

/** Everybody asks for the same: an answer is signed once in a while and then copied. */
export const REPORT_LIMITS: ServiceLimits<typeof ReportAPI> = {
  getReports: {
    requestBytesMax: 1_024,
    responseBytesMax: REPORT_RESPONSE_BYTES_MAX,
    deadlineMs: 10_000,
    concurrencyMax: 64,
    queueMax: 256,
  },
};

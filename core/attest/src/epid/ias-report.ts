// Reports of Intel's attestation service, by which enclaves were attested before DCAP (Intel's API specification for EPID
// attestation, version 4; spec 04 §8). The service is discontinued: reports are only read.
import { fromBase64 } from "../base64.ts";
import { civilTime } from "../der/time.ts";
import { AttestError } from "../error.ts";
import { JsonFields } from "../evidence/json-fields.ts";
import { parseReportBody, REPORT_BODY_BYTES, type SgxReportBody } from "../sgx/report-body.ts";
import { ADVISORIES_MAX } from "../sgx/tcb-info.ts";
import type { TcbStatus } from "../sgx/tcb-status.ts";

/** The most characters of the text of a report; real ones have 2 000. */
export const IAS_REPORT_LENGTH_MAX = 65_536;

/** What the service said about a quote. */
export interface IasReport {
  /** When the service signed it, in milliseconds since 1970, to the second before. */
  readonly timestamp: number;
  /** The service's word for the state of the platform. */
  readonly quoteStatus: string;
  readonly advisories: readonly string[];
  /** What the processor said about the enclave. */
  readonly body: SgxReportBody;
}

const VERSION = 4;
const QUOTE_VERSION = 2;
const QUOTE_HEADER_BYTES = 48; // Version, kind of signature, group, versions of Intel's enclaves, basename.
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?$/;

/** The states that may be accepted, in the words of DCAP. Every other, such as `GROUP_OUT_OF_DATE`, is refused. */
const STATUSES: ReadonlyMap<string, TcbStatus> = new Map([
  ["OK", "UpToDate"],
  ["SW_HARDENING_NEEDED", "SWHardeningNeeded"],
  ["CONFIGURATION_NEEDED", "ConfigurationNeeded"],
  ["CONFIGURATION_AND_SW_HARDENING_NEEDED", "ConfigurationAndSWHardeningNeeded"],
]);

/** The report of the text that the service signed. Throws `ias-report-malformed`. */
export function parseIasReport(httpBody: string): IasReport {
  if (httpBody.length > IAS_REPORT_LENGTH_MAX) {
    throw malformed(`it has more than ${IAS_REPORT_LENGTH_MAX} characters`);
  }
  const fields = new JsonFields(parseJson(httpBody), "ias-report-malformed", "The attestation report");
  if (fields.integer("version", Number.MAX_SAFE_INTEGER) !== VERSION) {
    throw malformed(`its version is not ${VERSION}`);
  }
  return {
    timestamp: parseTimestamp(fields.text("timestamp")),
    quoteStatus: fields.text("isvEnclaveQuoteStatus"),
    advisories: fields.optionalTexts("advisoryIDs", ADVISORIES_MAX),
    body: parseQuoteBody(fields.text("isvEnclaveQuoteBody")),
  };
}

/** The state of the platform and the advisories that count against it; undefined for states that are never accepted. */
export function iasStanding({
  quoteStatus,
  advisories,
}: IasReport): { readonly status: TcbStatus; readonly advisories: readonly string[] } | undefined {
  const status = STATUSES.get(quoteStatus);
  if (status === undefined) {
    return undefined;
  }
  return { status, advisories: status === "UpToDate" ? [] : advisories };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AttestError("ias-report-malformed", "The attestation report is not JSON.", { cause });
  }
}

/** The service writes UTC without saying so. */
function parseTimestamp(text: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    TIMESTAMP.exec(text)?.slice(1, 7).map(Number) ?? [];
  const time = civilTime({ year, month, day, hour, minute, second });
  if (time === undefined) {
    throw malformed("its timestamp is not an instant such as 2020-09-14T23:07:16.215597");
  }
  return time;
}

function parseQuoteBody(base64: string): SgxReportBody {
  const bytes = decodeBase64(base64);
  if (bytes.length !== QUOTE_HEADER_BYTES + REPORT_BODY_BYTES || bytes[0] !== QUOTE_VERSION || bytes[1] !== 0) {
    throw malformed("its quote is not of version 2");
  }
  return parseReportBody(bytes.subarray(QUOTE_HEADER_BYTES));
}

function decodeBase64(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new AttestError("ias-report-malformed", "The attestation report's quote is not base64.", { cause });
  }
}

function malformed(reason: string): AttestError {
  return new AttestError("ias-report-malformed", `The attestation report is refused: ${reason}.`);
}

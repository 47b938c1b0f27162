// Intel TDX and AMD SEV-SNP guests, through configfs-tsm (spec 04 §12.2), and how the bundle is bound to what they sign (§15).
import { createHash } from "node:crypto";
import type { TrustedIdentity } from "@fogbow/core-attest";
import { concatBytes, equalBytes, type Random, readLe32 } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";
import { boundKeys } from "../sealing/bound-keys.ts";
import type { FileOperations } from "./file-operations.ts";
import { createMutex } from "./mutex.ts";
import type { PlatformIdentity } from "./open-platform.ts";
import type { Platform, Quote } from "./platform.ts";
import { storedCounter } from "./stored-counter.ts";
import { type TsmReport, tsmReport } from "./tsm-report.ts";

/** What the platform is told. */
export interface ConfidentialVmOptions {
  readonly kind: "tdx" | "sev-snp";
  /**
   * What ties the bundle to the evidence: `image` when it lies in a measured image, read-only and verified; `rtmr3` when
   * the launcher extended that register (TDX); `host-data` when the launcher set that field (SEV-SNP).
   */
  readonly binding: "image" | "rtmr3" | "host-data";
  /** Where configfs-tsm is; /sys/kernel/config/tsm/report when absent. */
  readonly reports?: string;
  /** 32 bytes that the guest's start released after attestation, from a vTPM or KMS, into memory. No sealing without. */
  readonly sealingKeyFile?: string;
  readonly counterFile?: string;
}

const REPORTS = "/sys/kernel/config/tsm/report";
const REPORT_DATA_BYTES = 64;
const PROVIDERS = { tdx: "tdx_guest", "sev-snp": "sev_guest" } as const;

const QUOTE_HEADER_BYTES = 48;
const DESCRIPTOR_BYTES = 6; // Version 5: type u16 and size u32 before the body.
const TD_10_BYTES = 584;
const TD_REPORT_DATA = 520;
const TD_MRTD = 136;
const TD_RTMRS = 328;
const REGISTER_BYTES = 48;

const SNP_REPORT_BYTES = 1184;
const SNP_REPORT_DATA = 0x50;
const SNP_MEASUREMENT = 0x90;
const SNP_HOST_DATA = 0xc0;

/**
 * Opens it, having compared the bundle with what the platform signs about it. Throws {@link RuntimeError}
 * `platform-unavailable` elsewhere, `bundle-not-bound` when the evidence would not name the bundle.
 */
export async function openConfidentialVm(
  options: ConfidentialVmOptions,
  identity: PlatformIdentity,
  parts: { readonly files: FileOperations; readonly random: Random },
): Promise<Platform> {
  const { kind, binding, reports = REPORTS, sealingKeyFile, counterFile } = options;
  const { files } = parts;
  const alone = createMutex();
  const report = (reportData: Uint8Array): Promise<TsmReport> =>
    alone(async () => {
      const answer = await tsmReport(reports, reportData, parts);
      if (answer.provider !== PROVIDERS[kind]) {
        throw new RuntimeError("platform-unavailable", `This guest is a ${answer.provider}, not ${kind}.`);
      }
      assertWhole(kind, answer.outblob, reportData);
      return answer;
    });
  const own = await report(new Uint8Array(REPORT_DATA_BYTES));
  assertBound(options, identity, own);
  return {
    kind,
    evidencePlatform: kind,
    identity: identityOf(kind, own),
    proveFirst: binding === "rtmr3", // The host's quote service answered; AMD's processor answers the guest itself.
    quote: async (reportData) => asQuote(kind, await report(reportData)),
    sealingKeys: sealingKeyFile === undefined ? undefined : boundKeys(files.readFileSync(sealingKeyFile), identity),
    counter: storedCounter(counterFile, files),
  };
}

function asQuote(kind: ConfidentialVmOptions["kind"], { outblob, auxblob }: TsmReport): Quote {
  return kind === "tdx"
    ? { kind: "quote", quote: outblob }
    : { kind: "sev-snp", report: outblob, certificateTable: auxblob };
}

/** Partial reads and answers to somebody else's question are the platform's failures, not evidence. */
function assertWhole(kind: ConfidentialVmOptions["kind"], blob: Uint8Array, reportData: Uint8Array): void {
  const offset = kind === "tdx" ? tdReport(blob) + TD_REPORT_DATA : snpReport(blob) + SNP_REPORT_DATA;
  if (!equalBytes(blob.subarray(offset, offset + REPORT_DATA_BYTES), reportData)) {
    throw new RuntimeError("platform-failure", "The report is over other report data than was written.");
  }
}

/** Where the TD report begins in a quote that is whole. */
function tdReport(quote: Uint8Array): number {
  const cut = new RuntimeError("platform-failure", "The quote is cut short, or of another version than 4 or 5.");
  if (quote.length < QUOTE_HEADER_BYTES + DESCRIPTOR_BYTES) throw cut;
  const version = readLe32(quote) & 0xffff;
  if (version !== 4 && version !== 5) throw cut;
  const start = QUOTE_HEADER_BYTES + (version === 5 ? DESCRIPTOR_BYTES : 0);
  const bodyBytes = version === 5 ? readLe32(quote, QUOTE_HEADER_BYTES + 2) : TD_10_BYTES;
  const end = start + bodyBytes;
  if (bodyBytes < TD_10_BYTES || quote.length < end + 4 || quote.length < end + 4 + readLe32(quote, end)) throw cut;
  return start;
}

function snpReport(report: Uint8Array): number {
  if (report.length !== SNP_REPORT_BYTES) {
    throw new RuntimeError(
      "platform-failure",
      `An attestation report has ${SNP_REPORT_BYTES} bytes, not ${report.length}.`,
    );
  }
  return 0;
}

function assertBound(
  { kind, binding }: ConfidentialVmOptions,
  { measurement }: PlatformIdentity,
  { outblob }: TsmReport,
): void {
  if ((binding === "rtmr3" && kind !== "tdx") || (binding === "host-data" && kind !== "sev-snp")) {
    throw new RuntimeError("platform-unavailable", `${kind} has no ${binding}.`);
  }
  if (binding === "image") return; // The loader and the bundle are measured together; nothing is left to compare.
  const [actual, expected] =
    binding === "rtmr3"
      ? [
          sliceAt(outblob, tdReport(outblob) + TD_RTMRS + 3 * REGISTER_BYTES, REGISTER_BYTES),
          extendedRegister(measurement),
        ]
      : [sliceAt(outblob, SNP_HOST_DATA, 32), measurement];
  if (!equalBytes(actual, expected)) {
    throw new RuntimeError("bundle-not-bound", `The platform's ${binding} names another bundle than the one to load.`);
  }
}

/** What the machine says it is, at the start: evidence that later says something else is not published. */
function identityOf(kind: ConfidentialVmOptions["kind"], { outblob }: TsmReport): TrustedIdentity {
  if (kind === "sev-snp") {
    const launchMeasurement = sliceAt(outblob, SNP_MEASUREMENT, REGISTER_BYTES);
    return { kind: "sev-snp", launchMeasurement, hostData: sliceAt(outblob, SNP_HOST_DATA, 32) };
  }
  const start = tdReport(outblob);
  const rtmrs = [0, 1, 2, 3].map((i) => sliceAt(outblob, start + TD_RTMRS + i * REGISTER_BYTES, REGISTER_BYTES));
  const mrTd = sliceAt(outblob, start + TD_MRTD, REGISTER_BYTES);
  return { kind: "td", mrTd, rtmrs, configAdvisories: [], hardeningAdvisories: [] };
}

function sliceAt(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  return bytes.slice(offset, offset + length);
}

/** A register of 48 zero bytes after it was extended once with SHA-384(measurement): SHA-384(register ‖ digest). */
function extendedRegister(measurement: Uint8Array): Uint8Array {
  const sha384 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha384").update(bytes).digest());
  return sha384(concatBytes(new Uint8Array(48), sha384(measurement)));
}

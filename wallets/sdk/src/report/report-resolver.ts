// The ingress key to encrypt a hint to, from a recipient's address (spec 03 §6.4, §6.5). What is not verified is not used,
// and there is nothing to fall back to: without a report the recipient cannot be paid through Fog.
import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import type { PublicAddress } from "@fogbow/core-account";
import {
  decodeReportResponse,
  type EvidenceVerdict,
  type FogReportEvidence,
  type FogReportResponse,
  tryNormaliseFogUrl,
  verifyFogReport,
} from "@fogbow/core-attest";
import type { PublicKey } from "@fogbow/core-crypto";
import { encodeMessage, ReportAPI, ReportResponseSchema } from "@fogbow/core-wire";
import { sdkErrorOf } from "../channel/sdk-error-of.ts";
import { SdkError } from "../error.ts";

/** What a resolver works with. */
export interface ReportResolverParts {
  /** A transport to the report service at a URL such as `fog://fog.example.com/`, in its normal form. */
  readonly transportTo: (url: string) => Transport;
  /** Whether evidence shows a trusted ingest enclave, such as `createReportEvidenceVerifier` of a policy. */
  readonly verifyEvidence: (evidence: FogReportEvidence) => Promise<EvidenceVerdict>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The network's name; none is sent when it is empty. */
  readonly chainId?: string;
}

/** What a sender asks for. */
export interface ReportQuestion {
  /** The tombstone block that the transaction is to have. */
  readonly tombstoneBlock: bigint;
  readonly signal?: AbortSignal;
}

/** A verified ingress key. */
export interface ResolvedReport {
  readonly ingressKey: PublicKey;
  readonly pubkeyExpiry: bigint;
  /** The tombstone block that was asked for, or the key's expiry when that is lower: the transaction's may not be later. */
  readonly tombstoneBlock: bigint;
}

/** Who knows the keys of recipients' Fogs. */
export interface ReportService {
  /** The verified ingress key for an address. Throws SdkError `no-fog`, `report-unavailable`, `report-refused`, and the signal's reason. */
  resolve(address: PublicAddress, question: ReportQuestion): Promise<ResolvedReport>;
}

interface Kept {
  readonly response: FogReportResponse;
  readonly fetchedAt: number;
}

/** How long an answer may be used again. */
const KEPT_MS = 60_000;
const TIMEOUT_MS = 10_000;

/** Fetches and verifies reports. Answers are kept for a minute, and never beyond the program. */
export class ReportResolver implements ReportService {
  readonly #parts: ReportResolverParts;
  readonly #kept = new Map<string, Kept>();
  readonly #fetching = new Map<string, Promise<Kept>>();

  constructor(parts: ReportResolverParts) {
    this.#parts = parts;
  }

  /**
   * The ingress key for an address. An answer that was kept is used again only if the key lasts until the tombstone block
   * that is asked for. Throws SdkError: `no-fog`, `report-unavailable`, `report-refused`, and the signal's reason.
   */
  async resolve(address: PublicAddress, { tombstoneBlock, signal }: ReportQuestion): Promise<ResolvedReport> {
    if (address.fogReportUrl === "") throw new SdkError("no-fog", "The recipient does not use Fog.");
    const url = tryNormaliseFogUrl(address.fogReportUrl);
    if (url === undefined) throw new SdkError("report-refused", "The recipient's address names no report service.");
    const kept = this.#kept.get(url);
    if (kept !== undefined && this.#parts.now() - kept.fetchedAt < KEPT_MS) {
      const resolved = await this.#verify(address, url, kept).catch(() => undefined); // A new answer decides.
      if (resolved !== undefined && resolved.pubkeyExpiry >= tombstoneBlock) return { ...resolved, tombstoneBlock };
    }
    const fetched = await this.#fetchOnce(url);
    signal?.throwIfAborted();
    const { ingressKey, pubkeyExpiry } = await this.#verify(address, url, fetched);
    const lower = pubkeyExpiry < tombstoneBlock ? pubkeyExpiry : tombstoneBlock;
    return { ingressKey, pubkeyExpiry, tombstoneBlock: lower };
  }

  async #verify(
    address: PublicAddress,
    url: string,
    { response }: Kept,
  ): Promise<Omit<ResolvedReport, "tombstoneBlock">> {
    const { verifyEvidence, now } = this.#parts;
    const question = { address, responses: new Map([[url, response]]), at: now() };
    const verdict = await verifyFogReport(question, { verifyEvidence });
    if (verdict.ok) return verdict;
    const isMissing = verdict.problem === "reports-empty" || verdict.problem === "report-id-missing";
    const code = isMissing ? "report-unavailable" : "report-refused";
    throw new SdkError(code, `${verdict.problem}: ${verdict.message}`);
  }

  /** Those who ask for one URL at one time share the answer. */
  #fetchOnce(url: string): Promise<Kept> {
    const running = this.#fetching.get(url);
    if (running !== undefined) return running;
    const fetching = this.#fetch(url).finally(() => this.#fetching.delete(url));
    this.#fetching.set(url, fetching);
    return fetching;
  }

  async #fetch(url: string): Promise<Kept> {
    const { transportTo, now, chainId = "" } = this.#parts;
    const options: CallOptions = {
      timeoutMs: TIMEOUT_MS,
      headers: chainId === "" ? {} : { "chain-id": chainId },
    };
    let response: FogReportResponse;
    try {
      const message = await createClient(ReportAPI, transportTo(url)).getReports({}, options);
      response = decodeReportResponse(encodeMessage(ReportResponseSchema, message));
    } catch (error) {
      const cause = sdkErrorOf(error);
      throw new SdkError("report-unavailable", `The report service at ${url} gives no answer that can be read.`, {
        cause,
      });
    }
    const kept = { response, fetchedAt: now() };
    this.#kept.set(url, kept);
    return kept;
  }
}

// Keeps collateral good: asks anew at half of its life, and serves what it has until that expires (spec 04 §13).
import { toHex } from "@fogbow/core-bytes";
import { intelSgxRoot } from "../anchors/intel-sgx-root.ts";
import { showTime } from "../der/time.ts";
import { AttestError } from "../error.ts";
import type { IntelCollateral } from "../evidence/evidence.ts";
import { PROBLEMS } from "../evidence/problem.ts";
import { RecentEntries } from "../evidence/recent-entries.ts";
import { checkCollateral, isPckCrlSigned } from "../sgx/check-collateral.ts";
import { type ParsedCollateral, parseCollateral } from "../sgx/parse-collateral.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CollateralRequest } from "./collateral-request.ts";

/** How many platforms' collateral is kept. */
export const COLLATERAL_KEPT_MAX = 64;

/** How long after a failure the source is left alone while there is still something good, in milliseconds. */
const RETRY_MS = 60_000;

/** What a cache of collateral is made with. */
export interface CollateralCacheParts {
  /** Where collateral comes from: a service or a file. */
  readonly load: (request: CollateralRequest) => Promise<IntelCollateral>;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** The root that collateral must lead to; Intel's unless stated. */
  readonly root?: Certificate;
}

/** A source of collateral that lasts. */
export interface CollateralCache {
  /**
   * Collateral for a platform, which has not expired. Rejects with `collateral-unavailable` when the source fails and
   * nothing good is left; its `cause` is what the source said.
   */
  get(request: CollateralRequest): Promise<IntelCollateral>;
  /** When `get` would next ask the source, in milliseconds since 1970; undefined before the first success. */
  refreshAt(request: CollateralRequest): number | undefined;
}

interface Kept {
  readonly collateral: IntelCollateral;
  /** The last instant at which it is good. */
  readonly expiresAt: number;
  /** When the source is asked again. */
  refreshAt: number;
}

/**
 * A cache in front of a source. While a platform's collateral is being loaded, others who ask wait for the same answer. A
 * source is not believed: an answer is kept only if it is about the platform that was asked for and Intel signed it, as one
 * that says that it is valid for a century would otherwise stand in the way of every good one.
 */
export function createCollateralCache({ load, now, root = intelSgxRoot() }: CollateralCacheParts): CollateralCache {
  const kept = new RecentEntries<Kept>(COLLATERAL_KEPT_MAX);
  const loading = new Map<string, Promise<IntelCollateral>>();

  const refresh = async (key: string, request: CollateralRequest): Promise<IntelCollateral> => {
    const held = kept.get(key);
    try {
      const collateral = await load(request);
      const at = now();
      const parsed = parseCollateral(collateral);
      await assertGenuine(parsed, request, { root, at });
      const expiresAt = collateralExpiry(parsed);
      if (expiresAt <= at || expiresAt < (held?.expiresAt ?? 0)) {
        throw new AttestError("collateral-malformed", `The source gave collateral that ends ${showTime(expiresAt)}.`);
      }
      kept.set(key, { collateral, expiresAt, refreshAt: at + (expiresAt - at) / 2 });
      return collateral;
    } catch (cause) {
      const at = now();
      if (held === undefined || at > held.expiresAt) {
        const message = "There is no collateral that is still good; check the connection to the service it comes from.";
        throw new AttestError("collateral-unavailable", message, { cause });
      }
      held.refreshAt = at + RETRY_MS;
      return held.collateral;
    }
  };

  return {
    async get(request) {
      const key = keyOf(request);
      const held = kept.get(key);
      if (held !== undefined && now() < held.refreshAt && now() <= held.expiresAt) {
        return held.collateral;
      }
      const pending = loading.get(key) ?? refresh(key, request).finally(() => loading.delete(key));
      loading.set(key, pending);
      return await pending;
    },
    refreshAt(request) {
      return kept.get(keyOf(request))?.refreshAt;
    },
  };
}

/** Throws `collateral-malformed` unless Intel signed the collateral about this platform. Times are left to the cache. */
async function assertGenuine(
  parsed: ParsedCollateral,
  { tee, fmspc }: CollateralRequest,
  { root, at }: { readonly root: Certificate; readonly at: number },
): Promise<void> {
  const isTdx = tee === "tdx";
  const isAsked =
    toHex(parsed.tcbInfo.fmspc) === fmspc.toLowerCase() &&
    parsed.tcbInfo.id === (isTdx ? "TDX" : "SGX") &&
    parsed.qeIdentity.id === (isTdx ? "TD_QE" : "QE");
  if (!isAsked) {
    throw new AttestError("collateral-malformed", "The source gave collateral about another kind of platform.");
  }
  const rules = { root, at, checkCertificateTimes: false, checkCrlTimes: false, requireCrls: true };
  const { problems } = (await checkCollateral(parsed, rules)).findings;
  const problem = problems.find(({ code }) => PROBLEMS[code].class !== "expired");
  if (problem !== undefined || !(await isPckCrlSigned(parsed))) {
    const what = problem === undefined ? "A list of revoked certificates does not hold" : PROBLEMS[problem.code].says;
    throw new AttestError("collateral-malformed", `The source gave collateral that Intel did not sign. ${what}.`);
  }
}

/** The last instant at which nothing of the collateral has expired, in milliseconds since 1970. */
export function collateralExpiry(collateral: ParsedCollateral): number {
  const { tcbInfo, qeIdentity, rootCaCrl, pckCrl } = collateral;
  const certificates = [
    ...collateral.pckCrlIssuerChain,
    ...collateral.tcbInfoIssuerChain,
    ...collateral.qeIdentityIssuerChain,
  ];
  return Math.min(
    tcbInfo.nextUpdate - 1,
    qeIdentity.nextUpdate - 1,
    rootCaCrl.nextUpdate,
    pckCrl.nextUpdate,
    ...certificates.map(({ notAfter }) => notAfter),
  );
}

function keyOf({ tee, fmspc, ca }: CollateralRequest): string {
  return `${tee}/${fmspc}/${ca}`;
}

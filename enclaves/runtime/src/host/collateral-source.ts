// Where the host gets what Intel says about its machine: from Intel's service or a cache near by, over HTTP, or from a file
// that something else keeps fresh. Nothing of it is trusted: who verifies evidence judges it with the quote.
import { readFile } from "node:fs/promises";
import {
  type Certificate,
  type CollateralRequest,
  collateralRequestOf,
  createCollateralCache,
  type IntelCollateral,
  type IntelServiceOptions,
  loadIntelCollateral,
} from "@fogbow/core-attest";
import { decodeIntelCollateral } from "../door/collateral.ts";
import { getAnswer } from "./get-answer.ts";

/** Intel's service unless another is named, or a file that holds `external.Collateral`. */
export type CollateralSourceOptions = ({ readonly kind: "service" } & IntelServiceOptions) | CollateralFile;

/** A file with the collateral of one machine. */
interface CollateralFile {
  readonly kind: "file";
  readonly path: string;
}

/**
 * Gets collateral for quotes, as `startEnclave` wants it: asks again when half of its life is over, and gives the last
 * that is good while the source fails. What it gives leads to `root`, Intel's unless stated. Rejects with AttestError `collateral-unavailable`, whose `cause` says why, and what
 * parsing a quote throws.
 */
export function intelCollateralSource(
  options: CollateralSourceOptions,
  { now, ...parts }: { readonly now: () => number; readonly root?: Certificate },
): (quote: Uint8Array) => Promise<IntelCollateral> {
  const load = (request: CollateralRequest): Promise<IntelCollateral> =>
    options.kind === "service" ? loadIntelCollateral(request, getAnswer, options) : readCollateral(options.path);
  const cache = createCollateralCache({ load, now, ...parts });
  return async (quote) => cache.get(collateralRequestOf(quote));
}

/** A file is for the machine it lies on, so nothing of the quote is compared here. */
async function readCollateral(path: string): Promise<IntelCollateral> {
  return decodeIntelCollateral(await readFile(path), ANY_QUOTE);
}

/** Evidence without a quote cannot be decoded; nobody looks at this one. */
const ANY_QUOTE = new Uint8Array(1);

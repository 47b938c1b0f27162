// Where the host gets what AMD says about its machine: AMD's key distribution service, or a cache of it near by (spec 04
// §12.2). Nothing of it is trusted: who verifies evidence judges it with the report.
import { fromPem, parseSnpReport, readSnpTcb, type SnpProduct, type SnpReport } from "@fogbow/core-attest";
import { fromUtf8, toHex } from "@fogbow/core-bytes";
import type { AmdCollateral } from "../door/collateral.ts";
import { getAnswer } from "./get-answer.ts";

/** Which service to ask, about which machine. */
export interface AmdCollateralOptions {
  /** The line of the machine's processor. */
  readonly product: SnpProduct;
  /** AMD's own when absent. */
  readonly serviceUrl?: string;
}

const SERVICE_URL = "https://kdsintf.amd.com";

/** Bytes of a chip's id in the service's addresses; the report's others are zero. */
const CHIP_ID_BYTES: Readonly<Record<SnpProduct, number>> = { Milan: 64, Genoa: 64, Turin: 8 };

/**
 * Gets collateral for reports, as `startEnclave` wants it: the chip's certificate, its chain and the revocation list, and
 * the last that it got for the same chip and firmware while the service fails. Rejects with what the first failure was.
 */
export function amdCollateralSource({
  product,
  serviceUrl = SERVICE_URL,
}: AmdCollateralOptions): (report: Uint8Array) => Promise<AmdCollateral> {
  let last: { readonly path: string; readonly collateral: AmdCollateral } | undefined;
  return async (report) => {
    const path = certificatePath(parseSnpReport(report), product);
    try {
      const get = async (each: string): Promise<Uint8Array> => (await getAnswer(`${serviceUrl}/vcek/v1/${each}`)).body;
      const [vcek, chain, crl] = await Promise.all([get(path), get(`${product}/cert_chain`), get(`${product}/crl`)]);
      const collateral = { certificates: [vcek, ...fromPem(fromUtf8(chain))], crl };
      last = { path, collateral };
      return collateral;
    } catch (error) {
      if (last?.path === path) return last.collateral; // What has expired of it is refused by who verifies.
      throw error;
    }
  };
}

/** Which chip, and for which security versions of its firmware its key was derived. */
function certificatePath({ chipId, reportedTcb }: SnpReport, product: SnpProduct): string {
  const { fmc, bootLoader, tee, snp, microcode } = readSnpTcb(reportedTcb, product);
  const versions = { ...(product === "Turin" ? { fmc } : {}), bl: bootLoader, tee, snp, ucode: microcode };
  const query = Object.entries(versions).map(([name, version]) => `${name}SPL=${`${version}`.padStart(2, "0")}`);
  return `${product}/${toHex(chipId.subarray(0, CHIP_ID_BYTES[product]))}?${query.join("&")}`;
}

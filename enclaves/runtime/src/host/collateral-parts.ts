// What a host brings its enclave to be attested, by the platform.
import type { PlatformOptions } from "../platform/open-platform.ts";
import { intelCollateralSource } from "./collateral-source.ts";
import type { EnclaveHostParts } from "./start-enclave.ts";

/** Collateral of Intel's service for its platforms, and none for the others: AMD's asks for the name of the product. */
export function collateralParts({ kind }: PlatformOptions): EnclaveHostParts {
  if (kind !== "gramine-sgx" && kind !== "tdx") return {};
  return { collateral: intelCollateralSource({ kind: "service" }, { now: Date.now }) };
}

// What supplies an enclave's evidence, sealing keys and counter: the machine, or what stands in for it (spec 04 §12, §13).
import type { EvidencePlatform, IntelCollateral, TrustedIdentity } from "@fogbow/core-attest";
import type { MonotonicCounter } from "../enclave.ts";
import type { SealingKeys } from "../sealing/sealing.ts";

/** Where an enclave runs. */
export type PlatformKind = "gramine-sgx" | "tdx" | "sev-snp" | "simulated";

/** A platform of one running enclave. */
export interface Platform {
  readonly kind: PlatformKind;
  /** As verifiers call it. */
  readonly evidencePlatform: EvidencePlatform;
  /** What we claim to be: own evidence that says something else is not published. */
  readonly identity: TrustedIdentity;
  /**
   * Whether the host brought what was compared with the bundle: then own evidence is verified before the bundle's code runs,
   * as code that was put in its place could ask the platform for evidence of the right one.
   */
  readonly proveFirst?: boolean;
  /** What the platform signs over 64 bytes of report data. Calls are serialised inside. Throws `platform-failure`. */
  quote(reportData: Uint8Array): Promise<Quote>;
  /** Absent when the platform was given no key. */
  readonly sealingKeys: SealingKeys | undefined;
  readonly counter: MonotonicCounter;
}

/** What a platform signed. */
export type Quote =
  | {
      /** A quote of Intel's form: v3 for SGX and simulated, v4 or v5 for TDX. */
      readonly kind: "quote";
      readonly quote: Uint8Array;
      /** From a platform that makes its own; others' comes from the host. */
      readonly collateral?: IntelCollateral;
    }
  | {
      readonly kind: "sev-snp";
      /** An attestation report, 1184 bytes. */
      readonly report: Uint8Array;
      /** The certificates that the host lent, as the kernel gave them; may be empty. */
      readonly certificateTable: Uint8Array;
    };
